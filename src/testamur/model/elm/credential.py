"""The European Digital Credential for Learning (EDC) of the European Learning Model 3.

A credential of the W3C VC Data Model 1.1. It is sealed from outside (JAdES), or carries a proof of
its own. The issuer is whoever seals it; who taught and assessed stands in each claim's awarding
process.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, field_validator, model_validator

from testamur.canon.contexts import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    EDC_AP,
    STATUS_V1,
)
from testamur.errors import Code
from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany, StringOr
from testamur.model.credential_parts import AnyCredentialStatus, TermsOfUse
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import CredentialProfile
from testamur.model.elm.node import ClosedModel, unknown_member
from testamur.model.faults import BrokenRuleError, fault, shorten
from testamur.model.values import Url, check_url
from testamur.model.vcdm import ContextItem, Credential

__all__ = [
    "EDC_CONTEXT",
    "EDC_GENERIC_FULL",
    "EuropeanDigitalCredential",
    "ShaclValidator2017",
]

EDC_CONTEXT = EDC_AP
"""The context of European Digital Credentials, second after that of the VC Data Model 1.1."""

EDC_GENERIC_FULL = "http://data.europa.eu/snb/model/ap/edc-generic-full"
"""The published shapes that every European Digital Credential is held to."""

# Contexts that a proof or a status brings along.
_MORE_CONTEXTS = frozenset(
    {
        DATA_INTEGRITY_V2,
        ED25519_2020_V1,
        STATUS_V1,
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        "https://w3id.org/vc/status-list/2021/v1",
    }
)


class ShaclValidator2017(ClosedModel):
    """Shapes that the credential is said to conform to."""

    default_type = One(("ShaclValidator2017",))

    id: Url


class EuropeanDigitalCredential(Credential):
    """A European Digital Credential.

    `issued`, and the issuer's `eIDASIdentifier`, are added when the credential is sealed, so a
    draft has neither. `issue_check` says what else a credential must have.
    """

    model_config = ConfigDict(extra="forbid")
    base_context = CREDENTIALS_V1
    default_type = ("VerifiableCredential", "EuropeanDigitalCredential")
    member_order: ClassVar[tuple[str, ...]] = (
        "@context",
        "id",
        "type",
        "credentialSchema",
        "credentialProfiles",
        "issuer",
        "issued",
        "issuanceDate",
        "validFrom",
        "validUntil",
        "expirationDate",
        "displayParameter",
        "credentialSubject",
    )

    credential_schema: AtLeastOne[kinds.ShaclValidator2017]
    credential_profiles: AtLeastOne[CredentialProfile]
    identifier: OneOrMany[kinds.AnyIdentifier] = ()
    issuer: kinds.AnyAgent
    issued: Maybe[DateTime] = None
    issuance_date: Maybe[DateTime] = None
    valid_from: DateTime
    valid_until: Maybe[DateTime] = None
    expiration_date: Maybe[DateTime] = None
    display_parameter: kinds.DisplayParameter
    credential_subject: kinds.AnyAgent
    evidence: OneOrMany[kinds.Evidence] = ()
    attachment: OneOrMany[kinds.MediaObject] = ()
    holder: OneOrMany[kinds.AnyAgent] = ()
    terms_of_use: OneOrMany[Annotated[str | TermsOfUse, StringOr(check_url)]] = ()
    credential_status: OneOrMany[AnyCredentialStatus] = ()

    def __init__(self, /, **members: Any) -> None:
        """Make a credential; contexts and schema are filled in where they are not given."""
        if "context" not in members and "@context" not in members:
            members["context"] = (CREDENTIALS_V1, EDC_CONTEXT)
        if "credential_schema" not in members and "credentialSchema" not in members:
            members["credential_schema"] = One((ShaclValidator2017(id=EDC_GENERIC_FULL),))
        super().__init__(**members)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @field_validator("context")
    @classmethod
    def _check_contexts(cls, value: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        check_edc_contexts(value)
        return value

    @model_validator(mode="after")
    def _check_periods(self) -> Self:
        for name, end in (
            ("validUntil", self.valid_until),
            ("expirationDate", self.expiration_date),
        ):
            if end is not None and _is_before(end, self.valid_from):
                raise fault(
                    "is before validFrom; write a later date", at=name, code=Code.VALIDITY_MALFORMED
                )
        return self

    @classmethod
    def _unknown_member(cls, parent: object, name: str) -> str:
        return unknown_member(cls, parent, name)


def check_edc_contexts(value: tuple[ContextItem, ...]) -> None:
    """Check the contexts: that of the VC Data Model 1.1, the EDC's, and those of a proof.

    Raises:
        BrokenRuleError: for the model that calls it.
    """
    if CREDENTIALS_V2 in value:
        raise _context_fault(
            "holds the context of the VC Data Model 2.0, which protects terms that the European"
            f" Learning Model defines otherwise, so no processor takes both; write {CREDENTIALS_V1}"
            f" first and {EDC_CONTEXT} second",
            at=f"[{value.index(CREDENTIALS_V2)}]",
        )
    for position, wanted in enumerate((CREDENTIALS_V1, EDC_CONTEXT)):
        found = value[position] if len(value) > position else None
        if found == wanted:
            continue
        if isinstance(found, str) and found.replace("https:", "http:", 1) == wanted:
            what = "begins with https, which is another IRI"
        else:
            what = f"is {shorten(found)}" if isinstance(found, str) else "is missing"
        raise _context_fault(f"{what}; write {wanted} here", at=f"[{position}]")
    for position, each in enumerate(value[2:], 2):
        if not isinstance(each, str) or each not in _MORE_CONTEXTS:
            what = shorten(each) if isinstance(each, str) else "an inline context"
            raise _context_fault(
                f"is {what}; a European Digital Credential takes its own two contexts and those of"
                " a proof, so leave it out",
                at=f"[{position}]",
            )


def _is_before(end: datetime, start: datetime) -> bool:
    return (end.tzinfo is None) == (start.tzinfo is None) and end < start


def _context_fault(reason: str, *, at: str) -> BrokenRuleError:
    wanted = f"{CREDENTIALS_V1}, {EDC_CONTEXT}"
    return fault(reason, at=at, code=Code.CONTEXT_REJECTED, expected=wanted)
