from __future__ import annotations

import pytest

from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519Signer, Signer
from testamur.keys import did_jwk as jwk_method
from unit.scenes import ISSUER, KEY


def test_signer_signs_with_its_key_under_its_method() -> None:
    signer = Ed25519Signer(KEY, "did:web:uni.example#key-1")
    assert isinstance(signer, Signer)
    assert signer.verification_method == "did:web:uni.example#key-1"
    assert signer.controller == "did:web:uni.example"
    assert signer.sign(b"data") == KEY.sign(b"data")


def test_signer_of_a_did_key_is_named_by_its_own_key() -> None:
    value = ISSUER.removeprefix("did:key:")
    assert Ed25519Signer.for_did_key(KEY).verification_method == f"{ISSUER}#{value}"


def test_signer_of_a_did_jwk_is_named_by_number_0() -> None:
    did = jwk_method.did_jwk(KEY.public_key)
    assert Ed25519Signer.for_did_jwk(KEY).verification_method == f"{did}#0"


@pytest.mark.parametrize(
    "url", ["", "key-1", "http://uni.example/keys#1", "did:web:uni.example?x#1"]
)
def test_signer_without_a_method_that_can_be_looked_up_is_refused(url: str) -> None:
    with pytest.raises(SigningKeyError) as caught:
        Ed25519Signer(KEY, url)
    assert caught.value.code is Code.DID_INVALID


def test_signer_does_not_show_its_key() -> None:
    assert "seed" not in repr(Ed25519Signer.for_did_key(KEY))
