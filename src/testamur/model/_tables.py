"""What each model accepts, by the name of its class; where two share one, by module and name.

Members that a table does not name may be anything, unless it is closed.
"""

from __future__ import annotations

from typing import Any

from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from testamur.model._accepted import (
    Check,
    Members,
    Object,
    at_least_one,
    compact_jws,
    contexts,
    day,
    instant,
    language_tag,
    moment,
    named,
    never,
    number,
    several,
    term,
    text,
    true_or_false,
    url,
    url_or,
)
from testamur.model.dates import check_date_time_stamp
from testamur.model.ob3.vocabulary import (
    AchievementType,
    AlignmentTargetType,
    IdentifierType,
    ResultStatus,
    ResultType,
)
from testamur.model.values import IDENTITY_HASH, OPEN_BADGES_CONTEXT_URL, STATUS_INDEX

__all__ = ["CLASSES"]

_ENTRY = "BitstringStatusListEntry"


def _later(name: str) -> Check:
    """The class of that name below, which names this one."""

    def check(value: Any) -> bool:
        return CLASSES[name](value)

    return check


def _localized(value: Any) -> bool:
    return isinstance(value, str) or several(_LANGUAGE_VALUE)(value)


def _has_claims(subject: dict[str, Any]) -> bool:
    return bool(subject)


def _has_recipient(subject: dict[str, Any]) -> bool:
    return "id" in subject or bool(subject.get("identifier"))


def _is_hash(identity: dict[str, Any]) -> bool:
    return not identity["hashed"] or bool(IDENTITY_HASH.fullmatch(identity["identityHash"]))


def _begins_with(base: str, document: dict[str, Any]) -> bool:
    contexts = document["@context"]
    return bool(contexts) and contexts[0] == base


def _is_version_2(document: dict[str, Any]) -> bool:
    start, end = document.get("validFrom"), document.get("validUntil")
    in_order = (
        start is None or end is None or check_date_time_stamp(start) <= check_date_time_stamp(end)
    )
    # Digests of other resources are rare: the model reads them.
    return in_order and _begins_with(CREDENTIALS_V2, document) and "relatedResource" not in document


def _is_version_1(document: dict[str, Any]) -> bool:
    end = document.get("expirationDate")
    in_order = end is None or check_date_time_stamp(document["issuanceDate"]) <= (
        check_date_time_stamp(end)
    )
    return in_order and _begins_with(CREDENTIALS_V1, document)


def _has_a_beginning(document: dict[str, Any]) -> bool:
    dated = "validFrom" in document or "issuanceDate" in document
    return dated and _begins_with(CREDENTIALS_V1, document)


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
        and _is_version_2(document)
    )


def _status(value: Any) -> bool:
    named = value.get("type") if isinstance(value, dict) else None
    is_entry = named == _ENTRY or (isinstance(named, list) and _ENTRY in named)
    return CLASSES[_ENTRY if is_entry else "CredentialStatus"](value)


def _is_index(entry: dict[str, Any]) -> bool:
    return bool(STATUS_INDEX.fullmatch(entry["statusListIndex"]))


def _endorsement(value: Any) -> bool:
    contexts = value.get("@context") if isinstance(value, dict) else None
    first = isinstance(contexts, list) and CREDENTIALS_V1 in contexts[:1]
    return CLASSES["EndorsementCredentialV1P1" if first else "EndorsementCredential"](value)


_WITH_ID: Members = {"id": url}
_LANGUAGE_VALUE = Object(
    {
        "@value": text,
        "@language": language_tag,
        "@direction": lambda value: value in ("ltr", "rtl"),
    },
    required="@value",
    closed=True,
)
_ISSUER: Members = {"id": url, "name": _localized, "description": _localized}
_PROOF = Object(
    {
        **dict.fromkeys(
            [
                "verificationMethod",
                "proofPurpose",
                "proofValue",
                "cryptosuite",
                "created",
                "expires",
                "challenge",
                "nonce",
            ],
            text,
        ),
        "domain": several(text),
        "previousProof": several(text),
    },
    types=(),
)
_ANY_CREDENTIAL: Members = {
    "@context": contexts,
    "id": url,
    "name": _localized,
    "description": _localized,
    "issuer": url_or(_later("Issuer")),
    "credentialSubject": at_least_one(_later("CredentialSubject")),
    "credentialStatus": several(_status),
    "credentialSchema": several(_later("CredentialSchema")),
    "refreshService": several(_later("RefreshService")),
    "termsOfUse": several(_later("TermsOfUse")),
    "evidence": several(_later("Evidence")),
    "proof": at_least_one(_PROOF),
}
_VERSION_2: Members = {
    **_ANY_CREDENTIAL,
    "validFrom": instant,
    "validUntil": instant,
    "relatedResource": never,  # rare
}
_VERSION_1: Members = {**_ANY_CREDENTIAL, "issuanceDate": instant, "expirationDate": instant}
_BADGE: Members = {
    "awardedDate": instant,
    "credentialSubject": _later("AchievementSubject"),
    "image": _later("Image"),
    "evidence": several(_later("ob3.Evidence")),
    "endorsement": several(_endorsement),
    "endorsementJwt": several(compact_jws),
}
_OB_2: Members = {
    **_VERSION_2,
    "issuer": url_or(_later("Profile")),
    "refreshService": several(_later("ob3.RefreshService")),
    "awardedDate": instant,
}
_OB_1: Members = {**_VERSION_1, "issuer": _later("Profile"), "awardedDate": instant}
_BADGE_TYPES = (("VerifiableCredential",), ("OpenBadgeCredential", "AchievementCredential"))
_ENDORSEMENT_TYPES = named("VerifiableCredential", "EndorsementCredential")

CLASSES: dict[str, Object] = {
    "Issuer": Object(_ISSUER, required="id"),
    "CredentialSubject": Object(_WITH_ID, rule=_has_claims),
    "CredentialStatus": Object(_WITH_ID, types=()),
    "BitstringStatusListEntry": Object(
        {
            "id": url,
            "statusPurpose": text,
            "statusListIndex": text,
            "statusListCredential": url,
            "statusSize": never,
            "statusMessage": never,
            "statusReference": never,
        },
        required="statusPurpose statusListIndex statusListCredential",
        types=named("BitstringStatusListEntry"),
        rule=_is_index,
    ),
    "CredentialSchema": Object(_WITH_ID, required="id", types=()),
    "RefreshService": Object(_WITH_ID, types=()),
    "TermsOfUse": Object(_WITH_ID, types=()),
    "Evidence": Object(_WITH_ID, types=()),
    "VerifiableCredential": Object(
        _VERSION_2,
        required="@context issuer credentialSubject",
        types=named("VerifiableCredential"),
        rule=_is_version_2,
    ),
    "VerifiableCredentialV1": Object(
        _VERSION_1,
        required="@context issuer credentialSubject issuanceDate",
        types=named("VerifiableCredential"),
        rule=_is_version_1,
    ),
    "EuropeanIssuer": Object(_WITH_ID),
    "ReceivedEuropeanCredential": Object(
        {
            "@context": contexts,
            "id": url,
            "issuer": url_or(_later("EuropeanIssuer")),
            "credentialSubject": at_least_one(_later("CredentialSubject")),
            "issued": instant,
            "issuanceDate": instant,
            "expirationDate": instant,
            "validFrom": instant,
            "validUntil": instant,
            "proof": at_least_one(_PROOF),
        },
        required="@context issuer credentialSubject",
        types=named("VerifiableCredential", "EuropeanDigitalCredential"),
        rule=_has_a_beginning,
    ),
    "BitstringStatusList": Object(
        {
            "id": url,
            "statusPurpose": at_least_one(text),
            "encodedList": text,
            "ttl": lambda value: isinstance(value, int) and not isinstance(value, bool),
        },
        required="statusPurpose encodedList",
        types=named("BitstringStatusList"),
    ),
    "BitstringStatusListCredential": Object(
        {**_VERSION_2, "credentialSubject": _later("BitstringStatusList")},
        required="@context issuer credentialSubject",
        types=named("VerifiableCredential", "BitstringStatusListCredential"),
        rule=_is_version_2,
    ),
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
    "ob3.RefreshService": Object(_WITH_ID, required="id", types=()),
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
            **_ISSUER,
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
        rule=_is_version_1,
    ),
    "EndorsementCredentialV1P1": Object(
        {**_OB_1, "credentialSubject": _later("EndorsementSubject")},
        required="@context id name issuer issuanceDate credentialSubject",
        types=_ENDORSEMENT_TYPES,
        rule=_is_version_1,
    ),
}
