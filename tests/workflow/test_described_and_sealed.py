"""From a description to a sealed European Digital Credential, and back."""

from __future__ import annotations

from typing import Any

from descriptions import FULL
from seals import KEYS, Authority
from simulator import NOW
from testamur.loading import load
from testamur.model.elm import EuropeanDigitalCredential, find_faults
from testamur.model.microcredential import read_document, to_elm
from testamur.sealing import issuer_from_certificate, seal

PNG = b"\x89PNG\r\n\x1a\n and whatever follows"


def test_described_credential_is_sealed_and_says_the_same() -> None:
    key = KEYS["P-256"]()
    signer = Authority().seal(key)
    draft: Any = to_elm(
        FULL.model_copy(update={"awarding_body": None}), id="urn:credential:1", pages={"en": PNG}
    ).to_json()
    draft["issuer"] = issuer_from_certificate(draft, signer.certificates[0])
    credential = EuropeanDigitalCredential.from_json(draft)
    assert find_faults(credential).faults == ()
    secured = seal(draft, signer=signer, now=NOW)
    reading = read_document(load(secured.content).document)
    found = reading.description
    assert found.awarding_body == FULL.issuer  # the issuer is now whoever owns the seal
    assert found.issuer != FULL.issuer
    assert found.model_copy(update={"issuer": None, "awarding_body": None}) == FULL.model_copy(
        update={"issuer": None, "awarding_body": None}
    )
