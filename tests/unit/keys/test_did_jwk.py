"""did:jwk against the example of the method."""

from __future__ import annotations

import json

import pytest

from testamur.errors import Code, SigningKeyError
from testamur.keys import did_jwk
from unit.scenes import KEY, Document, base64url, from_base64url

# did:jwk Method, Examples: a P-256 key.
P256 = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6O"
    "TFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)
P256_JWK = {
    "crv": "P-256",
    "kty": "EC",
    "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
    "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
}


def did(content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return f"did:jwk:{base64url(data)}"


def test_document_is_the_one_of_the_method() -> None:
    document = did_jwk.controller_document(P256)
    assert document["id"] == P256
    assert document["verificationMethod"] == [
        {"id": f"{P256}#0", "type": "JsonWebKey", "controller": P256, "publicKeyJwk": P256_JWK}
    ]
    assert document["assertionMethod"] == document["authentication"] == [f"{P256}#0"]


def test_did_holds_the_public_jwk_of_the_key_and_its_method_is_number_0() -> None:
    public = KEY.public_key
    written = did_jwk.did_jwk(public)
    assert json.loads(from_base64url(written.removeprefix("did:jwk:"))) == public.to_jwk()
    assert did_jwk.verification_method(public) == f"{written}#0"
    document: Document = did_jwk.controller_document(written)
    assert document["verificationMethod"][0]["publicKeyJwk"] == public.to_jwk()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.DID_INVALID),
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", Code.DID_INVALID),
        ("DID:JWK:" + P256.removeprefix("did:jwk:"), Code.DID_INVALID),
        ("did:jwk:", Code.DID_INVALID),
        (P256 + "=", Code.DID_INVALID),
        (P256 + "#0", Code.DID_INVALID),
        (did(b"not json"), Code.DID_INVALID),
        (did([]), Code.DID_INVALID),
        (did(b'{"kty":"OKP","kty":"EC"}'), Code.DID_INVALID),
        (did(b" " * 4000 + b"{}"), Code.DID_INVALID),
        (did({}), Code.KEY_INVALID),
        (did({**KEY.public_key.to_jwk(), "d": base64url(KEY.seed)}), Code.KEY_INVALID),
        (did({**KEY.public_key.to_jwk(), "use": "enc"}), Code.KEY_INVALID),
        (did({**KEY.public_key.to_jwk(), "crv": "X25519"}), Code.KEY_INVALID),
        (did({**KEY.public_key.to_jwk(), "alg": "HS256"}), Code.KEY_INVALID),
    ],
)
def test_did_without_one_good_public_key_is_refused(text: str, code: Code) -> None:
    with pytest.raises(SigningKeyError) as caught:
        did_jwk.controller_document(text)
    assert caught.value.code is code
