"""Steps 2 to 9 of the line in: one credential, from its form to its report."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from testamur._frozen import replace
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, TestamurError
from testamur.keys.controller import Resolver
from testamur.loading import load_embedded
from testamur.protocols import Fetcher, Trust
from testamur.secured import Secured, Securing
from testamur.verification import answers, document_checks
from testamur.verification.contents import read_contents
from testamur.verification.embedded import check_collection, check_endorsements
from testamur.verification.fetch_budget import BudgetedFetcher
from testamur.verification.form_checks import parse_failure
from testamur.verification.policy import Policy
from testamur.verification.proof_check import check_proof
from testamur.verification.reading import Reading, read
from testamur.verification.recipient_check import check_recipient
from testamur.verification.recognition import Templates
from testamur.verification.refresh_check import check_refresh
from testamur.verification.report import Answer, Check, CheckName, Report, Weight
from testamur.verification.signer_check import ExpectedSigner
from testamur.verification.status_check import StatusChecker
from testamur.verification.trust_check import check_trust
from testamur.verification.validity_check import ValidityChecker
from testamur.verification.verdict import conclude

__all__ = ["CredentialExaminer", "Depth", "is_proven"]


class Depth(IntEnum):
    """How deep inside another document a credential stands, and so how far it is followed."""

    OUTER = 0
    """what was handed in, or a credential of a presentation: every step."""

    INNER = 1
    """an endorsement, a member, a newer version: up to its status."""

    STATUS_LIST = 2
    """a status list: up to its validity period."""


class CredentialExaminer:
    """Takes credentials through the steps, with what a run has in common."""

    def __init__(
        self,
        *,
        now: datetime,
        trust: Trust,
        policy: Policy,
        fetcher: Fetcher,
        templates: Templates,
    ) -> None:
        """Prepare a run.

        Args:
            now: the clock, aware UTC.
            trust: which issuers are known.
            policy: what is accepted and expected.
            fetcher: gets keys and status lists.
            templates: what is known of the credentials of one achievement.
        """
        self._now = now
        self._trust = trust
        self._policy = policy
        self._fetcher = BudgetedFetcher(fetcher)
        self._resolver = Resolver(self._fetcher)
        self._templates = templates
        self._validity = ValidityChecker(policy=policy, now=now)
        self._status = StatusChecker(
            fetcher=self._fetcher,
            examine_list=lambda secured: self.examine(secured, Depth.STATUS_LIST),
            accept_issuer=policy.accept_status_issuer,
            now=now,
        )

    def examine(self, secured: Secured, depth: Depth) -> Report:
        """Take a credential through all steps."""
        # 2. Structure. 3. Compacted and lossless.
        reading = read(secured, self._policy.contexts)
        report = self.examine_reading(reading, depth)
        if depth is Depth.OUTER and report.contents is not None and reading.seal is None:
            self._templates.learn(reading, self._constant_rest(reading.document, report))
        return report

    def examine_embedded(self, value: JsonValue, depth: Depth) -> Report:
        """Take a credential inside a document, an object or a compact JWS, through all steps."""
        try:
            secured = load_embedded(value)
        except TestamurError as error:
            return conclude(None, [parse_failure(error)], now=self._now)
        return self.examine(secured, depth)

    def examine_reading(self, reading: Reading, depth: Depth) -> Report:
        """Take a credential whose form was looked at through the steps 4 to 9."""
        if depth is Depth.OUTER:
            self._fetcher.start()
        # 4. Proof. 5. Issuer binding.
        if reading.seal is not None and depth is not Depth.OUTER:
            return conclude(reading.secured, [*reading.checks, _SEAL_INSIDE], now=self._now)
        checks = [*reading.checks, *self.proof_checks(reading, reading.issuer, "assertionMethod")]
        return self.examine_proven(reading, checks, depth)

    def examine_proven(self, reading: Reading, checks: list[Check], depth: Depth) -> Report:
        """Take a credential through the steps 6 to 9, if `checks` show that it is proven."""
        secured, document = reading.secured, reading.document
        issuer = reading.issuer
        if issuer is None or not is_proven(checks, sealed=reading.seal is not None):
            return conclude(secured, checks, now=self._now)
        # 6. Trust; of a holder's own statement that is settled.
        recognition = None
        if not any(check.name is CheckName.TRUST for check in checks):
            recognition = self._trust.recognize(issuer)
            checks.append(check_trust(issuer, recognition))
        # 7. Validity period.
        checks.append(self._validity.check(document))
        # 8. Status.
        if depth < Depth.STATUS_LIST:
            checks += self._status.check(document, issuer)
        # 9. The rest.
        endorsements: list[Report] = []
        members: list[Report] = []
        if depth is Depth.OUTER and reading.rest is not None:
            checks += reading.rest
        elif depth is Depth.OUTER:
            rest, endorsements, members = self._outer_checks(document)
            checks += rest
        contents = read_contents(document, reading.common)
        if reading.seal is not None:
            # What it calls itself is not proven, and the certificate's name may be one of several.
            name = _issuer_check(checks).evidence.get("organization")
            contents = replace(contents, issuer_id=issuer, issuer_name=name)
        return conclude(
            secured,
            checks,
            now=self._now,
            contents=contents,
            known_as=recognition.name if recognition is not None and recognition.vouched else None,
            endorsements=endorsements,
            credentials=members,
        )

    def proof_checks(self, reading: Reading, signer: str | None, purpose: str) -> list[Check]:
        """Check what secures a document, and that it is the signer's; only of what is compacted."""
        compacted = reading.checks[-1].answer is Answer.PASSED
        unsecured = reading.secured.securing is Securing.NONE
        if not compacted and not unsecured and reading.seal is None:
            # The members that would be read are not the members that were signed.
            return [_NOT_REACHED]
        finding = check_proof(
            reading,
            ExpectedSigner(
                id=signer,
                purpose=purpose,
                policy=self._policy,
                resolver=self._resolver,
                now=self._now,
            ),
        )
        return list(finding.checks)

    def _constant_rest(self, document: JsonObject, report: Report) -> tuple[Check, ...] | None:
        """The checks of step 9, unless they ask somebody or look at the learner's own strings."""
        policy = self._policy
        if policy.recipient_id is not None or policy.recipient_email is not None:
            return None
        nobody_endorses = report.check(CheckName.ENDORSEMENTS).answer is Answer.NOT_APPLICABLE
        if "refreshService" in document or report.credentials or not nobody_endorses:
            return None
        return tuple(check for check in report.checks if check.name in _LAST_CHECKS)

    def _outer_checks(self, document: JsonObject) -> tuple[list[Check], list[Report], list[Report]]:
        def examine(value: JsonValue) -> Report:
            return self.examine_embedded(value, Depth.INNER)

        endorsement_checks, endorsements = check_endorsements(document, examine)
        member_checks, members = check_collection(document, examine)
        checks = [
            *document_checks.check_kind(document),
            document_checks.check_schema(document, self._policy),
            check_refresh(document, self._fetcher, lambda newer: self.examine(newer, Depth.INNER)),
            check_recipient(document, self._policy),
            *endorsement_checks,
            *member_checks,
            document_checks.check_evidence(document),
            document_checks.check_related_resources(document),
        ]
        return checks, endorsements, members


def is_proven(checks: list[Check], *, sealed: bool = False) -> bool:
    """Whether steps 2 to 5 all passed: only then is anything in the document believed.

    A seal is over the text, whatever its members mean.
    """
    passed: set[CheckName] = {CheckName.COMPACTED} if sealed else set()
    for check in checks:
        if check.answer is Answer.FAILED and not (sealed and check.weight is Weight.REMARK):
            return False
        if check.answer is Answer.PASSED:
            passed.add(check.name)
    return passed >= _PROVEN_BY


_LAST_CHECKS = frozenset(
    {
        CheckName.SCHEMA,
        CheckName.REFRESH,
        CheckName.RECIPIENT,
        CheckName.ENDORSEMENTS,
        CheckName.EMBEDDED,
        CheckName.EVIDENCE,
        CheckName.RESOURCES,
    }
)

_NOT_REACHED = answers.could_not_check(
    CheckName.PROOF,
    None,
    "Not looked at, because of what failed before.",
    spec="VC Data Integrity 1.0, Context Validation",
    weight=Weight.INFORMATION,
)

_SEAL_INSIDE = answers.failed(
    CheckName.PROOF,
    Code.PROOF_UNSUPPORTED,
    "It is sealed with a certificate, which says nothing of the issuer whose id is asked for here.",
    spec="ETSI TS 119 182-1",
)

_PROVEN_BY = frozenset(
    {CheckName.STRUCTURE, CheckName.COMPACTED, CheckName.PROOF, CheckName.ISSUER}
)


def _issuer_check(checks: list[Check]) -> Check:
    """The check that says who sealed it, which has passed."""
    return next(
        check
        for check in checks
        if check.name is CheckName.ISSUER and check.answer is Answer.PASSED
    )
