"""What must hold between a fast path, the general path and other people's processors.

- A fast path gives the general path's bytes, or hands over. What the general path refuses it never
  gives bytes for, and the front door refuses it with the same error.
- What the general path takes, the others take and give the same bytes for, but for the differences
  that `known_differences` names.
- Nobody changes the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from differential.cases import Case
from differential.known_differences import explain
from differential.oracles import Answer, Oracle
from differential.paths import (
    FastPath,
    ask_fast_path,
    ask_front_door,
    ask_general_path,
    is_found_lossless,
)
from testamur.canon.strict_json import dumps

__all__ = ["Finding", "Kind", "Tally", "compare"]


class Kind(StrEnum):
    """How two processors stand to each other on one document."""

    AGREED = "same bytes"
    REFUSED_BY_BOTH = "refused by both"
    HANDED_OVER = "handed over"
    REFUSED_BY_US = "refused by us alone"
    KNOWN = "known difference"
    MISMATCH = "MISMATCH"


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison.

    Attributes:
        who: the processor that was held against the general path.
        kind: how they stand to each other. reason: of a refusal or a difference.
        case: the number of the case.
    """

    who: str
    kind: Kind
    reason: str
    case: int


@dataclass(slots=True)
class Tally:
    """Findings, counted.

    Attributes:
        counts: (who, kind, reason) → how many. mismatches: each one.
        refusals: why the general path refuses → how many. cases: how many were compared.
    """

    counts: Counter[tuple[str, Kind, str]] = field(default_factory=Counter)
    mismatches: list[Finding] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def add(self, other: Tally) -> None:
        """Take in what another run has counted."""
        self.counts += other.counts
        self.mismatches += other.mismatches
        self.refusals += other.refusals
        self.cases += other.cases


_HANDED_OVER = Answer()
_FRONT_DOOR = 10  # one in so many that are handed over: the general path runs for each again
_REFUSED = 10  # one in so many that are refused: what others make of them is only counted


def compare(
    cases: Iterable[Case],
    *,
    fast_path: FastPath,
    oracles: Iterable[Oracle] = (),
    general_path: Callable[[Case], Answer] = ask_general_path,
) -> Tally:
    """Compare every case, and count.

    Args:
        cases: the documents.
        fast_path: what is held against the general path, beside the front door.
        oracles: other people's processors.
        general_path: what everything is held against.
    """
    tally = Tally()
    oracles = list(oracles)
    for case in cases:
        tally.cases += 1
        general = general_path(case)
        tally.refusals[_reason(general)] += 1
        fast = ask_fast_path(fast_path, case)
        findings = [_hold_against(general, fast, "fast path", case)]
        if fast != _HANDED_OVER or case.number % _FRONT_DOOR == 0:
            findings.append(_hold_against(general, ask_front_door(case), "front door", case))
        if is_found_lossless(case) and general.refusal not in ("", "RESOURCE_LIMIT"):
            findings.append(Finding("lossless check", Kind.MISMATCH, general.refusal, case.number))
        if dumps(case.document) != _as_parsed(case):
            findings.append(Finding("front door", Kind.MISMATCH, "changed document", case.number))
        held = (_hold_oracle_against(general, oracle, case) for oracle in oracles)
        findings += [each for each in held if each is not None]
        for each in findings:
            tally.counts[each.who, each.kind, each.reason] += 1
            if each.kind is Kind.MISMATCH:
                tally.mismatches.append(each)
    return tally


def _as_parsed(case: Case) -> str:
    return dumps(case.parse())


def _hold_against(general: Answer, ours: Answer, who: str, case: Case) -> Finding:
    """Hold another path of ours against the general one; only a fast path may hand over."""
    kind, reason = Kind.MISMATCH, ""
    if ours == _HANDED_OVER and who == "fast path":
        kind, reason = Kind.HANDED_OVER, "refused" if general.refusal else "taken"
    elif general == ours:
        kind = Kind.REFUSED_BY_BOTH if general.refusal else Kind.AGREED
        reason = general.refusal
    elif general.refusal and ours.canonical is not None:
        reason = f"takes what is refused with {general.refusal}"
    elif general.refusal:
        reason = "refuses with another error"
    else:
        reason = "other bytes" if ours.canonical is not None else "refuses what is taken"
    return Finding(who, kind, reason, case.number)


def _hold_oracle_against(general: Answer, oracle: Oracle, case: Case) -> Finding | None:
    if general.refusal and (not oracle.is_safe or case.number % _REFUSED):
        return None
    theirs = oracle.ask(case, taken=not general.refusal)
    kind, reason = Kind.MISMATCH, theirs.refusal or "other bytes"
    if general.refusal and theirs.refusal:
        kind = Kind.REFUSED_BY_BOTH
    elif general.refusal:
        kind, reason = Kind.REFUSED_BY_US, _reason(general)
    elif general.canonical == theirs.canonical:
        kind, reason = Kind.AGREED, ""
    else:
        known = explain(oracle, case, general, theirs)
        if known is not None:
            kind, reason = Kind.KNOWN, known
    return Finding(oracle.name, kind, reason, case.number)


_REASONS = (
    "has no @context",
    "is empty; name the contexts",
    "names more than",
    "is not in the list of known contexts",
    "is written inside the document",
    "a context is named by its URL",
    "which could hide members",
    "is inside the document",
    "is an IRI or a keyword",
    "is the name of a class",
    "is a name that JSON-LD processors in JavaScript lose",
    "is an empty array",
    "has more than",
    "holds a keyword of JSON-LD",
    "is in the place of a credential or a proof and says nothing",
    "in the place of a graph of its own",
    "has no more than an id",
    "is an array inside an array",
    "is null",
    "half of a surrogate pair",
    "is a JSON-LD value object",
    "is not a language tag",
    "JSON-LD processors write it in different ways",
    "have the same id",
    "calls itself a credential",
    "that its contexts do not define there",
    "a member whose term is no absolute IRI",
    "an id or a link that is no absolute URL",
    "a type that is no absolute URL",
    "a text in two directions",
    "a text in a language that is not named",
    "a text in a language that is no tag",
    "a datatype that is no absolute URL",
    "does not write",
    "a member has a value of the wrong kind",
    "so entangled",
    "is not JSON-LD as its contexts have it",
)


def _reason(general: Answer) -> str:
    """The kind of refusal, without what the message says of the document; "" for none."""
    if not general.refusal or not isinstance(general.details, tuple):
        return ""
    _, message, facts = general.details
    for phrase in _REASONS:
        if phrase in message:
            said = f": {facts['found']}" if phrase.endswith("contexts have it") else ""
            return f"{general.refusal}: {phrase}{said}"
    return f"{general.refusal}: {message}"
