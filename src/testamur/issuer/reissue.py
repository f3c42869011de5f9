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
    now: datetime,
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
        if record.verification_method != signed_with:
            continue
        newer = _renewal(register, record)
        if newer is not None and newer.issued_at is not None:
            if newer.verification_method != signed_with:  # else its own turn comes
                content = register.credentials.content(newer)
                yield IssuedCredential(newer.id, None, content, is_new=False)
        elif record.superseded_by is not None and newer is None:
            continue  # replaced
        elif _holds(record, now):
            yield issuer.renew(
                record.id,
                valid_from=_beginning(register, record, now),
                valid_until=record.valid_until if newer is None else newer.valid_until,
                who=who,
            )


def _holds(record: CredentialRecord, now: datetime) -> bool:
    return record.standing is Standing.CURRENT and not record.is_expired(now)


def _beginning(register: Register, record: CredentialRecord, now: datetime) -> datetime:
    """Return when the new one begins to hold: as the old one, or one that still holds before it."""
    begins = record.valid_from if record.valid_from is not None else now
    while record.relation is Relation.RENEWS and record.supersedes is not None:
        older = register.credentials.find(record.supersedes)
        if (
            older is None
            or older.verification_method != record.verification_method
            or not _holds(older, now)
        ):
            break
        record = older
        begins = min(begins, record.valid_from if record.valid_from is not None else now)
    return begins


def _renewal(register: Register, record: CredentialRecord) -> CredentialRecord | None:
    """Return what a credential was renewed by, or was to be by a run that was interrupted."""
    if record.superseded_by is None:
        return None
    newer = register.credentials.find(record.superseded_by)
    return newer if newer is not None and newer.relation is Relation.RENEWS else None
