"""Keys that are kept elsewhere, opened by the words that name them: `vault:transit/issuer`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from testamur import limits
from testamur.errors import Code, ConfigurationError, InputError, SigningKeyError
from testamur.keys import pem
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.multikey import decode_public_key
from testamur.keys.outside import OutsideKey

__all__ = ["AskPin", "open_service_key", "read_public_key"]

AskPin: TypeAlias = Callable[[str], bytes | None]
"""Gives the PIN of the token of a name; None where nobody says it."""

_MAX_PIN_BYTES = 255
_Opening: TypeAlias = Callable[[str, Ed25519PublicKey | None, AskPin], OutsideKey]


@lru_cache(maxsize=16)
def open_service_key(name: str, public_key: str | None, ask_pin: AskPin) -> OutsideKey:
    """Open a key that is kept elsewhere; once in a process, for a token opens only once.

    Args:
        name: `pkcs11:`, `awskms:`, `gcpkms:`, `vault:` or `command:`, and which key there.
        public_key: the key that it must be: z6Mk…, or a PEM file with it. `command:` needs it.
        ask_pin: gives the PIN of a token, where `name` does not say in which file it is.

    Raises:
        ConfigurationError: `name` names nothing, or what it needs is not installed or not given.
        SigningKeyError: the key cannot be had, or is another one than `public_key`.
        InputError: a file cannot be read.
    """
    scheme, colon, rest = name.partition(":")
    opening = _OPENINGS.get(scheme)
    if opening is None or not colon or not rest:
        raise ConfigurationError(
            f"{name[:120]!r} names no key; write pkcs11:, awskms:, gcpkms:, vault: or command:, "
            "and which key there"
        )
    expected = None if public_key is None else read_public_key(public_key)
    key = opening(rest, expected, ask_pin)
    if expected is not None and key.public_key != expected:
        raise SigningKeyError(
            f"{key.service} is another key than the public key that was given",
            code=Code.SIGNING_KEY,
        )
    return key


def read_public_key(text: str) -> Ed25519PublicKey:
    """Return a public key that is written as z6Mk…, or is in a PEM file of that name.

    Raises:
        InputError: the file cannot be read. SigningKeyError: it is no Ed25519 key.
    """
    if not text.startswith("z"):
        return pem.decode_public_key(_read(Path(text)))
    key = decode_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyError(f"{text[:80]} is no Ed25519 key; those begin with z6Mk")
    return key


def _pkcs11(rest: str, public_key: Ed25519PublicKey | None, ask_pin: AskPin) -> OutsideKey:
    from testamur.keys.pkcs11 import Pkcs11Token, Pkcs11Uri

    uri = Pkcs11Uri.parse(f"pkcs11:{rest}")
    token = Pkcs11Token.open(uri.module, uri.token, pin=_pin(uri.token, uri.pin_file, ask_pin))
    return token.key(uri.label, id=uri.id, public_key=public_key)


def _aws(rest: str, _key: Ed25519PublicKey | None, _ask: AskPin) -> OutsideKey:
    from testamur.keys.aws_kms import AwsKmsKey

    return AwsKmsKey.connect(rest)


def _google(rest: str, _key: Ed25519PublicKey | None, _ask: AskPin) -> OutsideKey:
    from testamur.keys.google_kms import GoogleKmsKey

    return GoogleKmsKey.connect(rest)


def _vault(rest: str, _key: Ed25519PublicKey | None, _ask: AskPin) -> OutsideKey:
    from testamur.keys.vault_transit import VaultTransitKey

    path, _question, query = rest.partition("?")
    mount, _slash, key = path.rpartition("/")
    version = query.removeprefix("version=")
    if not key or (query and not (query != version and version.isascii() and version.isdigit())):
        raise ConfigurationError(
            f"vault:{rest[:120]} names no key; write vault:transit/KEY, or "
            "vault:transit/KEY?version=2"
        )
    return VaultTransitKey.connect(
        key, mount=mount or "transit", version=int(version) if version else None
    )


def _command(rest: str, public_key: Ed25519PublicKey | None, _ask: AskPin) -> OutsideKey:
    from testamur.keys.command import CommandKey

    if public_key is None:
        raise ConfigurationError(
            "a command cannot say which key it signs with: give its public key, as --public-key "
            "z6Mk… or --public-key FILE.pem, or as signer.public_key in the configuration"
        )
    try:
        words = shlex.split(rest)
    except ValueError as error:
        raise ConfigurationError(
            f"command:{rest[:120]} has a quotation mark that is not closed"
        ) from error
    return CommandKey(words, public_key)


_OPENINGS: dict[str, _Opening] = {
    "pkcs11": _pkcs11,
    "awskms": _aws,
    "gcpkms": _google,
    "vault": _vault,
    "command": _command,
}


def _pin(token: str, file: Path | None, ask_pin: AskPin) -> str:
    """Return the PIN: from its file, or from whoever is asked."""
    content = ask_pin(token) if file is None else _read(file)
    where = "the PIN" if file is None else str(file)
    if content is None:
        raise ConfigurationError(
            f"the token {token!r} needs its PIN: write pin-source=file:PATH into the URI, or set "
            "TESTAMUR_PKCS11_PIN"
        )
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    try:
        pin = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{where} holds no PIN: it is not UTF-8") from error
    if not 0 < len(content) <= _MAX_PIN_BYTES:
        raise ConfigurationError(f"{where} holds {len(content)} bytes, which is no PIN")
    return pin


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.SETTINGS_BYTES)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
