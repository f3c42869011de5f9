"""Literals and IRIs as the compiled path writes them, or refuses to."""

from __future__ import annotations

from typing import Any

from testamur.canon.members import Member
from testamur.canon.n_quads import ABSOLUTE_IRI, XSD, double, escape
from testamur.canon.spelling import TYPED_LITERALS, UNSIGNABLE, exact_number
from testamur.canon.strict_json import JsonFloat
from testamur.canon.terms import NotModelled

__all__ = ["escaped_text", "iri", "literal_text", "number_or_boolean", "typed_literal"]

_is_absolute = ABSOLUTE_IRI.fullmatch


def typed_literal(member: Member, node: dict[str, Any]) -> str:
    """A literal whose term gives it the wrong type; see `compacted`."""
    text, datatype = node["@value"], TYPED_LITERALS[member.name]
    if (
        member.in_graph
        or not member.refers
        or node.keys() != {"@value", "@type"}
        or node["@type"] != datatype
        or type(text) is not str
    ):
        raise NotModelled
    return f'{member.predicate}"{literal_text(text)}"^^<{member.written_out(datatype)}>'


def iri(value: Any, prefixes: frozenset[str] | None) -> str:
    """Return "<IRI>" for one that is absolute and written in full."""
    if prefixes is None or type(value) is not str or not _is_absolute(value):
        raise NotModelled
    if prefixes and value.partition(":")[0] in prefixes:
        raise NotModelled
    return f"<{value}>"


def literal_text(text: str) -> str:
    """Return a text as it stands between the quotes of a literal."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return escaped_text(text)


def escaped_text(text: str) -> str:
    """Return the same of a text that is not plain."""
    # None of these is printable, so they come this way too.
    if UNSIGNABLE.search(text):
        raise NotModelled
    return escape(text)


def number_or_boolean(member: Member, value: Any) -> str:
    """Object to RDF (JSON-LD 1.1 API, 8.2.2), steps 6 to 11."""
    kind = type(value)
    if not member.takes_numbers or kind not in (bool, int, float, JsonFloat):
        raise NotModelled
    if kind is bool:
        text, datatype = ("true" if value else "false"), f"{XSD}boolean"
    else:
        number = exact_number(value)
        if number is None or number != number:
            raise NotModelled
        if type(number) is int and member.datatype != f"{XSD}double":
            text, datatype = str(number), f"{XSD}integer"
        else:
            text, datatype = double(number), f"{XSD}double"
    datatype = member.datatype or datatype
    suffix = "" if datatype == f"{XSD}string" else f"^^<{datatype}>"
    return f'{member.predicate}"{text}"{suffix}'
