"""Which model a document is to be read by: by its base context and its type."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.canon.strict_json import JsonValue
from testamur.errors import ModelError
from testamur.model.ob3.credential import (
    AchievementCredential,
    AchievementCredentialV1P1,
    EndorsementCredential,
    EndorsementCredentialV1P1,
)
from testamur.model.presentation import (
    Presentation,
    VerifiablePresentation,
    VerifiablePresentationV1,
)
from testamur.model.vcdm import (
    CREDENTIALS_V1,
    BitstringStatusListCredential,
    Credential,
    VerifiableCredential,
    VerifiableCredentialV1,
)

__all__ = ["check_received", "parse_credential", "parse_presentation", "parse_received"]

_EUROPEAN = "EuropeanDigitalCredential"

_BY_TYPE: Mapping[str, type[Credential]] = {
    "OpenBadgeCredential": AchievementCredential,
    "AchievementCredential": AchievementCredential,
    "EndorsementCredential": EndorsementCredential,
    "BitstringStatusListCredential": BitstringStatusListCredential,
}
_BY_TYPE_V1: Mapping[str, type[Credential]] = {
    "OpenBadgeCredential": AchievementCredentialV1P1,
    "AchievementCredential": AchievementCredentialV1P1,
    "EndorsementCredential": EndorsementCredentialV1P1,
}


def parse_credential(document: JsonValue, *, path: str = "credential") -> Credential:
    """Read a credential as the class its base context and its type call for.

    A type that no model knows gives a VerifiableCredential (1.1: VerifiableCredentialV1), which
    keeps every member. A European Digital Credential must be one in every member. Does not ask
    whether the contexts define the types.

    Args:
        document: what `strict_json.parse` returned, with or without proofs; not copied.
        path: what the path of a fault begins with.

    Raises:
        ModelError: the document breaks a rule of its standard.
    """
    if _EUROPEAN in _types(document):
        from testamur.model.elm import EuropeanDigitalCredential  # it has some fifty classes

        return EuropeanDigitalCredential.from_json(document, path=path)
    first_version = _is_first_version(document)
    by_type = _BY_TYPE_V1 if first_version else _BY_TYPE
    default = VerifiableCredentialV1 if first_version else VerifiableCredential
    types = _types(document)
    model = next((each for name, each in by_type.items() if name in types), default)
    return model.from_json(document, path=path)


def parse_received(document: JsonValue, *, path: str = "credential") -> Credential:
    """Read a credential that somebody else issued.

    As `parse_credential`, but a European Digital Credential that departs from the European Learning
    Model is still read: as a `ReceivedEuropeanCredential`, which keeps every member.

    Raises:
        ModelError: the document breaks a rule of the VC Data Model.
    """
    if _EUROPEAN not in _types(document):
        return parse_credential(document, path=path)
    received = check_received(document, path=path)
    try:
        return parse_credential(document, path=path)
    except ModelError:
        return received


def check_received(document: JsonValue, *, path: str = "credential") -> Credential:
    """Read a credential that somebody else issued as far as verifying it goes.

    As `parse_received`, but without asking whether a European Digital Credential follows its model.

    Raises:
        ModelError: the document breaks a rule of the VC Data Model.
    """
    if _EUROPEAN not in _types(document):
        return parse_credential(document, path=path)
    from testamur.model.european import ReceivedEuropeanCredential

    return ReceivedEuropeanCredential.from_json(document, path=path)


def parse_presentation(document: JsonValue, *, path: str = "presentation") -> Presentation:
    """Read a presentation as the version its base context calls for.

    The credentials inside stay JSON; read each by `parse_credential`.

    Raises:
        ModelError: the document breaks a rule of its standard.
    """
    version = VerifiablePresentationV1 if _is_first_version(document) else VerifiablePresentation
    return version.from_json(document, path=path)


def _is_first_version(document: JsonValue) -> bool:
    contexts = document.get("@context") if isinstance(document, dict) else None
    return isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]


def _types(document: JsonValue) -> list[JsonValue]:
    types = document.get("type") if isinstance(document, dict) else None
    return types if isinstance(types, list) else [types]
