"""eddsa-jcs-2022: Ed25519 over the JSON Canonicalization Scheme (VC-DI-EDDSA, 3.3)."""

from __future__ import annotations

import hashlib

from testamur.canon import jcs
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ProofError
from testamur.secure.data_integrity import NO_DIGESTS, DocumentDigests

__all__ = ["EddsaJcs2022"]


class EddsaJcs2022:
    """The cryptosuite eddsa-jcs-2022.

    It signs every JSON member as it stands. It does not keep anybody from appending contexts to the
    document (3.3.2, step 4), so the allow-list of contexts matters here as well.
    """

    @property
    def members(self) -> JsonObject:
        """`type` and `cryptosuite`."""
        return {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}

    def identify(self, type_: str, cryptosuite: str | None) -> bool:
        """Return whether a proof with these members is of this suite."""
        return type_ == "DataIntegrityProof" and cryptosuite == "eddsa-jcs-2022"

    def hash_data(
        self,
        document: JsonObject,
        proof: JsonObject,
        contexts: Contexts,  # noqa: ARG002  JCS reads no contexts; the verifier checks them
        digests: DocumentDigests = NO_DIGESTS,  # noqa: ARG002
    ) -> bytes:
        """Return SHA-256(proof configuration) ‖ SHA-256(document), 64 bytes.

        VC-DI-EDDSA 3.3.2 step 4: where the proof has an @context, the document's must start with
        it, and the document is hashed with the proof's.
        """
        secured = document
        if "@context" in proof and proof["@context"] != document.get("@context"):
            signed = _as_list(proof["@context"])
            if _as_list(document.get("@context"))[: len(signed)] != signed:
                raise ProofError(
                    "the document's @context is not the one that was signed",
                    code=Code.PROOF_INVALID,
                    path="proof.@context",
                )
            secured = {**document, "@context": proof["@context"]}
        transformed = jcs.canonicalize(secured)
        return (
            hashlib.sha256(jcs.canonicalize(proof)).digest() + hashlib.sha256(transformed).digest()
        )


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
