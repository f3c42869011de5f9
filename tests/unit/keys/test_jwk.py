"""JWKs of RFC 7517, 7518 and 8037, and those that must not be used."""

from __future__ import annotations

import pytest

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519PrivateKey, Ed25519PublicKey, jwk
from testamur.keys.ecdsa import P256PublicKey
from testamur.keys.rsa import RsaPublicKey
from unit.keys.test_ecdsa import X, Y
from unit.keys.test_rsa import MODULUS, N
from unit.scenes import base64url, changed

# RFC 8037, A.1.
D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
OKP: JsonObject = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
EC: JsonObject = {"kty": "EC", "crv": "P-256", "x": X, "y": Y}
RSA: JsonObject = {"kty": "RSA", "n": N, "e": "AQAB"}
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
SHORT = base64url(bytes(31))
LONG = "A" * 5000


def refusal(key: JsonObject) -> SigningKeyError:
    with pytest.raises(SigningKeyError) as caught:
        jwk.decode_public_key(key)
    assert caught.value.code is Code.KEY_INVALID
    return caught.value


def test_each_kind_of_public_key_is_read() -> None:
    public = Ed25519PrivateKey(SEED).public_key
    assert jwk.decode_public_key(OKP) == Ed25519PublicKey(public.public_bytes)
    assert isinstance(jwk.decode_public_key(EC), P256PublicKey)
    assert jwk.decode_public_key(RSA) == RsaPublicKey(MODULUS, 65537)
    for key in (OKP, EC, RSA):
        assert jwk.decode_public_key(key).to_jwk() == key


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_members_that_fit_a_signature_key_are_accepted(algorithm: str) -> None:
    key = {**OKP, "alg": algorithm, "use": "sig", "key_ops": ["verify"], "kid": "key-1"}
    assert jwk.decode_public_key(key).to_jwk() == OKP  # type: ignore[arg-type]
    jwk.decode_public_key({**EC, "alg": "ES256"})
    jwk.decode_public_key({**RSA, "alg": "RS256", "key_ops": ["sign", "verify"]})


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
@pytest.mark.parametrize("key", [OKP, EC, RSA], ids=["OKP", "EC", "RSA"])
def test_public_key_with_a_private_member_is_refused(key: JsonObject, member: str) -> None:
    # Open Badges 3.0, 8.2.3: "The JWK MUST NEVER contain d".
    assert "private" in refusal({**key, member: D}).message


@pytest.mark.parametrize(
    "key",
    [
        {},
        {**OKP, "kty": None},
        {**OKP, "kty": 5},
        {**OKP, "kty": ["OKP"]},
        {"kty": "oct", "x": D},
        {**OKP, "kty": "okp"},
        {**OKP, "crv": "X25519"},
        {**OKP, "crv": "Ed448"},
        {**OKP, "crv": "P-256"},
        {**OKP, "crv": None},
        {**EC, "crv": "P-384"},
        {**EC, "crv": "secp256k1"},
        {**EC, "crv": "Ed25519"},
        {**OKP, "alg": "HS256"},
        {**OKP, "alg": "none"},
        {**OKP, "alg": "RS256"},
        {**EC, "alg": "EdDSA"},
        {**RSA, "alg": "PS256"},
        {**RSA, "alg": "HS256"},
        {**OKP, "use": "enc"},
        {**OKP, "use": None},
        {**OKP, "key_ops": ["sign"]},
        {**OKP, "key_ops": []},
        {**OKP, "key_ops": "verify"},
    ],
)
def test_key_of_another_kind_or_for_another_use_is_refused(key: JsonObject) -> None:
    refusal(key)


@pytest.mark.parametrize("algorithm", [["EdDSA"], {}])
def test_algorithm_that_is_no_string_is_refused(algorithm: JsonValue) -> None:
    refusal({**OKP, "alg": algorithm})


@pytest.mark.parametrize("member", ["x", "y", "n", "e"])
@pytest.mark.parametrize("value", [None, 5, ["AQAB"], "", "AQ==", "A Q", SHORT, LONG])
def test_number_that_cannot_be_read_is_refused(member: str, value: object) -> None:
    for key in (OKP, EC, RSA):
        if member in key:
            refusal(changed(key, **{member: value}))


def test_coordinate_with_a_leading_zero_too_many_is_refused() -> None:
    # RFC 7518, 6.2.1.2: "The length of this octet string MUST be the full size of a coordinate".
    padded = base64url(bytes(1) + bytes(32))
    for member in ("x", "y"):
        assert "32 bytes" in refusal({**EC, member: padded}).message


def test_exponent_may_have_leading_zeros() -> None:
    assert jwk.decode_public_key({**RSA, "e": "AAEAAQ"}) == RsaPublicKey(MODULUS, 65537)


def test_private_key_of_rfc_8037_is_read_and_written() -> None:
    private: JsonObject = {**OKP, "d": D}
    key = jwk.decode_private_key(private)
    assert key.seed == SEED
    assert jwk.encode_private_key(key) == private
    assert jwk.decode_private_key({"kty": "OKP", "crv": "Ed25519", "d": D}) == key


@pytest.mark.parametrize(
    "key",
    [
        {},
        OKP,
        {**OKP, "kty": "EC", "d": D},
        {**OKP, "crv": "X25519", "d": D},
        {**OKP, "d": SHORT},
        {**OKP, "d": D + "="},
        {**OKP, "d": 5},
        {**OKP, "d": D, "x": base64url(bytes(range(32)))},
        {**OKP, "d": D, "x": 5},
    ],
)
def test_private_key_that_is_none_or_whose_halves_differ_is_refused(key: JsonObject) -> None:
    with pytest.raises(SigningKeyError) as caught:
        jwk.decode_private_key(key)
    assert caught.value.code is Code.KEY_INVALID
    assert D not in caught.value.message
