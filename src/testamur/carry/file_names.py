"""File names from titles that anybody may have written, and files that are whole or absent."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import unicodedata
from pathlib import Path

from testamur.errors import ConfigurationError

__all__ = ["safe_file_name", "write_atomically"]

_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8}){1,2}")
_SLUG_CHARACTERS = 60
_TITLE_CHARACTERS = 1_000  # of the title; what follows cannot reach the slug
_HASH_BYTES = 10  # 80 bits: no accidental equals among the badges of the whole world
_TO_ASCII = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t"}
    | {"ß": "ss", "æ": "ae", "œ": "oe"}
)


def safe_file_name(title: str, identifier: str, suffix: str) -> str:
    """Make a file name that is safe on every operating system and different for every credential.

    The name is `<title as a-z, 0-9 and hyphens>-<hash of the identifier><suffix>`: lower case, at
    most 100 characters, no spaces or parentheses (a wallet on iOS cannot open those), and never
    one of Windows' reserved names, which have no hash. Titles in other scripts than Latin leave
    no letters, so that the name starts with "credential".

    Args:
        title: for example the achievement's name; any text, also none.
        identifier: the credential's id; any text. Names differ whenever identifiers do, also on
            file systems that ignore case.
        suffix: lower case with its dot, as ".png" or ".jwt".

    Raises:
        ValueError: the suffix is not of that form.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError(f"suffix {suffix!r} is not a dot and up to eight letters, as '.png'")
    # Compatibility decomposition comes first, so that a full-width slash is seen as a slash.
    decomposed = unicodedata.normalize("NFKD", title[:_TITLE_CHARACTERS].lower())
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    words = re.findall("[a-z0-9]+", letters.translate(_TO_ASCII).lower())
    slug = "-".join(words)[:_SLUG_CHARACTERS].strip("-") or "credential"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).digest()
    short_hash = base64.b32encode(digest[:_HASH_BYTES]).decode("ascii").lower()
    return f"{slug}-{short_hash}{suffix}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is seen either as it was before, or with all of the new content.

    The content goes to a temporary file beside it, to the disk, and then takes the name. The new
    file has the permissions that the process gives to new files: not for private keys. A device or
    a pipe is written to as it is.

    Raises:
        ConfigurationError: the file cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        if _is_device(path):
            path.write_bytes(content)
            return
        try:
            with temporary.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write {path}: {error.strerror or error}; check that the folder exists, that "
            "you may write to it and that the disk has room",
            path=str(path),
        ) from error


def _is_device(path: Path) -> bool:
    """Whether it is a device or a pipe, which the new file would take the place of."""
    in_dev = path.parent == Path("/dev")  # /dev/stdout leads to what the shell made of it
    return path.exists() and (in_dev or not (path.is_file() or path.is_dir()))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power failure; Windows offers no way to do so."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
