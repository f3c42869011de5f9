"""An expanded document: what Node Map Generation and Object to RDF would drop of it is refused.

`compacted` has seen the document as it was written, with the terms of the list of contexts; here it
is seen with the meaning that its own contexts give.

Sources: JSON-LD 1.1 Processing Algorithms and API; VC Data Integrity 1.0, Securing Data Losslessly.
"""

from __future__ import annotations

from typing import Any

from testamur.canon.n_quads import ABSOLUTE_IRI, RDF, XSD
from testamur.canon.spelling import (
    LANGUAGE_TAG,
)
from testamur.errors import CanonicalizationError

__all__ = ["iris_of"]


def iris_of(expanded: list[Any], *, name: str) -> tuple[set[str], set[str]]:
    """Return the links and the types of an expanded document, or refuse to lose data.

    Args:
        expanded: what Expansion makes of a document.
        name: what to call the document in messages.

    Raises:
        CanonicalizationError: code DATA_LOSS.
    """
    links: set[str] = set()
    types: set[str] = set()
    for node in expanded:
        _collect(node, links, types, name)
    return links, types


def _collect(node: Any, links: set[str], types: set[str], name: str) -> None:
    """Walk an expanded node: refuse what Object to RDF Conversion drops, gather what it keeps."""
    if "@value" in node:
        _check_literal(node, name)
        return
    if "@list" in node:
        for item in node["@list"]:
            _collect(item, links, types, name)
        return
    for key, value in node.items():
        if key == "@id":
            links.add(_absolute(value, name, "an id or a link"))
        elif key == "@type":
            types.update(_absolute(item, name, "a type") for item in value)
        elif key == "@graph":
            for item in value:
                _refuse_saying_nothing(item, name)
                _collect(item, links, types, name)
        elif not key.startswith("@"):
            if not ABSOLUTE_IRI.fullmatch(key):
                raise _lost(name, "a member whose term is no absolute IRI", key)
            _refuse_directions(value, name)
            for item in value:
                _collect(item, links, types, name)


def _refuse_saying_nothing(item: dict[str, Any], name: str) -> None:
    """Refuse what Node Map Generation drops of a graph: a value, or a thing without members.

    `compacted` knows the terms of the list alone, not those of a context inside the document.
    """
    if "@value" in item or item.keys() <= {"@id"}:
        found = str(item.get("@value", item.get("@id", "{}")))[:100]
        raise CanonicalizationError(
            f"{name} has {found!r} in the place of a graph of its own, where it says nothing "
            "(JSON-LD drops it, so it would not be signed); write an object with other members "
            "than its id",
            path=name,
            found=found,
        )


def _check_literal(literal: dict[str, Any], name: str) -> None:
    """Object to RDF Conversion drops a literal whose datatype or language is not well-formed."""
    datatype, language = literal.get("@type", f"{XSD}string"), literal.get("@language", "en")
    if datatype == f"{RDF}langString":
        remedy = "name its language, or use a context that gives it no rdf:langString"
        raise _lost(name, "a text in a language that is not named", literal["@value"], remedy)
    if datatype != "@json":
        _absolute(datatype, name, "a datatype")
    if not LANGUAGE_TAG.fullmatch(language):
        remedy = "use a context that names a language such as 'en' or 'pl-PL'"
        raise _lost(name, "a text in a language that is no tag of BCP 47", language, remedy)


def _refuse_directions(values: list[Any], name: str) -> None:
    """Refuse two texts that differ in their direction alone: pyld keeps the first of them."""
    directions: dict[tuple[str, str | None], str | None] = {}
    for each in values:
        if "@value" in each and isinstance(each["@value"], str) and "@type" not in each:
            direction = each.get("@direction")
            key = (each["@value"], each.get("@language"))
            if directions.setdefault(key, direction) != direction:
                raise _lost(name, "a text in two directions", each["@value"], "write it once")


def _absolute(value: Any, name: str, role: str) -> str:
    if not isinstance(value, str) or not ABSOLUTE_IRI.fullmatch(value):
        raise _lost(name, f"{role} that is no absolute URL", value)
    return value


_DEFINE = "define it in a context, or write it as an absolute URL"


def _lost(name: str, what: str, value: Any, remedy: str = _DEFINE) -> CanonicalizationError:
    return CanonicalizationError(
        f"{name} has {what}: {str(value)[:100]!r} (JSON-LD drops it, so it would not be signed); "
        f"{remedy}",
        path=name,
        found=str(value)[:100],
    )
