"""Documents written again without what another processor treats in its own way.

Each function returns a new document. What a processor does is told there, and which rule it breaks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph

from differential import vocabulary
from known_contexts import EXAMPLES
from testamur.canon.n_quads import ABSOLUTE_IRI
from testamur.canon.spelling import (
    EMBEDDED_TYPES,
)
from testamur.canon.strict_json import dumps

__all__ = ["REWRITINGS"]

Rewriting = Callable[[Any], Any]


def _rewrite(value: Any, change: Callable[[Any], Any]) -> Any:
    """Replace values from the inside to the outside; contexts stay."""
    if isinstance(value, dict):
        inside = {
            name: each if name == "@context" else _rewrite(each, change)
            for name, each in value.items()
        }
        return change(inside)
    if isinstance(value, list):
        return [_rewrite(each, change) for each in value]
    return change(value)


def _without_directions(document: Any) -> Any:
    """Without `@direction`, in contexts too."""
    if isinstance(document, dict):
        return {
            name: _without_directions(each)
            for name, each in document.items()
            if name != "@direction"
        }
    return [_without_directions(e) for e in document] if isinstance(document, list) else document


def _with_short_numbers(document: Any) -> Any:
    """A float that is not written as it is with 15 digits behind the point; another for each."""

    def change(value: Any) -> Any:
        if not isinstance(value, float) or _digits(f"{value:.15E}") == _digits(repr(value)):
            return value
        return round(float(value) % 1000) + 0.5

    return _rewrite(document, change)


def _digits(number: str) -> str:
    return number.upper().partition("E")[0].replace(".", "").strip("-0")


def _with_plain_iris(document: Any) -> Any:
    """Strings that pyoxigraph refuses as an IRI though RDF's grammar allows them in N-Quads."""

    def word(text: Any) -> Any:
        """A member or type, which becomes part of an IRI by @vocab."""
        if not isinstance(text, str) or ":" in text or _is_pyoxigraphs_iri(f"urn:x#{text}"):
            return text
        return f"x{_hex(text)}"

    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                word(name): _rewrite(each, word) if name == "type" else each
                for name, each in value.items()
            }
        if _is_absolute(value) and not _is_pyoxigraphs_iri(value):
            return f"urn:x:{_hex(value)}"
        return value

    return _rewrite(document, change)


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").hex()


def _is_absolute(value: Any) -> bool:
    return isinstance(value, str) and ABSOLUTE_IRI.fullmatch(value) is not None


def _is_pyoxigraphs_iri(text: str) -> bool:
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def _with_plain_languages(document: Any) -> Any:
    maps = {
        name
        for url in set(_texts(document)) & EXAMPLES.urls
        for name in EXAMPLES.language_maps(url)
    }

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if not _is_pyoxigraphs_language(value.get("@language", "en")):
            return {**value, "@language": "en"}
        return {
            name: _with_plain_keys(each) if name in maps and isinstance(each, dict) else each
            for name, each in value.items()
        }

    return _rewrite(document, change)


def _with_plain_keys(languages: dict[str, Any]) -> dict[str, Any]:
    return {
        tag if _is_pyoxigraphs_language(tag) else f"en-x-{position}": each
        for position, (tag, each) in enumerate(languages.items())
    }


def _is_pyoxigraphs_language(tag: Any) -> bool:
    try:
        pyoxigraph.Literal("", language=tag)
    except ValueError:
        return False
    return True


def _with_one_scoped_type(document: Any) -> Any:
    """Of several types with contexts of their own one is left, and the members that it defines.

    JSON-LD 1.1 API, Expansion, step 11: each is put upon those before it. pyoxigraph puts each upon
    the context that the node came with, so that the last is in force alone.
    """
    urls = frozenset(_texts(document))

    def change(value: Any) -> Any:
        types = value.get("type") if isinstance(value, dict) else None
        if not isinstance(types, list):
            return value
        scoped = sorted(
            {each for each in types if vocabulary.scoped_terms(str(each), urls)},
            # An embedded credential stays one: no other may have an @context.
            key=lambda each: (each not in EMBEDDED_TYPES, each),
        )
        if len(scoped) < 2:
            return value
        kept = [each for each in types if each not in scoped[1:]]
        terms = [*vocabulary.scoped_terms(scoped[0], urls), *vocabulary.scoped_terms("", urls)]
        defined = {"type", "id", "@context", *(term.name for term in terms)}
        inside = {name: each for name, each in value.items() if name in defined}
        return {**inside, "type": kept}

    return _rewrite(document, change)


def _without_contexts_of_members(document: Any) -> Any:
    """Of a thing under a member that has a context of its own the id is left, where types have one.

    JSON-LD 1.1 API, Expansion, steps 7 and 8: the contexts of the types outside end before that of
    the member is put in force. In pyoxigraph it is put upon them.
    """
    urls = frozenset(_texts(document))

    def change(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        types = value.get("type")
        names = types if isinstance(types, list) else [types]
        if not any(vocabulary.scoped_terms(str(each), urls) for each in names):
            return value
        return {
            name: _identified(each) if vocabulary.scoped_terms(name, urls) else each
            for name, each in value.items()
        }

    return _rewrite(document, change)


def _identified(value: Any) -> Any:
    if isinstance(value, list):
        return [_identified(each) for each in value]
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name == "id"}
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every string in a document, and so every context that it names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _with_contexts_unwrapped(document: Any) -> Any:
    """A context that holds a context is that context, whatever stands beside it."""
    if isinstance(document, list):
        return [_with_contexts_unwrapped(each) for each in document]
    if not isinstance(document, dict):
        return document
    return {
        name: _unwrapped(each) if name == "@context" else _with_contexts_unwrapped(each)
        for name, each in document.items()
    }


def _unwrapped(context: Any) -> Any:
    if isinstance(context, list):
        return [_unwrapped(each) for each in context]
    if isinstance(context, dict) and "@context" in context:
        return context["@context"]
    return context


def _without_supplementary_characters(document: Any) -> Any:
    """Characters that UTF-16 writes as two units, which come before U+E000 in its order."""

    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {_SUPPLEMENTARY.sub(_name, name): each for name, each in value.items()}
        return _SUPPLEMENTARY.sub(_name, value) if isinstance(value, str) else value

    return _rewrite(document, change)


def _with_each_json_literal_once(document: Any) -> Any:
    """Of several descriptions of a thing that hold the same JSON literals one is left.

    An RDF graph is a set (RDF 1.1 Concepts, 3). jsonld.js takes equal JSON literals for different
    ones, and rdf-canonize writes the same statement twice.
    """
    described: set[tuple[str, str]] = set()

    def change(value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            return value
        literals = {name: each for name, each in value.items() if name in _json_literals()}
        description = (value["id"], dumps(literals))
        if literals and description in described:
            return {"id": value["id"]}
        described.add(description)
        return value

    return _rewrite(document, change)


@functools.cache
def _json_literals() -> frozenset[str]:
    return frozenset(term.name for term in vocabulary.terms() if term.coercion == "@json")


_SUPPLEMENTARY = re.compile("[\U00010000-\U0010ffff]")


def _name(found: re.Match[str]) -> str:
    return f"u{ord(found[0]):x}"


REWRITINGS: dict[str, dict[str, Rewriting]] = {
    "pyoxigraph": {
        "has no i18n-datatype for @direction": _without_directions,
        "writes a float with all its digits": _with_short_numbers,
        "drops an IRI that RFC 3987 does not allow": _with_plain_iris,
        "drops a language tag that BCP 47 does not allow": _with_plain_languages,
        "uses one of several type-scoped contexts": _with_one_scoped_type,
        "keeps a type's context under a member that has one": _without_contexts_of_members,
        "takes no context inside a context": _with_contexts_unwrapped,
    },
    "jsonld.js": {
        "sorts by UTF-16 code units, not by code points": _without_supplementary_characters,
        "repeats a JSON literal of a thing that is described twice": _with_each_json_literal_once,
    },
}
"""Processor → what it does otherwise → what takes it out of a document."""
