"""One id is one thing: where a description uses a URL for two, one of them loses it.

Two objects with one id are one node of the graph, in which their members run together. What loses
its id gets it back by a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.model.elm import EuropeanDigitalCredential

__all__ = ["without_clashes"]

_NEVER_ALONE = frozenset({"Mailbox", "ConceptScheme", "ShaclValidator2017"})


def without_clashes(credential: EuropeanDigitalCredential) -> EuropeanDigitalCredential:
    """Return the credential with one object for each id.

    Concepts keep their ids, since some are nothing without; of two that differ, both become the
    first. Of other objects, the first of the document keeps the id.
    """
    document = credential.to_json()
    own = credential.id
    concepts: dict[str, str] = {}
    for node in _nodes(document):
        if node.get("type") == "Concept" and "id" in node:
            concepts.setdefault(str(node["id"]), dumps(node))
    firsts: dict[str, str] = {}
    changed = False
    for node in _nodes(document):
        identifier, kind = node.get("id"), node.get("type")
        if not isinstance(identifier, str) or node is document or kind in _NEVER_ALONE:
            continue
        content = dumps(node)
        if kind == "Concept":
            first = concepts[identifier]
            if content != first:
                changed = True
                _become(node, first)
            if identifier == own:
                changed = True
                del node["id"]
        elif (
            identifier in concepts
            or identifier == own
            or firsts.setdefault(identifier, content) != content
        ):
            changed = True
            del node["id"]
    return EuropeanDigitalCredential.from_json(document) if changed else credential


def _become(node: JsonObject, first: str) -> None:
    from testamur.canon.strict_json import parse_object

    node.clear()
    node.update(parse_object(first))


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
