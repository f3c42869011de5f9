"""The checks that need nothing but the document, the policy and the clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from testamur._lazy import lazy_pattern
from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts, matches_published
from testamur.canon.rdfc10 import CanonicalBytes
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code, ModelError, TestamurError
from testamur.model.acceptance import conforms
from testamur.model.dates import LexicalDateTime, parse_date_time_stamp
from testamur.secured import Secured
from testamur.verification import answers
from testamur.verification.european import is_european, subject_emails
from testamur.verification.european_checks import (
    EUROPEAN_SPEC,
    check_european_schema,
    check_european_status,
)
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName, Weight

if TYPE_CHECKING:
    from testamur.model.ob3 import IdentityObject

__all__ = [
    "COMPACTED",
    "PARSED",
    "STRUCTURED",
    "check_compacted",
    "check_evidence",
    "check_kind",
    "check_parse",
    "check_recipient",
    "check_related_resources",
    "check_schema",
    "check_structure",
    "check_validity",
    "holder_id",
    "issuer_id",
    "parse_failure",
    "subjects",
]

_PARSE_SPEC = "RFC 8259; RFC 7493; RFC 7515; Open Badges 3.0, Baked Badges"
_STRUCTURE_SPEC = "VC Data Model 2.0; Open Badges 3.0, Data Model"
_COMPACTED_SPEC = "VC Data Integrity 1.0, Context Validation and Securing Data Losslessly"
_VALIDITY_SPEC = "VC Data Model 2.0, Validity Period"
_SCHEMA_SPEC = "Open Badges 3.0, 8.3 Verification, step 1"
_RECIPIENT_SPEC = "Open Badges 3.0, 8.6 Recipient Identity"
_EVIDENCE_SPEC = "Open Badges 3.0, Evidence"
_RESOURCES_SPEC = "VC Data Model 2.0, Integrity of Related Resources"

_STATUS_LISTS = ("BitstringStatusListCredential", "StatusList2021Credential")
_1EDTECH_VALIDATOR = ("1EdTechJsonSchemaValidator2019", ["1EdTechJsonSchemaValidator2019"])
_1EDTECH_SCHEMA = lazy_pattern(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/schema/(json(-ld)?/)?"
    r"ob_v3p0_(anyachievement|achievement|endorsement)credential_schema\.json"
)
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"})

PARSED = answers.passed(CheckName.PARSE, "The file could be read.", spec=_PARSE_SPEC)
STRUCTURED = answers.passed(
    CheckName.STRUCTURE,
    "It has every part the standard asks for, in the right form.",
    spec=_STRUCTURE_SPEC,
)
_STRUCTURED_EUROPEAN = answers.passed(
    CheckName.STRUCTURE,
    "It has every part that a credential must have, in the right form.",
    spec=EUROPEAN_SPEC,
)
COMPACTED = answers.passed(
    CheckName.COMPACTED,
    "Everything in it has a defined meaning that a signature covers.",
    spec=_COMPACTED_SPEC,
)


def parse_failure(error: TestamurError) -> Check:
    """Report input that could not be read at all."""
    return answers.from_error(CheckName.PARSE, error, spec=_PARSE_SPEC)


def check_parse(secured: Secured) -> Check:
    """Report that the carrier was read, and what was odd about it."""
    if secured.remarks:
        code, sentence = secured.remarks[0]
        return answers.could_not_check(
            CheckName.PARSE, Code(code), sentence, spec=_PARSE_SPEC, weight=Weight.REMARK
        )
    return PARSED


def check_structure(secured: Secured) -> Check:
    """Check the document against the model of its standard and version."""
    if secured.is_presentation or not conforms(secured.document):
        # Only the models know every rule, and what is wrong; building them takes time.
        from testamur.model.parse import check_received, parse_presentation

        parse = parse_presentation if secured.is_presentation else check_received
        try:
            parse(secured.document)
        except ModelError as error:
            return answers.from_error(CheckName.STRUCTURE, error, spec=_STRUCTURE_SPEC)
    return _STRUCTURED_EUROPEAN if is_european(secured.document) else STRUCTURED


def check_compacted(secured: Secured, contexts: Contexts) -> tuple[Check, CanonicalBytes | None]:
    """Check that every member is a term its contexts define, and that none would be lost.

    Returns:
        the check; and where a proof is over it, the canonical form of the credential without its
        proofs, which shows the same.
    """
    # The credentials of a presentation are looked at one by one, each by its own contexts.
    apart = {"proof", "verifiableCredential"} if secured.is_presentation else {"proof"}
    document = {name: value for name, value in secured.document.items() if name not in apart}
    name = "presentation" if secured.is_presentation else "credential"
    canonical = None
    try:
        if _signs_statements(secured):
            canonical = _canonical(document, contexts, name)
        if canonical is None:
            rdfc10.check_lossless(document, contexts=contexts, name=name)
    except TestamurError as error:
        return answers.from_error(CheckName.COMPACTED, error, spec=_COMPACTED_SPEC), None
    return COMPACTED, canonical


def _signs_statements(secured: Secured) -> bool:
    """Whether a proof of a credential may be over its canonical N-Quads."""
    proof = secured.document.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    return not secured.is_presentation and any(
        isinstance(each, dict) and each.get("cryptosuite") != "eddsa-jcs-2022" for each in proofs
    )


def _canonical(document: JsonObject, contexts: Contexts, name: str) -> CanonicalBytes | None:
    """The canonical form; None where putting it in order takes too long, which is the proof's."""
    try:
        return rdfc10.canonicalize(document, contexts=contexts, name=name)
    except CanonicalizationError as error:
        if error.code is not Code.RESOURCE_LIMIT:
            raise
        return None


def check_kind(document: JsonObject) -> list[Check]:
    """Remark what a genuine document may be without being what it is taken for.

    A status list is nobody's achievement, and anybody can hand one in. A European credential may
    have its status where no verifier looks for one, since the place for it breaks its schema.
    """
    remarks = check_european_status(document) if is_european(document) else []
    types = document.get("type")
    names = types if isinstance(types, list) else [types]
    if not any(name in _STATUS_LISTS for name in names):
        return remarks
    return [
        *remarks,
        answers.failed(
            CheckName.STRUCTURE,
            Code.NOT_CONFORMANT,
            "It is an issuer's status list, which says nothing about a person.",
            spec=_STRUCTURE_SPEC,
            weight=Weight.REMARK,
        ),
    ]


def check_validity(document: JsonObject, policy: Policy, now: datetime) -> Check:
    """Compare the validity period with the clock, as instants; both ends are inclusive."""
    # Version 1.1 has its own two members and reserves the later ones: whichever is narrower counts.
    try:
        start = max(_dates(document, "validFrom", "issuanceDate"), default=None)
        end = min(_dates(document, "validUntil", "expirationDate"), default=None)
    except ModelError as error:
        return answers.from_error(CheckName.VALIDITY, error, spec=_VALIDITY_SPEC)
    period = {"from": start, "until": end}
    evidence = {label: date.lexical for label, date in period.items() if date is not None}
    # Skew is applied to the clock: a date near the year 9999 cannot be moved.
    if start is not None and now + policy.clock_skew < start:
        return answers.failed(
            CheckName.VALIDITY,
            Code.NOT_YET_VALID,
            f"It is valid from {start.lexical} on.",
            spec=_VALIDITY_SPEC,
            evidence=evidence,
        )
    if end is not None and end < now - policy.clock_skew:
        return answers.failed(
            CheckName.VALIDITY,
            Code.EXPIRED,
            f"It was valid until {end.lexical}.",
            spec=_VALIDITY_SPEC,
            evidence=evidence,
        )
    sentence = (
        "It is within its validity period."
        if end is not None
        else "It is in force and has no expiry date."
    )
    return answers.passed(CheckName.VALIDITY, sentence, spec=_VALIDITY_SPEC, evidence=evidence)


def check_schema(document: JsonObject, policy: Policy | None = None) -> Check:
    """Say whether the schema it names was applied. A foreign schema is never fetched or run."""
    if is_european(document):
        return check_european_schema(document, policy)
    schemas = _objects(document.get("credentialSchema"))
    if not schemas:
        return answers.not_applicable(CheckName.SCHEMA, "It names no schema.", spec=_SCHEMA_SPEC)
    ids = [str(schema.get("id")) for schema in schemas]
    evidence = {"schema": ", ".join(ids)[:1000]}
    types = document.get("type")
    is_badge = isinstance(types, list) and not _BADGES.isdisjoint(map(str, types))
    if is_badge and all(_1EDTECH_SCHEMA.fullmatch(identifier) for identifier in ids):
        return answers.passed(
            CheckName.SCHEMA,
            "It names the schema of Open Badges 3.0, whose rules it follows.",
            spec=_SCHEMA_SPEC,
            evidence=evidence,
        )
    # Open Badges 3.0 makes applying a schema of its own kind a step of verification.
    asked_for = any(schema.get("type") in _1EDTECH_VALIDATOR for schema in schemas)
    return answers.could_not_check(
        CheckName.SCHEMA,
        Code.SCHEMA,
        "It names a schema that is not built in, so that schema was not applied.",
        spec=_SCHEMA_SPEC,
        weight=Weight.REMARK if asked_for else Weight.INFORMATION,
        evidence=evidence,
    )


def check_recipient(document: JsonObject, policy: Policy) -> Check:
    """Answer "is it this person's?", by id or by e-mail address (Open Badges 3.0, 8.6)."""
    wanted = [text for text in (policy.recipient_id, policy.recipient_email) if text is not None]
    if not wanted:
        return answers.not_applicable(
            CheckName.RECIPIENT,
            "You did not ask whether it belongs to a certain person.",
            spec=_RECIPIENT_SPEC,
        )
    people = subjects(document)
    matched = (
        policy.recipient_id is None
        or any(_is_known_by_id(person, policy.recipient_id) for person in people)
    ) and (
        policy.recipient_email is None
        or any(_is_known_by_email(person, policy.recipient_email) for person in people)
    )
    shown = " and ".join(wanted)
    if not matched and not _is_comparable(people, policy):
        return answers.could_not_check(
            CheckName.RECIPIENT,
            Code.RECIPIENT_MISMATCH,
            f"It names nobody in a way that {shown} could be compared with.",
            spec=_RECIPIENT_SPEC,
            evidence={"asked for": shown},
        )
    if matched:
        return answers.passed(
            CheckName.RECIPIENT,
            f"It is about {shown}.",
            spec=_RECIPIENT_SPEC,
            evidence={"asked for": shown},
        )
    return answers.failed(
        CheckName.RECIPIENT,
        Code.RECIPIENT_MISMATCH,
        f"It is not about {shown}, as far as its identifiers show.",
        spec=_RECIPIENT_SPEC,
        evidence={"asked for": shown},
    )


def check_evidence(document: JsonObject) -> Check:
    """Say whether there is evidence. It is never fetched: that is for a person to judge."""
    count = len(_objects(document.get("evidence")))
    if not count:
        return answers.not_applicable(
            CheckName.EVIDENCE, "It brings no evidence.", spec=_EVIDENCE_SPEC
        )
    pieces = "one piece" if count == 1 else f"{count} pieces"
    return answers.could_not_check(
        CheckName.EVIDENCE,
        Code.EVIDENCE_UNCHECKED,
        f"It points to {pieces} of evidence, for you to look at.",
        spec=_EVIDENCE_SPEC,
        weight=Weight.INFORMATION,
    )


def check_related_resources(document: JsonObject) -> Check:
    """Compare the digests of related resources with the bundled contexts."""
    resources = _objects(document.get("relatedResource"))
    if not resources:
        return answers.not_applicable(
            CheckName.RESOURCES, "It pins no other resources.", spec=_RESOURCES_SPEC
        )
    unknown = 0
    for resource in resources:
        url = str(resource.get("id"))
        given = [resource[name] for name in ("digestSRI", "digestMultibase") if name in resource]
        found = [matches_published(url, str(digest)) for digest in given]
        if True not in found and False not in found:
            unknown += 1
        elif False in found:
            return answers.failed(
                CheckName.RESOURCES,
                Code.RELATED_RESOURCE,
                f"It was made for another version of {url[:200]} than the published one.",
                spec=_RESOURCES_SPEC,
                path="relatedResource",
            )
    if unknown:
        return answers.could_not_check(
            CheckName.RESOURCES,
            Code.RELATED_RESOURCE,
            "It pins resources that are not fetched, so they were not compared.",
            spec=_RESOURCES_SPEC,
            weight=Weight.INFORMATION,
        )
    return answers.passed(
        CheckName.RESOURCES, "The resources it pins are the ones used here.", spec=_RESOURCES_SPEC
    )


def issuer_id(document: JsonObject) -> str | None:
    """The issuer's id, or None where there is no such string."""
    return _id_of(document.get("issuer"))


def holder_id(document: JsonObject) -> str | None:
    """The id of a presentation's holder, or None where there is no such string."""
    return _id_of(document.get("holder"))


def subjects(document: JsonObject) -> list[JsonObject]:
    """The credential's subjects."""
    return _objects(document.get("credentialSubject"))


def _id_of(value: JsonValue) -> str | None:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def _is_comparable(people: list[JsonObject], policy: Policy) -> bool:
    """Whether the subjects have an id, or an e-mail address, where one was asked for."""
    if policy.recipient_id is not None:
        return any("id" in person or _identities(person) for person in people)
    if any(map(subject_emails, people)):
        return True
    kinds = [identity.identity_type for person in people for identity in _identities(person)]
    return "emailAddress" in kinds


def _is_known_by_id(subject: JsonObject, wanted: str) -> bool:
    return subject.get("id") == wanted or any(
        identity.matches(identity.identity_type, wanted) for identity in _identities(subject)
    )


def _is_known_by_email(subject: JsonObject, wanted: str) -> bool:
    return wanted in subject_emails(subject) or any(
        identity.matches("emailAddress", wanted) for identity in _identities(subject)
    )


def _identities(subject: JsonObject) -> list[IdentityObject]:
    """The subject's identifiers; the structure check has found them well formed."""
    from testamur.model.ob3 import IdentityObject

    try:
        return [IdentityObject.from_json(each) for each in _objects(subject.get("identifier"))]
    except ModelError:
        return []  # not an Open Badge: its `identifier` means something else


def _objects(value: JsonValue) -> list[JsonObject]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _dates(document: JsonObject, *members: str) -> list[LexicalDateTime]:
    return [
        parse_date_time_stamp(str(document[member]), path=member)
        for member in members
        if document.get(member) is not None
    ]
