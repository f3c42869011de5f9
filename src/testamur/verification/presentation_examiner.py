"""A presentation: its own form and proof, and each credential in it down the line for itself."""

from __future__ import annotations

from datetime import datetime

from testamur import limits
from testamur.canon.strict_json import JsonValue
from testamur.errors import Code
from testamur.loading import load_embedded
from testamur.secured import Secured, Securing
from testamur.verification import answers, document_checks
from testamur.verification.credential_examiner import CredentialExaminer, Depth, is_proven
from testamur.verification.embedded import (
    check_holder,
    is_self_asserted,
    presented,
    presenter,
    wrong_number,
)
from testamur.verification.policy import Policy
from testamur.verification.reading import read
from testamur.verification.report import Answer, CheckName, Report
from testamur.verification.verdict import conclude

__all__ = ["PresentationExaminer"]

_SPEC = "VC Data Model 2.0, Verifiable Presentations"


class PresentationExaminer:
    """Examines presentations, and the credentials in them as a run examines credentials."""

    def __init__(self, credentials: CredentialExaminer, *, policy: Policy, now: datetime) -> None:
        self._credentials = credentials
        self._policy = policy
        self._now = now

    def examine(self, secured: Secured) -> Report:
        """Take a presentation through the steps 2 to 5, and what is in it through all."""
        document, policy = secured.document, self._policy
        holder = presenter(document)
        values = presented(document)
        if len(values) > limits.EMBEDDED_CREDENTIALS:
            return conclude(secured, [wrong_number(len(values), signed=False)], now=self._now)
        reading = read(secured, policy.contexts)
        checks = list(reading.checks)
        expects_holder = policy.challenge is not None or policy.domain is not None
        signed = secured.securing is not Securing.NONE or expects_holder
        if signed:
            checks += self._credentials.proof_checks(reading, holder, "authentication")
        else:
            checks.append(
                answers.not_applicable(
                    CheckName.PROOF,
                    "Nobody signed the collection; each credential in it is signed for itself.",
                    spec=_SPEC,
                )
            )
        if not values:
            checks.append(wrong_number(len(values), signed=signed))
        if any(check.answer is Answer.FAILED for check in checks):
            return conclude(secured, checks, now=self._now)
        named = document_checks.holder_id(document) if signed and is_proven(checks) else None
        reports = [
            self._self_asserted(value, named)
            if is_self_asserted(value, named)
            else self._credentials.examine_embedded(value, Depth.OUTER)
            for value in values
        ]
        if signed and values:
            checks.append(check_holder(document, holder))
        return conclude(secured, checks, now=self._now, credentials=reports)

    def _self_asserted(self, value: JsonValue, holder: str | None) -> Report:
        """A credential that its holder issued, secured by the presentation's own proof."""
        reading = read(load_embedded(value), self._policy.contexts)
        checks = [
            *reading.checks,
            answers.passed(
                CheckName.PROOF,
                "The presenter says so, and signed the presentation it is in.",
                spec=_SPEC,
            ),
            answers.passed(CheckName.ISSUER, f"It is {holder}'s own statement.", spec=_SPEC),
            # Even a trusted issuer: the key that presents need not be one that may issue.
            answers.could_not_check(
                CheckName.TRUST,
                Code.UNTRUSTED_ISSUER,
                "The presenter says so of themselves; nobody else vouches for it.",
                spec=_SPEC,
            ),
        ]
        return self._credentials.examine_proven(reading, checks, Depth.OUTER)
