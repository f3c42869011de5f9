"""`--signer`: an issuer's key that is not a file, and the words that name it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import typer

from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys import Ed25519PublicKey, OutsideKey, pem
from testamur.keys.multikey import decode_public_key
from testamur.loading import read_file

__all__ = ["open_outside_key"]

_PIN_VARIABLE = "TESTAMUR_PKCS11_PIN"
_MAX_PIN_BYTES = 255


@lru_cache(maxsize=16)
def open_outside_key(name: str, public_key: str | None) -> OutsideKey:
    """Open a key that is kept elsewhere; once in a process, for a token opens only once.

    Args:
        name: what `--signer` says: `pkcs11:`, `awskms:`, `gcpkms:`, `vault:` or `command:`, and
            which key there.
        public_key: what `--public-key` says: the public key as z6Mk…, or a PEM file with it.

    Raises:
        ConfigurationError: `name` names nothing, or what it needs is not installed or not given.
        SigningKeyError: the key cannot be had, or is not the one that `public_key` says.
        InputError: a file cannot be read.
    """
    scheme, colon, rest = name.partition(":")
    opening = _OPENINGS.get(scheme)
    if opening is None or not colon or not rest:
        raise ConfigurationError(
            f"--signer {name[:120]!r} names no key; write pkcs11:, awskms:, gcpkms:, vault: or "
            "command:, and which key there"
        )
    expected = None if public_key is None else _public_key(public_key)
    key = opening(rest, expected)
    if expected is not None and key.public_key != expected:
        raise SigningKeyError(
            f"{key.service} is another key than --public-key says", code=Code.SIGNING_KEY
        )
    return key


def _pkcs11(rest: str, public_key: Ed25519PublicKey | None) -> OutsideKey:
    from testamur.keys.pkcs11 import Pkcs11Token, Pkcs11Uri

    uri = Pkcs11Uri.parse(f"pkcs11:{rest}")
    token = Pkcs11Token.open(uri.module, uri.token, pin=_pin(uri.token, uri.pin_file))
    return token.key(uri.label, id=uri.id, public_key=public_key)


def _aws(rest: str, _: Ed25519PublicKey | None) -> OutsideKey:
    from testamur.keys.aws_kms import AwsKmsKey

    return AwsKmsKey.connect(rest)


def _google(rest: str, _: Ed25519PublicKey | None) -> OutsideKey:
    from testamur.keys.google_kms import GoogleKmsKey

    return GoogleKmsKey.connect(rest)


def _vault(rest: str, _: Ed25519PublicKey | None) -> OutsideKey:
    from testamur.keys.vault_transit import VaultTransitKey

    path, _question, query = rest.partition("?")
    mount, _slash, key = path.rpartition("/")
    version = query.removeprefix("version=")
    if not key or (query and not (query != version and version.isascii() and version.isdigit())):
        raise ConfigurationError(
            f"--signer vault:{rest[:120]} names no key; write vault:transit/KEY, or "
            "vault:transit/KEY?version=2"
        )
    return VaultTransitKey.connect(
        key, mount=mount or "transit", version=int(version) if version else None
    )


def _command(rest: str, public_key: Ed25519PublicKey | None) -> OutsideKey:
    from testamur.keys.command import CommandKey

    if public_key is None:
        raise ConfigurationError(
            "a command cannot say which key it signs with: give its public key, as --public-key "
            "z6Mk… or --public-key FILE.pem"
        )
    try:
        words = shlex.split(rest)
    except ValueError as error:
        raise ConfigurationError(
            f"--signer command:{rest[:120]} has a quotation mark that is not closed"
        ) from error
    return CommandKey(words, public_key)


_OPENINGS: dict[str, Callable[[str, Ed25519PublicKey | None], OutsideKey]] = {
    "pkcs11": _pkcs11,
    "awskms": _aws,
    "gcpkms": _google,
    "vault": _vault,
    "command": _command,
}


def _public_key(text: str) -> Ed25519PublicKey:
    if not text.startswith("z"):
        return pem.decode_public_key(read_file(text))
    key = decode_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyError("--public-key is not an Ed25519 key; those begin with z6Mk")
    return key


def _pin(token: str, file: Path | None) -> str:
    """Return the PIN: from its file, from the environment, or from the person at the terminal."""
    if file is not None:
        content, where = read_file(file).removesuffix(b"\n").removesuffix(b"\r"), str(file)
    elif _PIN_VARIABLE in os.environ:
        content, where = os.fsencode(os.environ[_PIN_VARIABLE]), _PIN_VARIABLE
    elif sys.stdin.isatty():
        answer: str = typer.prompt(f"PIN of the token {token!r}", hide_input=True, err=True)
        content, where = answer.encode("utf-8", "surrogateescape"), "the PIN"
    else:
        raise ConfigurationError(
            f"the token {token!r} needs its PIN: write pin-source=file:PATH into the URI, or set "
            f"{_PIN_VARIABLE}"
        )
    try:
        pin = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{where} holds no PIN: it is not UTF-8") from error
    if not 0 < len(content) <= _MAX_PIN_BYTES:
        raise ConfigurationError(f"{where} holds {len(content)} bytes, which is no PIN")
    return pin
