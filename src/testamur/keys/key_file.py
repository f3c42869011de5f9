"""Private keys in files: read, and looked at whether others can read them too."""

from __future__ import annotations

import os
import stat
import warnings
from pathlib import Path

from testamur.errors import InputError
from testamur.keys import pem
from testamur.keys.ed25519 import Ed25519PrivateKey

__all__ = ["KeyFileWarning", "exposure", "read_private_key"]

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
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_BYTES)
    except OSError as error:
        raise InputError(f"{os.fspath(path)} cannot be read: {error.strerror or error}") from error
    found = exposure(path)
    if found is not None:
        warnings.warn(found, KeyFileWarning, stacklevel=2)
    return pem.decode_private_key(content, password=password)
