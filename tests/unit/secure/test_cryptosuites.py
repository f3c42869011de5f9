"""The three cryptosuites against the vectors of VC-DI-EDDSA (appendix B), and what they protect."""

from __future__ import annotations

import hashlib
from copy import deepcopy

import pytest
import rfc8785

from known_contexts import EXAMPLES, EXAMPLES_V2
from testamur.canon.contexts import CREDENTIALS_V2, ED25519_2020_V1, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue, parse_object
from testamur.errors import CanonicalizationError, Code, ProofError
from testamur.keys import Ed25519Signer, multikey
from testamur.model.dates import parse_date_time_stamp
from testamur.secure import (
    SUITES,
    Cryptosuite,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    ProofOptions,
)
from testamur.secure.data_integrity import add_proof
from unit.scenes import Document, changed, credential

PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
SIGNER = Ed25519Signer(multikey.decode_secret_key(SECRET), f"did:key:{PUBLIC}#{PUBLIC}")

# B.1 and B.2: the unsigned credential.
ALUMNI: Document = {
    "@context": [CREDENTIALS_V2, EXAMPLES_V2],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
CREATED = "2023-02-24T23:36:38Z"

RDFC, JCS, OLDER = EddsaRdfc2022(), EddsaJcs2022(), Ed25519Signature2020()

# Suite, contexts beside the first two, SHA-256 of the proof and of the document, proofValue.
VECTORS = [
    pytest.param(
        RDFC,
        [],
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0",
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
        id="eddsa-rdfc-2022",
    ),
    pytest.param(
        JCS,
        [],
        "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db",
        "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
        "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
        id="eddsa-jcs-2022",
    ),
    pytest.param(
        OLDER,
        [ED25519_2020_V1],
        "04e14bcf5727cba0c0aa04a04d22a56fef915d5f8f7756bb92ae67cb1d0c4847",
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
        "z57Mm1vboMtZiCyJ4aReZsv8co4Re64Y8GEjL1ZARzMbXZgkARFLqFs1P345NpPGG2hgCrS4nNdvJhpwnrNyG3kEF",
        id="Ed25519Signature2020",
    ),
]


@pytest.mark.parametrize(("suite", "more", "proof_hash", "document_hash", "value"), VECTORS)
def test_hash_data_and_proof_are_those_of_the_specification(
    suite: Cryptosuite, more: list[str], proof_hash: str, document_hash: str, value: str
) -> None:
    document = changed(ALUMNI, **{"@context": [CREDENTIALS_V2, EXAMPLES_V2, *more]})
    options = ProofOptions(created=parse_date_time_stamp(CREATED))
    signed: Document = add_proof(
        document, suite=suite, signer=SIGNER, options=options, contexts=EXAMPLES
    )
    assert signed["proof"]["proofValue"] == value
    assert signed["proof"]["created"] == CREATED
    assert changed(signed, proof=None) == document

    config = changed(signed["proof"], proofValue=None)
    hash_data = suite.hash_data(document, config, EXAMPLES)
    assert hash_data.hex() == proof_hash + document_hash


@pytest.mark.parametrize(
    ("suite", "type_", "name"),
    [
        (RDFC, "DataIntegrityProof", "eddsa-rdfc-2022"),
        (RDFC, "DataIntegrityProof", "eddsa-2022"),
        (JCS, "DataIntegrityProof", "eddsa-jcs-2022"),
        (OLDER, "Ed25519Signature2020", None),
    ],
)
def test_proof_is_known_by_exactly_one_suite(
    suite: Cryptosuite, type_: str, name: str | None
) -> None:
    assert [type(each) for each in SUITES if each.identify(type_, name)] == [type(suite)]


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("DataIntegrityProof", None),
        ("DataIntegrityProof", "ecdsa-rdfc-2019"),
        ("DataIntegrityProof", "EDDSA-RDFC-2022"),
        ("DataIntegrityProof", ""),
        ("Ed25519Signature2020", "eddsa-rdfc-2022"),
        ("Ed25519Signature2018", None),
        ("eddsa-rdfc-2022", "eddsa-rdfc-2022"),
    ],
)
def test_proof_of_another_kind_is_known_by_none(type_: str, name: str | None) -> None:
    assert not any(suite.identify(type_, name) for suite in SUITES)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: type(suite).__name__)
def test_members_of_a_suite_identify_it(suite: Cryptosuite) -> None:
    cryptosuite = suite.members.get("cryptosuite")
    assert suite.identify(str(suite.members["type"]), cryptosuite)  # type: ignore[arg-type]


def test_forerunner_is_hashed_as_its_successor_is() -> None:
    proof: JsonObject = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-2022"}
    first = RDFC.hash_data(credential(), proof, Contexts.bundled())
    second = RDFC.hash_data(
        credential(), {**proof, "cryptosuite": "eddsa-rdfc-2022"}, Contexts.bundled()
    )
    assert first[32:] == second[32:]
    assert first[:32] != second[:32]


def test_rdf_suite_gives_the_proof_the_contexts_of_the_document() -> None:
    # VC-DI-EDDSA 3.2.5, step 5: whatever the proof itself says.
    proof: JsonObject = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    stray: JsonObject = {**proof, "@context": ["https://evil.example/"]}
    contexts = Contexts.bundled()
    assert RDFC.hash_data(credential(), stray, contexts) == RDFC.hash_data(
        credential(), proof, contexts
    )


@pytest.mark.parametrize(
    "members",
    [
        {"undefined": "x"},
        {"https://w3id.org/security#expiration": "2020-01-01T00:00:00Z"},
        {"proofPurpose": "no purpose"},
        {"verificationMethod": "relative"},
        {"nonce": None},
    ],
)
def test_rdf_suite_refuses_a_proof_whose_members_would_not_be_signed(members: Document) -> None:
    # DI, Securing Data Losslessly, covers the proof options as well.
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", **members}
    with pytest.raises(CanonicalizationError) as caught:
        RDFC.hash_data(credential(), proof, Contexts.bundled())
    assert caught.value.code in (Code.DATA_LOSS, Code.NOT_CONFORMANT)


def test_older_suite_needs_the_context_that_defines_it() -> None:
    proof: JsonObject = {"type": "Ed25519Signature2020"}
    with pytest.raises(CanonicalizationError) as caught:
        OLDER.hash_data(credential(), proof, Contexts.bundled())
    assert caught.value.code is Code.DATA_LOSS
    defined = credential(**{"@context": [CREDENTIALS_V2, ED25519_2020_V1]})
    assert len(OLDER.hash_data(defined, proof, Contexts.bundled())) == 64


# eddsa-jcs-2022 and its contexts (3.3.2, step 4)


def jcs_hashes(document: Document, proof: Document) -> bytes:
    """As the specification says, with the canonicalizer of rfc8785 and hashlib."""
    return (
        hashlib.sha256(rfc8785.dumps(proof)).digest()
        + hashlib.sha256(rfc8785.dumps(document)).digest()
    )


def test_jcs_suite_hashes_every_member_as_it_stands() -> None:
    document = credential(anything={"@id": None, "a:b": [[], 5]})
    proof: JsonObject = {"type": "DataIntegrityProof", "stray": []}
    hash_data = JCS.hash_data(document, proof, Contexts.bundled())
    assert hash_data == jcs_hashes(document, proof)


def test_jcs_suite_hashes_numbers_by_their_value() -> None:
    one, other = parse_object('{"a": 1.50, "b": 1e2}'), parse_object('{"b": 100, "a": 1.5}')
    proof: JsonObject = {"type": "DataIntegrityProof"}
    contexts = Contexts.bundled()
    assert JCS.hash_data(one, proof, contexts) == JCS.hash_data(other, proof, contexts)


@pytest.mark.parametrize("context", [CREDENTIALS_V2, [CREDENTIALS_V2]])
@pytest.mark.parametrize("more", [[], ["https://appended.example/"]])
def test_jcs_suite_hashes_the_document_with_the_contexts_of_the_proof(
    context: JsonValue, more: list[str]
) -> None:
    # The contexts that somebody appended are not protected: the allow-list must refuse them.
    proof: JsonObject = {"type": "DataIntegrityProof", "@context": context}
    document = credential(**{"@context": [CREDENTIALS_V2, *more]})
    before = deepcopy(document)
    hash_data = JCS.hash_data(document, proof, Contexts.bundled())
    assert hash_data == jcs_hashes(credential(**{"@context": context}), proof)
    assert document == before


@pytest.mark.parametrize(
    "contexts",
    [
        None,
        [],
        ["https://prepended.example/", CREDENTIALS_V2],
        ["https://www.w3.org/2018/credentials/v1"],
        [CREDENTIALS_V2],
    ],
)
def test_jcs_suite_refuses_a_document_that_does_not_begin_with_the_contexts_of_the_proof(
    contexts: list[str] | None,
) -> None:
    proof: JsonObject = {"@context": [CREDENTIALS_V2, EXAMPLES_V2]}
    with pytest.raises(ProofError) as caught:
        JCS.hash_data(credential(**{"@context": contexts}), proof, Contexts.bundled())
    assert caught.value.code is Code.PROOF_INVALID


def test_jcs_suite_refuses_numbers_that_json_has_not() -> None:
    with pytest.raises(CanonicalizationError) as caught:
        JCS.hash_data(credential(x=2**53), {}, Contexts.bundled())
    assert caught.value.code is Code.NOT_CONFORMANT
