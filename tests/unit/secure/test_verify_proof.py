"""Proofs verified: one by one, in sets and in chains."""

from __future__ import annotations

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3, Contexts
from testamur.errors import CanonicalizationError, Code, ProofError
from testamur.keys import Ed25519PublicKey
from testamur.keys.ecdsa import P256PublicKey
from testamur.secure import EddsaJcs2022, EddsaRdfc2022, ProofOptions
from testamur.secure.data_integrity import add_proof, verify_proof
from unit.keys.test_ecdsa import POINT
from unit.scenes import (
    KEY,
    NOW,
    OTHER_KEY,
    OTHER_SIGNER,
    SIGNER,
    Document,
    badge,
    changed,
    signed,
)
from unit.secure.test_data_integrity import CHAINED, proofs_of


def verify(
    document: Document, position: int = 0, key: Ed25519PublicKey | P256PublicKey = KEY.public_key
) -> None:
    proofs = proofs_of(document)
    verify_proof(document, proofs[position], proofs=proofs, key=key, contexts=Contexts.bundled())


def refusal(document: Document, position: int = 0) -> ProofError:
    with pytest.raises(ProofError) as caught:
        verify(document, position)
    return caught.value


def test_untouched_document_verifies() -> None:
    verify(signed(badge()))
    verify(signed(badge(), suite=EddsaJcs2022()))


def test_changed_document_does_not_verify() -> None:
    for suite in (EddsaRdfc2022(), EddsaJcs2022()):
        document = signed(badge(), suite=suite)
        document["name"] = "Teamwork "
        assert refusal(document).code is Code.PROOF_INVALID


@pytest.mark.parametrize(
    "members",
    [
        {"created": "2026-06-01T00:00:01Z"},
        {"created": None},
        {"proofPurpose": "authentication"},
        {"expires": "2030-01-01T00:00:00Z"},
        {"challenge": "c"},
        {"domain": "d"},
        {"nonce": "n"},
        {"id": CHAINED},
        {"cryptosuite": "eddsa-2022"},
        {"verificationMethod": OTHER_SIGNER.verification_method},
    ],
)
def test_changed_proof_does_not_verify(members: Document) -> None:
    document = signed(badge())
    document["proof"] = changed(document["proof"], **members)
    assert refusal(document).code is Code.PROOF_INVALID


def test_another_s_key_does_not_verify() -> None:
    with pytest.raises(ProofError) as caught:
        verify(signed(badge()), key=OTHER_KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


def test_key_of_another_kind_does_not_verify() -> None:
    with pytest.raises(ProofError) as caught:
        verify(signed(badge()), key=P256PublicKey(*POINT))
    assert caught.value.code is Code.PROOF_INVALID


def test_proof_of_an_unknown_kind_is_not_verified() -> None:
    document = signed(badge())
    document["proof"]["cryptosuite"] = "ecdsa-rdfc-2019"
    error = refusal(document)
    assert error.code is Code.PROOF_UNSUPPORTED
    assert error.found == "ecdsa-rdfc-2019"


def test_proof_of_one_suite_does_not_pass_for_one_of_another() -> None:
    document = signed(badge())
    document["proof"]["cryptosuite"] = "eddsa-jcs-2022"
    assert refusal(document).code is Code.PROOF_INVALID


def test_member_that_would_not_be_signed_is_refused_at_verifying_too() -> None:
    document = signed(badge())
    document["credentialSubject"]["ectsCredits"] = 5
    with pytest.raises(CanonicalizationError) as caught:
        verify(document)
    assert caught.value.code is Code.DATA_LOSS


def test_contexts_are_the_caller_s() -> None:
    document = signed(badge())
    proofs = proofs_of(document)
    fewer = Contexts({CREDENTIALS_V2: Contexts.bundled().document(CREDENTIALS_V2)})
    with pytest.raises(CanonicalizationError) as caught:
        verify_proof(document, proofs[0], proofs=proofs, key=KEY.public_key, contexts=fewer)
    assert caught.value.code is Code.CONTEXT_REJECTED
    assert caught.value.url == OB_3_0_3


# Sets and chains


def test_proofs_of_a_set_are_independent_of_each_other_and_of_their_order() -> None:
    document = signed(signed(badge()), signer=OTHER_SIGNER)
    document["proof"].reverse()
    verify(document, 1)
    verify(document, 0, OTHER_KEY.public_key)
    verify({**document, "proof": document["proof"][1]})


def chain() -> Document:
    first = signed(badge(), options=ProofOptions(created=NOW, id=CHAINED))
    options = ProofOptions(created=NOW, previous_proof=(CHAINED,))
    return signed(first, signer=OTHER_SIGNER, options=options)


def test_proof_on_top_of_another_verifies_with_it() -> None:
    document = chain()
    assert document["proof"][1]["previousProof"] == CHAINED
    verify(document, 0)
    verify(document, 1, OTHER_KEY.public_key)


def test_proof_on_top_of_several_names_them_in_an_array() -> None:
    other = CHAINED.replace("1", "2")
    document = signed(badge(), options=ProofOptions(created=NOW, id=CHAINED))
    document = signed(document, options=ProofOptions(created=NOW, id=other))
    options = ProofOptions(created=NOW, previous_proof=(CHAINED, other))
    document = signed(document, options=options)
    assert document["proof"][2]["previousProof"] == [CHAINED, other]
    verify(document, 2)


def test_chain_whose_lower_proof_was_changed_does_not_verify() -> None:
    document = chain()
    document["proof"][0]["created"] = "2020-01-01T00:00:00Z"
    with pytest.raises(ProofError) as caught:
        verify(document, 1, OTHER_KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("count", [0, 2])
def test_chain_whose_lower_proof_is_not_there_once_does_not_verify(count: int) -> None:
    # DI, Verify Proof Sets and Chains: a reference without its proof "MUST" fail.
    document = chain()
    lower, upper = document["proof"]
    document["proof"] = [upper, *[lower] * count]
    error = refusal(document, 0)
    assert error.code is Code.PROOF_CHAIN
    assert error.found == CHAINED


def test_proof_on_top_of_one_that_is_not_there_is_not_made() -> None:
    options = ProofOptions(created=NOW, previous_proof=(CHAINED,))
    for document in (badge(), signed(badge())):
        with pytest.raises(ProofError) as caught:
            add_proof(
                document,
                suite=EddsaRdfc2022(),
                signer=SIGNER,
                options=options,
                contexts=Contexts.bundled(),
            )
        assert caught.value.code is Code.PROOF_CHAIN
