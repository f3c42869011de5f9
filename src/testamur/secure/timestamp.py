"""Timestamps of signatures (RFC 3161): when something existed, by the word of an authority."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from testamur import limits
from testamur.errors import Code, ConfigurationError, ProofError
from testamur.keys._unreadable import UNREADABLE
from testamur.keys.certificate import Certificate

__all__ = ["verify_timestamp"]

_GRANTED = b"\x30\x03\x02\x01\x00"  # PKIStatusInfo with the status 0 (RFC 3161, 2.4.2)


def verify_timestamp(token: bytes, *, data: bytes, anchors: Sequence[Certificate]) -> datetime:
    """Verify a timestamp token, and return the moment that it vouches for.

    The path of the authority's certificate is checked at that moment; whether the certificate was
    revoked is not.

    Args:
        token: a TimeStampToken in DER.
        data: what it must be a timestamp of.
        anchors: the roots of the authorities that the verifier trusts to tell the time.

    Raises:
        ProofError: it cannot be read, is of something else, or comes from nobody who is trusted
            (TIMESTAMP).
        ConfigurationError: what reads timestamps is not installed.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError as error:
        raise ConfigurationError(
            "timestamps are checked by rfc3161-client, which is not installed; "
            "pip install 'testamur[seal]'"
        ) from error
    from cryptography import x509

    if len(token) > limits.SEAL_TOKEN_BYTES:
        raise _invalid(f"it is longer than {limits.SEAL_TOKEN_BYTES} bytes")
    if not anchors:
        raise _invalid("no authority is trusted to tell the time")
    roots = [x509.load_der_x509_certificate(each.der) for each in dict.fromkeys(anchors)]
    try:
        response = decode_timestamp_response(_response(token))
        VerifierBuilder(roots=roots).build().verify_message(response, data)
        return response.tst_info.gen_time
    except (VerificationError, *UNREADABLE) as error:
        raise _invalid("it is of something else, or of no authority that is trusted") from error


def _response(token: bytes) -> bytes:
    """Write the TimeStampResp that a token came in (RFC 3161, 2.4.2)."""
    content = _GRANTED + token
    size = len(content)
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    length = bytes([size]) if size < 0x80 else bytes([0x80 | len(digits)]) + digits
    return b"\x30" + length + content


def _invalid(why: str) -> ProofError:
    return ProofError(f"the timestamp does not hold: {why}", code=Code.TIMESTAMP)
