"""JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

import rfc8785

from testamur.canon.strict_json import JsonValue
from testamur.errors import CanonicalizationError, Code

__all__ = ["canonicalize"]


def canonicalize(value: JsonValue) -> bytes:
    """Return the RFC 8785 form of a JSON value, in UTF-8.

    Raises:
        CanonicalizationError: an integer beyond ±(2^53-1) or a lone surrogate, which RFC 8785 and
            I-JSON (RFC 7493) do not allow.
    """
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
