"""RSA public keys: read, bounded, never used to sign."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from testamur.errors import Code, SigningKeyError
from testamur.keys import Algorithm, VerificationKey
from testamur.keys import rsa as keys_rsa
from testamur.keys.rsa import RsaPublicKey
from unit.scenes import from_base64url

# RFC 7517, A.1.
N = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPeb"
    "WKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368Q"
    "QMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2"
    "NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
)
MODULUS = int.from_bytes(from_base64url(N))


def test_key_of_rfc_7517_is_written_as_it_was_read() -> None:
    key = RsaPublicKey(MODULUS, 65537)
    assert key.to_jwk() == {"kty": "RSA", "n": N, "e": "AQAB"}
    assert key.algorithm is Algorithm.RS256
    assert isinstance(key, VerificationKey)


@pytest.mark.parametrize("bits", [0, 512, 1024, 2047, 8193, 16384])
def test_modulus_that_is_too_short_or_too_long_is_refused(bits: int) -> None:
    # RFC 7518, 3.3: "A key of size 2048 bits or larger MUST be used"; the rest bounds the work.
    with pytest.raises(SigningKeyError) as caught:
        RsaPublicKey((1 << bits) - 1, 65537)
    assert caught.value.code is Code.KEY_INVALID
    assert caught.value.found == f"{bits} bits"


@pytest.mark.parametrize("bits", [2048, 8192])
def test_shortest_and_longest_modulus_are_accepted(bits: int) -> None:
    assert RsaPublicKey((1 << bits) - 1, 3).e == 3


@pytest.mark.parametrize("exponent", [0, 1, 2, 4, 65536, 2**32 + 1])
def test_exponent_that_no_good_key_has_is_refused(exponent: int) -> None:
    with pytest.raises(SigningKeyError) as caught:
        RsaPublicKey(MODULUS, exponent)
    assert caught.value.code is Code.KEY_INVALID


def test_even_modulus_is_refused() -> None:
    with pytest.raises(SigningKeyError) as caught:
        RsaPublicKey(1 << 2047, 65537)
    assert caught.value.code is Code.KEY_INVALID


def test_key_that_the_cryptographic_library_refuses_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Newer versions of it may refuse more than the rules here.
    def refuse(*_: int) -> None:
        raise ValueError("a new rule")

    monkeypatch.setattr(keys_rsa, "rsa", SimpleNamespace(RSAPublicNumbers=refuse))
    with pytest.raises(SigningKeyError, match="a new rule") as caught:
        RsaPublicKey(MODULUS, 65537)
    assert caught.value.code is Code.KEY_INVALID
