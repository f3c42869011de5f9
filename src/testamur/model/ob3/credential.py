"""Badges, endorsements and the profiles behind them (Open Badges 3.0, Data Model).

These classes name each other in circles (a profile may carry endorsements, an endorsement has an
issuer, which is a profile), so they share a module.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias, get_args

from pydantic import (
    GetCoreSchemaHandler,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from testamur.errors import Code
from testamur.model import credential_parts
from testamur.model.base import Maybe, OneOrMany, StringOr, TypedModel
from testamur.model.credential_parts import Issuer, Proof
from testamur.model.dates import Date, DateTime, DateTimeStamp
from testamur.model.faults import fault, shorten
from testamur.model.language import LanguageTag, LocalizedText
from testamur.model.ob3.achievement import (
    Alignment,
    Criteria,
    Evidence,
    Image,
    Related,
    Result,
    ResultDescription,
)
from testamur.model.ob3.identity import IdentifierEntry, IdentityObject
from testamur.model.ob3.vocabulary import AnyAchievementType
from testamur.model.values import (
    OPEN_BADGES_CONTEXT_URL,
    CompactJws,
    Markdown,
    Number,
    Url,
    check_url,
)
from testamur.model.vcdm import CREDENTIALS_V1, ContextItem, CredentialV1, CredentialV2

__all__ = [
    "OPEN_BADGES_CONTEXT",
    "OPEN_BADGES_EXTENSIONS",
    "Achievement",
    "AchievementCredential",
    "AchievementCredentialV1P1",
    "AchievementSubject",
    "Address",
    "AnyEndorsement",
    "EndorsementCredential",
    "EndorsementCredentialV1P1",
    "EndorsementSubject",
    "GeoCoordinates",
    "OpenBadgesCredential",
    "OpenBadgesCredentialV1P1",
    "Profile",
    "RefreshService",
]

OPEN_BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
"""The context under which badges are issued."""

OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
"""The context that defines the types that begin with "1EdTech"."""


def _endorsement_by_version(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    contexts = value.get("@context") if isinstance(value, dict) else None
    if isinstance(contexts, (list, tuple)) and CREDENTIALS_V1 in contexts[:1]:
        return EndorsementCredentialV1P1.model_validate(value)
    return validate(value)


class _ByVersion:
    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        current, _ = get_args(source)
        return core_schema.no_info_wrap_validator_function(
            _endorsement_by_version, handler.generate_schema(current)
        )


AnyEndorsement: TypeAlias = Annotated[
    "EndorsementCredential | EndorsementCredentialV1P1", _ByVersion()
]
"""An embedded endorsement: a credential of its own, read by the version of its own @context."""


class GeoCoordinates(TypedModel):
    """A place on Earth, in degrees (Open Badges 3.0, GeoCoordinates)."""

    default_type = ("GeoCoordinates",)

    latitude: Number
    longitude: Number


class Address(TypedModel):
    """A postal address (Open Badges 3.0, Address)."""

    default_type = ("Address",)

    address_country: Maybe[str] = None
    address_country_code: Maybe[str] = None
    address_region: Maybe[str] = None
    address_locality: Maybe[str] = None
    street_address: Maybe[str] = None
    post_office_box_number: Maybe[str] = None
    postal_code: Maybe[str] = None
    geo: Maybe[GeoCoordinates] = None


class Profile(Issuer, TypedModel):
    """A person or an organization (Open Badges 3.0, Profile)."""

    default_type = ("Profile",)

    name: Maybe[LocalizedText] = None
    url: Maybe[Url] = None
    phone: Maybe[str] = None
    description: Maybe[LocalizedText] = None
    endorsement: OneOrMany[AnyEndorsement] = ()
    endorsement_jwt: OneOrMany[CompactJws] = ()
    image: Maybe[Image] = None
    email: Maybe[str] = None
    address: Maybe[Address] = None
    other_identifier: OneOrMany[IdentifierEntry] = ()
    official: Maybe[str] = None
    parent_org: Maybe[Profile] = None
    family_name: Maybe[str] = None
    given_name: Maybe[str] = None
    additional_name: Maybe[str] = None
    patronymic_name: Maybe[str] = None
    honorific_prefix: Maybe[str] = None
    honorific_suffix: Maybe[str] = None
    family_name_prefix: Maybe[str] = None
    date_of_birth: Maybe[Date] = None


class Achievement(TypedModel):
    """What is recognized, the same for all who earn it (Open Badges 3.0, Achievement)."""

    default_type = ("Achievement",)

    id: Url
    name: str
    description: str
    criteria: Criteria
    achievement_type: Maybe[AnyAchievementType] = None
    image: Maybe[Image] = None
    creator: Maybe[Profile] = None
    alignment: OneOrMany[Alignment] = ()
    result_description: OneOrMany[ResultDescription] = ()
    credits_available: Maybe[Number] = None
    field_of_study: Maybe[str] = None
    specialization: Maybe[str] = None
    human_code: Maybe[str] = None
    in_language: Maybe[LanguageTag] = None
    version: Maybe[str] = None
    tag: OneOrMany[str] = ()
    other_identifier: OneOrMany[IdentifierEntry] = ()
    related: OneOrMany[Related] = ()
    endorsement: OneOrMany[AnyEndorsement] = ()
    endorsement_jwt: OneOrMany[CompactJws] = ()


class AchievementSubject(TypedModel):
    """The recipient and what they achieved (Open Badges 3.0, AchievementSubject)."""

    default_type = ("AchievementSubject",)

    id: Maybe[Url] = None
    identifier: OneOrMany[IdentityObject] = ()
    achievement: Achievement
    activity_start_date: Maybe[DateTime] = None
    activity_end_date: Maybe[DateTime] = None
    credits_earned: Maybe[Number] = None
    image: Maybe[Image] = None
    license_number: Maybe[str] = None
    narrative: Maybe[Markdown] = None
    result: OneOrMany[Result] = ()
    role: Maybe[str] = None
    source: Maybe[Profile] = None
    term: Maybe[str] = None

    @model_validator(mode="after")
    def _check_identity(self) -> Self:
        if self.id is None and not self.identifier:
            raise fault("names no recipient; add an id or an identifier (either MUST be supplied)")
        return self


class EndorsementSubject(TypedModel):
    """Who or what is endorsed (Open Badges 3.0, EndorsementSubject)."""

    default_type = ("EndorsementSubject",)

    id: Url
    endorsement_comment: Maybe[Markdown] = None


class RefreshService(credential_parts.RefreshService):
    """Where a newer copy may be had; Open Badges 3.0 demands its URL."""

    id: Url


class OpenBadgesCredential(CredentialV2):
    """What badges and endorsements of Open Badges 3.0 have in common."""

    id: Url
    issuer: Annotated[str | Profile, StringOr(check_url)]
    valid_from: DateTimeStamp
    awarded_date: Maybe[DateTimeStamp] = None
    refresh_service: OneOrMany[RefreshService] = ()

    @field_validator("context")
    @classmethod
    def _check_second_context(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        second = value[1] if len(value) > 1 else None
        if not isinstance(second, str) or not OPEN_BADGES_CONTEXT_URL.fullmatch(second):
            raise fault(
                f"has no Open Badges 3.0 context in second place; put {OPEN_BADGES_CONTEXT} there",
                code=Code.CONTEXT_REJECTED,
                expected=OPEN_BADGES_CONTEXT,
                found=second if isinstance(second, str) else None,
            )
        return value

    @field_validator("proof")
    @classmethod
    def _check_purpose(cls, value: tuple[Proof, ...]) -> tuple[Proof, ...]:
        for each in value:
            if each.proof_purpose not in (None, "assertionMethod"):
                raise fault(
                    f"has the purpose {shorten(each.proof_purpose)}; a badge is proved for"
                    " 'assertionMethod'",
                    code=Code.PROOF_PURPOSE,
                    expected="assertionMethod",
                    found=each.proof_purpose,
                )
        return value


class AchievementCredential(OpenBadgesCredential):
    """A badge: one achievement of one recipient (Open Badges 3.0, AchievementCredential)."""

    default_type = ("VerifiableCredential", "OpenBadgeCredential")
    type_synonyms: ClassVar[dict[str, str]] = {"OpenBadgeCredential": "AchievementCredential"}

    credential_subject: AchievementSubject
    image: Maybe[Image] = None
    evidence: OneOrMany[Evidence] = ()
    endorsement: OneOrMany[AnyEndorsement] = ()
    endorsement_jwt: OneOrMany[CompactJws] = ()


class EndorsementCredential(OpenBadgesCredential):
    """An endorsement of anything that has an id (Open Badges 3.0, EndorsementCredential)."""

    default_type = ("VerifiableCredential", "EndorsementCredential")

    name: LocalizedText
    credential_subject: EndorsementSubject


class OpenBadgesCredentialV1P1(CredentialV1):
    """What Open Badges 3.0 credentials of the VC Data Model 1.1 have in common.

    They are read; they MUST NOT be issued.
    """

    id: Url
    name: LocalizedText
    issuer: Profile
    awarded_date: Maybe[DateTimeStamp] = None


class AchievementCredentialV1P1(OpenBadgesCredentialV1P1):
    """A badge of the VC Data Model 1.1 (Open Badges 3.0, legacy)."""

    default_type = ("VerifiableCredential", "OpenBadgeCredential")
    type_synonyms: ClassVar[dict[str, str]] = {"OpenBadgeCredential": "AchievementCredential"}

    credential_subject: AchievementSubject
    image: Maybe[Image] = None
    evidence: OneOrMany[Evidence] = ()
    endorsement: OneOrMany[AnyEndorsement] = ()
    endorsement_jwt: OneOrMany[CompactJws] = ()


class EndorsementCredentialV1P1(OpenBadgesCredentialV1P1):
    """An endorsement of the VC Data Model 1.1 (Open Badges 3.0, legacy)."""

    default_type = ("VerifiableCredential", "EndorsementCredential")

    credential_subject: EndorsementSubject


# The circle of classes that name each other is closed only here.
for _model in (
    Profile,
    Achievement,
    AchievementSubject,
    OpenBadgesCredential,
    AchievementCredential,
    EndorsementCredential,
    OpenBadgesCredentialV1P1,
    AchievementCredentialV1P1,
    EndorsementCredentialV1P1,
):
    _model.model_rebuild()
