"""Ed25519 against RFC 8032, and against keys and signatures that prove nothing."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from testamur.errors import Code, SigningKeyError
from testamur.keys import Algorithm, Ed25519PrivateKey, Ed25519PublicKey, VerificationKey

# RFC 8032, 7.1: secret key, public key, message, and the two halves of the signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19

# ed25519-speccheck and libsodium: the points of order 1, 2, 4 and 8, and their other encodings.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
NON_CANONICAL = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p, that is 0
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 1, that is 1
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 3, that is 3
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize(("seed", "public", "message", "r", "s"), VECTORS)
def test_key_and_signature_are_those_of_the_rfc(
    seed: str, public: str, message: str, r: str, s: str
) -> None:
    signature = r + s
    key = Ed25519PrivateKey(bytes.fromhex(seed))
    assert key.public_key.public_bytes == bytes.fromhex(public)
    assert key.sign(bytes.fromhex(message)) == bytes.fromhex(signature)
    assert key.public_key.verify(bytes.fromhex(signature), bytes.fromhex(message)) is True


def test_new_keys_differ_and_sign() -> None:
    one, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    assert one != other
    assert one.public_key.verify(one.sign(b"x"), b"x")
    assert not other.public_key.verify(one.sign(b"x"), b"x")


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_private_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(SigningKeyError) as caught:
        Ed25519PrivateKey(bytes(length))
    assert caught.value.code is Code.KEY_INVALID
    assert caught.value.found == f"{length} bytes"


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_public_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(SigningKeyError) as caught:
        Ed25519PublicKey(bytes(length))
    assert caught.value.code is Code.KEY_INVALID
    assert caught.value.found == f"{length} bytes"


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_public_key_of_small_order_is_refused(encoded: str) -> None:
    # With the identity as the key, R = S·B is a signature over anything.
    with pytest.raises(SigningKeyError, match="small order") as caught:
        Ed25519PublicKey(bytes.fromhex(encoded))
    assert caught.value.code is Code.KEY_INVALID


@pytest.mark.parametrize("encoded", NON_CANONICAL)
def test_public_key_in_another_than_its_canonical_encoding_is_refused(encoded: str) -> None:
    # RFC 8032, 5.1.3, step 1: "If the resulting value is >= p, decoding fails."
    with pytest.raises(SigningKeyError, match="canonical") as caught:
        Ed25519PublicKey(bytes.fromhex(encoded))
    assert caught.value.code is Code.KEY_INVALID


@pytest.mark.parametrize("y", [2, 7, 8, P - 2])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_public_key_that_is_not_on_the_curve_is_refused(y: int, sign: int) -> None:
    with pytest.raises(SigningKeyError, match="curve") as caught:
        Ed25519PublicKey((y | sign).to_bytes(32, "little"))
    assert caught.value.code is Code.KEY_INVALID


@pytest.mark.parametrize("y", [3, 4, 5, P - 3])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_every_other_point_of_the_curve_is_a_key(y: int, sign: int) -> None:
    encoded = (y | sign).to_bytes(32, "little")
    assert Ed25519PublicKey(encoded).public_bytes == encoded


def test_identity_as_a_key_would_verify_anything_elsewhere() -> None:
    # The reason for the rule: OpenSSL says yes.
    identity = bytes.fromhex(SMALL_ORDER[0])
    lenient = ed25519.Ed25519PublicKey.from_public_bytes(identity)
    lenient.verify(identity + bytes(32), b"anything at all")


def test_signature_whose_r_is_of_small_order_is_not_valid() -> None:
    # R = identity, S = k·a: the equation holds, OpenSSL accepts it, and it is no honest signature.
    seed, message = bytes(range(32)), b"a badge"
    digest = bytearray(hashlib.sha512(seed).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    scalar = int.from_bytes(digest, "little")
    key = Ed25519PrivateKey(seed).public_key
    identity = bytes.fromhex(SMALL_ORDER[0])
    challenge = hashlib.sha512(identity + key.public_bytes + message).digest()
    s = int.from_bytes(challenge, "little") * scalar % ORDER
    signature = identity + s.to_bytes(32, "little")
    ed25519.Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(signature, message)
    assert key.verify(signature, message) is False


def test_signature_with_the_order_of_the_group_added_to_s_is_not_valid() -> None:
    # RFC 8032, 5.1.7, step 1: "(in the range 0 <= s < L)".
    seed, _, message, r, s = (bytes.fromhex(each) for each in VECTORS[1])
    malleable = r + (int.from_bytes(s, "little") + ORDER).to_bytes(32, "little")
    assert Ed25519PrivateKey(seed).public_key.verify(malleable, message) is False


@pytest.mark.parametrize("length", [0, 32, 63, 65, 96])
def test_signature_of_another_length_is_not_valid(length: int) -> None:
    seed, _, message, r, s = (bytes.fromhex(each) for each in VECTORS[1])
    key = Ed25519PrivateKey(seed).public_key
    assert key.verify((r + s + bytes(64))[:length], message) is False


def test_signature_with_any_bit_changed_is_not_valid() -> None:
    seed, _, message, r, s = (bytes.fromhex(each) for each in VECTORS[2])
    key = Ed25519PrivateKey(seed).public_key
    for bit in range(512):
        changed = bytearray(r + s)
        changed[bit // 8] ^= 1 << bit % 8
        assert key.verify(bytes(changed), message) is False


def test_public_jwk_is_the_one_of_rfc_8037() -> None:
    # RFC 8037, A.1 and A.2.
    key = Ed25519PrivateKey(bytes.fromhex(VECTORS[0][0])).public_key
    assert key.to_jwk() == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    assert key.algorithm is Algorithm.ED25519
    assert isinstance(key, VerificationKey)


def test_private_key_does_not_show_itself() -> None:
    seed = bytes(range(32))
    assert repr(seed)[2:-1] not in repr(Ed25519PrivateKey(seed))
    assert "seed" not in repr(Ed25519PrivateKey(seed))


def test_keys_are_values() -> None:
    key = Ed25519PrivateKey(bytes(range(32)))
    assert key == Ed25519PrivateKey(bytes(range(32)))
    assert len({key.public_key, Ed25519PublicKey(key.public_key.public_bytes)}) == 1
    with pytest.raises(FrozenInstanceError):
        key.public_key.public_bytes = bytes(32)  # type: ignore[misc]
