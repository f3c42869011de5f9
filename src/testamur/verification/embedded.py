"""Credentials inside a document: endorsements, members of a collection, a presentation's.

Each goes down the line for itself, with its own contexts, its own proof and its own issuer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, TestamurError
from testamur.loading import load_embedded
from testamur.secured import Securing
from testamur.verification import answers
from testamur.verification.document_checks import holder_id, issuer_id, subjects
from testamur.verification.report import Check, CheckName, Report, Verdict, Weight

__all__ = [
    "check_collection",
    "check_endorsements",
    "check_holder",
    "is_self_asserted",
    "presented",
    "presenter",
    "wrong_number",
]

_ENDORSEMENTS_SPEC = "Open Badges 3.0, EndorsementCredential"
_COLLECTION_SPEC = "VC Data Model 2.0, Verifiable Presentations; CLR 2.0, ClrSubject"
_PRESENTATIONS_SPEC = "VC Data Model 2.0, Verifiable Presentations"
_HOLDER_SPEC = "VC Data Model 2.0, Security Considerations, Spoofing"

_STANDS = frozenset({Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS, Verdict.UNKNOWN_ISSUER})

Examine: TypeAlias = Callable[[JsonValue], Report]
"""Takes one embedded credential, an object or a compact JWS, down the line."""


@dataclass(frozen=True, slots=True)
class _Endorsement:
    """An endorsement, and the id of what it is attached to (None where that has no id)."""

    credential: JsonValue
    attached_to: str | None


def check_endorsements(document: JsonObject, examine: Examine) -> tuple[list[Check], list[Report]]:
    """Examine every endorsement, and that it is about what it is attached to.

    A bad endorsement is a remark: the credential stands without it.

    Args:
        document: a credential whose proof is genuine.
        examine: takes one endorsement down the line.
    """
    found: list[_Endorsement] = []
    for each in _endorsements(document, []):
        if each not in found:
            found.append(each)
        if len(found) > limits.ENDORSEMENTS:
            break
    checks: list[Check] = []
    if len(found) > limits.ENDORSEMENTS:
        sentence = f"It has {len(found)} endorsements, too many to look at."
        return [*checks, _bad_endorsement(sentence, Code.RESOURCE_LIMIT)], []
    reports: list[Report] = []
    for each in found:
        report = examine(each.credential)
        reports.append(report)
        if report.verdict not in _STANDS:
            sentence = f"An endorsement in it does not stand: {report.headline} {report.reason}"
            checks.append(_bad_endorsement(sentence.strip()))
        elif "EndorsementCredential" not in (report.contents.types if report.contents else ()):
            checks.append(_bad_endorsement("What stands as an endorsement in it is none."))
        elif each.attached_to not in _subject_ids(each.credential):
            checks.append(
                _bad_endorsement("An endorsement in it is about something else: it does not count.")
            )
    if not checks and reports:
        checks.append(
            answers.passed(
                CheckName.ENDORSEMENTS,
                f"Its endorsements are genuine: {_count_known(reports)}.",
                spec=_ENDORSEMENTS_SPEC,
            )
        )
    if not checks:
        checks.append(
            answers.not_applicable(
                CheckName.ENDORSEMENTS, "Nobody endorses it.", spec=_ENDORSEMENTS_SPEC
            )
        )
    return checks, reports


def check_collection(document: JsonObject, examine: Examine) -> tuple[list[Check], list[Report]]:
    """Examine the credentials that a credential holds, as a CLR does; bad ones are a remark.

    Args:
        document: a credential whose proof is genuine.
        examine: takes one member down the line.
    """
    values = [value for subject in subjects(document) for value in presented(subject)]
    if not values:
        return [], []
    if len(values) > limits.EMBEDDED_CREDENTIALS:
        sentence = f"There are {len(values)} credentials in it, too many to look at."
        return [_bad_member(Code.RESOURCE_LIMIT, sentence)], []
    reports = [examine(value) for value in values]
    bad = [report for report in reports if report.verdict not in _STANDS]
    if not bad:
        sentence = f"The credentials in it are genuine: {_count_known(reports)}."
        return [answers.passed(CheckName.EMBEDDED, sentence, spec=_COLLECTION_SPEC)], reports
    sentence = (
        f"{len(bad)} of the {len(values)} credentials in it did not check out: {bad[0].headline}"
    )
    code = min(bad[0].codes, default=Code.NOT_CONFORMANT)
    return [_bad_member(code, sentence)], reports


def check_holder(document: JsonObject, holder: str | None) -> Check:
    """Check that who presents the credentials is whom they are about.

    Args:
        document: a presentation whose proof is the holder's. holder: the holder's id.
    """
    about = [
        _subject_ids(value)
        for value in presented(document)
        if not is_self_asserted(value, holder)  # who speaks for themselves may speak of others
    ]
    strangers = {identifier for ids in about for identifier in ids} - {holder}
    if strangers:
        return answers.failed(
            CheckName.HOLDER,
            Code.VP_BINDING,
            f"Who presents it is not whom it is about: {holder} presents what was issued to "
            f"{min(strangers)}.",
            spec=_HOLDER_SPEC,
        )
    if not all(about):
        return answers.could_not_check(
            CheckName.HOLDER,
            Code.VP_BINDING,
            "Not every credential in it names whom it is about by an id, so whether they are the "
            "presenter's own could not be checked.",
            spec=_HOLDER_SPEC,
            weight=Weight.REMARK,
        )
    return answers.passed(
        CheckName.HOLDER,
        "Who presents it is whom it is about.",
        spec=_HOLDER_SPEC,
        evidence={"holder": str(holder)[:1000]},
    )


def is_self_asserted(value: JsonValue, holder: str | None) -> bool:
    """Whether a credential has no proof of its own and is issued by the holder that is named.

    VC Data Model 2.0, Presentations Including Holder Claims: the presentation's proof secures it.
    """
    if holder is None or not isinstance(value, dict) or issuer_id(value) != holder:
        return False
    try:
        # An envelope has a proof of its own, inside; whatever stands beside it is nobody's word.
        return load_embedded(value).securing is Securing.NONE
    except TestamurError:
        return False


def presented(document: JsonObject) -> list[JsonValue]:
    """Return the credentials in `verifiableCredential`, one or many."""
    value = document.get("verifiableCredential")
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def presenter(document: JsonObject) -> str | None:
    """The holder; a presentation may leave the member out, and then its signer presents it."""
    if "holder" in document:
        return holder_id(document)
    proof = document.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    return method.partition("#")[0] if isinstance(method, str) else None


def wrong_number(count: int, *, signed: bool) -> Check:
    """Report that a presentation holds no credential, or too many of them."""
    if count:
        sentence = f"There are {count} credentials in it, too many to look at."
        return answers.failed(
            CheckName.EMBEDDED, Code.RESOURCE_LIMIT, sentence, spec=_PRESENTATIONS_SPEC
        )
    if not signed:
        return answers.failed(
            CheckName.EMBEDDED,
            Code.NOT_CONFORMANT,
            "There is no credential in it, and nobody signed it.",
            spec=_PRESENTATIONS_SPEC,
        )
    return answers.could_not_check(
        CheckName.EMBEDDED,
        Code.NOT_CONFORMANT,
        "There is no credential in it: it shows that its holder answered, and nothing else.",
        spec=_PRESENTATIONS_SPEC,
        weight=Weight.REMARK,
    )


def _endorsements(value: JsonObject, found: list[_Endorsement]) -> list[_Endorsement]:
    """Find the endorsements at any depth, but not those of endorsements and of members."""
    for member, each in value.items():
        if member == "endorsement" or member == "endorsementJwt":
            identifier = value.get("id")
            attached_to = identifier if isinstance(identifier, str) else None
            credentials = each if isinstance(each, list) else [each]
            found += [_Endorsement(credential, attached_to) for credential in credentials]
        elif isinstance(each, dict):
            if member != "proof" and member != "verifiableCredential":
                _endorsements(each, found)
        elif isinstance(each, list) and member != "verifiableCredential" and member != "proof":
            for item in each:
                if isinstance(item, dict):  # there are no arrays in arrays
                    _endorsements(item, found)
    return found


def _subject_ids(value: JsonValue) -> set[str]:
    """The ids of what an embedded credential is about; none where it cannot be read."""
    try:
        document = load_embedded(value).document
    except TestamurError:
        return set()
    ids = [subject.get("id") for subject in subjects(document)]
    return {identifier for identifier in ids if isinstance(identifier, str)}


def _count_known(reports: list[Report]) -> str:
    known = sum(report.known_as is not None for report in reports)
    return f"{len(reports)}, of which {known} by issuers that are known here"


def _bad_endorsement(sentence: str, code: Code = Code.ENDORSEMENT_INVALID) -> Check:
    return answers.failed(
        CheckName.ENDORSEMENTS, code, sentence, spec=_ENDORSEMENTS_SPEC, weight=Weight.REMARK
    )


def _bad_member(code: Code, sentence: str) -> Check:
    return answers.failed(
        CheckName.EMBEDDED, code, sentence, spec=_COLLECTION_SPEC, weight=Weight.REMARK
    )
