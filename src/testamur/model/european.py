"""European Digital Credentials that others issued, as far as the VC Data Model goes.

What we issue is held to the closed classes of `model.elm`. A credential that arrives is whatever
its issuer sealed: newer versions of the model have more members, and older tools forgot some. It is
read as a credential first; how far it follows the model is another question.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import field_validator, model_validator

from testamur.errors import Code
from testamur.model.base import AtLeastOne, Maybe, Model, StringOr
from testamur.model.credential_parts import CredentialSubject
from testamur.model.dates import DateTimeStamp
from testamur.model.faults import fault
from testamur.model.values import Url, check_url
from testamur.model.vcdm import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    ContextItem,
    Credential,
    check_contexts,
)

__all__ = ["EuropeanIssuer", "ReceivedEuropeanCredential"]


class EuropeanIssuer(Model):
    """The issuer as an object; a seal tells who it is where it has no id."""

    id: Maybe[Url] = None


class ReceivedEuropeanCredential(Credential):
    """A European Digital Credential that was received; every member is kept as it is.

    `issued` is when it was written, and `valid_from` when it begins to hold.
    """

    base_context = CREDENTIALS_V1
    default_type = ("VerifiableCredential", "EuropeanDigitalCredential")

    issuer: Annotated[str | EuropeanIssuer, StringOr(check_url)]
    issued: Maybe[DateTimeStamp] = None
    issuance_date: Maybe[DateTimeStamp] = None
    valid_from: Maybe[DateTimeStamp] = None
    valid_until: Maybe[DateTimeStamp] = None
    expiration_date: Maybe[DateTimeStamp] = None
    credential_subject: AtLeastOne[CredentialSubject]

    @field_validator("context")
    @classmethod
    def _check_contexts(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        if value and value[0] == CREDENTIALS_V2:
            raise fault(
                "begins with the context of the VC Data Model 2.0, beside which no processor takes "
                f"that of the European Learning Model; it should begin with {CREDENTIALS_V1}",
                at="[0]",
                code=Code.CONTEXT_REJECTED,
                expected=CREDENTIALS_V1,
            )
        check_contexts(value, cls.base_context)
        return value

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        if self.valid_from is None and self.issuance_date is None:
            raise fault("is missing, and so is issuanceDate; one of them is needed", at="validFrom")
        return self
