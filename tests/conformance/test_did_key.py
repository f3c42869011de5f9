"""did:key Method 1.0: the examples of the specification, and the W3C's resolution tests."""

from __future__ import annotations

import json
from typing import Any

import pytest

import shared_data
from testamur.errors import Code, SigningKeyError
from testamur.fetch import OfflineFetcher
from testamur.keys import did_key, multikey
from testamur.keys.controller import Resolver, retrieve
from testamur.keys.ed25519 import Ed25519PublicKey

VECTORS = "vectors/did-key/ed25519.json"

# did:key Method, example 1.
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
KEY = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def vectors() -> dict[str, Any]:
    found: dict[str, Any] = shared_data.read_json(VECTORS)
    return found


def refused(did: str) -> Code:
    with pytest.raises(SigningKeyError) as caught:
        did_key.controller_document(did)
    return caught.value.code


def test_document_of_the_specification_is_made() -> None:
    document = did_key.controller_document(DID)
    assert document["id"] == DID
    assert document["verificationMethod"] == [
        {"id": f"{DID}#{KEY}", "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY}
    ]
    assert document["assertionMethod"] == document["authentication"] == [f"{DID}#{KEY}"]


def test_documents_of_the_specification_have_the_same_signing_key() -> None:
    """Key agreement is not derived, and there is no use for the capability relationships."""
    for text in vectors()["specExamplesRaw"]:
        published = json.loads(text)
        if published["verificationMethod"][0]["type"] != "Multikey":
            continue
        document = did_key.controller_document(published["id"])
        for member in ("id", "verificationMethod", "assertionMethod", "authentication"):
            assert document[member] == published[member]


def test_published_identifiers_are_read_and_written() -> None:
    for did in [*vectors()["dids"], vectors()["testSuite"]["valid"]]:
        key = multikey.decode_public_key(did.removeprefix("did:key:"))
        assert isinstance(key, Ed25519PublicKey)
        assert did_key.did_key(key) == did
        assert did_key.verification_method(key) == f"{did}#{did.removeprefix('did:key:')}"


def test_key_that_is_too_short_is_refused() -> None:
    assert refused(vectors()["testSuite"]["tooShort"]) is Code.KEY_INVALID


def test_key_agreement_key_proves_nothing() -> None:
    """Ours is no key for signatures, and the document does not list it."""
    with pytest.raises(SigningKeyError) as caught:
        retrieve(
            vectors()["testSuite"]["keyAgreementVm"],
            purpose="assertionMethod",
            resolver=Resolver(OfflineFetcher()),
        )
    assert caught.value.code is Code.KEY_NOT_FOUND


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:" + KEY.lower(),
        "did:key:" + KEY + "=",
        "did:key:z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p",  # X25519
        "DID:KEY:" + KEY,
    ],
)
def test_other_spelling_of_a_key_is_refused(did: str) -> None:
    assert refused(did) in (Code.KEY_INVALID, Code.DID_INVALID)
