"""The two headers of a seal: what may stand in them, and what it means."""

from __future__ import annotations

import binascii
from datetime import UTC, datetime, timedelta

from testamur import limits
from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject, JsonValue, kind
from testamur.errors import Code, ModelError, ParseError
from testamur.keys.certificate import Certificate, SealAlgorithm
from testamur.model.dates import parse_date_time_stamp

__all__ = [
    "check_members",
    "decode_base64",
    "malformed",
    "read_algorithm",
    "read_certificates",
    "read_signing_time",
    "too_much",
]

_ALGORITHMS = {each.value: each for each in SealAlgorithm}
_PROTECTED = frozenset(
    {"alg", "cty", "kid", "x5t#S256", "x5c", "typ", "b64", "sigT", "iat", "adoTst", "crit"}
)
_UNDERSTOOD = frozenset({"b64", "sigT", "iat", "adoTst"})
_UNPROTECTED = frozenset({"etsiU"})
_TYPES = frozenset({"jose", "jose+json"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799  # of the year 9999


def check_members(header: JsonObject, unprotected: JsonObject) -> None:
    """Check that the headers hold what is understood, each in its own place.

    RFC 7515, 4.1.11 and 7.2.1; RFC 7797, section 6; ETSI TS 119 182-1, 5.1 and 5.3.

    Raises:
        ParseError: code SEAL_HEADER.
    """
    both = sorted(header.keys() & unprotected.keys())
    if both:
        raise _header(f"{both[0][:40]!r} stands in both of the seal's headers", both[0])
    foreign = sorted(unprotected.keys() - _UNPROTECTED) + sorted(header.keys() - _PROTECTED)
    if foreign:
        raise _header(
            f"the seal's header has {foreign[0][:40]!r}, which is not understood here", foreign[0]
        )
    critical = header.get("crit")
    if "crit" in header:
        if not isinstance(critical, list) or not critical:
            raise _header("the seal's crit is no list of names", "crit")
        for name in critical:
            if not isinstance(name, str) or name not in _UNDERSTOOD or name not in header:
                raise _header(
                    f"the seal's crit lists {str(name)[:40]!r}, which is not understood or not "
                    "there",
                    str(name),
                )
        if len(set(map(str, critical))) < len(critical):
            raise _header("the seal's crit lists a name twice", "crit")
    encoded = header.get("b64", True)
    if not isinstance(encoded, bool):
        raise _header(f"the seal's b64 is {kind(encoded)}, not true or false", "b64")
    if not encoded and (not isinstance(critical, list) or "b64" not in critical):
        raise _header("the seal's b64 is false, but its crit does not list b64", "b64")
    if str(header.get("typ", "jose+json")).lower() not in _TYPES:
        raise _header(f"the seal's typ {str(header['typ'])[:40]!r} is not jose+json", "typ")
    for name in ("cty", "kid"):
        if not isinstance(header.get(name, ""), str):
            raise _header(f"the seal's {name} is {kind(header[name])}, not a text", name)


def read_algorithm(header: JsonObject) -> SealAlgorithm:
    """Return the algorithm. Raises: ParseError, SEAL_ALG, where it is none of ours."""
    name = header.get("alg")
    algorithm = _ALGORITHMS.get(name) if isinstance(name, str) else None
    if algorithm is None:
        raise ParseError(
            f"the seal's algorithm {str(name)[:20]!r} is not accepted; "
            f"{', '.join(_ALGORITHMS)} are",
            code=Code.SEAL_ALG,
            found=str(name)[:20],
        )
    return algorithm


def read_certificates(header: JsonObject) -> tuple[Certificate, ...]:
    """Return the certificates, the key's own first (RFC 7515, 4.1.6 and 4.1.8).

    Raises:
        ParseError: there is none, or `x5t#S256` is another's. SigningKeyError: it cannot be read.
    """
    chain = header.get("x5c")
    if not isinstance(chain, list) or not chain:
        raise _header("the seal has no certificate: its header needs an x5c", "x5c")
    if len(chain) > limits.SEAL_CERTIFICATES:
        raise too_much("x5c", limits.SEAL_CERTIFICATES, "certificates")
    certificates = tuple(Certificate(decode_base64(each, "x5c")) for each in chain)
    if "x5t#S256" in header:
        found = header["x5t#S256"]
        if found != multibase.encode_base64url(certificates[0].fingerprint)[1:]:
            raise _header("the seal's x5t#S256 is not the digest of its certificate", "x5t#S256")
    return certificates


def read_signing_time(header: JsonObject) -> datetime:
    """Return the claimed signing time: `sigT`, or `iat` (ETSI TS 119 182-1, 5.2.1).

    Raises:
        ParseError: there is none, or two.
    """
    if "sigT" in header and "iat" in header:
        raise _header("the seal has two signing times, sigT and iat", "sigT")
    if "iat" in header:
        seconds = header["iat"]
        if isinstance(seconds, bool) or not isinstance(seconds, int):
            raise _header(f"the seal's iat is {kind(seconds)}, not a number of seconds", "iat")
        if not 0 <= seconds <= _LAST_SECOND:
            raise _header("the seal's iat is outside the years 1970 to 9999", "iat")
        return _EPOCH + timedelta(seconds=seconds)
    text = header.get("sigT")
    if not isinstance(text, str) or not text.endswith("Z"):
        raise _header("the seal has no signing time in UTC: its header needs a sigT", "sigT")
    try:
        return parse_date_time_stamp(text, path="sigT")
    except ModelError as error:
        raise _header(f"the seal's sigT cannot be read: {error.message}", "sigT") from error


def decode_base64(value: JsonValue, name: str) -> bytes:
    """Decode a base64 text (RFC 4648, section 4), as certificates and timestamps are written.

    Raises:
        ParseError: it is none.
    """
    if not isinstance(value, str):
        raise malformed(f"the seal's {name} holds {kind(value)}, not a base64 text")
    try:
        return binascii.a2b_base64(value.encode("ascii"), strict_mode=True)
    except ValueError as error:  # a binascii.Error and a UnicodeEncodeError are, too
        raise malformed(f"the seal's {name} holds a text that is not base64") from error


def malformed(message: str) -> ParseError:
    """Say that a file is not a seal as it should be."""
    return ParseError(message, code=Code.SEAL_MALFORMED)


def too_much(what: str, most: int, unit: str) -> ParseError:
    """Say that a part of a seal is beyond its bound."""
    return ParseError(
        f"the seal's {what} is too large; at most {most} {unit} are read",
        code=Code.RESOURCE_LIMIT,
    )


def _header(message: str, member: str) -> ParseError:
    return ParseError(message, code=Code.SEAL_HEADER, path=member[:40])
