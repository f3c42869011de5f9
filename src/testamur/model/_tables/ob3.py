"""What the models of Open Badges 3.0 accept."""

from __future__ import annotations

from typing import Any

from testamur.canon.contexts import CREDENTIALS_V1
from testamur.model._accepted import (
    Check,
    Members,
    Object,
    compact_jws,
    day,
    instant,
    language_tag,
    moment,
    named,
    number,
    several,
    term,
    text,
    true_or_false,
    url,
    url_or,
)
from testamur.model._tables.vcdm import (
    ISSUER,
    VERSION_1,
    VERSION_2,
    WITH_ID,
    is_version_1,
    is_version_2,
)
from testamur.model.ob3.vocabulary import (
    AchievementType,
    AlignmentTargetType,
    IdentifierType,
    ResultStatus,
    ResultType,
)
from testamur.model.values import IDENTITY_HASH, OPEN_BADGES_CONTEXT_URL

__all__ = ["OB3"]


def _later(name: str) -> Check:
    """The class of that name below, which names this one."""

    def check(value: Any) -> bool:
        return OB3[name](value)

    return check


def _has_recipient(subject: dict[str, Any]) -> bool:
    return "id" in subject or bool(subject.get("identifier"))


def _is_hash(identity: dict[str, Any]) -> bool:
    return not identity["hashed"] or bool(IDENTITY_HASH.fullmatch(identity["identityHash"]))


def _is_open_badges(document: dict[str, Any]) -> bool:
    contexts, proofs = document["@context"], document.get("proof", [])
    if len(contexts) < 2 or not isinstance(contexts[1], str):
        return False
    purposes = [
        each.get("proofPurpose") for each in (proofs if isinstance(proofs, list) else [proofs])
    ]
    return (
        bool(OPEN_BADGES_CONTEXT_URL.fullmatch(contexts[1]))
        and all(each in (None, "assertionMethod") for each in purposes)
        and is_version_2(document)
    )


def _endorsement(value: Any) -> bool:
    contexts = value.get("@context") if isinstance(value, dict) else None
    first = isinstance(contexts, list) and CREDENTIALS_V1 in contexts[:1]
    return OB3["EndorsementCredentialV1P1" if first else "EndorsementCredential"](value)


_BADGE: Members = {
    "awardedDate": instant,
    "credentialSubject": _later("AchievementSubject"),
    "image": _later("Image"),
    "evidence": several(_later("ob3.Evidence")),
    "endorsement": several(_endorsement),
    "endorsementJwt": several(compact_jws),
}
_OB_2: Members = {
    **VERSION_2,
    "issuer": url_or(_later("Profile")),
    "refreshService": several(_later("ob3.RefreshService")),
    "awardedDate": instant,
}
_OB_1: Members = {**VERSION_1, "issuer": _later("Profile"), "awardedDate": instant}
_BADGE_TYPES = (("VerifiableCredential",), ("OpenBadgeCredential", "AchievementCredential"))
_ENDORSEMENT_TYPES = named("VerifiableCredential", "EndorsementCredential")

OB3: dict[str, Object] = {
    "Image": Object({"id": url, "caption": text}, required="id", types=named("Image"), closed=True),
    "Criteria": Object({"id": url, "narrative": text}),
    "Alignment": Object(
        {
            "targetName": text,
            "targetUrl": url,
            "targetCode": text,
            "targetDescription": text,
            "targetFramework": text,
            "targetType": term(AlignmentTargetType),
        },
        required="targetName targetUrl",
        types=named("Alignment"),
    ),
    "RubricCriterionLevel": Object(
        {
            "id": url,
            "name": text,
            "description": text,
            "level": text,
            "points": text,
            "alignment": several(_later("Alignment")),
        },
        required="id name",
        types=named("RubricCriterionLevel"),
    ),
    "ResultDescription": Object(
        {
            "id": url,
            "name": text,
            "resultType": term(ResultType),
            "allowedValue": several(text),
            "requiredLevel": url,
            "requiredValue": text,
            "valueMin": text,
            "valueMax": text,
            "rubricCriterionLevel": several(_later("RubricCriterionLevel")),
            "alignment": several(_later("Alignment")),
        },
        required="id name resultType",
        types=named("ResultDescription"),
    ),
    "Result": Object(
        {
            "resultDescription": url,
            "achievedLevel": url,
            "status": term(ResultStatus, extensible=False),
            "value": text,
            "alignment": several(_later("Alignment")),
        },
        types=named("Result"),
    ),
    "Related": Object(
        {"id": url, "inLanguage": language_tag, "version": text},
        required="id",
        types=named("Related"),
    ),
    "ob3.Evidence": Object(
        {
            "id": url,
            **dict.fromkeys(("name", "description", "narrative", "genre", "audience"), text),
        },
        types=named("Evidence"),
    ),
    "ob3.RefreshService": Object(WITH_ID, required="id", types=()),
    "IdentifierEntry": Object(
        {"identifier": text, "identifierType": term(IdentifierType)},
        required="identifier identifierType",
        types=named("IdentifierEntry"),
        closed=True,
    ),
    "IdentityObject": Object(
        {
            "hashed": true_or_false,
            "identityHash": text,
            "identityType": term(IdentifierType),
            "salt": text,
        },
        required="hashed identityHash identityType",
        types=named("IdentityObject"),
        closed=True,
        rule=_is_hash,
    ),
    "GeoCoordinates": Object(
        {"latitude": number, "longitude": number},
        required="latitude longitude",
        types=named("GeoCoordinates"),
    ),
    "Address": Object(
        {
            **dict.fromkeys(
                [
                    "addressCountry",
                    "addressCountryCode",
                    "addressRegion",
                    "addressLocality",
                    "streetAddress",
                    "postOfficeBoxNumber",
                    "postalCode",
                ],
                text,
            ),
            "geo": _later("GeoCoordinates"),
        },
        types=named("Address"),
    ),
    "Profile": Object(
        {
            **ISSUER,
            **dict.fromkeys(
                [
                    "phone",
                    "email",
                    "official",
                    "familyName",
                    "givenName",
                    "additionalName",
                    "patronymicName",
                    "honorificPrefix",
                    "honorificSuffix",
                    "familyNamePrefix",
                ],
                text,
            ),
            "url": url,
            "endorsement": several(_endorsement),
            "endorsementJwt": several(compact_jws),
            "image": _later("Image"),
            "address": _later("Address"),
            "otherIdentifier": several(_later("IdentifierEntry")),
            "parentOrg": _later("Profile"),
            "dateOfBirth": day,
        },
        required="id",
        types=named("Profile"),
    ),
    "Achievement": Object(
        {
            **dict.fromkeys(
                ("name", "description", "fieldOfStudy", "specialization", "humanCode", "version"),
                text,
            ),
            "id": url,
            "criteria": _later("Criteria"),
            "achievementType": term(AchievementType),
            "image": _later("Image"),
            "creator": _later("Profile"),
            "alignment": several(_later("Alignment")),
            "resultDescription": several(_later("ResultDescription")),
            "creditsAvailable": number,
            "inLanguage": language_tag,
            "tag": several(text),
            "otherIdentifier": several(_later("IdentifierEntry")),
            "related": several(_later("Related")),
            "endorsement": several(_endorsement),
            "endorsementJwt": several(compact_jws),
        },
        required="id name description criteria",
        types=named("Achievement"),
    ),
    "AchievementSubject": Object(
        {
            "id": url,
            "identifier": several(_later("IdentityObject")),
            "achievement": _later("Achievement"),
            "activityStartDate": moment,
            "activityEndDate": moment,
            "creditsEarned": number,
            "image": _later("Image"),
            **dict.fromkeys(("licenseNumber", "narrative", "role", "term"), text),
            "result": several(_later("Result")),
            "source": _later("Profile"),
        },
        required="achievement",
        types=named("AchievementSubject"),
        rule=_has_recipient,
    ),
    "EndorsementSubject": Object(
        {"id": url, "endorsementComment": text},
        required="id",
        types=named("EndorsementSubject"),
    ),
    "AchievementCredential": Object(
        {**_OB_2, **_BADGE},
        required="@context id issuer validFrom credentialSubject",
        types=_BADGE_TYPES,
        rule=_is_open_badges,
    ),
    "EndorsementCredential": Object(
        {**_OB_2, "credentialSubject": _later("EndorsementSubject")},
        required="@context id name issuer validFrom credentialSubject",
        types=_ENDORSEMENT_TYPES,
        rule=_is_open_badges,
    ),
    "AchievementCredentialV1P1": Object(
        {**_OB_1, **_BADGE},
        required="@context id name issuer issuanceDate credentialSubject",
        types=_BADGE_TYPES,
        rule=is_version_1,
    ),
    "EndorsementCredentialV1P1": Object(
        {**_OB_1, "credentialSubject": _later("EndorsementSubject")},
        required="@context id name issuer issuanceDate credentialSubject",
        types=_ENDORSEMENT_TYPES,
        rule=is_version_1,
    ),
}
