"""Open Badges 3.0 and CLR 2.0 implementation guides: their signed samples, with what lies between.

The guides print the canonical document, the canonical proof configuration and every hash. The
samples' key has a published secret half, so it proves nothing but this.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

import shared_data
from testamur.canon import multibase, rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import Code
from testamur.fetch import MemoryFetcher
from testamur.keys import multikey
from testamur.secure import SUITES, EddsaRdfc2022
from testamur.secure.data_integrity import parse_proofs, verify_proof
from testamur.trust import AllowList
from testamur.verification import Answer, CheckName, Verdict, Verifier

FOLDER = "vectors/open-badges-impl-guide"
SAMPLES = ["obv3p0", "clrv2p0"]

ISSUER = "https://example.edu/issuers/565049"
KEY = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
CONTROLLER: JsonObject = {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    "id": ISSUER,
    "verificationMethod": [
        {
            "id": f"{ISSUER}#{KEY}",
            "type": "Multikey",
            "controller": ISSUER,
            "publicKeyMultibase": KEY,
        }
    ],
    "assertionMethod": [f"{ISSUER}#{KEY}"],
}

# The guide's badge, "Linked Data Proof" of the Open Badges 3.0 Implementation Guide, and its hashes
# stand here for a clone without the shared data.
BADGE: JsonObject = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": ISSUER,
        "type": ["Profile"],
        "url": "https://www.imsglobal.org",
        "name": "Example Corp",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and "
                "recognized upon review by Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate "
            "within a group environment.",
            "name": "Teamwork",
        },
    },
    "proof": {
        "type": "DataIntegrityProof",
        "created": "2010-01-01T19:23:24Z",
        "verificationMethod": f"{ISSUER}#{KEY}",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "proofValue": "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35Hcb"
        "gXVEDYHxCzgkCr",
    },
}
DOCUMENT_HASH = "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
PROOF_HASH = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"


def sample(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A sample's document, without proofs, and its one proof."""
    signed = shared_data.read_json(f"{FOLDER}/{name}-signed.json")
    proof = signed.pop("proof")
    return signed, proof[0] if isinstance(proof, list) else proof


def config(proof: dict[str, Any], document: dict[str, Any]) -> JsonObject:
    """The proof configuration: VC-DI-EDDSA, 3.2.5."""
    members = {name: value for name, value in proof.items() if name != "proofValue"}
    return {**members, "@context": document["@context"]}


def verifier() -> Verifier:
    return Verifier(
        now=datetime(2026, 1, 1, tzinfo=UTC),
        trust=AllowList({ISSUER: "Example Corp"}),
        fetcher=MemoryFetcher({ISSUER: dumps(CONTROLLER).encode("utf-8")}),
    )


def test_document_hash_printed_in_the_guide_is_reproduced() -> None:
    document = {name: value for name, value in BADGE.items() if name != "proof"}
    assert hashlib.sha256(rdfc10.canonicalize(document)).hexdigest() == DOCUMENT_HASH


def test_badge_printed_in_the_guide_is_genuine_under_its_issuers_key() -> None:
    report = verifier().examine(dumps(BADGE))
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert report.contents.achievement_name == "Teamwork"


def test_badge_printed_in_the_guide_is_not_genuine_after_a_change() -> None:
    report = verifier().examine(dumps({**BADGE, "name": "Leadership Badge"}))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_has_the_published_canonical_form_byte_for_byte(name: str) -> None:
    document, _ = sample(name)
    assert rdfc10.canonicalize(document) == shared_data.read(f"{FOLDER}/{name}-document-canon.txt")


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_proof_has_the_published_canonical_form_byte_for_byte(name: str) -> None:
    document, proof = sample(name)
    canonical = rdfc10.canonicalize(config(proof, document), name="proof")
    assert canonical == shared_data.read(f"{FOLDER}/{name}-proof-canon.txt")


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_has_the_published_hashes_and_signature(name: str) -> None:
    document, proof = sample(name)
    published = shared_data.read_json(f"{FOLDER}/{name}-hashes.json")
    canonical_config = rdfc10.canonicalize(config(proof, document), name="proof")
    members = {member: value for member, value in proof.items() if member != "proofValue"}
    hash_data = EddsaRdfc2022().hash_data(document, members, Contexts.bundled())

    assert hashlib.sha256(rdfc10.canonicalize(document)).hexdigest() == published["document-hash"]
    assert hashlib.sha256(canonical_config).hexdigest() == published["proof-hash"] == PROOF_HASH
    assert hash_data.hex() == published["data"]
    assert proof["proofValue"] == published["proof-value"]
    assert multibase.decode_base58(proof["proofValue"]).hex() == published["signature"]


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_verifies_with_the_key_of_the_guide(name: str) -> None:
    document = shared_data.read_json(f"{FOLDER}/{name}-signed.json")
    proofs = parse_proofs(document, SUITES)
    key = multikey.decode_public_key(KEY)
    verify_proof(document, proofs[0], proofs=proofs, key=key, contexts=Contexts.bundled())


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_genuine_under_its_issuers_key(name: str) -> None:
    report = verifier().examine(shared_data.read(f"{FOLDER}/{name}-signed.json"))
    # The schema of CLR 2.0, which the collection wants to be applied, is not built in.
    remarks = {Code.SCHEMA} if name == "clrv2p0" else set()
    assert report.codes == remarks
    assert report.verdict is (Verdict.GENUINE_WITH_REMARKS if remarks else Verdict.GENUINE)
    assert report.check(CheckName.ISSUER).answer is Answer.PASSED
    assert all(inner.verdict is Verdict.GENUINE for inner in report.credentials)


def test_badge_inside_the_sample_clr_is_examined_for_itself() -> None:
    report = verifier().examine(shared_data.read(f"{FOLDER}/clrv2p0-signed.json"))
    assert [inner.contents.name for inner in report.credentials if inner.contents] == [
        "Example University Degree"
    ]


def test_badge_inside_the_sample_clr_cannot_be_exchanged() -> None:
    document = shared_data.read_json(f"{FOLDER}/clrv2p0-signed.json")
    member = document["credentialSubject"]["verifiableCredential"][0]
    member["credentialSubject"]["achievement"]["name"] = "Achievement 2"
    report = verifier().examine(dumps(document))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID
