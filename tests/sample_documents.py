"""Documents for comparing ours with other people's software; they use every bundled context.

Those of Open Badges 3.0 come from the builders, as an issuer would make them.
"""

from __future__ import annotations

from datetime import timedelta

from descriptions import FULL as DESCRIBED
from european_documents import european_credential
from simulator import LEARNER, NOW, Simulator, key
from testamur import build
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    OB_3_0_3,
    OB_EXTENSIONS,
    STATUS_V1,
)
from testamur.canon.strict_json import JsonObject
from testamur.carry.presentation import build_presentation
from testamur.keys import did_key
from testamur.model.microcredential import Convention, to_open_badge
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    CredentialSchema,
    EndorsementCredential,
    RefreshService,
    ResultStatus,
    ResultType,
)

__all__ = ["SAME_ACHIEVEMENT", "full_badge", "samples"]

SAME_ACHIEVEMENT = "presentation of two badges for the same achievement"
"""In each of its two graphs a blank node stands twice, which is a rare thing to canonicalize."""

_OB = "https://purl.imsglobal.org/spec/ob/v3p0/context"
_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema"


def samples() -> dict[str, JsonObject]:
    """Return unsigned documents, in JSON-LD, by what they are."""
    university = Simulator()
    badge = university.badge(7).to_json()
    return {
        "badge": badge,
        "badge with everything": full_badge(university).to_json(),
        "1.1 badge under context 3.0.0": _first_version(university, f"{_OB}.json"),
        "1.1 badge under context 3.0.1": _first_version(university, f"{_OB}-3.0.1.json"),
        "badge under context 3.0.2": {
            **badge,
            "@context": [CREDENTIALS_V2, f"{_OB}-3.0.2.json"],
        },
        "badge with odd characters": university.badge(
            name='Ł\u0001\b\t\n\u000b\f\r"\\\u007f\u0080\U0001f3c5 ' + "e\u0301",
            narrative="<b>&amp;</b> ${7*7} \u202e",
        ).to_json(),
        "endorsement": _without_proof(university.endorse("https://other.example").document),
        "status list": university.list_document(ttl=300_000),
        "collection": _collection(university),
        "presentation": build_presentation(
            [university.issue(3), university.endorse(LEARNER)], holder=LEARNER, id="urn:uuid:1-2-3"
        ),
        SAME_ACHIEVEMENT: build_presentation([university.issue(3), university.issue()]),
        **_credentials(),
        **_older_credentials(),
        "European Digital Credential": european_credential(),
        "micro-credential with our extension": to_open_badge(
            DESCRIBED, id="urn:uuid:1", convention=Convention.EXTENSION
        ).to_json(),
        **_controller_documents(),
    }


def full_badge(university: Simulator) -> AchievementCredential:
    """Build a badge that has nearly all that Open Badges 3.0 knows."""
    endorsement = EndorsementCredential.from_json(
        university.endorse(university.achievement.id).document
    )
    built: AchievementCredential = university.badge(
        94_567,
        achievement=_achievement(endorsement),
        recipient=[
            build.recipient_by_id(LEARNER),
            build.recipient_by_email("ada@uni.example", salt="pepper"),
        ],
        results=[
            build.result("https://uni.example/results/grade", value="4.5"),
            build.result(
                "https://uni.example/results/rubric",
                achieved_level="https://uni.example/levels/2",
                status=ResultStatus.COMPLETED,
            ),
        ],
        evidence=[build.evidence(id="https://uni.example/evidence/1", name="Report")],
        valid_until=NOW + timedelta(days=365),
        awarded_date=NOW - timedelta(days=1),
        credits_earned=2.5,
        license_number="L-1",
        role="student",
        term="2026",
        refresh_service=RefreshService(
            id="https://uni.example/refresh/1", type=("1EdTechCredentialRefresh",)
        ),
        schemas=[CredentialSchema(id=f"{_SCHEMA}.json", type=("1EdTechJsonSchemaValidator2019",))],
    )
    return built


def _achievement(endorsement: EndorsementCredential) -> Achievement:
    return build.achievement(
        id="https://uni.example/achievements/teamwork",
        name="Praca zespołowa",
        description="Umie pracować w zespole.",
        criteria="- bierze udział\n- **słucha**",
        criteria_url="https://uni.example/achievements/teamwork/criteria",
        achievement_type="MicroCredential",
        image="https://uni.example/teamwork.png",
        alignments=[
            build.eqf_level(6),
            build.isced_f("0613", "Software and applications development and analysis"),
            build.esco_skill(
                "http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0",
                "work in teams",
            ),
        ],
        results=[
            build.result_description(
                "Grade",
                ResultType.LETTER_GRADE,
                id="https://uni.example/results/grade",
                allowed_values=["3", "3.5", "4", "4.5", "5"],
            ),
            build.result_description(
                "Rubric",
                ResultType.RUBRIC_CRITERION_LEVEL,
                id="https://uni.example/results/rubric",
                levels=[
                    build.rubric_level("Good", id="https://uni.example/levels/1", points="1"),
                    build.rubric_level("Better", id="https://uni.example/levels/2", points="2"),
                ],
            ),
        ],
        credits_available=5,
        field_of_study="Management",
        in_language="pl",
        version="1.0",
        tags=["team", "work"],
        endorsements=[endorsement],
    )


def _credentials() -> dict[str, JsonObject]:
    base: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": [{"id": "did:example:a"}, {"id": "did:example:b"}],
    }
    texts: JsonObject = {
        "name": [
            {"@value": "Dog", "@language": "en-GB"},
            {"@value": "كلب", "@language": "ar", "@direction": "rtl"},
            {"@value": "Pies", "@direction": "ltr"},
        ],
    }
    undefined: JsonObject = {
        "@context": [CREDENTIALS_V2, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "credentialSubject": {
            "id": "did:example:a",
            "height": 1.75,
            "small": 0.000125,
            "whole": 42,
            "large": 9_007_199_254_740_991,
            "negative": -0.5,
            "yes": True,
            "nested": [{"x": "1"}, {"x": "1"}, {"y": {"z": "2"}}],
        },
    }
    return {
        "credential with texts in several languages": base | texts,
        "credential with undefined terms": base | undefined,
    }


def _older_credentials() -> dict[str, JsonObject]:
    base: JsonObject = {
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "issuanceDate": "2023-01-01T00:00:00Z",
        "expirationDate": "2033-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:subject"},
    }
    status_2021: JsonObject = {
        "id": "https://uni.example/status#3",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": "3",
        "statusListCredential": "https://uni.example/status",
    }
    bitstring: JsonObject = {**status_2021, "type": "BitstringStatusListEntry"}
    data_integrity_v1 = "https://w3id.org/security/data-integrity/v1"
    status_list_2021_v1 = "https://w3id.org/vc/status-list/2021/v1"
    return {
        "1.1 credential for Data Integrity": {
            "@context": [CREDENTIALS_V1, DATA_INTEGRITY_V2, STATUS_V1],
            **base,
            "credentialStatus": bitstring,
        },
        "1.1 credential for the first Data Integrity context": {
            "@context": [CREDENTIALS_V1, data_integrity_v1],
            **base,
        },
        "1.1 credential for Ed25519Signature2020": {
            "@context": [CREDENTIALS_V1, status_list_2021_v1, ED25519_2020_V1],
            **base,
            "credentialStatus": status_2021,
        },
    }


def _controller_documents() -> dict[str, JsonObject]:
    public = key("uni.example key-1").public_key
    did = "did:web:keys.example"
    return {
        "DID document with a Multikey": did_key.controller_document(did_key.did_key(public)),
        "DID document with a JSON Web Key": {
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/jws-2020/v1",
            ],
            "id": did,
            "verificationMethod": [
                {
                    "id": f"{did}#0",
                    "type": "JsonWebKey2020",
                    "controller": did,
                    "publicKeyJwk": public.to_jwk(),
                }
            ],
            "assertionMethod": [f"{did}#0"],
        },
    }


def _collection(university: Simulator) -> JsonObject:
    """CLR 2.0: two badges, and how their achievements belong together."""
    other = "https://uni.example/achievements/degree"
    return {
        "@context": [
            CREDENTIALS_V2,
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            OB_3_0_3,
            OB_EXTENSIONS,
        ],
        "id": "https://uni.example/collections/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": {"id": university.did, "type": ["Profile"], "name": university.name},
        "validFrom": "2026-07-01T12:00:00Z",
        "credentialSubject": {
            "id": LEARNER,
            "type": ["ClrSubject"],
            "verifiableCredential": [university.issue(1).document, university.issue(2).document],
            "association": [
                {
                    "type": "Association",
                    "associationType": "isPartOf",
                    "sourceId": university.achievement.id,
                    "targetId": other,
                }
            ],
        },
    }


def _first_version(university: Simulator, context: str) -> JsonObject:
    """A badge of the VC Data Model 1.1: the first two contexts cannot stand beside that of 2.0."""
    badge = university.badge().to_json()
    del badge["validFrom"]
    return {
        **badge,
        "@context": [CREDENTIALS_V1, context],
        "issuanceDate": "2023-01-01T00:00:00Z",
    }


def _without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}
