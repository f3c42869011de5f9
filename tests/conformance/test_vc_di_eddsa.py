"""Data Integrity EdDSA Cryptosuites 1.0: the test vectors of its appendix B.

Every value in between is compared, so that a fault shows where it is made, and every signature is
made again: Ed25519 is deterministic.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

import shared_data
from known_contexts import EXAMPLES
from testamur.canon import jcs, multibase, rdfc10
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ProofError
from testamur.keys import multikey
from testamur.keys.did_key import verification_method
from testamur.keys.signer import Ed25519Signer
from testamur.secure import (
    SUITES,
    Cryptosuite,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    ProofOptions,
)
from testamur.secure.data_integrity import add_proof, parse_proofs, verify_proof

# VC-DI-EDDSA, B.1 Representation: eddsa-rdfc-2022, examples 6 to 17.
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
UNSIGNED: JsonObject = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
    ],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
PROOF_HASH = "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
PROOF_VALUES = {
    "eddsa-rdfc-2022": "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3"
    "ijx4K1FBTQsCZahKZme",
    "eddsa-jcs-2022": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFu"
    "UfjoJdcnTMuVor51aX",
}

VECTORS = shared_data.params(
    lambda: {
        vector["name"]: vector for vector in shared_data.read_json("vectors/eddsa/vectors.json")
    }
)


def signer(secret: str) -> Ed25519Signer:
    return Ed25519Signer.for_did_key(multikey.decode_secret_key(secret))


def suite_for(vector: dict[str, Any]) -> Cryptosuite:
    config = vector["proofConfig"]
    return next(s for s in SUITES if s.identify(config["type"], config.get("cryptosuite")))


def secured_part(vector: dict[str, Any]) -> dict[str, Any]:
    """What is signed: Ed25519Signature2020 adds its context to the unsigned document first."""
    return {member: value for member, value in vector["signed"].items() if member != "proof"}


def proof_config(vector: dict[str, Any]) -> dict[str, Any]:
    """The proof as it stands in the document, but for its proofValue."""
    proof = vector["signed"]["proof"]
    return {member: value for member, value in proof.items() if member != "proofValue"}


# The values below stand in this file, for a clone without the shared data.


def test_key_of_the_specification_is_read_and_written() -> None:
    key = multikey.decode_secret_key(SECRET)
    assert multikey.encode_public_key(key.public_key) == PUBLIC
    assert multikey.encode_secret_key(key) == SECRET
    assert verification_method(key.public_key) == f"did:key:{PUBLIC}#{PUBLIC}"


def test_hash_data_of_the_specification_is_reproduced() -> None:
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{PUBLIC}#{PUBLIC}",
        "proofPurpose": "assertionMethod",
    }
    hash_data = EddsaRdfc2022().hash_data(UNSIGNED, proof, EXAMPLES)
    assert hash_data.hex() == PROOF_HASH + DOCUMENT_HASH


@pytest.mark.parametrize("suite", [EddsaRdfc2022(), EddsaJcs2022()], ids=list(PROOF_VALUES))
def test_proof_value_of_the_specification_is_reproduced(suite: Cryptosuite) -> None:
    signed = add_proof(
        UNSIGNED,
        suite=suite,
        signer=signer(SECRET),
        options=ProofOptions(created=CREATED),
        contexts=EXAMPLES,
    )
    proof = signed["proof"]
    assert isinstance(proof, dict)
    assert proof["proofValue"] == PROOF_VALUES[str(suite.members["cryptosuite"])]


# All vectors.


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_has_the_published_canonical_document_and_hash(vector: dict[str, Any]) -> None:
    document = secured_part(vector)
    if isinstance(suite_for(vector), EddsaJcs2022):
        canonical = jcs.canonicalize(document)
    else:
        canonical = rdfc10.canonicalize(document, contexts=EXAMPLES)
    assert canonical.decode("utf-8") == vector["canonicalDocument"]
    assert hashlib.sha256(canonical).hexdigest() == vector["docHash"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_has_the_published_canonical_proof_configuration_and_hash(
    vector: dict[str, Any],
) -> None:
    config = vector["proofConfig"]
    if isinstance(suite_for(vector), EddsaJcs2022):
        canonical = jcs.canonicalize(config)
    else:
        canonical = rdfc10.canonicalize(config, contexts=EXAMPLES, name="proof")
    assert canonical.decode("utf-8") == vector["canonicalProofConfig"]
    assert hashlib.sha256(canonical).hexdigest() == vector["proofHash"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_has_the_published_hash_data(vector: dict[str, Any]) -> None:
    found = suite_for(vector).hash_data(secured_part(vector), proof_config(vector), EXAMPLES)
    assert found.hex() == vector["hashData"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_has_the_published_signature(vector: dict[str, Any]) -> None:
    key = multikey.decode_secret_key(vector["keyPair"]["privateKeyMultibase"])
    signature = key.sign(bytes.fromhex(vector["hashData"]))
    assert signature.hex() == vector["signatureHex"]
    assert multibase.encode_base58(signature) == vector["proofValue"]
    assert multikey.encode_public_key(key.public_key) == vector["keyPair"]["publicKeyMultibase"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_is_signed_again_into_the_published_document(vector: dict[str, Any]) -> None:
    signed = add_proof(
        secured_part(vector),
        suite=suite_for(vector),
        signer=signer(vector["keyPair"]["privateKeyMultibase"]),
        options=ProofOptions(created=CREATED),
        contexts=EXAMPLES,
    )
    assert signed == vector["signed"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_verifies_with_its_key_and_no_more_after_a_change(vector: dict[str, Any]) -> None:
    document = vector["signed"]
    (proof,) = parse_proofs(document, SUITES)
    key = multikey.decode_public_key(vector["keyPair"]["publicKeyMultibase"])
    verify_proof(document, proof, proofs=[proof], key=key, contexts=EXAMPLES)

    changed = {**document, "name": "Another Credential"}
    with pytest.raises(ProofError, match="does not fit") as caught:
        verify_proof(changed, proof, proofs=[proof], key=key, contexts=EXAMPLES)
    assert caught.value.code is Code.PROOF_INVALID


def test_ed25519_signature_2020_names_itself_by_type_alone() -> None:
    assert Ed25519Signature2020().members == {"type": "Ed25519Signature2020"}
    assert not EddsaRdfc2022().identify("Ed25519Signature2020", None)


# 3.3.2, step 4: the document's contexts must begin with those of the proof.


def jcs_signed() -> JsonObject:
    return add_proof(
        UNSIGNED,
        suite=EddsaJcs2022(),
        signer=signer(SECRET),
        options=ProofOptions(created=CREATED),
        contexts=EXAMPLES,
    )


def verify_jcs(document: JsonObject) -> None:
    (proof,) = parse_proofs(document, SUITES)
    key = multikey.decode_public_key(PUBLIC)
    verify_proof(document, proof, proofs=[proof], key=key, contexts=EXAMPLES)


def test_jcs_proof_does_not_cover_a_context_that_is_appended() -> None:
    """So the allow-list of contexts must hold for eddsa-jcs-2022 as well."""
    context = UNSIGNED["@context"]
    assert isinstance(context, list)
    verify_jcs({**jcs_signed(), "@context": [*context, "https://attacker.example/context"]})


def test_jcs_proof_covers_the_contexts_it_names() -> None:
    context = UNSIGNED["@context"]
    assert isinstance(context, list)
    with pytest.raises(ProofError, match="not the one that was signed") as caught:
        verify_jcs({**jcs_signed(), "@context": ["https://attacker.example/context", *context]})
    assert caught.value.code is Code.PROOF_INVALID
