"""The checks that need nothing but the document, the policy and the clock."""

from __future__ import annotations

from datetime import datetime

from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts, bundled_digests
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ModelError, TestamurError
from testamur.model import ob3
from testamur.model.dates import parse_date_time_stamp
from testamur.model.parse import parse_credential, parse_presentation
from testamur.secured import Secured
from testamur.verification.policy import Policy
from testamur.verification.report import Answer, Check, CheckName, Weight

__all__ = [
    "check_compacted",
    "check_evidence",
    "check_recipient",
    "check_related_resources",
    "check_schema",
    "check_structure",
    "check_validity",
    "issuer_id",
    "parse_failure",
    "subjects",
]

_1EDTECH_SCHEMAS = "https://purl.imsglobal.org/spec/ob/v3p0/schema/"


def parse_failure(error: TestamurError) -> Check:
    """Report input that could not be read at all."""
    return Check(
        name=CheckName.PARSE,
        answer=Answer.FAILED,
        code=error.code,
        sentence=_sentence(error.message),
        spec="RFC 8259; RFC 7493; Open Badges 3.0, Baked Badges; RFC 7515",
        path=error.path,
    )


def check_parse(secured: Secured) -> Check:
    """Report that the carrier was read, and what was odd about it."""
    passed = Check(
        name=CheckName.PARSE,
        answer=Answer.PASSED,
        sentence="The file could be read.",
        spec="RFC 8259; Open Badges 3.0, Baked Badges",
    )
    if not secured.remarks:
        return passed
    code, sentence = secured.remarks[0]
    return Check(
        name=CheckName.PARSE,
        answer=Answer.COULD_NOT_CHECK,
        code=Code(code),
        weight=Weight.REMARK,
        sentence=sentence,
        spec=passed.spec,
    )


def check_structure(secured: Secured) -> Check:
    """Check the document against the model of its standard and version."""
    spec = "VC Data Model 2.0; Open Badges 3.0, Data Model"
    try:
        if secured.is_presentation:
            parse_presentation(secured.document)
        else:
            parse_credential(secured.document)
    except ModelError as error:
        return Check(
            name=CheckName.STRUCTURE,
            answer=Answer.FAILED,
            code=error.code,
            sentence=_sentence(error.message),
            spec=spec,
            path=error.path,
        )
    return Check(
        name=CheckName.STRUCTURE,
        answer=Answer.PASSED,
        sentence="It has every part the standard asks for, in the right form.",
        spec=spec,
    )


def check_compacted(secured: Secured, contexts: Contexts) -> Check:
    """Check that every member is a term its contexts define, and that none would be lost."""
    spec = "VC Data Integrity 1.0, Context Validation and Securing Data Losslessly"
    # The credentials of a presentation are looked at one by one, each by its own contexts.
    apart = {"proof", "verifiableCredential"} if secured.is_presentation else {"proof"}
    document = {name: value for name, value in secured.document.items() if name not in apart}
    try:
        rdfc10.to_dataset(document, contexts=contexts)
    except TestamurError as error:
        return Check(
            name=CheckName.COMPACTED,
            answer=Answer.FAILED,
            code=error.code,
            sentence=_sentence(error.message),
            spec=spec,
            path=error.path,
        )
    return Check(
        name=CheckName.COMPACTED,
        answer=Answer.PASSED,
        sentence="Everything in it has a defined meaning that a signature covers.",
        spec=spec,
    )


def check_validity(document: JsonObject, policy: Policy, now: datetime) -> Check:
    """Compare the validity period with the clock, as instants; both ends are inclusive."""
    spec = "VC Data Model 2.0, Validity Period"
    starts, ends = _date(document, "validFrom", "issuanceDate"), None
    try:
        moment = parse_date_time_stamp(starts) if starts is not None else None
        ends = _date(document, "validUntil", "expirationDate")
        end = parse_date_time_stamp(ends) if ends is not None else None
    except ModelError as error:
        return Check(
            name=CheckName.VALIDITY,
            answer=Answer.FAILED,
            code=Code.VALIDITY_MALFORMED,
            sentence=_sentence(error.message),
            spec=spec,
        )
    evidence = {
        label: text for label, text in (("from", starts), ("until", ends)) if text is not None
    }
    failed = Check(
        name=CheckName.VALIDITY, answer=Answer.FAILED, sentence="", spec=spec, evidence=evidence
    )
    if moment is not None and now + policy.clock_skew < moment:
        return failed.model_copy(
            update={"code": Code.NOT_YET_VALID, "sentence": f"It is valid from {starts} on."}
        )
    if end is not None and end < now - policy.clock_skew:
        return failed.model_copy(
            update={"code": Code.EXPIRED, "sentence": f"It was valid until {ends}."}
        )
    return Check(
        name=CheckName.VALIDITY,
        answer=Answer.PASSED,
        sentence="It is within its validity period."
        if end is not None
        else "It is in force and has no expiry date.",
        spec=spec,
        evidence=evidence,
    )


def check_schema(document: JsonObject) -> Check:
    """Say whether the schema it names was applied. A foreign schema is never fetched or run."""
    spec = "Open Badges 3.0, 8.3 Verification, step 1"
    schemas = _objects(document.get("credentialSchema"))
    if not schemas:
        return _not_applicable(CheckName.SCHEMA, "It names no schema.", spec)
    ids = [str(schema.get("id")) for schema in schemas]
    if all(identifier.startswith(_1EDTECH_SCHEMAS) for identifier in ids):
        return Check(
            name=CheckName.SCHEMA,
            answer=Answer.PASSED,
            sentence="It names the schema of Open Badges 3.0, whose rules it follows.",
            spec=spec,
            evidence={"schema": ", ".join(ids)[:1000]},
        )
    return Check(
        name=CheckName.SCHEMA,
        answer=Answer.COULD_NOT_CHECK,
        code=Code.SCHEMA,
        weight=Weight.INFORMATION,
        sentence="It names a schema that is not built in, so that schema was not applied.",
        spec=spec,
        evidence={"schema": ", ".join(ids)[:1000]},
    )


def check_recipient(document: JsonObject, policy: Policy) -> Check:
    """Answer "is it this person's?", by id or by e-mail address (Open Badges 3.0, 8.6)."""
    spec = "Open Badges 3.0, 8.6 Recipient Identity"
    wanted = policy.recipient_id or policy.recipient_email
    if wanted is None:
        return _not_applicable(
            CheckName.RECIPIENT,
            "You did not ask whether it belongs to a certain person.",
            spec,
        )
    for subject in subjects(document):
        if policy.recipient_id is not None and subject.get("id") == policy.recipient_id:
            return _matched(wanted, spec)
        for identity in _objects(subject.get("identifier")):
            if _identity_matches(identity, policy):
                return _matched(wanted, spec)
    return Check(
        name=CheckName.RECIPIENT,
        answer=Answer.FAILED,
        code=Code.RECIPIENT_MISMATCH,
        sentence=f"It is not about {wanted}, as far as its identifiers show.",
        spec=spec,
        evidence={"asked for": wanted},
    )


def check_evidence(document: JsonObject) -> Check:
    """Say whether there is evidence. It is never fetched: that is for a person to judge."""
    spec = "Open Badges 3.0, Evidence"
    evidence = _objects(document.get("evidence"))
    if not evidence:
        return _not_applicable(CheckName.EVIDENCE, "It brings no evidence.", spec)
    count = "one piece" if len(evidence) == 1 else f"{len(evidence)} pieces"
    return Check(
        name=CheckName.EVIDENCE,
        answer=Answer.COULD_NOT_CHECK,
        code=Code.EVIDENCE_UNCHECKED,
        weight=Weight.INFORMATION,
        sentence=f"It points to {count} of evidence, for you to look at.",
        spec=spec,
    )


def check_related_resources(document: JsonObject) -> Check:
    """Compare the digests of related resources with the bundled contexts (VCDM 2.0, 5.3)."""
    spec = "VC Data Model 2.0, Integrity of Related Resources"
    resources = _objects(document.get("relatedResource"))
    if not resources:
        return _not_applicable(CheckName.RESOURCES, "It pins no other resources.", spec)
    unknown = 0
    for resource in resources:
        url = resource.get("id")
        pinned = bundled_digests(url) if isinstance(url, str) else frozenset()
        given = {resource.get(name) for name in ("digestSRI", "digestMultibase")} - {None}
        if not pinned or not given:
            unknown += 1
        elif not given <= pinned:
            return Check(
                name=CheckName.RESOURCES,
                answer=Answer.FAILED,
                code=Code.RELATED_RESOURCE,
                sentence=f"It was made for another version of {url} than the published one.",
                spec=spec,
                path="relatedResource",
            )
    if unknown:
        return Check(
            name=CheckName.RESOURCES,
            answer=Answer.COULD_NOT_CHECK,
            code=Code.RELATED_RESOURCE,
            weight=Weight.INFORMATION,
            sentence="It pins resources that were not fetched, so they were not compared.",
            spec=spec,
        )
    return Check(
        name=CheckName.RESOURCES,
        answer=Answer.PASSED,
        sentence="The resources it pins are the ones used here.",
        spec=spec,
    )


def issuer_id(document: JsonObject) -> str | None:
    """The issuer's id, or None where there is no such string."""
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else None


def subjects(document: JsonObject) -> list[JsonObject]:
    """The credential's subjects."""
    return _objects(document.get("credentialSubject"))


def _identity_matches(identity: JsonObject, policy: Policy) -> bool:
    try:
        parsed = ob3.IdentityObject.from_json(identity)
    except ModelError:
        return False
    if policy.recipient_email is not None:
        return parsed.matches("emailAddress", policy.recipient_email)
    return parsed.matches(parsed.identity_type, str(policy.recipient_id))


def _matched(wanted: str, spec: str) -> Check:
    return Check(
        name=CheckName.RECIPIENT,
        answer=Answer.PASSED,
        sentence=f"It is about {wanted}.",
        spec=spec,
        evidence={"asked for": wanted},
    )


def _not_applicable(name: CheckName, sentence: str, spec: str) -> Check:
    return Check(name=name, answer=Answer.NOT_APPLICABLE, sentence=sentence, spec=spec)


def _objects(value: JsonValue) -> list[JsonObject]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _date(document: JsonObject, *members: str) -> str | None:
    for member in members:
        value = document.get(member)
        if value is not None:
            return value if isinstance(value, str) else str(value)
    return None


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")
