"""Where other people's processors are known to differ from ours, and why; all else is a mismatch.

A difference counts as known only where it goes away: the document is written again without what the
other processor treats in its own way, and then both must give the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph

from differential import vocabulary
from differential.cases import Case
from differential.oracles import Answer, Pyoxigraph
from differential.paths import ask_general_path
from quads import parse_n_quads
from testamur.canon import rdfc10
from testamur.canon.strict_json import dumps

__all__ = ["explain"]

_REFUSALS = {
    ("jsonld.js", "empty object"): "refuses a document that says nothing",
    ("pyoxigraph", "Invalid @base"): "takes no empty @base",
    ("pyoxigraph", "Overriding the protected term kid"): (
        "refuses a scoped context that repeats a protected term"
    ),
}
_RELATED_TWICE = "RDFC-1.0: counts a blank node once that is related twice"


def explain(who: str, case: Case, general: Answer, theirs: Answer) -> str | None:
    """Return why another processor differs on a document that the general path takes.

    Args:
        who: the name of the other processor.
        case: the document.
        general: what the general path gives. theirs: what the other processor gives.

    Returns:
        None where nothing explains it.
    """
    if theirs.refusal:
        return _REFUSALS.get((who, theirs.refusal))
    if who != "pyoxigraph":
        return None
    reasons = []
    for reason, rewrite in _REWRITINGS.items():
        rewritten = rewrite(case.document)
        if dumps(rewritten) != dumps(case.document):
            reasons.append(reason)
            case = replace(case, document=rewritten)
    if reasons:
        general, theirs = ask_general_path(case), Pyoxigraph().ask(case)
    if general.canonical is None or theirs.canonical is None:
        return None
    if general.canonical != theirs.canonical:
        if not _is_related_twice(general.canonical, theirs.canonical):
            return None
        reasons.append(_RELATED_TWICE)
    return "; ".join(reasons)


# Rewriting: each returns a new document.


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
    def change(value: Any) -> Any:
        if isinstance(value, dict) and "@direction" in value:
            return {name: each for name, each in value.items() if name != "@direction"}
        return value

    return _rewrite(document, change)


def _with_short_numbers(document: Any) -> Any:
    """A float that is not what it is with 15 digits behind the point; another for each."""

    def change(value: Any) -> Any:
        long = isinstance(value, float) and float(f"{float(value):.14E}") != float(value)
        return round(float(value), 2) + 0.5 if long else value

    return _rewrite(document, change)


def _with_plain_iris(document: Any) -> Any:
    """Strings that pyoxigraph refuses as an IRI though RDF's grammar allows them in N-Quads."""

    def change(value: Any) -> Any:
        if isinstance(value, str) and ":" in value and not _is_pyoxigraphs_iri(value):
            return "urn:x:" + value.encode("utf-8", "surrogatepass").hex()
        return value

    return _rewrite(document, change)


def _is_pyoxigraphs_iri(text: str) -> bool:
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def _with_plain_languages(document: Any) -> Any:
    def change(value: Any) -> Any:
        if isinstance(value, dict) and not _is_pyoxigraphs_language(value.get("@language", "en")):
            return {**value, "@language": "en"}
        return value

    return _rewrite(document, change)


def _is_pyoxigraphs_language(tag: Any) -> bool:
    try:
        pyoxigraph.Literal("", language=tag)
    except ValueError:
        return False
    return True


def _with_one_scoped_type(document: Any) -> Any:
    """Of several types with contexts of their own one is left, and the members that it defines."""

    def change(value: Any) -> Any:
        types = value.get("type") if isinstance(value, dict) else None
        if not isinstance(types, list):
            return value
        scoped = [each for each in types if isinstance(each, str) and _is_scoping(each)]
        if len(set(scoped)) < 2:
            return value
        kept = [each for each in types if each not in scoped[1:]]
        defined = {term.name for t in kept for term in vocabulary.terms() if term.scope in (t, "")}
        return {
            name: kept if name == "type" else each
            for name, each in value.items()
            if name in ("type", "id", "@context") or name in defined
        }

    return _rewrite(document, change)


def _is_scoping(class_: str) -> bool:
    return any(term.scope == class_ for term in vocabulary.terms())


_REWRITINGS: dict[str, Callable[[Any], Any]] = {
    "has no i18n-datatype for @direction": _without_directions,
    "writes a float with all its digits": _with_short_numbers,
    "drops an IRI that RFC 3987 does not allow": _with_plain_iris,
    "drops a language tag that BCP 47 does not allow": _with_plain_languages,
    "uses one of several type-scoped contexts": _with_one_scoped_type,
}


# RDFC-1.0.


def _is_related_twice(ours: bytes, theirs: bytes) -> bool:
    """Whether the datasets are the same, and a blank node is related to another in one way twice."""
    dataset = parse_n_quads(theirs.decode("utf-8"))
    again = "".join(rdfc10.canonicalize_dataset(dataset)[0]).encode("utf-8")
    return again == ours and max(_relations(ours.decode("utf-8")), default=0) > 1


_BLANK_NODE = re.compile(r"_:c14n\d+")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"\S*')


def _relations(text: str) -> Iterator[int]:
    """How often each pair of blank nodes is related by one predicate, or as node and graph."""
    counts: Counter[tuple[str, ...]] = Counter()
    for line in text.splitlines():
        subject, predicate, object_, *graph = _LITERAL.sub('""', line).split(" ")[:-1]
        places = {"s": subject, "o": object_, "g": graph[0] if graph else ""}
        blank = {place: each for place, each in places.items() if _BLANK_NODE.fullmatch(each)}
        for place, each in blank.items():
            for other_place, other in blank.items():
                if other != each:
                    way = () if other_place == "g" else (predicate,)
                    counts[each, other, other_place, *way] += 1
    yield from counts.values()
