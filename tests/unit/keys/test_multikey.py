"""Multikey against VC-DI-EDDSA, and one spelling only."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from testamur.canon.multibase import encode_base58, encode_base64url
from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519PublicKey, multikey
from testamur.keys.ecdsa import P256PublicKey
from unit.scenes import KEY

# VC-DI-EDDSA, B.1: the key pair of the test vectors.
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"


def refusal(text: str) -> SigningKeyError:
    with pytest.raises(SigningKeyError) as caught:
        multikey.decode_public_key(text)
    assert caught.value.code is Code.KEY_INVALID
    return caught.value


def test_key_pair_of_the_specification_is_read_and_written() -> None:
    secret = multikey.decode_secret_key(SECRET)
    assert multikey.encode_secret_key(secret) == SECRET
    assert multikey.encode_public_key(secret.public_key) == PUBLIC
    public = multikey.decode_public_key(PUBLIC)
    assert isinstance(public, Ed25519PublicKey)
    assert public == secret.public_key


def test_p_256_key_is_read() -> None:
    # Controlled Identifiers 1.0, Multikey: 0x8024 and the compressed point.
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    compressed = public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    text = encode_base58(b"\x80\x24" + compressed)
    assert text.startswith("zDnae")
    numbers = public.public_numbers()
    assert multikey.decode_public_key(text) == P256PublicKey(numbers.x, numbers.y)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        PUBLIC[1:],
        PUBLIC + "1",
        "z1" + PUBLIC[1:],
        PUBLIC.replace("6Mk", "6Ml"),
        PUBLIC + " ",
        PUBLIC.replace("r", "0"),
        # VC-DI-EDDSA: base58-btc alone; the same key in base64url is another spelling of it.
        encode_base64url(b"\xed\x01" + KEY.public_key.public_bytes),
        encode_base58(b"\xed\x01" + bytes(31)),
        encode_base58(b"\xed\x01" + bytes(32)),  # a point of order 4
        encode_base58(b"\xed\x01\x01" + bytes(31)),  # the identity
        encode_base58(b"\xed" + KEY.public_key.public_bytes),  # not a varint
        encode_base58(b"\xed\x81\x00" + KEY.public_key.public_bytes),  # a longer varint of the same
        encode_base58(b"\xec\x01" + KEY.public_key.public_bytes),  # X25519
        encode_base58(b"\xe7\x01\x02" + bytes(31)),  # secp256k1
        encode_base58(b"\x80\x24" + bytes(33)),
        encode_base58(KEY.public_key.public_bytes),
        "z3u2" + SECRET[4:],
    ],
)
def test_key_of_another_kind_or_in_another_spelling_is_refused(text: str) -> None:
    refusal(text)


def test_text_is_bounded_before_it_is_decoded() -> None:
    assert "129 characters" in refusal("z" + "1" * 128).message


@pytest.mark.parametrize(
    "text", ["", "z", PUBLIC, SECRET[1:], SECRET + "1", SECRET + "0", "z" + "1" * 200]
)
def test_secret_key_that_is_none_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SigningKeyError) as caught:
        multikey.decode_secret_key(text)
    assert caught.value.code is Code.KEY_INVALID
    assert caught.value.found is None or text not in caught.value.found
    assert len(text) < 10 or text[4:] not in caught.value.message
