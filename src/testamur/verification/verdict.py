"""From checks to one verdict, the worst of those that matter, and to the report that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from testamur.errors import Code
from testamur.secured import Secured
from testamur.verification.report import (
    Answer,
    Check,
    CheckName,
    Contents,
    Report,
    Verdict,
    Weight,
)
from testamur.verification.wording import words_for, words_for_collection

__all__ = ["conclude", "decide"]

_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}  # from the best

_PASSED, _NOT_APPLICABLE = Answer.PASSED, Answer.NOT_APPLICABLE

_FAILED: dict[CheckName, Verdict] = {
    CheckName.PROOF: Verdict.NOT_GENUINE,
    CheckName.ISSUER: Verdict.NOT_GENUINE,
    CheckName.RECIPIENT: Verdict.WRONG_RECIPIENT,
}
_BY_CODE: dict[Code, Verdict] = {
    Code.EXPIRED: Verdict.EXPIRED,
    Code.NOT_YET_VALID: Verdict.NOT_YET_VALID,
    Code.REVOKED: Verdict.REVOKED,
    Code.SUSPENDED: Verdict.SUSPENDED,
    Code.UNTRUSTED_ISSUER: Verdict.UNKNOWN_ISSUER,
    # Whose key it is cannot be shown, which says nothing about the document.
    Code.DID_RESOLUTION: Verdict.NOT_VALID,
}


def conclude(
    secured: Secured | None,
    checks: Sequence[Check],
    *,
    now: datetime,
    contents: Contents | None = None,
    known_as: str | None = None,
    endorsements: Iterable[Report] = (),
    credentials: Iterable[Report] = (),
) -> Report:
    """Return the report on a document.

    Args:
        secured: what arrived; None where it could not be read.
        checks: of the document.
        now: the clock.
        contents: what it says, where that is proven.
        known_as: the issuer's name, where somebody vouches for it.
        endorsements: the reports on its endorsements.
        credentials: the reports on the credentials in it, which decide over a presentation.
    """
    members = tuple(credentials)
    inside = members if members and secured is not None and secured.is_presentation else ()
    verdict, deciding = decide(checks, inside)
    if inside and decide(checks)[0] is Verdict.GENUINE:
        headline, reason, next_step = words_for_collection(verdict, inside)
    else:
        headline, reason, next_step = words_for(verdict, deciding, checks)
    return Report(
        verdict=verdict,
        headline=headline,
        reason=reason,
        next_step=next_step,
        checked_at=now,
        carrier=secured.carrier.value if secured is not None else "unknown",
        securing=secured.securing.value if secured is not None else "none",
        known_as=known_as,
        checks=tuple(checks),
        contents=contents,
        endorsements=tuple(endorsements),
        credentials=members,
    )


def decide(checks: Iterable[Check], inside: Iterable[Report] = ()) -> tuple[Verdict, Check | None]:
    """Return the verdict, and the check that decided it.

    Args:
        checks: of one document; none at all is "unfinished", never "genuine".
        inside: reports that count as required: the credentials of a presentation.
    """
    worst: Verdict | None = None
    deciding: Check | None = None
    for check in checks:
        if worst is not None and (check.answer is _PASSED or check.answer is _NOT_APPLICABLE):
            continue
        verdict = _verdict(check)
        if worst is None or _RANKS[verdict] > _RANKS[worst]:
            worst, deciding = verdict, check
    for report in inside:
        if worst is None or _RANKS[report.verdict] > _RANKS[worst]:
            worst, deciding = report.verdict, decide(report.checks)[1] or report.checks[0]
    if worst is None:
        return Verdict.UNFINISHED, None
    return worst, None if worst is Verdict.GENUINE else deciding


def _verdict(check: Check) -> Verdict:
    if check.answer is Answer.PASSED or check.answer is Answer.NOT_APPLICABLE:
        return Verdict.GENUINE
    if check.weight is Weight.INFORMATION:
        return Verdict.GENUINE
    if check.weight is Weight.REMARK:
        return Verdict.GENUINE_WITH_REMARKS
    if check.code in _BY_CODE:
        return _BY_CODE[check.code]
    if check.answer is Answer.COULD_NOT_CHECK:
        return Verdict.UNFINISHED
    return _FAILED.get(check.name, Verdict.NOT_VALID)
