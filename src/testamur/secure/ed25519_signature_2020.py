"""Ed25519Signature2020: the suite before Data Integrity (VC-DI-EDDSA, appendix A).

Open edX and older issuers still sign with it, and wallets still read it.
"""

from __future__ import annotations

from testamur.canon.strict_json import JsonObject
from testamur.secure.eddsa_rdfc_2022 import EddsaRdfc2022

__all__ = ["Ed25519Signature2020"]


class Ed25519Signature2020(EddsaRdfc2022):
    """Hashes as eddsa-rdfc-2022 does; the proof's type alone names the suite.

    The document's contexts must define the type, and neither version of the VC Data Model does:
    https://w3id.org/security/suites/ed25519-2020/v1 stands beside it.
    """

    @property
    def members(self) -> JsonObject:
        """`type` alone."""
        return {"type": "Ed25519Signature2020"}

    def identify(self, type_: str, cryptosuite: str | None) -> bool:
        """Return whether a proof with these members is of this suite."""
        return type_ == "Ed25519Signature2020" and cryptosuite is None
