"""The words of a verdict, for people who hire and admit."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.errors import Code
from testamur.verification.report import Check, CheckName, Report, Verdict

__all__ = ["words_for", "words_for_collection"]

_UNKNOWN = Code.UNTRUSTED_ISSUER
_UNVOUCHED = (
    "Genuine signature and current; who the issuer is was not checked.",
    "",
    "Anybody can make such a credential: find out who controls the issuer's identifier.",
)

_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.GENUINE: (
        "Genuine and current.",
        "You can rely on who issued it, and on nothing in it having been changed since.",
    ),
    Verdict.GENUINE_WITH_REMARKS: (
        "Genuine and current, but something needs a look.",
        "Read the remark; what it concerns is not vouched for.",
    ),
    Verdict.UNKNOWN_ISSUER: (
        "Genuine signature, but we do not know this issuer.",
        "Find out who controls the issuer's identifier, then add it to your trusted issuers.",
    ),
    Verdict.UNFINISHED: (
        "We could not finish checking.",
        "Try again with network access allowed, or later; do not rely on it until then.",
    ),
    Verdict.WRONG_RECIPIENT: (
        "Genuine, but not about this person.",
        "Ask the person for the address or identifier it was issued to.",
    ),
    Verdict.NOT_YET_VALID: (
        "Genuine, but not valid yet.",
        "Come back on the date it becomes valid.",
    ),
    Verdict.EXPIRED: (
        "Genuine, but expired.",
        "Ask the issuer whether it was renewed.",
    ),
    Verdict.SUSPENDED: (
        "Suspended by the issuer.",
        "Ask the issuer whether it will be reinstated.",
    ),
    Verdict.REVOKED: (
        "Withdrawn by the issuer.",
        "Do not rely on it; the issuer can say more.",
    ),
    Verdict.NOT_VALID: (
        "Not a valid credential; do not rely on it.",
        "Ask the issuer for a correct one.",
    ),
    Verdict.NOT_GENUINE: (
        "Not genuine; do not rely on it.",
        "Ask the person for the original file, or the issuer for confirmation.",
    ),
}


_NEXT_STEPS: dict[Code, str] = {
    Code.RECIPIENT_MISMATCH: "Ask the person for the address or identifier it was issued to.",
    Code.UNREACHABLE: "Try again later; do not rely on it until then.",
    Code.CERTIFICATE_UNTRUSTED: "Find out which authority issued the seal's certificate, and name "
    "it as an anchor if you trust it; do not rely on it until then.",
    Code.SIGNING_TIME: "Ask the issuer for one that is sealed anew, or name an authority that you "
    "trust to tell the time.",
    Code.DID_RESOLUTION: "The issuer's keys are not where they should be; ask the issuer.",
}


def words_for(
    verdict: Verdict, deciding: Check | None, checks: Sequence[Check]
) -> tuple[str, str, str]:
    """Return the headline, the reason and the next step for a verdict.

    Args:
        verdict: the verdict.
        deciding: the check that decided it; None for a clean pass.
        checks: all checks.
    """
    headline, next_step = _WORDS[verdict]
    unknown = _UNKNOWN in [check.code for check in checks]
    if deciding is None:
        return _UNVOUCHED if unknown else (headline, "", next_step)
    if unknown and verdict is not Verdict.UNKNOWN_ISSUER:
        headline = headline.replace("Genuine,", "Genuine signature of an unknown issuer,")
        headline = headline.replace(" by the issuer.", " by its issuer, who is not known here.")
        if verdict is Verdict.UNFINISHED:
            headline = "We do not know this issuer, and could not finish checking."
    if deciding.name is CheckName.PARSE and verdict is Verdict.NOT_VALID:
        next_step = "Ask the person for the original file."
    elif deciding.code is Code.OFFLINE:
        proof = deciding.name in (CheckName.PROOF, CheckName.ISSUER)
        known = "Nothing in it is confirmed yet." if proof else "It may have been withdrawn."
        next_step = f"{known} Allow network access, or give copies of what it needs."
    elif deciding.code in _NEXT_STEPS:
        next_step = _NEXT_STEPS[deciding.code]
    # The headline of a withdrawal says it all, unless the issuer gave a reason.
    plain = deciding.sentence in ("The issuer has withdrawn it.", "The issuer has suspended it.")
    return headline, "" if plain else deciding.sentence, next_step


def words_for_collection(verdict: Verdict, reports: Sequence[Report]) -> tuple[str, str, str]:
    """Return the same for a presentation that is in order itself: how its credentials came out.

    Args:
        verdict: the worst of theirs.
        reports: on each credential in it, at least one.
    """
    count = len(reports)
    if verdict is Verdict.GENUINE:
        what = "Its one credential is" if count == 1 else f"All {count} credentials in it are"
        return f"{what} genuine and current.", "", _WORDS[verdict][1]
    others = sum(report.verdict is not Verdict.GENUINE for report in reports)
    worst = next(report for report in reports if report.verdict is verdict)
    name = worst.contents.name if worst.contents is not None else None
    which = f" ({name})" if name else ""
    return (
        f"Of the {count} credentials in it, {others} cannot simply be relied on.",
        f"The worst{which}: {worst.headline} {worst.reason}".strip(),
        "Look at each credential for itself.",
    )
