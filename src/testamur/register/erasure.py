"""Erasing what may name a person, and nothing that the trail or a status list needs."""

from __future__ import annotations

from testamur.errors import Code, RegisterError
from testamur.register.credentials import State, require_credential
from testamur.register.publications import remove_publication
from testamur.register.schema import (
    carriers,
    credentials,
    outbox,
    personal_data,
    plans,
    signatures,
    status_changes,
)
from testamur.register.writing import Writing

__all__ = ["erase"]


def erase(writing: Writing, identifier: str, *, reason: str, who: str | None) -> None:
    """Erase what may name the person of a credential; it is never taken back.

    Gone are the recipient, the document, the hashes of the caller's key and request, the reasons
    of status changes, where files are, the name of a public page, and what stands behind
    commitments. Kept are the credential's id, its places and their bits, its hash, and all entries
    of the trail.

    The reason goes into the trail for ever: it names nobody.

    Raises:
        RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is planned and not finished.
    """
    if not reason.strip():
        raise RegisterError("say why it is erased", path="reason")
    record = require_credential(writing.connection, identifier)
    if record.state is State.PLANNED:
        raise RegisterError(
            f"{identifier[:160]} is not finished; resume or abandon it first",
            code=Code.REGISTER_CONFLICT,
        )
    if record.erased_at is not None:
        return
    number, run = record.number, writing.connection.execute
    remove_publication(writing, number)
    run(personal_data.delete().where(personal_data.c.credential_id == number))
    run(plans.delete().where(plans.c.credential_id == number))
    run(signatures.update().where(signatures.c.credential_id == number).values(content=None))
    run(status_changes.update().where(status_changes.c.credential_id == number).values(reason=None))
    run(carriers.update().where(carriers.c.credential_id == number).values(location=None))
    run(
        credentials.update()
        .where(credentials.c.id == number)
        .values(recipient=None, tag=None, request=None, erased_at=writing.now)
    )
    run(outbox.delete().where(outbox.c.subject == identifier, outbox.c.delivered_at.is_not(None)))
    writing.record("credential.erased", identifier, {"reason": reason}, who=who)
