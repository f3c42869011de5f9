"""One id is one thing: where a description uses a URL for two, one of them gets another id.

Two objects with one id are one node of the graph, in which their members run together. What loses
its URL gets it back by a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.model.elm import EuropeanDigitalCredential

__all__ = ["without_clashes"]

_NEVER_ALONE = frozenset({"Mailbox", "ConceptScheme", "ShaclValidator2017"})


def without_clashes(credential: EuropeanDigitalCredential) -> EuropeanDigitalCredential:
    """Return the credential with one object for each id.

    Concepts keep their ids, since some are nothing without; of two that differ, both become the
    first. Of other objects, the first of the document keeps the id, and so do its copies.
    """
    document = credential.to_json()
    concepts: dict[str, str] = {}
    for node in _nodes(document):
        if node.get("type") == "Concept" and "id" in node:
            concepts.setdefault(str(node["id"]), dumps(node))
    firsts: dict[str, str] = {}
    others: dict[tuple[str, str], str] = {}
    changed = False
    for node in _nodes(document):
        identifier, kind = node.get("id"), node.get("type")
        if not isinstance(identifier, str) or node is document or kind in _NEVER_ALONE:
            continue
        content = dumps(node)
        if kind == "Concept" and identifier != credential.id:
            fits = concepts[identifier] == content
            if not fits:
                node.clear()
                node.update(parse_object(concepts[identifier]))
        else:
            fits = (
                identifier not in concepts
                and identifier != credential.id
                and firsts.setdefault(identifier, content) == content
            )
            if not fits:
                key = (identifier, content)
                node["id"] = others.setdefault(key, f"urn:epass:other:{len(others) + 1}")
        changed = changed or not fits
    return EuropeanDigitalCredential.from_json(document) if changed else credential


def _nodes(value: JsonValue) -> Iterator[JsonObject]:
    """Yield the objects with a type, outer before inner, in the order of the document."""
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), (str, list)):
            yield value
        for each in value.values():
            yield from _nodes(each)
