"""Under which URL a register knows the key with which an issuer is going to sign."""

from __future__ import annotations

from testamur.errors import Code, RegisterError
from testamur.keys import multikey
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.register import KeyRecord, Register

__all__ = ["find_verification_method"]

_SHOWN = 5


def find_verification_method(
    register: Register,
    public_key: Ed25519PublicKey,
    *,
    verification_method: str | None = None,
    issuer: str | None = None,
) -> str:
    """Return the URL under which a register knows a key.

    Args:
        register: where it is looked for.
        public_key: the key.
        verification_method: the URL that it must be; needed where the register knows several.
        issuer: the id of the issuer that is meant, where several issuers have the key.

    Raises:
        RegisterError: REGISTER_UNKNOWN, where the register does not know the key, or not under
            that URL; REGISTER_CONFLICT, where it knows it under several.
    """
    encoded = multikey.encode_public_key(public_key)
    keys = [each for known in register.issuers.all() for each in register.keys.of(known.id)]
    found = [
        each
        for each in keys
        if each.public_key == encoded and verification_method in (None, each.verification_method)
    ]
    if len(found) > 1 and issuer is not None:
        found = [each for each in found if each.issuer == issuer] or found
    if len(found) == 1:
        return found[0].verification_method
    if found:
        raise RegisterError(
            f"the register knows the key under {len(found)} URLs: {_listed(found)}; say which with "
            "--verification-method, or as signer.verification_method in the configuration",
            code=Code.REGISTER_CONFLICT,
        )
    under = "" if verification_method is None else f" as {verification_method[:160]}"
    others = f"; it knows {_listed(keys)}" if keys else ""
    raise RegisterError(
        f"the register does not know this key{under}{others}. Sign with a key that it knows, or "
        "record this one with `testamur register keys add`",
        code=Code.REGISTER_UNKNOWN,
    )


def _listed(keys: list[KeyRecord]) -> str:
    names = [each.verification_method[:160] for each in keys]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
