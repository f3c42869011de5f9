"""Multibase with the two encodings this field uses: base58-btc ("z") and base64url ("u").

Source: Controlled Identifiers 1.0, Multibase. One spelling only: base64url has no padding and no
stray bits.
"""

from __future__ import annotations

import base64
import binascii
import re

from testamur.errors import ParseError

__all__ = [
    "MAX_CHARACTERS",
    "decode",
    "decode_base58",
    "decode_base64url",
    "encode_base58",
    "encode_base64url",
]

MAX_CHARACTERS = 4096
"""characters: longer than any key or signature; base58 takes quadratic time."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {character: digit for digit, character in enumerate(_ALPHABET)}
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


def encode_base58(data: bytes) -> str:
    """Return `data` as base58-btc with its multibase prefix "z"."""
    number = int.from_bytes(data)
    characters: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        characters.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(characters))


def encode_base64url(data: bytes) -> str:
    """Return `data` as base64url without padding, with its multibase prefix "u"."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base58(text: str) -> bytes:
    """Decode base58-btc multibase ("z…").

    Raises:
        ParseError: another prefix, a character outside the alphabet, or too long.
    """
    if not text.startswith("z"):
        raise ParseError(
            f"{text[:20]!r} is not base58-btc multibase; it must begin with 'z'", found=text[:20]
        )
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"the multibase text is longer than {MAX_CHARACTERS} characters")
    number = 0
    digits = text[1:]
    for character in digits:
        digit = _DIGITS.get(character)
        if digit is None:
            raise ParseError(f"{character!r} is not a base58-btc character", found=character)
        number = number * 58 + digit
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def decode(text: str) -> bytes:
    """Decode multibase with the prefix "z" (base58-btc) or "u" (base64url without padding).

    Raises:
        ParseError: any other text.
    """
    if text.startswith("u"):
        return decode_base64url(text[1:])
    return decode_base58(text)


def decode_base64url(text: str) -> bytes:
    """Decode base64url without padding, in its one canonical spelling (RFC 7515, section 2).

    Raises:
        ParseError: padding, a character outside the alphabet, or stray bits at the end.
    """
    if not _BASE64URL.fullmatch(text):
        raise ParseError(f"{text[:40]!r} is not base64url without padding", found=text[:40])
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ParseError(f"{text[:40]!r} is not base64url: {error}", found=text[:40]) from error
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise ParseError(f"{text[:40]!r} is not the canonical base64url of its bytes")
    return data
