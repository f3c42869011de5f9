"""A European Digital Credential as an institution would issue it, for tests: the model's own words.

It follows the published application profile `edc-generic-full`: every mandatory member is there,
controlled values stand in full, and a thing that is said twice is said in the same words.
"""

from __future__ import annotations

from typing import Any

from testamur.canon.contexts import CREDENTIALS_V1, EDC_AP
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object

__all__ = ["concept", "european_credential"]

_SNB = "http://data.europa.eu/snb"
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def concept(identifier: str, scheme: str, **labels: str) -> JsonObject:
    """Write a controlled value: with its list, and its labels by language."""
    written: JsonObject = {
        "id": identifier,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
    }
    if labels:
        written["prefLabel"] = dict(labels)
    return written


def _of_list(name: str, local: str, **labels: str) -> JsonObject:
    return concept(f"{_SNB}/{name}/{local}", f"{_SNB}/{name}/25831c2", **labels)


def _authority(name: str, local: str, **labels: str) -> JsonObject:
    return concept(f"{_AUTHORITY}/{name}/{local}", f"{_AUTHORITY}/{name}", **labels)


_POLAND = _authority("country", "POL", en="Poland", pl="Polska")
_ENGLISH = _authority("language", "ENG", en="English")


def european_credential(
    issuer: str | JsonObject = "did:example:issuer", **members: Any
) -> JsonObject:
    """Return an unsigned credential.

    Args:
        issuer: the issuer's id, or the whole issuer.
        members: put in the place of its own, or beside them; None takes one away.
    """
    document: JsonObject = {
        "@context": [CREDENTIALS_V1, EDC_AP],
        "id": "urn:credential:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0042",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": {
            "id": f"{_SNB}/model/ap/edc-generic-full",
            "type": "ShaclValidator2017",
        },
        "credentialProfiles": _of_list("credential", "e34929035b", en="Generic"),
        "displayParameter": _display(),
        "issued": "2026-06-15T00:00:00Z",
        "issuanceDate": "2026-06-15T00:00:00Z",
        "validFrom": "2026-06-15T00:00:00Z",
        "issuer": _university(issuer) if isinstance(issuer, str) else issuer,
        "credentialSubject": {
            "id": "urn:epass:person:1",
            "type": "Person",
            "fullName": {"pl": "Zofia Żak"},
            "givenName": {"pl": "Zofia"},
            "familyName": {"pl": "Żak"},
            "dateOfBirth": "2001-02-03T00:00:00Z",
            "contactPoint": {
                "id": "urn:epass:contactPoint:1",
                "type": "ContactPoint",
                "emailAddress": {"id": "mailto:zofia@uni.example", "type": "Mailbox"},
            },
            "hasClaim": _achievement(),
        },
    }
    document |= members
    # By way of text, so that no two places share an object that a test may change.
    given: JsonObject = {name: each for name, each in document.items() if each is not None}
    return parse_object(dumps(given))


def _display() -> JsonObject:
    picture: JsonObject = {
        "id": "urn:epass:mediaObject:1",
        "type": "MediaObject",
        "contentType": _authority("file-type", "PNG", en="PNG"),
        "contentEncoding": _of_list("encoding", "6146cde7dd", en="base64"),
        "content": _PIXEL,
    }
    return {
        "id": "urn:epass:displayParameter:1",
        "type": "DisplayParameter",
        "title": {"en": "Data for Everyone", "pl": "Dane dla każdego"},
        "description": {"en": "A micro-credential."},
        "language": _ENGLISH,
        "primaryLanguage": _ENGLISH,
        "individualDisplay": {
            "id": "urn:epass:individualDisplay:1",
            "type": "IndividualDisplay",
            "language": _ENGLISH,
            "displayDetail": {
                "id": "urn:epass:displayDetail:1",
                "type": "DisplayDetail",
                "page": 1,
                "image": picture,
            },
        },
    }


def _organisation(identifier: str, label: str, **members: JsonValue) -> JsonObject:
    return {
        "id": identifier,
        "type": "Organisation",
        "location": {
            "id": f"urn:epass:location:{label}",
            "type": "Location",
            "address": {
                "id": f"urn:epass:address:{label}",
                "type": "Address",
                "countryCode": _POLAND,
            },
        },
        **members,
    }


def _university(identifier: str) -> JsonObject:
    return _organisation(
        identifier,
        "uni",
        legalName={"en": "Example University", "pl": "Uniwersytet Przykładowy"},
        eIDASIdentifier={
            "id": "urn:epass:legalIdentifier:1",
            "type": "LegalIdentifier",
            "notation": "VATPL-0000000000",
            "spatial": _POLAND,
        },
    )


def _awarded() -> JsonObject:
    """How it was awarded: the same words wherever it stands, as the id is the same."""
    return {
        "id": "urn:epass:awardingProcess:1",
        "type": "AwardingProcess",
        "awardingDate": "2026-06-12T00:00:00Z",
        "awardingBody": _organisation(
            "urn:epass:org:2", "school", legalName={"en": "School of Data", "pl": "Szkoła Danych"}
        ),
    }


def _achievement() -> JsonObject:
    return {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": {"en": "Data for Everyone", "pl": "Dane dla każdego"},
        "awardedBy": _awarded(),
        "provenBy": {
            "id": "urn:epass:learningAssessment:1",
            "type": "LearningAssessment",
            "title": {"en": "Project"},
            "grade": {"id": "urn:epass:note:1", "type": "Note", "noteLiteral": {"en": "4.5"}},
            "awardedBy": _awarded(),
            "idVerification": _of_list(
                "supervision-verification", "70be69aaf9", en="Supervised with ID verification"
            ),
            "specifiedBy": {
                "id": "urn:epass:learningAssessmentSpec:1",
                "type": "LearningAssessmentSpecification",
                "title": {"en": "Project"},
                "dcType": _of_list("assessment", "795dac4096", en="Project work"),
            },
        },
        "specifiedBy": _specification(),
    }


def _specification() -> JsonObject:
    return {
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": {"en": "Data for Everyone", "pl": "Dane dla każdego"},
        "altLabel": {"en": ["Data 101", "Data basics"], "pl": "Dane"},
        "language": _ENGLISH,
        "volumeOfLearning": "PT60H",
        "mode": _of_list("learning-assessment", "e92d221e4d", en="Blended"),
        "thematicArea": _of_list("isced-f", "0613", en="Software and applications development"),
        "eqfLevel": _of_list("eqf", "6", en="Level 6"),
        "creditPoint": {
            "id": "urn:epass:creditPoint:1",
            "type": "CreditPoint",
            "framework": _of_list(
                "education-credit", "6fcec5c5af", en="European Credit Transfer System"
            ),
            "point": "2",
        },
        "entryRequirement": {
            "id": "urn:epass:note:2",
            "type": "Note",
            "noteLiteral": {"en": "None; curiosity helps.", "pl": "Brak."},
        },
        "isPartialQualification": False,
        "learningOutcome": [
            {
                "id": "urn:epass:learningOutcome:1",
                "type": "LearningOutcome",
                "title": {"en": "Reads a chart", "pl": "Czyta wykres"},
                "reusabilityLevel": _of_list(
                    "skill-reuse-level", "cross-sector", en="cross-sector skills and competences"
                ),
                "relatedESCOSkill": concept(
                    "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
                    "http://data.europa.eu/esco/concept-scheme/skills",
                    en="develop digital content",
                ),
            },
            {
                "id": "urn:epass:learningOutcome:2",
                "type": "LearningOutcome",
                "title": {"en": "Asks for the source"},
            },
        ],
    }
