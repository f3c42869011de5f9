"""JSON Canonicalization Scheme (RFC 8785).

What a credential usually holds is written here, in one pass; numbers with a fraction are written by
`rfc8785`, and whatever is not written here goes to it as a whole, which refuses what the RFC does.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from json.encoder import encode_basestring

from testamur.canon.strict_json import JsonFloat, JsonValue
from testamur.errors import CanonicalizationError, Code

__all__ = ["canonicalize", "digest"]

_LARGEST_INTEGER = 2**53 - 1


def canonicalize(value: JsonValue) -> bytes:
    """Return the RFC 8785 form of a JSON value, in UTF-8.

    Raises:
        CanonicalizationError: an integer beyond ±(2^53-1) or a lone surrogate, which RFC 8785 and
            I-JSON (RFC 7493) do not allow.
    """
    try:
        text = _write(value, None)
        if not text.isascii() and _has_supplementary_characters(text):
            text = _write(value, _utf_16_units)
        return text.encode()
    except (TypeError, ValueError, RecursionError):
        pass  # Not a plain value: which error it is, if any, is decided below.
    return _canonicalize_anything(value)


def digest(value: JsonValue) -> bytes:
    """Return SHA-256 over the RFC 8785 form of a JSON value, 32 bytes.

    Raises:
        CanonicalizationError: as `canonicalize`.
    """
    return sha256(canonicalize(value)).digest()


def _write(value: object, order: Callable[[str], bytes] | None) -> str:
    """Write a value; section 3.2.2.2 escapes what `json` escapes, and in the same way.

    Args:
        value: what is to be written.
        order: what names are sorted by (section 3.2.3); None to sort them by code point, which
            gives another order only where there are supplementary characters.

    Raises:
        TypeError, ValueError: not a plain value of JSON.
    """
    if type(value) is dict:
        # Most values are strings: a call for each would take longer than the rest.
        members = [
            encode_basestring(name)
            + ":"
            + (encode_basestring(each) if type(each := value[name]) is str else _write(each, order))
            for name in sorted(value, key=order)
        ]
        return "{" + ",".join(members) + "}"
    if type(value) is list:
        items = [
            encode_basestring(each) if type(each) is str else _write(each, order) for each in value
        ]
        return "[" + ",".join(items) + "]"
    if type(value) is str:
        return encode_basestring(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is int and -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        return repr(value)
    if type(value) is float or type(value) is JsonFloat:
        return _fraction(value)
    raise TypeError


def _fraction(value: float) -> str:
    """Write a number as section 3.2.2.3 says."""
    import rfc8785  # here, since few credentials need it

    return rfc8785.dumps(value).decode()


def _has_supplementary_characters(text: str) -> bool:
    """Whether there is a character above U+FFFF, which UTF-16 writes with two code units."""
    return len(text.encode("utf-16-le")) > 2 * len(text)


def _utf_16_units(name: str) -> bytes:
    return name.encode("utf-16-be")


def _canonicalize_anything(value: JsonValue) -> bytes:
    import rfc8785  # here, since few credentials need it

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise CanonicalizationError(
            f"the JSON cannot be canonicalized by RFC 8785: {error}; numbers must be exact as "
            "IEEE 754 doubles and strings must be Unicode text",
            code=Code.NOT_CONFORMANT,
        ) from error
    except RecursionError as error:
        raise CanonicalizationError(
            "the JSON is nested too deeply to canonicalize", code=Code.RESOURCE_LIMIT
        ) from error
