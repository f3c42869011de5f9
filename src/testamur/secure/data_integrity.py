"""Data Integrity proofs: what the cryptosuites share (VC Data Integrity 1.0).

A cryptosuite turns a document and a proof configuration into 64 bytes of hash data. Everything
else is the same for all: adding a proof, proof sets and chains, and reading what is in a proof
before anything is done with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon import multibase
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ModelError, ParseError, ProofError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer, VerificationKey
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp

__all__ = [
    "NO_DIGESTS",
    "Cryptosuite",
    "DocumentDigests",
    "Proof",
    "ProofOptions",
    "add_proof",
    "parse_proof_like",
    "parse_proofs",
    "verify_proof",
]


@dataclass(frozen=True, slots=True)
class DocumentDigests:
    """What was computed of a document already; None where it was not.

    Attributes:
        rdfc: 32 bytes, SHA-256 of its canonical N-Quads (RDFC-1.0), without proofs.
        hash_data: 64 bytes, the hash data of its only proof, which stands for itself.
    """

    rdfc: bytes | None = None
    hash_data: bytes | None = None


NO_DIGESTS = DocumentDigests()


class Cryptosuite(Protocol):
    """One way to make hash data; the signature over it is Ed25519 for every suite here."""

    def identify(self, type_: str, cryptosuite: str | None) -> bool:
        """Return whether a proof with this `type` and `cryptosuite` is of this suite."""
        ...

    def hash_data(
        self,
        document: JsonObject,
        proof: JsonObject,
        contexts: Contexts,
        digests: DocumentDigests = ...,
    ) -> bytes:
        """Return the hash data: 64 bytes, SHA-256(proof configuration) ‖ SHA-256(document).

        Args:
            document: what is secured, with `proof` only where a proof chain asks for it.
            proof: the proof as it stands in the document, without its proofValue.
            contexts: the allow-list of contexts.
            digests: what is known of the document already.

        Raises:
            CanonicalizationError: the document or the proof cannot be canonicalized exactly.
            ProofError: the proof's own @context does not fit the document.
        """
        ...

    @property
    def members(self) -> JsonObject:
        """What names the suite in a proof: `type`, and `cryptosuite` where it has one."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofOptions:
    """What a new proof says beside its signature (VC Data Integrity 1.0, Proofs).

    Attributes:
        created: when it is made, aware; whole seconds are written.
        purpose: "assertionMethod" for credentials, "authentication" for presentations.
        expires: from when on it is not to be accepted, aware.
        challenge: what the verifier of a presentation asked for.
        domain: for whom a presentation is meant.
        nonce: adds entropy.
        id: a URL for the proof, for others to refer to in a chain.
        previous_proof: ids of the proofs that this one secures too: a proof chain.
    """

    created: datetime | None = None
    purpose: str = "assertionMethod"
    expires: datetime | None = None
    challenge: str | None = None
    domain: str | None = None
    nonce: str | None = None
    id: str | None = None
    previous_proof: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A proof that was read; nothing about it is verified.

    Attributes:
        document: the proof's JSON object.
        suite: the cryptosuite, or None where it is not one of those accepted.
        suite_name: its name for people: the `cryptosuite`, or else the `type`.
        verification_method: the URL of the key that is said to have signed.
        purpose: the `proofPurpose`.
        signature: the 64 bytes in `proofValue`; empty where the suite is unknown.
        created: when it says it was made. expires: from when on it is not to be accepted.
        challenge: as in `ProofOptions`. domains: the `domain`, as a tuple.
        id: its id. previous: the ids in `previousProof`.
    """

    document: JsonObject
    suite: Cryptosuite | None
    suite_name: str
    verification_method: str
    purpose: str
    signature: bytes
    created: datetime | None
    expires: datetime | None
    challenge: str | None
    domains: tuple[str, ...]
    id: str | None
    previous: tuple[str, ...]


def add_proof(
    document: JsonObject,
    *,
    suite: Cryptosuite,
    signer: Signer,
    options: ProofOptions,
    contexts: Contexts,
) -> JsonObject:
    """Return a copy of `document` with one more proof (Add Proof, Add Proof Set/Chain).

    Where the document has proofs already, the new one stands beside them (a proof set), or on top
    of those that `options.previous_proof` names (a proof chain).

    Raises:
        CanonicalizationError: something in the document would not be signed.
        ProofError: `previous_proof` names a proof that is not there.
        SigningKeyError: the key cannot sign, or gave no Ed25519 signature.
    """
    present = _proof_objects(document) if "proof" in document else []
    config = {
        **suite.members,
        **_members(options),
        "verificationMethod": signer.verification_method,
    }
    secured = _with_previous(document, present, options.previous_proof)
    context = document.get("@context")
    if suite.members.get("cryptosuite") == "eddsa-jcs-2022" and context is not None:
        config["@context"] = context
    signature = signer.sign(suite.hash_data(secured, config, contexts))
    if len(signature) != 64:
        raise SigningKeyError(
            f"the signer gave {len(signature)} bytes; an Ed25519 signature has 64",
            code=Code.SIGNING_KEY,
        )
    config["proofValue"] = multibase.encode_base58(signature)
    proofs: list[JsonValue] = [*present, config]
    return {**document, "proof": proofs if len(proofs) > 1 else config}


def parse_proofs(document: JsonObject, suites: Iterable[Cryptosuite]) -> tuple[Proof, ...]:
    """Read the proofs of a document, at least one (Verify Proof, steps 1 to 4).

    Raises:
        ProofError: none (PROOF_MISSING); one that lacks a member or holds a wrong one
            (PROOF_MALFORMED); or too many (RESOURCE_LIMIT).
    """
    if document.get("proof") is None:
        raise ProofError(
            "the document has no proof: nothing shows who issued it, or that it is unchanged",
            code=Code.PROOF_MISSING,
        )
    known = tuple(suites)
    return tuple(_parse(proof, known) for proof in _proof_objects(document))


def parse_proof_like(known: Proof, proof: JsonObject) -> Proof:
    """Read a proof that differs from one that was read in `created` and `proofValue` alone.

    Args:
        known: the one that was read.
        proof: the other's JSON object.

    Raises:
        ProofError: as for `parse_proofs`.
    """
    return Proof(
        document=proof,
        suite=known.suite,
        suite_name=known.suite_name,
        verification_method=known.verification_method,
        purpose=known.purpose,
        signature=_signature(proof),
        created=_date(proof, "created"),
        expires=known.expires,
        challenge=known.challenge,
        domains=known.domains,
        id=known.id,
        previous=known.previous,
    )


def verify_proof(
    document: JsonObject,
    proof: Proof,
    *,
    proofs: Sequence[Proof],
    key: VerificationKey,
    contexts: Contexts,
    digests: DocumentDigests = NO_DIGESTS,
) -> None:
    """Verify one proof of a document with a key (Verify Proof, Verify Proof Sets and Chains).

    Checks the signature only: not whose key it is, nor purpose, dates, challenge and domain.

    Args:
        document: the document as it arrived, with its proofs.
        proof: one of its proofs.
        proofs: all of them.
        key: the key behind the proof's verification method.
        contexts: the allow-list of contexts.
        digests: what is known of the document without its proofs.

    Raises:
        ProofError: PROOF_INVALID, PROOF_UNSUPPORTED or PROOF_CHAIN.
        CanonicalizationError: something in the document or the proof is not signed.
    """
    if proof.suite is None:
        raise ProofError(
            f"the proof is of the kind {proof.suite_name[:60]!r}, which is not accepted here",
            code=Code.PROOF_UNSUPPORTED,
            found=proof.suite_name[:60],
        )
    if not isinstance(key, Ed25519PublicKey):
        raise ProofError(
            f"the proof needs an Ed25519 key, and {proof.verification_method[:120]} is none",
            code=Code.PROOF_INVALID,
        )
    signed = digests.hash_data
    if signed is None:
        secured = _with_previous(document, [each.document for each in proofs], proof.previous)
        config = {name: value for name, value in proof.document.items() if name != "proofValue"}
        known = NO_DIGESTS if proof.previous else digests
        signed = proof.suite.hash_data(secured, config, contexts, known)
    if not key.verify(proof.signature, signed):
        raise ProofError(
            "the signature does not fit: the document was changed after it was signed, or another "
            "key signed it",
            code=Code.PROOF_INVALID,
        )


def _with_previous(
    document: JsonObject, present: Sequence[JsonObject], previous: tuple[str, ...]
) -> JsonObject:
    """Return what a proof secures: no proofs, or those that a chain refers to."""
    unsecured = {member: value for member, value in document.items() if member != "proof"}
    if not previous:
        return unsecured
    matching: list[JsonValue] = []
    for reference in previous:
        found = [proof for proof in present if proof.get("id") == reference]
        if len(found) != 1:
            raise ProofError(
                f"the proof builds on the proof {reference[:120]!r}, which is "
                + ("not there" if not found else "there more than once"),
                code=Code.PROOF_CHAIN,
                found=reference[:120],
            )
        matching.append(found[0])
    return {**unsecured, "proof": matching}


def _proof_objects(document: JsonObject) -> list[JsonObject]:
    value = document.get("proof")
    items = value if isinstance(value, list) else [value]
    proofs = [item for item in items if isinstance(item, dict)]
    if len(proofs) != len(items) or not proofs:
        raise _malformed("the proof is not an object, or an array of objects")
    if len(proofs) > limits.PROOFS:
        raise ProofError(
            f"the document has {len(proofs)} proofs; at most {limits.PROOFS} are looked at",
            code=Code.RESOURCE_LIMIT,
        )
    return proofs


def _members(options: ProofOptions) -> JsonObject:
    members: JsonObject = {}
    if options.id is not None:
        members["id"] = options.id
    for name, moment in (("created", options.created), ("expires", options.expires)):
        if moment is not None:
            members[name] = format_date_time_stamp(moment.replace(microsecond=0))
    members["proofPurpose"] = options.purpose
    for name, text in (
        ("challenge", options.challenge),
        ("domain", options.domain),
        ("nonce", options.nonce),
    ):
        if text is not None:
            members[name] = text
    if options.previous_proof:
        ids: list[JsonValue] = list(options.previous_proof)
        members["previousProof"] = ids if len(ids) > 1 else ids[0]
    return members


def _parse(proof: JsonObject, suites: tuple[Cryptosuite, ...]) -> Proof:
    type_ = _text(proof, "type")
    cryptosuite = _text(proof, "cryptosuite") if "cryptosuite" in proof else None
    if type_ == "DataIntegrityProof" and cryptosuite is None:
        raise _malformed("the proof has no cryptosuite")
    suite = next((each for each in suites if each.identify(type_, cryptosuite)), None)
    return Proof(
        document=proof,
        suite=suite,
        suite_name=cryptosuite or type_,
        verification_method=_text(proof, "verificationMethod"),
        purpose=_text(proof, "proofPurpose"),
        signature=_signature(proof) if suite is not None else b"",
        created=_date(proof, "created"),
        expires=_date(proof, "expires"),
        challenge=_text(proof, "challenge") if "challenge" in proof else None,
        domains=_texts(proof, "domain"),
        id=_text(proof, "id") if "id" in proof else None,
        previous=_texts(proof, "previousProof"),
    )


def _text(proof: JsonObject, member: str) -> str:
    value = proof.get(member)
    if not isinstance(value, str) or not value:
        raise _malformed(
            f"the proof has no {member}" if value is None else f"the proof's {member} is no text"
        )
    return value


def _texts(proof: JsonObject, member: str) -> tuple[str, ...]:
    if member not in proof:
        return ()
    value = proof[member]
    items = value if isinstance(value, list) else [value]
    texts = tuple(item for item in items if isinstance(item, str) and item)
    if len(texts) != len(items) or not texts or len(texts) > limits.PROOFS:
        raise _malformed(f"the proof's {member} is not a text or a short array of texts")
    return texts


def _date(proof: JsonObject, member: str) -> datetime | None:
    if member not in proof:
        return None
    try:
        return parse_date_time_stamp(_text(proof, member))
    except ModelError as error:
        raise _malformed(f"the proof's {member} is not a dateTimeStamp") from error


def _signature(proof: JsonObject) -> bytes:
    value = _text(proof, "proofValue")
    try:
        signature = multibase.decode_base58(value) if len(value) <= 128 else b""
    except ParseError as error:
        raise _malformed(f"the proof's proofValue cannot be read: {error.message}") from error
    if len(signature) != 64:
        raise _malformed("the proof's proofValue is not an Ed25519 signature of 64 bytes")
    return signature


def _malformed(reason: str) -> ProofError:
    return ProofError(reason, code=Code.PROOF_MALFORMED, path="proof")
