"""The key that the configuration names, opened."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from testamur import limits
from testamur._environment import Ask, nobody, password_in, password_of, pin_of
from testamur.errors import ConfigurationError
from testamur.keys import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
    Ed25519Signer,
    OutsideKey,
    OutsideSigner,
    did_jwk,
    did_key,
)
from testamur.settings.sections import SignerSettings

if TYPE_CHECKING:
    from testamur.batch.signers import SignerFactory
    from testamur.register import Register

__all__ = ["factory_of", "open_signer"]


def open_signer(
    said: SignerSettings | None, *, issuer: str | None, register: Register | None, ask: Ask
) -> Ed25519Signer | OutsideSigner:
    """Open the key, under the URL at which it is published; see `Settings.open_signer`."""
    if said is None:
        raise ConfigurationError(
            "no key is named: set key_file or service in the table [signer] of the "
            "configuration, or the variable TESTAMUR_SIGNER__KEY_FILE"
        )
    key = _open(said, ask)
    method = _method(said, key.public_key, issuer=issuer, register=register)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Signer(key, method)
    return OutsideSigner(key, method)


def factory_of(
    said: SignerSettings | None, signer: Ed25519Signer | OutsideSigner
) -> SignerFactory | None:
    """Return what opens a key elsewhere in other processes; None for one in memory."""
    if not isinstance(signer, OutsideSigner) or said is None:
        return None
    from testamur.batch.signers import KeyElsewhere

    return KeyElsewhere(
        _open_by_itself,
        (said.service, said.public_key),
        signer.verification_method,
        signer.public_key.public_bytes,
    )


def _open(said: SignerSettings, ask: Ask) -> Ed25519PrivateKey | OutsideKey:
    if said.key_file is None:
        from testamur.keys.services import open_service_key

        pin = _pin_in_environment if ask is nobody else lambda token: pin_of(token, ask)
        return open_service_key(said.service or "", said.public_key, pin)
    from testamur.keys.key_file import KeyFileWarning, exposure, open_private_key

    path = said.key_file
    password = None if said.password_file is None else _password(said.password_file)
    key = open_private_key(path, password=password, ask=lambda: password_of(path, ask))
    found = exposure(path)
    if found is not None:
        warnings.warn(found, KeyFileWarning, stacklevel=4)
    return key


def _method(
    said: SignerSettings,
    key: Ed25519PublicKey,
    *,
    issuer: str | None,
    register: Register | None,
) -> str:
    method = said.verification_method
    if register is not None:
        from testamur.issuer.opening import find_verification_method

        return find_verification_method(register, key, verification_method=method, issuer=issuer)
    if method is not None:
        return method
    for own in (did_key.verification_method(key), did_jwk.verification_method(key)):
        if own.partition("#")[0] == issuer:
            return own
    raise ConfigurationError(
        "under which URL the key is published is not said: set signer.verification_method, as "
        "did:web:uni.example#key-1"
    )


def _pin_in_environment(token: str) -> bytes | None:
    return pin_of(token, nobody)


def _open_by_itself(service: str, public_key: str | None) -> OutsideKey:
    """Open a key in a process in which nobody can be asked."""
    from testamur.keys.services import open_service_key

    return open_service_key(service, public_key, _pin_in_environment)


def _password(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(limits.SETTINGS_BYTES)
    except OSError as error:
        raise ConfigurationError(
            f"signer.password_file: {file} cannot be read: {error.strerror or error}",
            path=str(file),
        ) from error
    return password_in(content, str(file))
