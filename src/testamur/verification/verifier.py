"""The line in: from a carrier to a report.

1. Parse: the carrier is read, the exact bytes kept.
2. Structure: the document has the members its standard asks for.
3. Compacted and lossless: its members are terms, and each is covered by a signature.
4. Proof: it holds, for the right purpose.
5. Issuer binding: the key is the issuer's.
6. Trust: the issuer is known here.
7. Validity period.
8. Status: every entry.
9. Schema, refresh, recipient, endorsements, embedded credentials, evidence, related resources.

Until 2 to 5 have passed nothing that the document names is fetched, but for the issuer's key, and
nothing that it says is shown as fact.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import IntEnum
from types import NoneType
from typing import TYPE_CHECKING

from testamur import limits
from testamur._frozen import dataclass, replace
from testamur._telemetry import annotate, count, traced
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import (
    Code,
    ConfigurationError,
    InputError,
    TestamurError,
    VerificationError,
)
from testamur.keys.controller import Resolver
from testamur.loading import Source, load, load_embedded, read_file
from testamur.protocols import Fetcher, OfflineFetcher, Recognition, Trust
from testamur.secure import vc_jwt
from testamur.secured import Secured, Securing
from testamur.trust import NoTrust
from testamur.verification import answers, document_checks
from testamur.verification.contents import read_contents
from testamur.verification.embedded import (
    check_collection,
    check_endorsements,
    check_holder,
    is_self_asserted,
    presented,
    presenter,
    wrong_number,
)
from testamur.verification.fetch_budget import BudgetedFetcher
from testamur.verification.policy import Policy
from testamur.verification.proof_check import check_proof
from testamur.verification.reading import Reading, issuer_of, read
from testamur.verification.recognition import Templates
from testamur.verification.refresh_check import check_refresh
from testamur.verification.report import (
    Answer,
    Check,
    CheckName,
    Contents,
    Report,
    Verdict,
    Weight,
)
from testamur.verification.signer_check import ExpectedSigner
from testamur.verification.status_check import StatusChecker
from testamur.verification.trust_check import check_trust
from testamur.verification.verdict import decide
from testamur.verification.wording import words_for, words_for_collection

if TYPE_CHECKING:
    from testamur.model.vcdm import Credential

__all__ = ["VerifiedCredential", "Verifier"]

_PRESENTATION_SPEC = "VC Data Model 2.0, Verifiable Presentations"


class _Depth(IntEnum):
    """How deep inside another document a credential stands, and so how far it is followed."""

    OUTER = 0
    """what was handed in, or a credential of a presentation: every step."""

    INNER = 1
    """an endorsement, a member, a newer version: up to its status."""

    STATUS_LIST = 2
    """a status list: up to its validity period."""


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential that passed every required check; only a Verifier makes one.

    Attributes:
        credential: its model.
        secured: what arrived.
        issuer: what the trust source says of the issuer.
        report: everything that was checked.
    """

    credential: Credential
    secured: Secured
    issuer: Recognition
    report: Report


class Verifier:
    """Examines credentials against one trust source, one policy and one clock.

    Remembers the keys and status lists of a run, so make a new one for a new run. Threads may share
    one.
    """

    def __init__(
        self,
        *,
        now: datetime,
        trust: Trust | None = None,
        policy: Policy | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            now: the clock, aware; given once for the whole run.
            trust: which issuers are known; nobody by default.
            policy: what is accepted and expected.
            fetcher: gets keys and status lists; offline by default.

        Raises:
            ConfigurationError: `now` has no time zone.
        """
        if now.tzinfo is None:
            raise ConfigurationError("now has no time zone; use datetime.now(UTC)")
        if trust is not None and not isinstance(trust, Trust):
            raise TypeError("trust has no recognize(); put your mapping into AllowList({id: name})")
        self._now = now.astimezone(UTC)
        self._trust: Trust = trust if trust is not None else NoTrust()
        self._policy = policy if policy is not None else Policy()
        self._fetcher = BudgetedFetcher(fetcher if fetcher is not None else OfflineFetcher())
        self._resolver = Resolver(self._fetcher)
        self._templates = Templates(self._policy.contexts)
        self._periods: dict[tuple[JsonValue, ...], Check] = {}
        self._status = StatusChecker(
            fetcher=self._fetcher,
            examine_list=lambda secured: self._credential(secured, _Depth.STATUS_LIST),
            accept_issuer=self._policy.accept_status_issuer,
            now=self._now,
        )

    def examine(self, source: Source | Secured) -> Report:
        """Examine a credential or a presentation; always answers.

        Args:
            source: bytes, text or path of any carrier, or what `load` made of it.

        Raises:
            InputError: the file cannot be opened, so there is nothing to report on.
        """
        return self._observed(source)[1]

    def verify(self, source: Source | Secured) -> VerifiedCredential:
        """Return a credential that can be relied on, or raise.

        Raises:
            VerificationError: any required check failed or could not be made, or the issuer is not
                known; `.report` has everything. A presentation is refused: verify its credentials.
            InputError: the file cannot be opened.
        """
        secured, report = self._observed(source)
        if secured is not None and not secured.is_presentation:
            from copy import deepcopy

            # A copy of its own: parts of what was examined may be shared within a run.
            secured = replace(secured, document=deepcopy(secured.document))
            issuer = issuer_of(secured)
            recognition = self._trust.recognize(issuer) if issuer is not None else None
            if recognition is not None and report.verdict in _RELIABLE:
                from testamur.model.parse import parse_received  # examine() needs no model

                return VerifiedCredential(
                    credential=parse_received(secured.document),
                    secured=secured,
                    issuer=recognition,
                    report=report,
                )
        inside = report.credentials if secured is not None and secured.is_presentation else ()
        deciding = decide(report.checks, inside)[1]
        code = deciding.code if deciding is not None else None
        raise VerificationError(
            f"{report.headline} {report.reason}".strip(),
            report=report,
            code=code if code is not None else Code.NOT_CONFORMANT,
        )

    @traced("testamur.verify")
    def _observed(self, source: Source | Secured) -> tuple[Secured | None, Report]:
        found = self._examine(source)
        verdict = found[1].verdict.value
        annotate("testamur.verdict", verdict)
        count("testamur.verifications", verdict=verdict)
        return found

    def _examine(self, source: Source | Secured) -> tuple[Secured | None, Report]:
        # 1. Parse.
        if not isinstance(source, (Secured, bytes, bytearray, str, os.PathLike)):
            raise TypeError(
                f"a {type(source).__name__} cannot be examined; give bytes, the text, a "
                "pathlib.Path or what load() returned"
            )
        try:
            if not isinstance(source, Secured):
                source = read_file(source) if isinstance(source, os.PathLike) else source
                recognized = self._templates.recognize(source)
                if recognized is not None:
                    return recognized.secured, self._from_reading(recognized, _Depth.OUTER)
                source = load(source)
            elif source.securing is Securing.JADES:
                from testamur.secure import jades  # most credentials have no certificates

                source = replace(source, document=jades.parse(source.content).document)
            elif source.token is not None:
                # What was signed is the token; a document beside it is somebody's copy.
                source = replace(source, document=vc_jwt.parse(source.token).document)
        except TestamurError as error:
            if type(error) is InputError:
                raise
            return None, self._report(None, [document_checks.parse_failure(error)])
        if source.is_presentation:
            return source, self._presentation(source)
        return source, self._credential(source, _Depth.OUTER)

    def _embedded(self, value: JsonValue, depth: _Depth) -> Report:
        try:
            secured = load_embedded(value)
        except TestamurError as error:
            return self._report(None, [document_checks.parse_failure(error)])
        return self._credential(secured, depth)

    def _credential(self, secured: Secured, depth: _Depth) -> Report:
        # 2. Structure. 3. Compacted and lossless.
        reading = read(secured, self._policy.contexts)
        report = self._from_reading(reading, depth)
        if depth is _Depth.OUTER and report.contents is not None and reading.seal is None:
            self._templates.learn(reading, self._constant_rest(reading.document, report))
        return report

    def _constant_rest(self, document: JsonObject, report: Report) -> tuple[Check, ...] | None:
        """The checks of step 9, unless they ask somebody or look at the learner's own strings."""
        policy = self._policy
        if policy.recipient_id is not None or policy.recipient_email is not None:
            return None
        nobody_endorses = report.check(CheckName.ENDORSEMENTS).answer is Answer.NOT_APPLICABLE
        if "refreshService" in document or report.credentials or not nobody_endorses:
            return None
        return tuple(check for check in report.checks if check.name in _LAST_CHECKS)

    def _from_reading(self, reading: Reading, depth: _Depth) -> Report:
        if depth is _Depth.OUTER:
            self._fetcher.start()
        # 4. Proof. 5. Issuer binding.
        if reading.seal is not None and depth is not _Depth.OUTER:
            return self._report(reading.secured, [*reading.checks, _SEAL_INSIDE])
        checks = [*reading.checks, *self._proof_checks(reading, reading.issuer, "assertionMethod")]
        return self._from_proof_on(reading, checks, depth)

    def _from_proof_on(self, reading: Reading, checks: list[Check], depth: _Depth) -> Report:
        secured, document = reading.secured, reading.document
        issuer = reading.issuer
        if issuer is None or not _proven(checks, sealed=reading.seal is not None):
            return self._report(secured, checks)
        # 6. Trust; of a holder's own statement that is settled.
        recognition = None
        if not any(check.name is CheckName.TRUST for check in checks):
            recognition = self._trust.recognize(issuer)
            checks.append(check_trust(issuer, recognition))
        # 7. Validity period.
        checks.append(self._validity(document))
        # 8. Status.
        if depth < _Depth.STATUS_LIST:
            checks += self._status.check(document, issuer)
        # 9. The rest.
        endorsements: list[Report] = []
        members: list[Report] = []
        if depth is _Depth.OUTER and reading.rest is not None:
            checks += reading.rest
        elif depth is _Depth.OUTER:
            rest, endorsements, members = self._outer_checks(document)
            checks += rest
        contents = read_contents(document, reading.common)
        if reading.seal is not None:
            # What it calls itself is not proven, and the certificate's name may be one of several.
            name = _issuer_check(checks).evidence.get("organization")
            contents = replace(contents, issuer_id=issuer, issuer_name=name)
        return self._report(
            secured,
            checks,
            contents=contents,
            known_as=recognition.name if recognition is not None and recognition.vouched else None,
            endorsements=endorsements,
            credentials=members,
        )

    def _validity(self, document: JsonObject) -> Check:
        """Check the validity period; the credentials of a run have few different ones."""
        period = tuple([document.get(member) for member in _PERIOD])
        if any(not isinstance(each, (str, NoneType)) for each in period):
            return document_checks.check_validity(document, self._policy, self._now)
        check = self._periods.get(period)
        if check is None:
            check = document_checks.check_validity(document, self._policy, self._now)
            if len(self._periods) >= _MOST_PERIODS:
                self._periods.clear()
            self._periods[period] = check
        return check

    def _outer_checks(self, document: JsonObject) -> tuple[list[Check], list[Report], list[Report]]:
        def examine(value: JsonValue) -> Report:
            return self._embedded(value, _Depth.INNER)

        endorsement_checks, endorsements = check_endorsements(document, examine)
        member_checks, members = check_collection(document, examine)
        checks = [
            *document_checks.check_kind(document),
            document_checks.check_schema(document, self._policy),
            check_refresh(
                document, self._fetcher, lambda newer: self._credential(newer, _Depth.INNER)
            ),
            document_checks.check_recipient(document, self._policy),
            *endorsement_checks,
            *member_checks,
            document_checks.check_evidence(document),
            document_checks.check_related_resources(document),
        ]
        return checks, endorsements, members

    def _presentation(self, secured: Secured) -> Report:
        document, policy = secured.document, self._policy
        holder = presenter(document)
        values = presented(document)
        if len(values) > limits.EMBEDDED_CREDENTIALS:
            return self._report(secured, [wrong_number(len(values), signed=False)])
        reading = read(secured, policy.contexts)
        checks = list(reading.checks)
        expects_holder = policy.challenge is not None or policy.domain is not None
        signed = secured.securing is not Securing.NONE or expects_holder
        if signed:
            checks += self._proof_checks(reading, holder, "authentication")
        else:
            checks.append(
                answers.not_applicable(
                    CheckName.PROOF,
                    "Nobody signed the collection; each credential in it is signed for itself.",
                    spec=_PRESENTATION_SPEC,
                )
            )
        if not values:
            checks.append(wrong_number(len(values), signed=signed))
        if any(check.answer is Answer.FAILED for check in checks):
            return self._report(secured, checks)
        named = document_checks.holder_id(document) if signed and _proven(checks) else None
        reports = [
            self._self_asserted(value, named)
            if is_self_asserted(value, named)
            else self._embedded(value, _Depth.OUTER)
            for value in values
        ]
        if signed and values:
            checks.append(check_holder(document, holder))
        return self._report(secured, checks, credentials=reports)

    def _self_asserted(self, value: JsonValue, holder: str | None) -> Report:
        """A credential that its holder issued, secured by the presentation's own proof."""
        reading = read(load_embedded(value), self._policy.contexts)
        checks = [
            *reading.checks,
            answers.passed(
                CheckName.PROOF,
                "The presenter says so, and signed the presentation it is in.",
                spec=_PRESENTATION_SPEC,
            ),
            answers.passed(
                CheckName.ISSUER, f"It is {holder}'s own statement.", spec=_PRESENTATION_SPEC
            ),
            # Even a trusted issuer: the key that presents need not be one that may issue.
            answers.could_not_check(
                CheckName.TRUST,
                Code.UNTRUSTED_ISSUER,
                "The presenter says so of themselves; nobody else vouches for it.",
                spec=_PRESENTATION_SPEC,
            ),
        ]
        return self._from_proof_on(reading, checks, _Depth.OUTER)

    def _proof_checks(self, reading: Reading, signer: str | None, purpose: str) -> list[Check]:
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

    def _report(
        self,
        secured: Secured | None,
        checks: list[Check],
        *,
        contents: Contents | None = None,
        known_as: str | None = None,
        endorsements: Iterable[Report] = (),
        credentials: Iterable[Report] = (),
    ) -> Report:
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
            checked_at=self._now,
            carrier=secured.carrier.value if secured is not None else "unknown",
            securing=secured.securing.value if secured is not None else "none",
            known_as=known_as,
            checks=tuple(checks),
            contents=contents,
            endorsements=tuple(endorsements),
            credentials=members,
        )


_PERIOD = ("validFrom", "validUntil", "issuanceDate", "expirationDate")
_MOST_PERIODS = 1024
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
_RELIABLE = frozenset({Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS})

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


def _proven(checks: list[Check], *, sealed: bool = False) -> bool:
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
