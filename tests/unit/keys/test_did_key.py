"""did:key against the examples of the did:key method, in its one spelling."""

from __future__ import annotations

import pytest

from testamur.canon.multibase import encode_base58, encode_base64url
from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519PublicKey, did_key, multikey
from unit.scenes import KEY

# did:key Method, section 2.1 and the W3C test suite.
DIDS = [
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP",
]


@pytest.mark.parametrize("did", DIDS)
def test_document_is_the_one_of_the_method(did: str) -> None:
    value = did.removeprefix("did:key:")
    document = did_key.controller_document(did)
    assert document["id"] == did
    assert document["verificationMethod"] == [
        {
            "id": f"{did}#{value}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": value,
        }
    ]
    assert document["assertionMethod"] == document["authentication"] == [f"{did}#{value}"]


@pytest.mark.parametrize("did", DIDS)
def test_did_and_its_verification_method_follow_from_the_key(did: str) -> None:
    value = did.removeprefix("did:key:")
    key = multikey.decode_public_key(value)
    assert isinstance(key, Ed25519PublicKey)
    assert did_key.did_key(key) == did
    assert did_key.verification_method(key) == f"{did}#{value}"


@pytest.mark.parametrize(
    ("did", "code"),
    [
        ("", Code.DID_INVALID),
        ("did:key", Code.DID_INVALID),
        ("DID:KEY:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", Code.DID_INVALID),
        (" " + DIDS[0], Code.DID_INVALID),
        ("did:key:", Code.KEY_INVALID),
        (DIDS[0] + "?v=1", Code.KEY_INVALID),
        (DIDS[0] + "/path", Code.KEY_INVALID),
        (DIDS[0] + "#key", Code.KEY_INVALID),
        ("did:key:1.1:" + DIDS[0].removeprefix("did:key:"), Code.KEY_INVALID),
        (
            "did:key:" + encode_base64url(b"\xed\x01" + KEY.public_key.public_bytes),
            Code.KEY_INVALID,
        ),
        ("did:key:" + encode_base58(b"\xec\x01" + bytes(32)), Code.KEY_INVALID),
        ("did:key:" + encode_base58(b"\xed\x01\x01" + bytes(31)), Code.KEY_INVALID),
        ("did:key:z" + "2" * 5000, Code.KEY_INVALID),
    ],
)
def test_any_other_spelling_or_key_is_refused(did: str, code: Code) -> None:
    with pytest.raises(SigningKeyError) as caught:
        did_key.controller_document(did)
    assert caught.value.code is code
