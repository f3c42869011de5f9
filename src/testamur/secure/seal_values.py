"""What stands beside a seal's signature: timestamps, certificates, revocation answers.

Anybody can change these, since no signature covers them. Each is proof of itself or worth nothing:
what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from testamur import limits
from testamur.canon.strict_json import JsonValue
from testamur.errors import ParseError, SigningKeyError
from testamur.keys.certificate import Certificate
from testamur.secure._seal_header import decode_base64
from testamur.secure.jades import SealSignature

__all__ = [
    "certificate_values",
    "revocation_answers",
    "revocation_lists",
    "signature_timestamps",
]


def signature_timestamps(signature: SealSignature) -> tuple[bytes, ...]:
    """Return the timestamp tokens of a signature (ETSI TS 119 182-1, 5.3.4), in DER."""
    return tuple(_values(signature, "sigTst", "tstTokens"))


def revocation_lists(signature: SealSignature) -> tuple[bytes, ...]:
    """Return the revocation lists that came with it (ETSI TS 119 182-1, 5.3.5.3), in DER."""
    return tuple(_values(signature, "rVals", "crlVals"))


def revocation_answers(signature: SealSignature) -> tuple[bytes, ...]:
    """Return the OCSP responses that came with it (ETSI TS 119 182-1, 5.3.5.3), in DER."""
    return tuple(_values(signature, "rVals", "ocspVals"))


def certificate_values(signature: SealSignature) -> tuple[Certificate, ...]:
    """Return the certificates that came with it (ETSI TS 119 182-1, 5.3.5.1)."""
    found: list[Certificate] = []
    for component in signature.components:
        items = component.value if component.name == "xVals" else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and len(found) < limits.SEAL_CERTIFICATES:
                found += _certificate(item.get("x509Cert"))
    return tuple(found)


def _certificate(item: JsonValue) -> Iterator[Certificate]:
    for der in _decoded(item):
        try:
            yield Certificate(der)
        except SigningKeyError:
            return


def _values(signature: SealSignature, component: str, member: str) -> Iterator[bytes]:
    left = limits.SEAL_COMPONENTS
    for each in signature.components:
        parts = each.value if each.name == component else None
        items = parts.get(member) if isinstance(parts, dict) else None
        for item in items[:left] if isinstance(items, list) else ():
            left -= 1
            yield from _decoded(item)


def _decoded(item: JsonValue) -> Iterator[bytes]:
    value = item.get("val") if isinstance(item, dict) else None
    if not isinstance(value, str) or len(value) > 2 * limits.SEAL_TOKEN_BYTES:
        return
    try:
        yield decode_base64(value, "etsiU")
    except ParseError:
        return
