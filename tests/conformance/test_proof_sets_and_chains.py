"""VC Data Integrity 1.0, proof sets and chains: the vectors of VC-DI-EDDSA, and the W3C's suite.

"Add Proof Set/Chain" and "Verify Proof Sets and Chains" are tried on the vectors' four keys: a set
of two proofs, a third proof over both, and a fourth over the third.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import shared_data
from known_contexts import EXAMPLES, INLINE
from testamur.canon.strict_json import dumps
from testamur.errors import Code, ProofError
from testamur.keys import multikey
from testamur.keys.signer import Ed25519Signer
from testamur.model.dates import parse_date_time_stamp
from testamur.secure import SUITES, EddsaRdfc2022, ProofOptions
from testamur.secure.data_integrity import add_proof, parse_proofs, verify_proof
from testamur.trust import AllowList
from testamur.verification import Answer, CheckName, Policy, Report, Verdict, Verifier

FOLDER = "vectors/eddsa/proof-set-chain"
STEPS = [
    # before, the proof that is added, its key, after
    ("unsigned", "proofSetConfig1", "keyPair1", "signedProofSet1"),
    ("signedProofSet1", "proofSetConfig2", "keyPair2", "signedProofSet2"),
    ("signedProofSet2", "proofChainConfig1", "keyPair3", "signedProofChain1"),
    ("signedProofChain1", "proofChainConfig2", "keyPair4", "signedProofChain2"),
]

PREVIOUS_PROOF = "vectors/eddsa/di-assertion-previousProof"
ISSUER = "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(name: str) -> Any:
    return shared_data.read_json(f"{FOLDER}/{name}.json")


def options(config: dict[str, Any]) -> ProofOptions:
    previous = config.get("previousProof", ())
    return ProofOptions(
        created=parse_date_time_stamp(config["created"]),
        id=config.get("id"),
        previous_proof=(previous,) if isinstance(previous, str) else tuple(previous),
    )


def verify_all(document: dict[str, Any]) -> None:
    """Verify every proof, from the last to the first, with the key that its did:key is."""
    proofs = parse_proofs(document, SUITES)
    for proof in reversed(proofs):
        key = multikey.decode_public_key(proof.verification_method.partition("#")[2])
        verify_proof(document, proof, proofs=proofs, key=key, contexts=INLINE)


@pytest.mark.parametrize(("before", "config", "pair", "after"), STEPS)
def test_proof_is_added_exactly_as_published(
    before: str, config: str, pair: str, after: str
) -> None:
    secret = read("multiKeyPairs")[pair]["privateKeyMultibase"]
    signed = add_proof(
        read(before),
        suite=EddsaRdfc2022(),
        signer=Ed25519Signer.for_did_key(multikey.decode_secret_key(secret)),
        options=options(read(config)),
        contexts=EXAMPLES,
    )
    assert signed == read(after)


@pytest.mark.parametrize("name", [after for _, _, _, after in STEPS])
def test_published_set_or_chain_verifies(name: str) -> None:
    verify_all(read(name))


@pytest.mark.parametrize("position", [1, 2])
def test_chained_proof_secures_the_published_document(position: int) -> None:
    """The proofs that previousProof names are hashed with the document."""
    config = read(f"proofChainConfig{position}")
    document = {name: value for name, value in read("unsigned").items() if name != "proof"}
    secured = read(f"proofChainTempDoc{position}")
    assert {name: value for name, value in secured.items() if name != "proof"} == document
    hash_data = EddsaRdfc2022().hash_data(secured, config, EXAMPLES)
    key = multikey.decode_public_key(config["verificationMethod"].partition("#")[2])
    signed = read(f"proofChainConfigSigned{position}")
    (proof,) = parse_proofs({**document, "proof": signed}, SUITES)
    assert key.verify(proof.signature, hash_data)  # type: ignore[attr-defined]


def test_removing_a_proof_of_the_set_does_not_hurt_the_other() -> None:
    document = read("signedProofSet2")
    verify_all({**document, "proof": document["proof"][1]})


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_removing_a_link_of_the_chain_is_seen(removed: int) -> None:
    document = read("signedProofChain2")
    proofs = [proof for index, proof in enumerate(document["proof"]) if index != removed]
    with pytest.raises(ProofError, match="which is not there") as caught:
        verify_all({**document, "proof": proofs})
    assert caught.value.code is Code.PROOF_CHAIN


def test_replacing_a_link_of_the_chain_is_seen() -> None:
    """A proof of the same id, made by the same key at another time, is another proof."""
    document = read("signedProofChain1")
    config = {**read("proofSetConfig1"), "created": "2023-02-25T00:00:00Z"}
    secret = read("multiKeyPairs")["keyPair1"]["privateKeyMultibase"]
    replacement = add_proof(
        read("unsigned"),
        suite=EddsaRdfc2022(),
        signer=Ed25519Signer.for_did_key(multikey.decode_secret_key(secret)),
        options=options(config),
        contexts=EXAMPLES,
    )["proof"]
    with pytest.raises(ProofError) as caught:
        verify_all({**document, "proof": [replacement, *document["proof"][1:]]})
    assert caught.value.code is Code.PROOF_INVALID


def test_repeated_link_of_the_chain_is_refused() -> None:
    document = read("signedProofChain1")
    with pytest.raises(ProofError, match="more than once") as caught:
        verify_all({**document, "proof": [document["proof"][0], *document["proof"]]})
    assert caught.value.code is Code.PROOF_CHAIN


# The W3C's suite for previousProof. The issuer made the second proof, and another key the first.

EXPECTED_CODES = {
    "previousProofArrayMissingFail": Code.PROOF_CHAIN,
    "previousProofMissingFail": Code.PROOF_CHAIN,
    "previousProofStringMissingFail": Code.PROOF_CHAIN,
    "previousProofNotStringFail": Code.PROOF_MALFORMED,
}
"""previousProof names no proof that is there; previousProof is a number."""


def previous_proof_files() -> dict[str, str]:
    found = sorted(shared_data.folder(PREVIOUS_PROOF).glob("*.json"))
    return {file.stem.removesuffix("-SimpleSigned2"): file.name for file in found}


def inputs(suffix: str) -> list[object]:
    return shared_data.params(
        lambda: {
            name: file for name, file in previous_proof_files().items() if name.endswith(suffix)
        }
    )


def examine(document: dict[str, Any]) -> Report:
    verifier = Verifier(
        now=NOW, trust=AllowList({ISSUER: "The issuer"}), policy=Policy(contexts=INLINE)
    )
    return verifier.examine(dumps(document))


def expected_code(file: str) -> Code:
    return EXPECTED_CODES[file.split("-")[1]]


def test_every_failing_input_has_an_expected_code() -> None:
    names = {name.partition("-")[2] for name in previous_proof_files()}
    assert {name for name in names if name.endswith("Fail")} == set(EXPECTED_CODES)


@pytest.mark.parametrize("file", inputs("Ok"))
def test_chain_of_the_suite_is_accepted(file: str) -> None:
    document = shared_data.read_json(f"{PREVIOUS_PROOF}/{file}")
    verify_all(document)
    report = examine(document)
    assert report.verdict is Verdict.GENUINE
    assert {c.answer for c in report.checks if c.name is CheckName.PROOF} == {Answer.PASSED}


@pytest.mark.parametrize("file", inputs("Fail"))
def test_broken_chain_of_the_suite_is_refused_for_its_own_reason(file: str) -> None:
    with pytest.raises(ProofError) as caught:
        verify_all(shared_data.read_json(f"{PREVIOUS_PROOF}/{file}"))
    assert caught.value.code is expected_code(file)


@pytest.mark.parametrize("file", inputs("Fail"))
def test_broken_chain_of_the_suite_is_not_genuine(file: str) -> None:
    document = shared_data.read_json(f"{PREVIOUS_PROOF}/{file}")
    report = examine(document)
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None
    # Two of the inputs name an issuer that none of the keys belongs to, which is seen first.
    expected = expected_code(file) if document["issuer"] == ISSUER else Code.ISSUER_MISMATCH
    assert expected in report.codes


@pytest.mark.parametrize("proof", [[], None])
def test_zero_proofs_are_a_failure(proof: object) -> None:
    """ "Verify Proof Sets and Chains" starts from true; copied as it is, nothing would be proof."""
    with pytest.raises(ProofError):
        verify_all({**read("unsigned"), "proof": proof})
