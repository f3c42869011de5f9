"""Multibase with the two encodings this field uses: base58-btc ("z") and base64url ("u").

Source: Controlled Identifiers 1.0, Multibase. One spelling only: base64url has no padding and no
stray bits.
"""

from __future__ import annotations

import base64
import binascii
import functools

from testamur._lazy import lazy_pattern
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
"""characters: longer than any key or signature; base58 takes more than linear time."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58 = lazy_pattern(f"[{_ALPHABET}]*")
_DIGITS = bytes.maketrans(_ALPHABET.encode(), bytes(range(58)))
_TO_BASE64 = bytes.maketrans(b"-_", b"+/")
_DIGITS_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# By the length of the text modulo 4: of a last digit 6, 2 or 4 bits count.
_LAST_DIGITS = {0: _DIGITS_64, 2: _DIGITS_64[::16], 3: _DIGITS_64[::4]}


def encode_base58(data: bytes) -> str:
    """Return `data` as base58-btc with its multibase prefix "z"."""
    number = int.from_bytes(data)
    pairs = _pairs()
    parts: list[str] = []
    while number:
        number, four_digits = divmod(number, 58**4)
        parts.append(pairs[four_digits // 58**2] + pairs[four_digits % 58**2])
    parts.reverse()
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(parts).lstrip("1")


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
    digits = text[1:]
    if not _BASE58.fullmatch(digits):
        character = digits.lstrip(_ALPHABET)[0]
        raise ParseError(f"{character!r} is not a base58-btc character", found=character)
    # One digit in each byte; then neighbours are joined to numbers of twice the width, all at once.
    number = int.from_bytes(digits.encode("ascii").translate(_DIGITS))
    for width, every_other, power in _joins((len(digits) - 1).bit_length() if digits else 0):
        number = (number & every_other) + (number >> width & every_other) * power
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
    try:
        digits = text.encode("ascii")
        if b"+" in digits or b"/" in digits or b"=" in digits:
            raise ValueError("a character of another alphabet")
        padded = digits.translate(_TO_BASE64) + b"=" * (-len(digits) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except ValueError as error:  # a binascii.Error and a UnicodeEncodeError are, too
        raise ParseError(
            f"{text[:40]!r} is not base64url without padding", found=text[:40]
        ) from error
    # Stray bits: the last digit says more than the bytes hold.
    if text and text[-1] not in _LAST_DIGITS[len(text) % 4]:
        raise ParseError(f"{text[:40]!r} is not the canonical base64url of its bytes")
    return data


@functools.cache
def _pairs() -> list[str]:
    """All pairs of base58 digits in order."""
    return [high + low for high in _ALPHABET for low in _ALPHABET]


@functools.cache
def _joins(doublings: int) -> list[tuple[int, int, int]]:
    """The steps from single digits to one number of 2^doublings digits.

    Each is: bits in one of the numbers that are joined, a mask of every other number from the
    right, and what the other half counts for.
    """
    bits = 8 << doublings
    steps: list[tuple[int, int, int]] = []
    for step in range(doublings):
        width = 8 << step
        one, repeated = (1 << width) - 1, ((1 << bits) - 1) // ((1 << 2 * width) - 1)
        steps.append((width, one * repeated, 58 ** (1 << step)))
    return steps
