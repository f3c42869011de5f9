"""One id is one thing: where a description uses a URL for two, one of them gets another id.

Two objects with one id are one node of the graph, in which their members run together. What loses
its URL gets it back by a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.model.elm import EuropeanDigitalCredential

__all__ = ["without_clashes"]

_NEVER_ALONE = frozenset({"Mailbox", "ConceptScheme", "ShaclValidator2017"})


def without_clashes(credential: EuropeanDigitalCredential) -> EuropeanDigitalCredential:
    """Return the credential with one object for each id.

    Concepts keep their ids, since some are nothing without; of two that differ, both become the
    first. Of other objects, the first of the document keeps the id, and so do its copies.
    """
    document = credential.to_json()
    concepts: dict[str, JsonObject] = {}
    for node in _nodes(document):
        if node["type"] == "Concept" and "id" in node:
            concepts.setdefault(str(node["id"]), node)
    firsts: dict[str, JsonObject] = {}
    alike: list[tuple[JsonObject, JsonObject]] = []
    renamed: list[tuple[JsonObject, str]] = []
    for node in _nodes(document):
        identifier, kind = node.get("id"), node["type"]
        if not isinstance(identifier, str) or node is document or kind in _NEVER_ALONE:
            continue
        if kind == "Concept" and identifier != credential.id:
            if node != concepts[identifier]:
                alike.append((node, concepts[identifier]))
        elif (
            identifier in concepts
            or identifier == credential.id
            or node != firsts.setdefault(identifier, node)
        ):
            renamed.append((node, dumps(node)))
    if not alike and not renamed:
        return credential
    for node, first in alike:
        node.clear()
        node.update(deepcopy(first))
    others: dict[str, str] = {}
    for node, content in renamed:
        node["id"] = others.setdefault(content, f"urn:epass:other:{len(others) + 1}")
    return EuropeanDigitalCredential.from_json(document)


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
