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

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from testamur import limits
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ConfigurationError, InputError, TestamurError, VerificationError
from testamur.keys.controller import Resolver
from testamur.loading import Source, load, load_embedded
from testamur.model.parse import parse_credential
from testamur.model.vcdm import Credential
from testamur.protocols import Fetcher, OfflineFetcher, Recognition, Trust
from testamur.secured import Secured, Securing
from testamur.trust import NoTrust
from testamur.verification import document_checks, embedded
from testamur.verification.contents import read_contents
from testamur.verification.policy import Policy
from testamur.verification.proof_check import check_proof
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
from testamur.verification.status_check import StatusChecker
from testamur.verification.verdict import decide
from testamur.verification.wording import words_for

__all__ = ["VerifiedCredential", "Verifier"]


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

    Remembers the keys and status lists of a run, so make a new one for a new run.
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
        self._now = now.astimezone(UTC)
        self._trust: Trust = trust if trust is not None else NoTrust()
        self._policy = policy if policy is not None else Policy()
        self._fetcher: Fetcher = fetcher if fetcher is not None else OfflineFetcher()
        self._resolver = Resolver(self._fetcher)
        self._status = StatusChecker(
            fetcher=self._fetcher,
            examine_list=self._examine_list,
            accept_issuer=self._policy.accept_status_issuer,
            now=self._now,
        )

    def examine(self, source: Source | Secured) -> Report:
        """Examine a credential or a presentation; always answers.

        Args:
            source: bytes, text or path of any carrier, or what `load` made of it.

        Raises:
            InputError: the file cannot be opened.
        """
        try:
            secured = source if isinstance(source, Secured) else load(source)
        except TestamurError as error:
            if type(error) is InputError:  # no such file: nothing to report on
                raise
            return self._report(None, [document_checks.parse_failure(error)])
        if secured.is_presentation:
            return self._presentation(secured)
        return self._credential(secured)

    def verify(self, source: Source | Secured) -> VerifiedCredential:
        """Return a credential that can be relied on, or raise.

        Raises:
            VerificationError: any required check failed or could not be made, or the issuer is not
                known; `.report` has everything. A presentation is refused: verify its credentials.
            InputError: the file cannot be opened.
        """
        try:
            secured = source if isinstance(source, Secured) else load(source)
        except TestamurError as error:
            if type(error) is InputError:
                raise
            report = self._report(None, [document_checks.parse_failure(error)])
            raise VerificationError(error.message, report=report, code=error.code) from error
        report = self.examine(secured)
        issuer = document_checks.issuer_id(secured.document)
        recognition = self._trust.recognize(issuer) if issuer is not None else None
        good = report.verdict in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
        if not good or recognition is None or secured.is_presentation:
            deciding = decide(report.checks, report.credentials)[1]
            code = deciding.code if deciding is not None else None
            raise VerificationError(
                f"{report.headline} {report.reason}".strip(),
                report=report,
                code=code if code is not None else Code.NOT_CONFORMANT,
            )
        return VerifiedCredential(
            credential=parse_credential(secured.document),
            secured=secured,
            issuer=recognition,
            report=report,
        )

    # The line

    def _credential(self, secured: Secured, *, depth: int = 0) -> Report:
        checks, uncovered = self._local_and_proof(secured, "assertionMethod")
        document = {
            name: value for name, value in secured.document.items() if name not in uncovered
        }
        if not _proven(checks):
            return self._report(secured, checks)
        # 6. Trust.
        issuer = document_checks.issuer_id(document) or ""
        recognition = self._trust.recognize(issuer)
        checks.append(_trust_check(issuer, recognition))
        # 7. Validity period.
        checks.append(document_checks.check_validity(document, self._policy, self._now))
        # 8. Status; a list's own status is not asked for.
        if depth < 2:
            checks += self._status.check(document, issuer)
        # 9. The rest.
        endorsed: list[Report] = []
        members: list[Report] = []
        if depth == 0:
            checks.append(document_checks.check_schema(document))
            checks.append(
                check_refresh(document, self._fetcher, lambda s: self._credential(s, depth=1))
            )
            checks.append(document_checks.check_recipient(document, self._policy))
            endorsed = self._endorsements(document, uncovered, checks)
            members = self._embedded(embedded.collected(document), checks)
            checks.append(document_checks.check_evidence(document))
            checks.append(document_checks.check_related_resources(document))
        return self._report(
            secured,
            checks,
            contents=read_contents(document),
            known_as=recognition.name if recognition is not None else None,
            endorsements=endorsed,
            credentials=members,
        )

    def _local_and_proof(
        self, secured: Secured, purpose: str, *, unsigned: bool = False
    ) -> tuple[list[Check], frozenset[str]]:
        """Steps 1 to 5. A presentation may be unsigned."""
        policy = self._policy
        # 1. Parse. 2. Structure. 3. Compacted and lossless.
        checks = [
            document_checks.check_parse(secured),
            document_checks.check_structure(secured),
            document_checks.check_compacted(secured, policy.contexts),
        ]
        if unsigned:
            return checks, frozenset()
        # Compaction comes before the proof, so that no member is read that was not signed; but
        # for the one that an older context-3.0.3 does not have, which the proof check looks into.
        signer = (
            _holder_id(secured.document)
            if secured.is_presentation
            else document_checks.issuer_id(secured.document)
        )
        # 4. Proof. 5. Issuer binding.
        if checks[2].answer is Answer.FAILED and secured.securing is not Securing.NONE:
            checks.append(_not_reached(CheckName.PROOF))
            return checks, frozenset()
        finding = check_proof(
            secured,
            expected_signer=signer,
            purpose=purpose,
            policy=policy,
            resolver=self._resolver,
            now=self._now,
        )
        return [*checks, *finding.checks], finding.uncovered

    def _presentation(self, secured: Secured) -> Report:
        document = secured.document
        unsigned = secured.securing is Securing.NONE and self._policy.challenge is None
        unsigned = unsigned and self._policy.domain is None
        checks, _ = self._local_and_proof(secured, "authentication", unsigned=unsigned)
        if unsigned:
            checks.append(
                Check(
                    name=CheckName.PROOF,
                    answer=Answer.NOT_APPLICABLE,
                    sentence="Nobody signed the collection; each credential is signed for itself.",
                    spec="VC Data Model 2.0, Verifiable Presentations",
                )
            )
        if any(check.answer is Answer.FAILED for check in checks):
            return self._report(secured, checks)
        reports = self._embedded(embedded.presented(document), checks, required=True)
        if not unsigned:
            checks.append(_holder_check(document, embedded.presented(document)))
        return self._report(secured, checks, credentials=reports)

    def _examine_list(self, secured: Secured) -> Report:
        """A status list goes down the line without trust, status and all that follows."""
        return self._credential(secured, depth=2)

    def _endorsements(
        self, document: JsonObject, uncovered: frozenset[str], checks: list[Check]
    ) -> list[Report]:
        found = list(embedded.endorsements(document))
        found = [each for each in found if each.member not in uncovered]
        spec = "Open Badges 3.0, EndorsementCredential"
        if uncovered:
            checks.append(
                _remark(
                    CheckName.ENDORSEMENTS,
                    Code.ENDORSEMENT_INVALID,
                    f"Its {', '.join(sorted(uncovered))} is not covered by the signature and was "
                    "ignored: anybody may have added it.",
                    spec,
                )
            )
        if len(found) > limits.ENDORSEMENTS:
            checks.append(
                _remark(
                    CheckName.ENDORSEMENTS,
                    Code.RESOURCE_LIMIT,
                    f"It has {len(found)} endorsements, too many to look at.",
                    spec,
                )
            )
            return []
        reports: list[Report] = []
        for each in found:
            report = self._inner(each.credential)
            reports.append(report)
            endorsed = _subject_ids(each.credential)
            if report.verdict not in _GOOD_INSIDE:
                sentence = f"An endorsement in it does not stand: {report.headline} {report.reason}"
            elif each.attached_to is not None and each.attached_to not in endorsed:
                sentence = "An endorsement in it is about something else, and does not count."
            else:
                continue
            checks.append(_remark(CheckName.ENDORSEMENTS, Code.ENDORSEMENT_INVALID, sentence, spec))
        if not any(check.name is CheckName.ENDORSEMENTS for check in checks):
            checks.append(
                Check(
                    name=CheckName.ENDORSEMENTS,
                    answer=Answer.PASSED if reports else Answer.NOT_APPLICABLE,
                    sentence=f"Its endorsements are genuine: {_count_known(reports)}."
                    if reports
                    else "Nobody endorses it.",
                    spec=spec,
                )
            )
        return reports

    def _embedded(
        self, values: list[JsonValue], checks: list[Check], *, required: bool = False
    ) -> list[Report]:
        """Examine the credentials of a collection (a remark) or a presentation (required)."""
        spec = "VC Data Model 2.0, Verifiable Presentations; CLR 2.0, ClrSubject"
        if not values:
            if required:
                checks.append(
                    Check(
                        name=CheckName.EMBEDDED,
                        answer=Answer.FAILED,
                        code=Code.NOT_CONFORMANT,
                        sentence="There is no credential in it.",
                        spec=spec,
                    )
                )
            return []
        if len(values) > limits.EMBEDDED_CREDENTIALS:
            sentence = f"There are {len(values)} credentials in it, too many to look at."
            checks.append(_remark(CheckName.EMBEDDED, Code.RESOURCE_LIMIT, sentence, spec))
            if required:
                checks[-1] = checks[-1].model_copy(update={"weight": Weight.REQUIRED})
            return []
        reports = [self._inner(value, outer=required) for value in values]
        if required:
            return reports
        bad = [report for report in reports if report.verdict not in _GOOD_INSIDE]
        if bad:
            sentence = f"{len(bad)} of the {len(values)} credentials in it did not check out: "
            checks.append(
                _remark(
                    CheckName.EMBEDDED,
                    next(iter(sorted(bad[0].codes)), Code.NOT_CONFORMANT),
                    sentence + bad[0].headline,
                    spec,
                )
            )
        else:
            checks.append(
                Check(
                    name=CheckName.EMBEDDED,
                    answer=Answer.PASSED,
                    sentence=f"The credentials in it are genuine: {_count_known(reports)}.",
                    spec=spec,
                )
            )
        return reports

    def _inner(self, value: JsonValue, *, outer: bool = False) -> Report:
        try:
            secured = load_embedded(value)
        except TestamurError as error:
            return self._report(None, [document_checks.parse_failure(error)])
        return self._credential(secured, depth=0 if outer else 1)

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
        inside = members if secured is not None and secured.is_presentation else ()
        verdict, deciding = decide(checks, inside)
        headline, reason, next_step = words_for(verdict, deciding)
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


_GOOD_INSIDE = frozenset({Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS, Verdict.UNKNOWN_ISSUER})


def _count_known(reports: list[Report]) -> str:
    known = sum(report.known_as is not None for report in reports)
    return f"{len(reports)}, of which {known} by issuers that are known here"


def _proven(checks: list[Check]) -> bool:
    """Whether steps 2 to 5 all passed: only then is anything in the document believed."""
    names = (CheckName.STRUCTURE, CheckName.COMPACTED, CheckName.ISSUER)
    passed = {check.name for check in checks if check.answer is Answer.PASSED}
    bad = any(check.answer is Answer.FAILED for check in checks if check.weight is Weight.REQUIRED)
    return not bad and passed.issuperset(names)


def _trust_check(issuer: str, recognition: Recognition | None) -> Check:
    spec = "VC Data Model 2.0, Verification (trust is the verifier's)"
    if recognition is None:
        return Check(
            name=CheckName.TRUST,
            answer=Answer.COULD_NOT_CHECK,
            code=Code.UNTRUSTED_ISSUER,
            sentence=f"{issuer[:200]} is not in your list of trusted issuers.",
            spec=spec,
            evidence={"issuer": issuer[:1000]},
        )
    return Check(
        name=CheckName.TRUST,
        answer=Answer.PASSED,
        sentence=f"Issued by {recognition.name}, according to {recognition.source}.",
        spec=spec,
        evidence={"issuer": issuer[:1000], "name": recognition.name},
    )


def _not_reached(name: CheckName) -> Check:
    return Check(
        name=name,
        answer=Answer.COULD_NOT_CHECK,
        weight=Weight.INFORMATION,
        sentence="Not looked at, because of what failed before.",
    )


def _remark(name: CheckName, code: Code, sentence: str, spec: str) -> Check:
    return Check(
        name=name,
        answer=Answer.FAILED,
        code=code,
        weight=Weight.REMARK,
        sentence=sentence,
        spec=spec,
    )


def _holder_id(document: JsonObject) -> str | None:
    holder = document.get("holder")
    found = holder.get("id") if isinstance(holder, dict) else holder
    return found if isinstance(found, str) else None


def _holder_check(document: JsonObject, values: list[JsonValue]) -> Check:
    """Whether who presents them is whom they are about (VC Data Model 2.0, Spoofing)."""
    spec = "VC Data Model 2.0, Security Considerations, Spoofing"
    holder = _holder_id(document)
    about = [_subject_ids(value) for value in values]
    strangers = set().union(*about) - {holder}
    if strangers:
        return Check(
            name=CheckName.HOLDER,
            answer=Answer.FAILED,
            code=Code.VP_BINDING,
            sentence="Who presents it is not whom it is about: "
            f"{holder} presents what was issued to {min(strangers)}.",
            spec=spec,
        )
    if not all(about):
        return _remark(
            CheckName.HOLDER,
            Code.VP_BINDING,
            "Not every credential in it names whom it is about by an id, so whether they are the "
            "presenter's own could not be checked.",
            spec,
        ).model_copy(update={"answer": Answer.COULD_NOT_CHECK})
    return Check(
        name=CheckName.HOLDER,
        answer=Answer.PASSED,
        sentence="Who presents it is whom it is about.",
        spec=spec,
        evidence={"holder": str(holder)[:1000]},
    )


def _subject_ids(value: JsonValue) -> set[str]:
    """The ids of whom an embedded credential is about; none where it cannot be read."""
    try:
        document = load_embedded(value).document
    except TestamurError:
        return set()
    ids = [subject.get("id") for subject in document_checks.subjects(document)]
    return {identifier for identifier in ids if isinstance(identifier, str)}
