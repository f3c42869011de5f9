"""All that a key signed, issued again with another: what a compromise asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.issuer.issued import IssuedCredential
from testamur.register import CredentialRecord, Register, Relation, Standing

if TYPE_CHECKING:
    from testamur.issuer.issuer import Issuer

__all__ = ["reissue"]


def reissue(
    issuer: Issuer,
    register: Register,
    signed_with: str,
    *,
    own: str,
    valid_from: datetime,
    who: str | None,
) -> Iterator[IssuedCredential]:
    """Issue again what a key signed; see `Issuer.reissue`. own: the URL of the key that signs."""
    key = register.keys.find(signed_with)
    if key is None or key.issuer != issuer.id:
        raise RegisterError(
            f"{signed_with[:160]} is no key of {issuer.id[:160]} in the register; look for it with "
            "`testamur register keys list`",
            code=Code.REGISTER_UNKNOWN,
        )
    if signed_with == own:
        raise ConfigurationError("sign with another key than the one whose credentials it replaces")
    for record in register.credentials.all(issuer=issuer.id):
        if record.verification_method == signed_with:
            if record.superseded_by is not None:
                again = _renewed_before(register, record)
                if again is not None:
                    yield again
            elif record.standing is Standing.CURRENT and not record.is_expired(valid_from):
                yield issuer.renew(
                    record.id, valid_from=valid_from, valid_until=record.valid_until, who=who
                )


def _renewed_before(register: Register, record: CredentialRecord) -> IssuedCredential | None:
    """Return what an earlier run made of a credential."""
    newer = register.credentials.find(str(record.superseded_by))
    if newer is None or newer.relation is not Relation.RENEWS or newer.issued_at is None:
        return None
    if newer.verification_method == record.verification_method:
        return None  # renewed for a further time, with the same key: its own turn comes
    return IssuedCredential(newer.id, None, register.credentials.content(newer), is_new=False)
