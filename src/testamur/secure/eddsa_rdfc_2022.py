"""eddsa-rdfc-2022: Ed25519 over RDFC-1.0 (VC-DI-EDDSA, 3.2).

The default: it is what wallets and verifiers of Open Badges 3.0 know.
"""

from __future__ import annotations

import hashlib

from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.secure.data_integrity import NO_DIGESTS, DocumentDigests

__all__ = ["EddsaRdfc2022"]


class EddsaRdfc2022:
    """The cryptosuite eddsa-rdfc-2022; verifies its forerunner eddsa-2022 too."""

    @property
    def members(self) -> JsonObject:
        """`type` and `cryptosuite`."""
        return {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}

    def identify(self, type_: str, cryptosuite: str | None) -> bool:
        """Return whether a proof with these members is of this suite."""
        return type_ == "DataIntegrityProof" and cryptosuite in ("eddsa-rdfc-2022", "eddsa-2022")

    def hash_data(
        self,
        document: JsonObject,
        proof: JsonObject,
        contexts: Contexts,
        digests: DocumentDigests = NO_DIGESTS,
    ) -> bytes:
        """Return SHA-256(proof configuration) ‖ SHA-256(document), 64 bytes.

        VC-DI-EDDSA 3.2.3 Transformation, 3.2.4 Hashing, 3.2.5 Proof Configuration: the proof
        configuration takes the document's @context.
        """
        digest = digests.rdfc
        if digest is None:
            transformed = rdfc10.canonicalize(document, contexts=contexts)
            digest = hashlib.sha256(transformed).digest()
        config = {**proof, "@context": document["@context"]}
        canonical_config = rdfc10.canonicalize(config, contexts=contexts, name="proof")
        return hashlib.sha256(canonical_config).digest() + digest
