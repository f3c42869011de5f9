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

from differential.cases import Case
from differential.oracles import Answer, Oracle
from differential.paths import ask_general_path
from differential.rewritings import REWRITINGS
from quads import parse_n_quads
from testamur.canon.general import Dataset, canonicalize_dataset
from testamur.canon.strict_json import dumps

__all__ = ["explain"]

_REFUSALS = {
    ("pyoxigraph", "Invalid @base"): "takes no empty @base",
    ("pyoxigraph", "Overriding the"): "refuses a scoped context that repeats a protected term",
}
_RELATED_TWICE = "RDFC-1.0: counts a blank node once that is related twice"


def explain(other: Oracle, case: Case, general: Answer, theirs: Answer) -> str | None:
    """Return why another processor differs on a document that the general path takes.

    Args:
        other: the other processor.
        case: the document.
        general: what the general path gives. theirs: what the other processor gives.

    Returns:
        None where nothing explains it.
    """
    if general.canonical == b"" and theirs.refusal == "empty object":
        return "refuses a document that says nothing"
    if _is_related_twice(other, general, theirs):
        return _RELATED_TWICE
    return _explained_by_rewriting(other, case) or _REFUSALS.get((other.name, theirs.refusal))


def _explained_by_rewriting(other: Oracle, case: Case) -> str | None:
    """Return the one change that makes the two agree; all that can be made, where it takes them."""
    rewritings = REWRITINGS.get(other.name, {})
    changed = {reason: change for reason, change in rewritings.items() if _changes(change, case)}
    for reason, rewrite in changed.items():
        if _agree(other, replace(case, document=rewrite(case.document))):
            return reason
    if not changed:
        return None
    for rewrite in changed.values():
        case = replace(case, document=rewrite(case.document))
    if _agree(other, case):
        return "; ".join(changed)
    if _is_related_twice(other, ask_general_path(case), other.ask(case)):
        return "; ".join([*changed, _RELATED_TWICE])
    return None


def _changes(rewrite: Callable[[Any], Any], case: Case) -> bool:
    return dumps(rewrite(case.document)) != dumps(case.document)


def _agree(other: Oracle, case: Case) -> bool:
    canonical = ask_general_path(case).canonical
    return canonical is not None and canonical == other.ask(case).canonical


# RDFC-1.0.


def _is_related_twice(other: Oracle, ours: Answer, theirs: Answer) -> bool:
    """Whether the datasets are the same, with a blank node that is related to another twice."""
    if other.name != "pyoxigraph" or ours.canonical is None or theirs.canonical is None:
        return False
    dataset = _with_other_labels(parse_n_quads(theirs.canonical.decode("utf-8")))
    again = "".join(canonicalize_dataset(dataset)[0]).encode("utf-8")
    related = _relations(ours.canonical.decode("utf-8"))
    return again == ours.canonical and max(related, default=0) > 1


def _with_other_labels(dataset: Dataset) -> Dataset:
    """pyld leaves labels that look canonical as they are."""
    return {
        f"_:x{name[2:]}" if name.startswith("_:") else name: [
            {
                place: {**term, "value": f"_:x{term['value'][2:]}"}
                if term["type"] == "blank node"
                else term
                for place, term in triple.items()
            }
            for triple in triples
        ]
        for name, triples in dataset.items()
    }


_BLANK_NODE = re.compile(r"_:c14n\d+")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"\S*')


def _relations(text: str) -> Iterator[int]:
    """How often each pair of blank nodes is related by one predicate, or as node and graph."""
    counts: Counter[tuple[str, ...]] = Counter()
    for line in text.split("\n")[:-1]:
        subject, predicate, object_, *graph = _LITERAL.sub('""', line).split(" ")[:-1]
        places = {"s": subject, "o": object_, "g": graph[0] if graph else ""}
        blank = {place: each for place, each in places.items() if _BLANK_NODE.fullmatch(each)}
        for each in blank.values():
            for other_place, other in blank.items():
                if other != each:
                    way = () if other_place == "g" else (predicate,)
                    counts[each, other, other_place, *way] += 1
    yield from counts.values()
