"""The checks of step 9 that need nothing but the document; and what a document is read for."""

from __future__ import annotations

from testamur._lazy import lazy_pattern
from testamur.canon.contexts import matches_published
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code
from testamur.verification import answers
from testamur.verification.european import is_european
from testamur.verification.european_checks import check_european_schema, check_european_status
from testamur.verification.form_checks import STRUCTURE_SPEC
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName, Weight

__all__ = [
    "check_evidence",
    "check_kind",
    "check_related_resources",
    "check_schema",
    "holder_id",
    "issuer_id",
    "objects",
    "subjects",
]

_SCHEMA_SPEC = "Open Badges 3.0, 8.3 Verification, step 1"
_EVIDENCE_SPEC = "Open Badges 3.0, Evidence"
_RESOURCES_SPEC = "VC Data Model 2.0, Integrity of Related Resources"

_STATUS_LISTS = ("BitstringStatusListCredential", "StatusList2021Credential")
_1EDTECH_VALIDATOR = ("1EdTechJsonSchemaValidator2019", ["1EdTechJsonSchemaValidator2019"])
_1EDTECH_SCHEMA = lazy_pattern(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/schema/(json(-ld)?/)?"
    r"ob_v3p0_(anyachievement|achievement|endorsement)credential_schema\.json"
)
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"})


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
            spec=STRUCTURE_SPEC,
            weight=Weight.REMARK,
        ),
    ]


def check_schema(document: JsonObject, policy: Policy | None = None) -> Check:
    """Say whether the schema it names was applied. A foreign schema is never fetched or run."""
    if is_european(document):
        return check_european_schema(document, policy)
    schemas = objects(document.get("credentialSchema"))
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


def check_evidence(document: JsonObject) -> Check:
    """Say whether there is evidence. It is never fetched: that is for a person to judge."""
    count = len(objects(document.get("evidence")))
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
    resources = objects(document.get("relatedResource"))
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
    return objects(document.get("credentialSubject"))


def objects(value: JsonValue) -> list[JsonObject]:
    """The objects of a member that holds one or many."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _id_of(value: JsonValue) -> str | None:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None
