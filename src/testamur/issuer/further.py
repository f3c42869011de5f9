"""An issued credential, secured in a further way."""

from __future__ import annotations

from hashlib import sha256

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.issuer.desk import Desk
from testamur.issuer.single import usable_key
from testamur.issuing import Mechanism
from testamur.loading import load
from testamur.register import CredentialRecord, IssuerRecord, Standing
from testamur.register.contents import read_contents
from testamur.register.credentials import require_credential
from testamur.secured import Secured

__all__ = ["secure_further"]


def secure_further(
    desk: Desk, identifier: str, mechanism: Mechanism, *, who: str | None
) -> Secured:
    """Secure a credential that was issued before in a further way; see `Issuer.secure_further`."""
    with desk.register.writing() as writing:
        key, issuer = usable_key(writing, desk.signer.verification_method)
        record = require_credential(writing.connection, identifier)
        _require_current(record, issuer)
        content = read_contents(writing.connection, [record.number]).get(record.number)
        if content is None:
            raise RegisterError(
                f"the document of {record.id[:160]} is not kept, so it cannot be signed again",
                code=Code.REGISTER_UNKNOWN,
            )
        facts: JsonObject = {"mechanism": mechanism.value, "key": key.verification_method}
        writing.record("credential.secured", record.id, facts, who=who)
        now = writing.now
    document = {name: value for name, value in load(content).document.items() if name != "proof"}
    secured = desk.sign(document, places=record.places, now=now, mechanism=mechanism)
    kind = "jwt" if mechanism is Mechanism.VC_JWT else "json"
    digest = sha256(secured.content).digest()
    desk.register.credentials.add_carrier(record, kind, digest)
    return secured


def _require_current(record: CredentialRecord, issuer: IssuerRecord) -> None:
    refused = None
    if record.issuer != issuer.id:
        refused = f"is a credential of {record.issuer[:160]}"
    elif record.issued_at is None:
        refused = f"is {record.state}"
    elif record.standing is Standing.REVOKED:
        refused = "is revoked"
    if refused is not None:
        raise RegisterError(
            f"{record.id[:160]} {refused}, so it is not signed again", code=Code.REGISTER_CONFLICT
        )
