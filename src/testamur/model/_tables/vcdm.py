"""What the models of the VC Data Model accept, of European credentials and of status lists."""

from __future__ import annotations

from typing import Any

from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from testamur.model._accepted import (
    Check,
    Members,
    Object,
    at_least_one,
    contexts,
    instant,
    language_tag,
    named,
    never,
    several,
    text,
    url,
    url_or,
)
from testamur.model.dates import check_date_time_stamp
from testamur.model.values import STATUS_INDEX

__all__ = ["ISSUER", "VCDM", "VERSION_1", "VERSION_2", "WITH_ID", "is_version_1", "is_version_2"]

_ENTRY = "BitstringStatusListEntry"


def _later(name: str) -> Check:
    """The class of that name below, which names this one."""

    def check(value: Any) -> bool:
        return VCDM[name](value)

    return check


def _localized(value: Any) -> bool:
    return isinstance(value, str) or several(_LANGUAGE_VALUE)(value)


def _has_claims(subject: dict[str, Any]) -> bool:
    return bool(subject)


def _begins_with(base: str, document: dict[str, Any]) -> bool:
    contexts = document["@context"]
    return bool(contexts) and contexts[0] == base


def is_version_2(document: dict[str, Any]) -> bool:
    """Whether the context and the dates of a document are those of version 2.0."""
    start, end = document.get("validFrom"), document.get("validUntil")
    in_order = (
        start is None or end is None or check_date_time_stamp(start) <= check_date_time_stamp(end)
    )
    # Digests of other resources are rare: the model reads them.
    return in_order and _begins_with(CREDENTIALS_V2, document) and "relatedResource" not in document


def is_version_1(document: dict[str, Any]) -> bool:
    """Whether the context and the dates of a document are those of version 1.1."""
    end = document.get("expirationDate")
    in_order = end is None or check_date_time_stamp(document["issuanceDate"]) <= (
        check_date_time_stamp(end)
    )
    return in_order and _begins_with(CREDENTIALS_V1, document)


def _has_a_beginning(document: dict[str, Any]) -> bool:
    dated = "validFrom" in document or "issuanceDate" in document
    return dated and _begins_with(CREDENTIALS_V1, document)


def _status(value: Any) -> bool:
    named = value.get("type") if isinstance(value, dict) else None
    is_entry = named == _ENTRY or (isinstance(named, list) and _ENTRY in named)
    return VCDM[_ENTRY if is_entry else "CredentialStatus"](value)


def _is_index(entry: dict[str, Any]) -> bool:
    return bool(STATUS_INDEX.fullmatch(entry["statusListIndex"]))


WITH_ID: Members = {"id": url}
_LANGUAGE_VALUE = Object(
    {
        "@value": text,
        "@language": language_tag,
        "@direction": lambda value: value in ("ltr", "rtl"),
    },
    required="@value",
    closed=True,
)
ISSUER: Members = {"id": url, "name": _localized, "description": _localized}
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
VERSION_2: Members = {
    **_ANY_CREDENTIAL,
    "validFrom": instant,
    "validUntil": instant,
    "relatedResource": never,  # rare
}
VERSION_1: Members = {**_ANY_CREDENTIAL, "issuanceDate": instant, "expirationDate": instant}

VCDM: dict[str, Object] = {
    "Issuer": Object(ISSUER, required="id"),
    "CredentialSubject": Object(WITH_ID, rule=_has_claims),
    "CredentialStatus": Object(WITH_ID, types=()),
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
    "CredentialSchema": Object(WITH_ID, required="id", types=()),
    "RefreshService": Object(WITH_ID, types=()),
    "TermsOfUse": Object(WITH_ID, types=()),
    "Evidence": Object(WITH_ID, types=()),
    "VerifiableCredential": Object(
        VERSION_2,
        required="@context issuer credentialSubject",
        types=named("VerifiableCredential"),
        rule=is_version_2,
    ),
    "VerifiableCredentialV1": Object(
        VERSION_1,
        required="@context issuer credentialSubject issuanceDate",
        types=named("VerifiableCredential"),
        rule=is_version_1,
    ),
    "EuropeanIssuer": Object(WITH_ID),
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
        {**VERSION_2, "credentialSubject": _later("BitstringStatusList")},
        required="@context issuer credentialSubject",
        types=named("VerifiableCredential", "BitstringStatusListCredential"),
        rule=is_version_2,
    ),
}
