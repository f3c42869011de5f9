"""Documents that the tests of the models start from, each call a fresh one."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_FIRST = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

SHARED_DATA = Path(__file__).parents[3] / "../shared/data"
"""Published vectors beside the repository; tests that need them skip where they are absent."""

Document = dict[str, Any]


def vc(**changes: object) -> Document:
    """A small credential of the VC Data Model 2.0."""
    document: Document = {
        "@context": [V2],
        "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0001",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject"},
    }
    return _with(document, changes)


def vc_v1(**changes: object) -> Document:
    """A small credential of the VC Data Model 1.1."""
    document: Document = {
        "@context": [V1],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "issuanceDate": "2010-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:subject"},
    }
    return _with(document, changes)


def badge(**changes: object) -> Document:
    """A small badge."""
    document: Document = {
        "@context": [V2, OB],
        "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0002",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Teamwork",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["AchievementSubject"],
            "achievement": achievement(),
        },
    }
    return _with(document, changes)


def achievement(**changes: object) -> Document:
    """A small achievement."""
    document: Document = {
        "id": "https://uni.example/achievements/teamwork",
        "type": ["Achievement"],
        "name": "Teamwork",
        "description": "Works well in a team.",
        "criteria": {"narrative": "Nominated by peers."},
    }
    return _with(document, changes)


def badge_with_achievement(**changes: object) -> Document:
    """A badge whose achievement has these members."""
    document = badge()
    document["credentialSubject"]["achievement"] = achievement(**changes)
    return document


def badge_with_subject(**changes: object) -> Document:
    """A badge whose subject has these members."""
    document = badge()
    document["credentialSubject"] = _with(document["credentialSubject"], changes)
    return document


def endorsement(**changes: object) -> Document:
    """A small endorsement, as it is embedded."""
    document: Document = {
        "@context": [V2, OB],
        "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0003",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "did:web:qa.example", "type": ["Profile"], "name": "Quality Agency"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Endorsement",
        "credentialSubject": {
            "id": "https://uni.example/achievements/teamwork",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Meets our standard.",
        },
        "proof": proof(),
    }
    return _with(document, changes)


def proof(**changes: object) -> Document:
    """A proof by its form; it proves nothing."""
    document: Document = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": "did:web:qa.example#key-1",
        "proofPurpose": "assertionMethod",
        "proofValue": "z3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk9czhSePTFehP8c3PGfb6a22gk",
    }
    return _with(document, changes)


def complete_badge() -> Document:
    """A badge with every property of the Open Badges 3.0 data model."""
    alignment = {
        "type": ["Alignment"],
        "targetName": "Final project",
        "targetUrl": "https://uni.example/catalog/project",
        "targetCode": "project",
        "targetDescription": "The final project.",
        "targetFramework": "Catalog",
        "targetType": "CFItem",
    }
    level = {
        "id": "urn:uuid:d05a0867-d0ad-4b03-bdb5-28fb5d2aab7a",
        "type": ["RubricCriterionLevel"],
        "name": "Mastery",
        "description": "The author demonstrated …",
        "level": "Mastered",
        "points": "4",
        "alignment": [alignment],
    }
    grade = {
        "id": "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
        "type": ["ResultDescription"],
        "name": "Grade",
        "resultType": "LetterGrade",
        "allowedValue": ["D", "C", "B", "A"],
        "requiredValue": "C",
        "valueMin": "D",
        "valueMax": "A",
        "alignment": [alignment],
    }
    rubric = {
        "id": "urn:uuid:a70ddc6a-4c4a-4bd8-8277-cb97c79f40c5",
        "type": ["ResultDescription"],
        "name": "Rubric",
        "resultType": "RubricCriterionLevel",
        "requiredLevel": level["id"],
        "rubricCriterionLevel": [level],
    }
    image = {"id": "https://uni.example/image.png", "type": "Image", "caption": "A hat"}
    identifier = {"type": "IdentifierEntry", "identifier": "67890", "identifierType": "sourcedId"}
    token = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6ZXhhbXBsZTpxYSJ9.c2lnbmF0dXJl"
    profile = {
        "id": "did:web:uni.example",
        "type": ["Profile"],
        "name": "Example University",
        "url": "https://uni.example",
        "phone": "1-222-333-4444",
        "description": "Teaches.",
        "endorsement": [endorsement()],
        "endorsementJwt": [token],
        "image": image,
        "email": "registrar@uni.example",
        "address": {
            "type": ["Address"],
            "addressCountry": "Poland",
            "addressCountryCode": "PL",
            "addressRegion": "Mazowsze",
            "addressLocality": "Warszawa",
            "streetAddress": "Krakowskie Przedmieście 1",
            "postOfficeBoxNumber": "1",
            "postalCode": "00-001",
            "geo": {"type": "GeoCoordinates", "latitude": 52.24, "longitude": 21.02},
        },
        "otherIdentifier": [identifier],
        "official": "Maria Nowak",
        "parentOrg": {"id": "did:example:123456789", "type": ["Profile"], "name": "Ministry"},
    }
    person = {
        "id": "https://uni.example/people/7",
        "type": ["Profile"],
        "familyName": "Boer",
        "givenName": "Jan",
        "additionalName": "Maria",
        "patronymicName": "Pietersz.",
        "honorificPrefix": "Dr",
        "honorificSuffix": "PhD",
        "familyNamePrefix": "de",
        "dateOfBirth": "1970-02-28",
    }
    return {
        "@context": [V2, OB, EXTENSIONS],
        "id": "https://uni.example/credentials/3732",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Degree",
        "description": "A degree.",
        "image": image,
        "issuer": profile,
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2030-01-01T00:00:00+02:00",
        "awardedDate": "2025-12-31T10:00:00.5-08:00",
        "credentialSubject": {
            "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
            "type": ["AchievementSubject"],
            "activityStartDate": "2025-10-01T00:00:00Z",
            "activityEndDate": "2025-12-01T00:00:00Z",
            "creditsEarned": 42,
            "image": image,
            "licenseNumber": "A-9320041",
            "narrative": "There is a report.",
            "role": "Major Domo",
            "source": person,
            "term": "Fall",
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": "student@uni.example",
                    "identityType": "emailAddress",
                    "hashed": False,
                    "salt": "not-used",
                }
            ],
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": grade["id"],
                    "value": "A",
                    "alignment": [alignment],
                },
                {
                    "type": ["Result"],
                    "resultDescription": rubric["id"],
                    "achievedLevel": level["id"],
                    "status": "Completed",
                },
            ],
            "achievement": achievement(
                criteria={"id": "https://uni.example/degree", "narrative": "# Requirements"},
                achievementType="Degree",
                alignment=[alignment],
                creator=profile,
                creditsAvailable=36.5,
                fieldOfStudy="Research",
                humanCode="R1",
                image=image,
                inLanguage="en",
                otherIdentifier=[identifier],
                related=[
                    {
                        "id": "https://uni.example/achievements/teamwork/pl",
                        "type": ["Related"],
                        "inLanguage": "pl",
                        "version": "2",
                    }
                ],
                resultDescription=[grade, rubric],
                specialization="Computer Science",
                tag=["research", "computer science"],
                version="2",
                endorsement=[endorsement()],
                endorsementJwt=[token],
            ),
        },
        "endorsement": [endorsement()],
        "endorsementJwt": [token],
        "evidence": [
            {
                "id": "https://uni.example/evidence/1",
                "type": ["Evidence"],
                "name": "Report",
                "description": "The report.",
                "narrative": "# Report",
                "genre": "Research",
                "audience": "Department",
            }
        ],
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
        "credentialStatus": {
            "id": "https://uni.example/status/1#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://uni.example/status/1",
        },
        "refreshService": {
            "id": "https://uni.example/credentials/3732",
            "type": "1EdTechCredentialRefresh",
        },
        "termsOfUse": {"type": "https://uni.example/terms#Policy", "id": "urn:x:terms"},
        "proof": [proof()],
    }


def _with(document: Document, changes: dict[str, object]) -> Document:
    """Change members; a value of `...` takes the member away."""
    changed = {**document, **deepcopy(changes)}
    return {name: value for name, value in changed.items() if value is not ...}
