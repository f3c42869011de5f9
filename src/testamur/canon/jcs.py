"""JSON Canonicalization Scheme (RFC 8785).

What a credential usually holds is written here, in one pass; numbers with a fraction are written by
`rfc8785`, and whatever is not written here goes to it as a whole, which refuses what the RFC does.
"""

from __future__ import annotations

from json.encoder import encode_basestring

import rfc8785

from testamur.canon.strict_json import JsonFloat, JsonValue
from testamur.errors import CanonicalizationError, Code

__all__ = ["canonicalize"]

_LARGEST_INTEGER = 2**53 - 1


def canonicalize(value: JsonValue) -> bytes:
    """Return the RFC 8785 form of a JSON value, in UTF-8.

    Raises:
        CanonicalizationError: an integer beyond ±(2^53-1) or a lone surrogate, which RFC 8785 and
            I-JSON (RFC 7493) do not allow.
    """
    try:
        text = _write(value)
        if text.isascii() or _is_of_the_basic_plane(text):
            return text.encode()
    except (TypeError, ValueError, RecursionError):
        pass  # Not a plain value: which error it is, if any, is decided below.
    return _canonicalize_anything(value)


def _write(value: object) -> str:
    """Write a value whose names all have the same order by code point and by UTF-16 code unit.

    Section 3.2.2.2 escapes the characters that `json` escapes, and in the same way.
    """
    if type(value) is dict:
        # Section 3.2.3. Most values are strings: a call for each would take longer than the rest.
        members = [
            f"{encode_basestring(name)}:"
            f"{encode_basestring(each) if type(each := value[name]) is str else _write(each)}"
            for name in sorted(value)
        ]
        return "{" + ",".join(members) + "}"
    if type(value) is list:
        return "[" + ",".join([_write(each) for each in value]) + "]"
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
        return rfc8785.dumps(value).decode()
    raise TypeError


def _is_of_the_basic_plane(text: str) -> bool:
    """Whether there is no character above U+FFFF, the only ones that sort otherwise in UTF-16."""
    return len(text.encode("utf-16-le")) == 2 * len(text)


def _canonicalize_anything(value: JsonValue) -> bytes:
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
