"""Private keys in files: read, and looked at whether others can read them too."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable
from pathlib import Path

from testamur.errors import InputError, SigningKeyError
from testamur.keys import pem
from testamur.keys.ed25519 import Ed25519PrivateKey

__all__ = ["KeyFileWarning", "exposure", "open_private_key", "read_private_key"]

_MAX_BYTES = 16 * 1024


class KeyFileWarning(UserWarning):
    """A file with a secret can be read or changed by others."""


def exposure(path: str | os.PathLike[str]) -> str | None:
    """Say in one sentence who else can get at a file with a secret; None where nobody can.

    The mode of the file is looked at, on systems that have one; not the folders above, nor lists
    of access rights. A file that is not there is nobody's concern here.
    """
    if os.name != "posix":
        return None
    try:
        mode = stat.S_IMODE(Path(path).stat().st_mode)
    except OSError:
        return None
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    what = "changed" if mode & (stat.S_IWGRP | stat.S_IWOTH) else "read"
    who = "every user" if mode & stat.S_IRWXO else "the users of its group"
    return (
        f"{os.fspath(path)} can be {what} by {who} of this machine (its mode is {mode:04o}); make "
        f"it yours alone: chmod 600 {os.fspath(path)}"
    )


def open_private_key(
    path: str | os.PathLike[str],
    *,
    password: bytes | None,
    ask: Callable[[], bytes | None],
) -> Ed25519PrivateKey:
    """Read a PKCS #8 PEM file; where it is encrypted and no password is given, ask for it.

    Args:
        path: the file.
        password: of an encrypted file; None: `ask` says it, where it is needed.
        ask: gives the password.

    Raises:
        InputError: the file cannot be read.
        SigningKeyError: it is no such key, or the password is missing, wrong or needless.
    """
    content = _read(path)
    require_private(content, path)
    is_encrypted = b"ENCRYPTED" in content
    if password is None and is_encrypted:
        password = ask()
    try:
        return pem.decode_private_key(content, password=password)
    except SigningKeyError as error:
        reason = error.message
        if isinstance(error.__cause__, ValueError):  # cryptography has no other error for the two
            reason = (
                "the password is wrong, or the file is damaged"
                if is_encrypted
                else "the private key is damaged, or not in the format PKCS #8"
            )
        raise SigningKeyError(f"{os.fspath(path)}: {reason}", code=error.code) from error


def read_private_key(
    path: str | os.PathLike[str], *, password: bytes | None = None
) -> Ed25519PrivateKey:
    """Read a PKCS #8 PEM file, encrypted or not.

    Warns with a `KeyFileWarning` where others can get at the file.

    Args:
        path: the file.
        password: of an encrypted file.

    Raises:
        InputError: the file cannot be read.
        SigningKeyError: it is no such key, or the password is missing, wrong or needless.
    """
    key = open_private_key(path, password=password, ask=lambda: None)
    found = exposure(path)
    if found is not None:
        warnings.warn(found, KeyFileWarning, stacklevel=2)
    return key


def require_private(content: bytes, path: str | os.PathLike[str]) -> None:
    """Refuse a file that holds no private key in PEM.

    Raises:
        SigningKeyError: it does not.
    """
    if b"-----BEGIN " not in content:
        raise SigningKeyError(
            f"{os.fspath(path)} is no key file: it is not PEM, which begins with -----BEGIN "
            "PRIVATE KEY-----; give a key made by `testamur key new`"
        )
    if b" PUBLIC KEY-----" in content and b"PRIVATE KEY-----" not in content:
        raise SigningKeyError(
            f"{os.fspath(path)} is a public key, which cannot sign; give the private key that "
            "belongs to it"
        )


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise InputError(f"{os.fspath(path)} cannot be read: {error.strerror or error}") from error
