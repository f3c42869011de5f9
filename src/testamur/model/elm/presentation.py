"""Presentations of European Digital Credentials, and what a check of one has found."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, field_validator

from testamur.canon.contexts import CREDENTIALS_V1
from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany, TypedModel
from testamur.model.credential_parts import Proof
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import VerificationStatus, VerificationType
from testamur.model.elm.credential import EDC_CONTEXT, check_edc_contexts
from testamur.model.elm.language import Texts
from testamur.model.elm.node import Link, Node, unknown_member
from testamur.model.values import Url
from testamur.model.vcdm import ContextItem, Contexts

__all__ = ["EuropeanDigitalPresentation", "VerificationCheck"]


class VerificationCheck(Node):
    """What one check of a credential has found."""

    default_type = One(("VerificationCheck",))

    dc_type: VerificationType
    verification_status: VerificationStatus
    elm_subject: Link[kinds.EuropeanDigitalCredential]
    description: Maybe[Texts] = None


class EuropeanDigitalPresentation(TypedModel):
    """Credentials that a holder presents, with what checks of them have found.

    Unlike a VerifiablePresentation it reads the credentials inside: they must be sound.
    """

    model_config = ConfigDict(extra="forbid")
    path_name = "presentation"
    default_type = ("VerifiablePresentation", "EuropeanDigitalPresentation")

    context: Contexts = Field(alias="@context")
    id: Maybe[Url] = None
    holder: OneOrMany[kinds.AnyAgent] = ()
    verifiable_credential: OneOrMany[kinds.EuropeanDigitalCredential] = ()
    verification_check: OneOrMany[kinds.VerificationCheck] = ()
    proof: AtLeastOne[Proof] = ()

    def __init__(self, /, **members: Any) -> None:
        """Make a presentation; the contexts are filled in where they are not given."""
        if "context" not in members and "@context" not in members:
            members["context"] = (CREDENTIALS_V1, EDC_CONTEXT)
        super().__init__(**members)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @field_validator("context")
    @classmethod
    def _check_contexts(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        check_edc_contexts(value)
        return value

    @classmethod
    def _unknown_member(cls, parent: object, name: str) -> str:
        return unknown_member(cls, parent, name)
