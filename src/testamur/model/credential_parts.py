"""The objects inside a credential, as the VC Data Model knows them (2.0 and 1.1).

Each is extensible and has a `type` of its own choosing; the models check what the data model says
of every such object, not what the specification behind its type adds. The one exception is
BitstringStatusListEntry, because whether a credential is revoked must not hang on a guess.
"""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias

from pydantic import (
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from testamur.model.base import Maybe, Model, One, OneOrMany, TypedModel
from testamur.model.faults import fault, shorten
from testamur.model.language import LocalizedText
from testamur.model.values import STATUS_INDEX, Url

__all__ = [
    "AnyCredentialStatus",
    "BitstringStatusListEntry",
    "CredentialSchema",
    "CredentialStatus",
    "CredentialSubject",
    "Evidence",
    "Holder",
    "Issuer",
    "Proof",
    "RefreshService",
    "RelatedResource",
    "StatusMessage",
    "TermsOfUse",
]

_STATUS_VALUE = re.compile("0x[0-9A-Fa-f]+")
_SRI = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}(?:\?[!-~]*)?")


class Issuer(Model):
    """The issuer as an object (VC Data Model 2.0, Issuer). Its name is what it calls itself."""

    id: Url
    name: Maybe[LocalizedText] = None
    description: Maybe[LocalizedText] = None


class Holder(Model):
    """The holder of a presentation as an object (VC Data Model 2.0, Verifiable Presentations)."""

    id: Url


class CredentialSubject(Model):
    """Claims about one subject (VC Data Model 2.0, Credential Subject); at least one claim."""

    id: Maybe[Url] = None

    @model_validator(mode="after")
    def _check_claims(self) -> Self:
        if not self.model_fields_set and not self.__pydantic_extra__:
            raise fault("is an empty object; state at least one claim")
        return self


class CredentialStatus(TypedModel):
    """How to find out whether the credential still holds (VC Data Model 2.0, Status)."""

    id: Maybe[Url] = None


class StatusMessage(Model):
    """What one value of a status means (Bitstring Status List 1.0, statusMessage)."""

    status: str
    message: str

    @field_validator("status")
    @classmethod
    def _check_status(cls, value: str) -> str:
        if not _STATUS_VALUE.fullmatch(value):
            raise fault(f"{shorten(value)} is not a hexadecimal value; write it as 0x1")
        return value


class BitstringStatusListEntry(CredentialStatus):
    """A place in a status list (Bitstring Status List 1.0, BitstringStatusListEntry)."""

    default_type = One(("BitstringStatusListEntry",))

    status_purpose: str
    status_list_index: str
    status_list_credential: Url
    status_size: Maybe[int] = None
    status_message: OneOrMany[StatusMessage] = ()
    status_reference: OneOrMany[Url] = ()

    @field_validator("status_list_index")
    @classmethod
    def _check_index(cls, value: str) -> str:
        if not STATUS_INDEX.fullmatch(value):
            raise fault(
                f"{shorten(value)} is not a base-10 index; write it in digits 0 to 9, as '94567'",
                expected="index below 10^9",
                found=value,
            )
        return value

    @field_validator("status_size")
    @classmethod
    def _check_size(cls, value: int) -> int:
        if value < 1:
            raise fault("is not greater than zero; write the number of bits of one status")
        return value


def _status_by_type(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    types = value.get("type") if isinstance(value, dict) else None
    if types == "BitstringStatusListEntry" or (
        isinstance(types, (list, tuple)) and "BitstringStatusListEntry" in types
    ):
        return BitstringStatusListEntry.model_validate(value)
    return validate(value)


AnyCredentialStatus: TypeAlias = Annotated[CredentialStatus, WrapValidator(_status_by_type)]
"""A CredentialStatus; where its type says so, a BitstringStatusListEntry."""


class CredentialSchema(TypedModel):
    """A schema the credential is said to follow (VC Data Model 2.0, Data Schemas)."""

    id: Url


class RefreshService(TypedModel):
    """Where a newer copy may be had (VC Data Model 2.0, Refreshing)."""

    id: Maybe[Url] = None


class TermsOfUse(TypedModel):
    """Terms of use (VC Data Model 2.0, Terms of Use)."""

    id: Maybe[Url] = None


class Evidence(TypedModel):
    """Evidence (VC Data Model 2.0, Evidence)."""

    id: Maybe[Url] = None


class RelatedResource(Model):
    """A resource whose bytes the credential vouches for (VC Data Model 2.0, Integrity of Related
    Resources). Whether the digests match is not checked here."""

    id: Url
    media_type: Maybe[str] = None
    digest_sri: OneOrMany[str] = Field(default=(), alias="digestSRI")
    digest_multibase: OneOrMany[str] = ()

    @field_validator("digest_sri")
    @classmethod
    def _check_sri(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if not each.split() or not all(_SRI.fullmatch(part) for part in each.split()):
                raise fault(f"{shorten(each)} is not a digest; write it as sha256-… in base64")
        return value

    @model_validator(mode="after")
    def _check_digest(self) -> Self:
        if not self.digest_sri and not self.digest_multibase:
            raise fault("has no digest; add digestSRI or digestMultibase")
        return self


class Proof(TypedModel):
    """A proof as it is written; the verifier reads and checks it, here only kinds are checked."""

    verification_method: Maybe[str] = None
    proof_purpose: Maybe[str] = None
    proof_value: Maybe[str] = None
    cryptosuite: Maybe[str] = None
    created: Maybe[str] = None
    expires: Maybe[str] = None
    domain: OneOrMany[str] = ()
    challenge: Maybe[str] = None
    nonce: Maybe[str] = None
    previous_proof: OneOrMany[str] = ()
