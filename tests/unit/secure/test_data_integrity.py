"""Proofs: added, read before anything is done with them, verified alone, in sets and in chains."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2
from testamur.canon.multibase import decode_base58, encode_base58, encode_base64url
from testamur.errors import CanonicalizationError, Code, ModelError, ProofError, SigningKeyError
from testamur.secure import SUITES, EddsaJcs2022, ProofOptions
from testamur.secure.data_integrity import Cryptosuite, Proof, parse_proofs
from unit.scenes import (
    NOW,
    OTHER_SIGNER,
    SIGNER,
    Document,
    changed,
    credential,
    signed,
)

CHAINED = "urn:uuid:11111111-1111-4111-8111-111111111111"


def proofs_of(document: Document) -> tuple[Proof, ...]:
    return parse_proofs(document, SUITES)


def malformed(**members: object) -> ProofError:
    document = signed(credential())
    document["proof"] = changed(document["proof"], **members)
    with pytest.raises(ProofError) as caught:
        proofs_of(document)
    return caught.value


# Adding a proof


def test_new_proof_says_what_the_options_say() -> None:
    options = ProofOptions(
        created=datetime(2026, 6, 1, 12, 30, 15, 999_999, tzinfo=UTC),
        expires=datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=2))),
        purpose="authentication",
        challenge="c",
        domain="d.example",
        nonce="n",
        id=CHAINED,
    )
    proof = signed(credential(), options=options)["proof"]
    assert len(decode_base58(proof.pop("proofValue"))) == 64
    assert proof == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "id": CHAINED,
        "created": "2026-06-01T12:30:15Z",
        "expires": "2027-01-01T00:00:00+02:00",
        "proofPurpose": "authentication",
        "challenge": "c",
        "domain": "d.example",
        "nonce": "n",
        "verificationMethod": SIGNER.verification_method,
    }


def test_new_proof_needs_no_options() -> None:
    proof = signed(credential(), options=ProofOptions())["proof"]
    assert proof.keys() == {
        "type",
        "cryptosuite",
        "proofPurpose",
        "verificationMethod",
        "proofValue",
    }
    assert proof["proofPurpose"] == "assertionMethod"


def test_document_is_not_changed_by_a_new_proof() -> None:
    document = signed(credential())
    before = deepcopy(document)
    added = signed(document, signer=OTHER_SIGNER)
    assert document == before
    assert added["proof"][0] == before["proof"]


def test_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        signed(credential(), options=ProofOptions(created=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert caught.value.code is Code.VALIDITY_MALFORMED


@pytest.mark.parametrize("length", [0, 32, 63, 65])
def test_signer_that_gives_no_ed25519_signature_is_refused(length: int) -> None:
    class Broken:
        verification_method = SIGNER.verification_method

        def sign(self, data: bytes) -> bytes:
            return data[:0] + bytes(length)

    with pytest.raises(SigningKeyError) as caught:
        signed(credential(), signer=Broken())
    assert caught.value.code is Code.SIGNING_KEY


def test_nothing_is_signed_that_json_ld_would_drop() -> None:
    with pytest.raises(CanonicalizationError) as caught:
        signed(credential(undefined="x"))
    assert caught.value.code is Code.DATA_LOSS


def test_jcs_proof_keeps_the_contexts_it_was_made_under() -> None:
    # VC-DI-EDDSA 3.3.1: only where the document has any.
    document = signed(credential(), suite=EddsaJcs2022())
    assert document["proof"]["@context"] == [CREDENTIALS_V2]
    bare = signed({"id": "urn:x:1"}, suite=EddsaJcs2022())
    assert "@context" not in bare["proof"]


@pytest.mark.parametrize("value", [None, [], "x", 5, [{}, "x"], [None], True])
def test_proof_is_not_added_beside_what_is_no_proof(value: object) -> None:
    document = credential()
    document["proof"] = value
    with pytest.raises(ProofError) as caught:
        signed(document)
    assert caught.value.code is Code.PROOF_MALFORMED


# Reading proofs


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: type(suite).__name__)
def test_proof_is_read_as_it_was_made(suite: Cryptosuite) -> None:
    contexts = [CREDENTIALS_V2, "https://w3id.org/security/suites/ed25519-2020/v1"]
    document = signed(
        credential(**{"@context": contexts}),
        suite=suite,
        options=ProofOptions(created=NOW, expires=NOW, challenge="c", domain="d", id=CHAINED),
    )
    (proof,) = proofs_of(document)
    assert proof.document == document["proof"]
    assert type(proof.suite) is type(suite)
    assert proof.suite_name == suite.members.get("cryptosuite", "Ed25519Signature2020")
    assert proof.verification_method == SIGNER.verification_method
    assert proof.purpose == "assertionMethod"
    assert encode_base58(proof.signature) == document["proof"]["proofValue"]
    assert (proof.created, proof.expires) == (NOW, NOW)
    assert (proof.challenge, proof.domains, proof.id, proof.previous) == ("c", ("d",), CHAINED, ())


def test_domain_may_be_several() -> None:
    document = signed(credential())
    document["proof"]["domain"] = ["a.example", "b.example"]
    assert proofs_of(document)[0].domains == ("a.example", "b.example")


@pytest.mark.parametrize("document", [credential(), {**credential(), "proof": None}, {}])
def test_document_without_a_proof_is_refused(document: Document) -> None:
    with pytest.raises(ProofError) as caught:
        proofs_of(document)
    assert caught.value.code is Code.PROOF_MISSING


@pytest.mark.parametrize("value", [[], "x", 5, True, ["x"], [{}, None], [[]]])
def test_proof_that_is_no_object_is_refused(value: object) -> None:
    # An empty array must not be "all of them verified".
    with pytest.raises(ProofError) as caught:
        proofs_of({**credential(), "proof": value})
    assert caught.value.code is Code.PROOF_MALFORMED


def test_more_proofs_than_allowed_are_refused() -> None:
    document = signed(credential())
    proof = document["proof"]
    assert len(proofs_of({**document, "proof": [proof] * limits.PROOFS})) == limits.PROOFS
    with pytest.raises(ProofError) as caught:
        proofs_of({**document, "proof": [proof] * (limits.PROOFS + 1)})
    assert caught.value.code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize(
    "member", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"]
)
@pytest.mark.parametrize("value", [None, "", 5, ["x"], {"id": "x"}, True])
def test_proof_that_lacks_a_member_or_has_a_wrong_one_is_refused(
    member: str, value: object
) -> None:
    assert malformed(**{member: value}).code is Code.PROOF_MALFORMED


@pytest.mark.parametrize(
    "members",
    [
        {"created": ""},
        {"created": "2026-06-01"},
        {"created": 5},
        {"expires": "2026-13-01T00:00:00Z"},
        {"expires": "2026-06-01T00:00:00"},
        {"expires": ["2026-06-01T00:00:00Z"]},
        {"challenge": 5},
        {"challenge": ""},
        {"domain": 5},
        {"domain": []},
        {"domain": ["a", 5]},
        {"domain": [""]},
        {"domain": ["a"] * 17},
        {"id": 5},
        {"previousProof": {"id": "urn:x:1"}},
        {"previousProof": [["urn:x:1"]]},
        {"previousProof": ["urn:x:1"] * 17},
    ],
)
def test_option_of_the_wrong_kind_is_refused(members: Document) -> None:
    assert malformed(**members).code is Code.PROOF_MALFORMED


@pytest.mark.parametrize(
    "value",
    [
        "z",
        "not multibase",
        encode_base64url(bytes(64)),  # only base58-btc is allowed
        encode_base58(bytes(63)),
        encode_base58(bytes(65)),
        encode_base58(bytes(96)),
        encode_base58(bytes(64))[1:],
        encode_base58(bytes(64)) + "0",
        "z" + "2" * 200,
    ],
)
def test_proof_value_that_is_no_ed25519_signature_in_base58_is_refused(value: str) -> None:
    assert malformed(proofValue=value).code is Code.PROOF_MALFORMED


def test_proof_of_an_unknown_kind_is_read_without_its_value() -> None:
    document = signed(credential())
    document["proof"] |= {"cryptosuite": "ecdsa-rdfc-2019", "proofValue": None}
    (proof,) = proofs_of(document)
    assert proof.suite is None
    assert proof.suite_name == "ecdsa-rdfc-2019"
    assert proof.signature == b""


def test_suite_that_the_caller_does_not_accept_is_unknown() -> None:
    (proof,) = parse_proofs(signed(credential()), [EddsaJcs2022()])
    assert proof.suite is None
