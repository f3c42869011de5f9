"""Credentials of the W3C VC Data Model, versions 2.0 and 1.1.

The two versions share most members; they differ in the base context and in what the dates are
called. `valid_from` and `valid_until` read the period of either. What is left to others: whether
the contexts define every term (canonicalization), proofs, status and the validity period itself
(verification).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import Field, PlainValidator, field_validator, model_validator

from testamur.canon.strict_json import kind
from testamur.errors import Code
from testamur.model.base import (
    AtLeastOne,
    Maybe,
    Model,
    One,
    OneOrMany,
    StringOr,
    TypedModel,
    Types,
)
from testamur.model.credential_parts import (
    AnyCredentialStatus,
    CredentialSchema,
    CredentialSubject,
    Evidence,
    Issuer,
    Proof,
    RefreshService,
    RelatedResource,
    TermsOfUse,
)
from testamur.model.dates import DateTimeStamp, format_date_time_stamp
from testamur.model.faults import BrokenRuleError, fault, shorten
from testamur.model.language import LocalizedText
from testamur.model.values import Url, check_url

__all__ = [
    "CREDENTIALS_V1",
    "CREDENTIALS_V2",
    "BitstringStatusList",
    "BitstringStatusListCredential",
    "ContextItem",
    "Contexts",
    "Credential",
    "CredentialV1",
    "CredentialV2",
    "VerifiableCredential",
    "VerifiableCredentialV1",
    "check_contexts",
]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"


ContextItem: TypeAlias = str | dict[str, Any]
"""A context: its URL, or the context itself as a JSON object."""


def _contexts(value: object) -> tuple[ContextItem, ...]:
    if not isinstance(value, (list, tuple)):
        raise _context_fault(f"is {kind(value)}; write an array that begins with the base context")
    for position, item in enumerate(value):
        if isinstance(item, dict):
            continue
        if not isinstance(item, str):
            reason = f"is {kind(item)}; write the URL of a context"
            raise _context_fault(reason, at=f"[{position}]")
        try:
            check_url(item)
        except BrokenRuleError as error:
            reason = f"{shorten(item)} is not a URL; write the URL of a context"
            raise _context_fault(reason, at=f"[{position}]") from error
    return tuple(value)


def check_contexts(value: tuple[ContextItem, ...], base: str) -> None:
    """Check that the contexts begin with `base` (VC Data Model 2.0, Contexts).

    Raises:
        BrokenRuleError: for the model that calls it.
    """
    if not value or value[0] != base:
        found = value[0] if value and isinstance(value[0], str) else None
        raise _context_fault(
            f"begins with {shorten(found)}, not with the base context; put {base} first"
            if found
            else f"does not begin with the base context; put {base} first",
            at="[0]" if value else "",
        )


Contexts: TypeAlias = Annotated[tuple[ContextItem, ...], PlainValidator(_contexts)]
"""The value of `@context`: URLs, and objects, which a model allows and a verifier does not."""


class Credential(TypedModel):
    """What credentials of all versions and kinds have in common.

    Attributes:
        base_context: the first item of `@context`.
    """

    path_name = "credential"
    default_type: ClassVar[tuple[str, ...]] = ("VerifiableCredential",)
    base_context: ClassVar[str]
    member_order: ClassVar[tuple[str, ...]] = (
        "@context",
        "id",
        "type",
        "name",
        "description",
        "image",
        "issuer",
        "issuanceDate",
        "expirationDate",
        "validFrom",
        "validUntil",
        "awardedDate",
        "credentialSubject",
        "evidence",
    )

    context: Contexts = Field(alias="@context")
    type: Types
    id: Maybe[Url] = None
    issuer: object
    credential_subject: object
    proof: AtLeastOne[Proof] = ()

    @field_validator("context")
    @classmethod
    def _check_contexts(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        check_contexts(value, cls.base_context)
        return value

    @property
    def issuer_id(self) -> str | None:
        """The issuer's id, in whichever form the issuer is written; an EDC's may have none."""
        issuer = self.issuer
        found = issuer if isinstance(issuer, str) else getattr(issuer, "id", None)
        return found if isinstance(found, str) else None

    @property
    def subjects(self) -> tuple[Model, ...]:
        """The credential's subjects, one or more."""
        subject = self.credential_subject
        return tuple(each for each in _as_tuple(subject) if isinstance(each, Model))

    @property
    def subject_ids(self) -> tuple[str, ...]:
        """The ids of those subjects that have one."""
        ids = (getattr(each, "id", None) for each in self.subjects)
        return tuple(each for each in ids if isinstance(each, str))


class _OpenCredential(Credential):
    """A credential that takes the members of the W3C data model, and any others beside them."""

    name: Maybe[LocalizedText] = None
    description: Maybe[LocalizedText] = None
    issuer: Annotated[str | Issuer, StringOr(check_url)]
    credential_status: OneOrMany[AnyCredentialStatus] = ()
    credential_schema: OneOrMany[CredentialSchema] = ()
    refresh_service: OneOrMany[RefreshService] = ()
    terms_of_use: OneOrMany[TermsOfUse] = ()
    evidence: OneOrMany[Evidence] = ()

    @property
    def issuer_id(self) -> str:
        """The issuer's id, in whichever form the issuer is written."""
        return self.issuer if isinstance(self.issuer, str) else self.issuer.id


class CredentialV2(_OpenCredential):
    """What credentials of the VC Data Model 2.0 have in common."""

    base_context = CREDENTIALS_V2

    valid_from: Maybe[DateTimeStamp] = None
    valid_until: Maybe[DateTimeStamp] = None
    related_resource: OneOrMany[RelatedResource] = ()

    @field_validator("related_resource")
    @classmethod
    def _check_resources(cls, value: tuple[RelatedResource, ...]) -> tuple[RelatedResource, ...]:
        seen: set[str] = set()
        for position, each in enumerate(resource.id for resource in value):
            if each in seen:
                raise fault(
                    f"{shorten(each)} is described twice; keep one of the two",
                    at=f"[{position}].id",
                )
            seen.add(each)
        return value

    @model_validator(mode="after")
    def _check_period(self) -> Self:
        _check_period(self.valid_from, self.valid_until, "validUntil", "validFrom")
        return self


class CredentialV1(_OpenCredential):
    """What credentials of the VC Data Model 1.1 have in common; they are mostly verified."""

    base_context = CREDENTIALS_V1

    issuance_date: DateTimeStamp
    expiration_date: Maybe[DateTimeStamp] = None

    @property
    def valid_from(self) -> datetime:
        """`issuanceDate`, from which the credential is valid."""
        return self.issuance_date

    @property
    def valid_until(self) -> datetime | None:
        """`expirationDate`, after which the credential is not valid."""
        return self.expiration_date

    @model_validator(mode="after")
    def _check_period(self) -> Self:
        _check_period(self.issuance_date, self.expiration_date, "expirationDate", "issuanceDate")
        return self


class VerifiableCredential(CredentialV2):
    """Any credential of the VC Data Model 2.0."""

    credential_subject: AtLeastOne[CredentialSubject]


class VerifiableCredentialV1(CredentialV1):
    """Any credential of the VC Data Model 1.1."""

    credential_subject: AtLeastOne[CredentialSubject]


class BitstringStatusList(TypedModel):
    """The subject of a status list credential (Bitstring Status List 1.0, BitstringStatusList).

    The list itself is kept as it is: it is decoded and checked where status is read.
    """

    default_type = One(("BitstringStatusList",))

    id: Maybe[Url] = None
    status_purpose: AtLeastOne[str]
    encoded_list: str
    ttl: Maybe[int] = None


class BitstringStatusListCredential(CredentialV2):
    """A status list (Bitstring Status List 1.0, BitstringStatusListCredential)."""

    default_type = ("VerifiableCredential", "BitstringStatusListCredential")

    credential_subject: BitstringStatusList


def _check_period(
    start: datetime | None, end: datetime | None, end_name: str, start_name: str
) -> None:
    if start is not None and end is not None and end < start:
        raise fault(
            f"{format_date_time_stamp(end)} is before {start_name} {format_date_time_stamp(start)};"
            " write a later date",
            at=end_name,
            code=Code.VALIDITY_MALFORMED,
        )


def _context_fault(reason: str, *, at: str = "") -> BrokenRuleError:
    return fault(reason, at=at, code=Code.CONTEXT_REJECTED, expected="URLs, the base context first")


def _as_tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
