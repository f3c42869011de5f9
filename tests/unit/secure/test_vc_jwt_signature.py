"""Signatures of VC-JWT: the algorithm follows from the key, and every bit counts."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from testamur.errors import Code, ProofError
from testamur.keys import VerificationKey, jwk
from testamur.secure import vc_jwt
from testamur.secure.vc_jwt import Token
from unit.scenes import (
    KEY,
    OTHER_KEY,
    Document,
    badge,
    base64url,
    from_base64url,
    token,
)

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def number(value: int, length: int | None = None) -> str:
    size = length if length is not None else (value.bit_length() + 7) // 8
    return base64url(value.to_bytes(size))


def rsa_public() -> VerificationKey:
    numbers = RSA_KEY.public_key().public_numbers()
    return jwk.decode_public_key({"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)})


def ec_public() -> VerificationKey:
    numbers = EC_KEY.public_key().public_numbers()
    x, y = number(numbers.x, 32), number(numbers.y, 32)
    return jwk.decode_public_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})


def signing_input(algorithm: str, payload: Document) -> str:
    header = {"alg": algorithm, "kid": "https://uni.example/keys/1"}
    return ".".join(base64url(json.dumps(each).encode()) for each in (header, payload))


def rs256(payload: Document, algorithm: str = "RS256") -> str:
    text = signing_input(algorithm, payload)
    signature = RSA_KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64url(signature)}"


def es256(payload: Document, algorithm: str = "ES256") -> str:
    text = signing_input(algorithm, payload)
    r, s = decode_dss_signature(EC_KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{base64url(r.to_bytes(32) + s.to_bytes(32))}"


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_verified(algorithm: str) -> None:
    text = token(badge(), header={"alg": algorithm})
    vc_jwt.verify_signature(vc_jwt.parse(text), key=KEY.public_key)


def test_rs256_and_es256_are_verified() -> None:
    vc_jwt.verify_signature(vc_jwt.parse(rs256(badge())), key=rsa_public())
    vc_jwt.verify_signature(vc_jwt.parse(es256(badge())), key=ec_public())


def test_rfc_7515_example_is_verified() -> None:
    # RFC 7515, A.3: ES256; the header there names no key, so the signature is checked alone.
    text = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
        "NvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApm"
        "WQxfKTUJqPP3-Kg6NU1Q"
    )
    key = jwk.decode_public_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    )
    parsed = Token(text, {}, "ES256", None, None, {}, b"", {})
    vc_jwt.verify_signature(parsed, key=key)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_changed_token_does_not_verify(part: int) -> None:
    for text, key in (
        (token(badge()), KEY.public_key),
        (rs256(badge()), rsa_public()),
        (es256(badge()), ec_public()),
    ):
        parts = text.split(".")
        data = bytearray(from_base64url(parts[part]))
        data[len(data) // 2] ^= 1
        parts[part] = base64url(bytes(data))
        parsed = vc_jwt.parse(text)
        signature = from_base64url(parts[2])
        changed_token = Token(
            ".".join(parts), parsed.header, parsed.algorithm, None, None, {}, signature, {}
        )
        with pytest.raises(ProofError) as caught:
            vc_jwt.verify_signature(changed_token, key=key)
        assert caught.value.code is Code.PROOF_INVALID


def test_another_s_key_does_not_verify() -> None:
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(vc_jwt.parse(token(badge())), key=OTHER_KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("size", [1, 32, 63, 65, 128])
def test_signature_of_another_length_does_not_verify(size: int) -> None:
    for text, key in ((token(badge()), KEY.public_key), (es256(badge()), ec_public())):
        data, _, _ = text.rpartition(".")
        parsed = vc_jwt.parse(f"{data}.{base64url(bytes(size))}")
        with pytest.raises(ProofError) as caught:
            vc_jwt.verify_signature(parsed, key=key)
        assert caught.value.code is Code.PROOF_INVALID


def test_signature_longer_than_any_is_refused() -> None:
    data, _, _ = token(badge()).rpartition(".")
    parsed = vc_jwt.parse(f"{data}.{base64url(bytes(10_000))}")
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(parsed, key=KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_algorithm_follows_from_the_key_and_not_from_the_token(algorithm: str) -> None:
    # RFC 8725, 3.1: whatever the header says, an Ed25519 key verifies EdDSA alone.
    parsed = vc_jwt.parse(token(badge(), header={"alg": algorithm}))
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(parsed, key=KEY.public_key)
    assert caught.value.code is Code.JWT_ALG
    assert caught.value.expected == "EdDSA"
    assert caught.value.found == algorithm


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_rsa_key_verifies_rs256_alone(algorithm: str) -> None:
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(vc_jwt.parse(rs256(badge(), algorithm)), key=rsa_public())
    assert caught.value.code is Code.JWT_ALG


def test_token_with_a_large_image_is_verified() -> None:
    # joserfc's own bounds would refuse it.
    large = badge(description="x" * 1_000_000)
    vc_jwt.verify_signature(vc_jwt.parse(token(large)), key=KEY.public_key)
