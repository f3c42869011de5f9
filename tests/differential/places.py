"""Where in a document something can be changed, going by what its contexts define there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from differential import vocabulary
from differential.vocabulary import Term
from testamur.canon.strict_json import JsonObject

__all__ = [
    "Mutation",
    "Place",
    "any_member",
    "any_node",
    "any_place",
    "contexts_of",
    "links_of",
    "literals_of",
    "nodes_of",
    "places_of",
    "put",
    "terms_of",
    "types_of",
]

Mutation = Callable[[Random, JsonObject], None]

Place = tuple[Any, Any]
"""A container, an object or an array, and a key or position in it."""


def places_of(value: Any) -> Iterator[Place]:
    """Yield every place below a value, but for those in an `@context`."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        if key == "@context":
            continue
        yield value, key
        if isinstance(each, (dict, list)):
            yield from places_of(each)


def nodes_of(document: JsonObject) -> list[Any]:
    """The document and every object in it."""
    inside = [container[key] for container, key in places_of(document)]
    return [document, *(each for each in inside if isinstance(each, dict))]


def any_place(random: Random, document: JsonObject, *kinds: type) -> Place | None:
    """A place whose value is of one of these kinds; of any kind where none is named."""
    found = [
        (container, key)
        for container, key in places_of(document)
        if not kinds or type(container[key]) in kinds
    ]
    return random.choice(found) if found else None


def any_member(random: Random, document: JsonObject) -> Place | None:
    found = [place for place in places_of(document) if isinstance(place[0], dict)]
    return random.choice(found) if found else None


def any_node(random: Random, document: JsonObject) -> Any:
    return random.choice(nodes_of(document))


def types_of(node: Any) -> list[str]:
    types = node.get("type")
    return [each for each in (types if isinstance(types, list) else [types]) if type(each) is str]


def terms_of(node: Any, urls: frozenset[str]) -> list[Term]:
    """The terms that the classes of a node define; what stands at the top of the contexts else."""
    scoped = [term for each in types_of(node) for term in vocabulary.scoped_terms(each, urls)]
    return scoped or [t for t in vocabulary.scoped_terms("", urls) if not t.name[:1].isupper()]


def links_of(node: Any, urls: frozenset[str]) -> list[str]:
    """The terms of a node that may hold objects."""
    return [term.name for term in terms_of(node, urls) if term.coercion in ("@id", "")]


def contexts_of(document: JsonObject) -> frozenset[str]:
    """The contexts that are named at the top of a document."""
    context = document.get("@context", [])
    urls = context if isinstance(context, list) else [context]
    return frozenset(each for each in urls if isinstance(each, str))


def literals_of(value: Any, name: str = "") -> Iterator[Place]:
    """Yield every place of a scalar that is no identifier, going by its term."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        term = key if isinstance(key, str) else name
        if isinstance(each, (dict, list)) and key != "@context":
            yield from literals_of(each, term)
        elif term not in vocabulary.links() and not term.startswith("@"):
            yield value, key


def put(random: Random, node: Any, name: str, value: Any) -> None:
    """Add a member at any place among the others."""
    members = [*node.items(), (name, value)]
    members.insert(random.randrange(len(members)), members.pop())
    node.clear()
    node.update(members)
