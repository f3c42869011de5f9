"""Verifiable presentations of the VC Data Model, versions 2.0 and 1.1.

The credentials inside are kept as they are, as JSON: each is a document of its own, and one that is
broken must not hide the others. Only their kind and type are checked here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field, PlainValidator, field_validator

from testamur.canon.strict_json import JsonObject, JsonValue, kind
from testamur.errors import Code
from testamur.model.base import AtLeastOne, Maybe, OneOrMany, StringOr, TypedModel, Types
from testamur.model.credential_parts import Holder, Proof
from testamur.model.faults import BrokenRuleError, fault
from testamur.model.values import Url, check_compact_jws, check_url
from testamur.model.vcdm import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    ContextItem,
    Contexts,
    check_contexts,
)

__all__ = ["Presentation", "VerifiablePresentation", "VerifiablePresentationV1"]

# VC Data Model 2.0, Enveloped Verifiable Credentials: a data: URL of the credential's media type.
_ENVELOPE = re.compile(r"data:application/vc[a-z+-]*(?:;[a-z0-9=-]+)*,(?=.)")


def _presented(value: object) -> JsonObject:
    """Check one credential of a 2.0 presentation (VC Data Model 2.0, Verifiable Presentations)."""
    if isinstance(value, str):
        raise fault(
            "is a string; wrap a JWT in an object of type EnvelopedVerifiableCredential with the"
            " id data:application/vc+jwt,<JWT>",
            expected="object",
            found="string",
        )
    document = _object(value)
    types = _types(document)
    if "EnvelopedVerifiableCredential" in types:
        _check_envelope(document)
    elif "VerifiableCredential" not in types:
        raise _untyped()
    return document


def _presented_v1(value: object) -> JsonObject | str:
    """Check one credential of a 1.1 presentation: an object, or a compact JWT."""
    if isinstance(value, str):
        return check_compact_jws(value)
    document = _object(value)
    if "VerifiableCredential" not in _types(document):
        raise _untyped()
    return document


PresentedCredential: TypeAlias = Annotated[dict[str, Any], PlainValidator(_presented)]
"""A credential inside a 2.0 presentation: the JSON object as it is, also if it is an envelope."""

PresentedCredentialV1: TypeAlias = Annotated[dict[str, Any] | str, PlainValidator(_presented_v1)]
"""A credential inside a 1.1 presentation: the JSON object as it is, or a compact JWT."""


class Presentation(TypedModel):
    """What presentations of both versions have in common.

    Attributes:
        base_context: the first item of `@context`.
    """

    path_name = "presentation"
    default_type = ("VerifiablePresentation",)
    base_context: ClassVar[str]

    context: Contexts = Field(alias="@context")
    type: Types
    id: Maybe[Url] = None
    holder: Maybe[Annotated[str | Holder, StringOr(check_url)]] = None
    proof: AtLeastOne[Proof] = ()

    @field_validator("context")
    @classmethod
    def _check_contexts(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        check_contexts(value, cls.base_context)
        return value

    @property
    def holder_id(self) -> str | None:
        """The holder's id, in whichever form the holder is written."""
        return self.holder.id if isinstance(self.holder, Holder) else self.holder


class VerifiablePresentation(Presentation):
    """A presentation of the VC Data Model 2.0."""

    base_context = CREDENTIALS_V2

    verifiable_credential: OneOrMany[PresentedCredential] = ()


class VerifiablePresentationV1(Presentation):
    """A presentation of the VC Data Model 1.1, which may hold compact JWTs."""

    base_context = CREDENTIALS_V1

    verifiable_credential: OneOrMany[PresentedCredentialV1] = ()


def _object(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise fault(f"is {kind(value)}; write the credential as an object", expected="object")
    return value


def _types(document: JsonObject) -> list[JsonValue]:
    types = document.get("type")
    return types if isinstance(types, list) else [types]


def _untyped() -> BrokenRuleError:
    return fault("does not name VerifiableCredential; add it", at="type")


def _check_envelope(document: JsonObject) -> None:
    if "@context" not in document:
        raise fault(f"is missing; add {CREDENTIALS_V2}", at="@context", code=Code.CONTEXT_REJECTED)
    envelope = document.get("id")
    if not isinstance(envelope, str) or not _ENVELOPE.match(envelope):
        raise fault(
            "is not a data: URL with a secured credential; write data:application/vc+jwt,<JWT>",
            at="id",
            expected="data:application/vc+jwt,…",
            found=envelope,
        )
