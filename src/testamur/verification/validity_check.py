"""The validity period, held against the clock: step 7 of the line in."""

from __future__ import annotations

from datetime import datetime
from types import NoneType

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ModelError
from testamur.model.dates import LexicalDateTime, parse_date_time_stamp
from testamur.verification import answers
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName

__all__ = ["ValidityChecker", "check_validity"]

_SPEC = "VC Data Model 2.0, Validity Period"
_PERIOD = ("validFrom", "validUntil", "issuanceDate", "expirationDate")
_MOST_PERIODS = 1024


class ValidityChecker:
    """Checks validity periods, of which the credentials of a run have few different ones."""

    def __init__(self, *, policy: Policy, now: datetime) -> None:
        self._policy = policy
        self._now = now
        self._known: dict[tuple[JsonValue, ...], Check] = {}

    def check(self, document: JsonObject) -> Check:
        """Check the validity period of a document."""
        period = tuple([document.get(member) for member in _PERIOD])
        if any(not isinstance(each, (str, NoneType)) for each in period):
            return check_validity(document, self._policy, self._now)
        check = self._known.get(period)
        if check is None:
            check = check_validity(document, self._policy, self._now)
            if len(self._known) >= _MOST_PERIODS:
                self._known.clear()
            self._known[period] = check
        return check


def check_validity(document: JsonObject, policy: Policy, now: datetime) -> Check:
    """Compare the validity period with the clock, as instants; both ends are inclusive."""
    # Version 1.1 has its own two members and reserves the later ones: whichever is narrower counts.
    try:
        start = max(_dates(document, "validFrom", "issuanceDate"), default=None)
        end = min(_dates(document, "validUntil", "expirationDate"), default=None)
    except ModelError as error:
        return answers.from_error(CheckName.VALIDITY, error, spec=_SPEC)
    period = {"from": start, "until": end}
    evidence = {label: date.lexical for label, date in period.items() if date is not None}
    # Skew is applied to the clock: a date near the year 9999 cannot be moved.
    if start is not None and now + policy.clock_skew < start:
        return answers.failed(
            CheckName.VALIDITY,
            Code.NOT_YET_VALID,
            f"It is valid from {start.lexical} on.",
            spec=_SPEC,
            evidence=evidence,
        )
    if end is not None and end < now - policy.clock_skew:
        return answers.failed(
            CheckName.VALIDITY,
            Code.EXPIRED,
            f"It was valid until {end.lexical}.",
            spec=_SPEC,
            evidence=evidence,
        )
    sentence = (
        "It is within its validity period."
        if end is not None
        else "It is in force and has no expiry date."
    )
    return answers.passed(CheckName.VALIDITY, sentence, spec=_SPEC, evidence=evidence)


def _dates(document: JsonObject, *members: str) -> list[LexicalDateTime]:
    return [
        parse_date_time_stamp(str(document[member]), path=member)
        for member in members
        if document.get(member) is not None
    ]
