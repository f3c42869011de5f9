"""P-256 public keys: read, checked, never used to sign."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from testamur.errors import Code, SigningKeyError
from testamur.keys import Algorithm, VerificationKey
from testamur.keys.ecdsa import P256PublicKey
from unit.scenes import from_base64url

# RFC 7517, A.1.
X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
POINT = (int.from_bytes(from_base64url(X)), int.from_bytes(from_base64url(Y)))
P = 2**256 - 2**224 + 2**192 + 2**96 - 1


def test_key_of_rfc_7517_is_written_as_it_was_read() -> None:
    key = P256PublicKey(*POINT)
    assert key.to_jwk() == {"kty": "EC", "crv": "P-256", "x": X, "y": Y}
    assert key.algorithm is Algorithm.ES256
    assert isinstance(key, VerificationKey)


@pytest.mark.parametrize("offset", [-1, 1])
def test_point_that_is_not_on_the_curve_is_refused(offset: int) -> None:
    with pytest.raises(SigningKeyError) as caught:
        P256PublicKey(POINT[0], POINT[1] + offset)
    assert caught.value.code is Code.KEY_INVALID


@pytest.mark.parametrize("point", [(0, 0), (P, POINT[1]), (-1, -1)])
def test_coordinates_that_are_none_are_refused(point: tuple[int, int]) -> None:
    with pytest.raises(SigningKeyError) as caught:
        P256PublicKey(*point)
    assert caught.value.code is Code.KEY_INVALID


@pytest.mark.parametrize("point", [(POINT[0], POINT[1] + P), (POINT[0] + P, POINT[1])])
def test_coordinate_that_is_not_below_the_prime_is_refused(point: tuple[int, int]) -> None:
    with pytest.raises(SigningKeyError):
        P256PublicKey(*point)


def test_compressed_point_is_the_one_that_cryptography_compresses() -> None:
    for number in (1, 2, 3, 7):
        public = ec.derive_private_key(number, ec.SECP256R1()).public_key()
        compressed = public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        )
        numbers = public.public_numbers()
        expected = P256PublicKey(numbers.x, numbers.y)
        assert P256PublicKey.from_compressed_point(compressed) == expected


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\x00",
        b"\x02" + bytes(31),
        b"\x04" + from_base64url(X) + from_base64url(Y),  # not compressed
        b"\x05" + from_base64url(X),
        b"\x02" + P.to_bytes(32),
        b"\x02" + (1).to_bytes(32),  # no point has this x
    ],
)
def test_compressed_point_that_is_none_is_refused(point: bytes) -> None:
    with pytest.raises(SigningKeyError) as caught:
        P256PublicKey.from_compressed_point(point)
    assert caught.value.code is Code.KEY_INVALID
