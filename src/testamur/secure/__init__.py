"""Securing mechanisms: one file for each, its two sides together."""

from testamur.secure.data_integrity import Cryptosuite, DocumentDigests, Proof, ProofOptions
from testamur.secure.ed25519_signature_2020 import Ed25519Signature2020
from testamur.secure.eddsa_jcs_2022 import EddsaJcs2022
from testamur.secure.eddsa_rdfc_2022 import EddsaRdfc2022
from testamur.secure.vc_jwt import ClaimsMode

__all__ = [
    "SUITES",
    "ClaimsMode",
    "Cryptosuite",
    "DocumentDigests",
    "Ed25519Signature2020",
    "EddsaJcs2022",
    "EddsaRdfc2022",
    "Proof",
    "ProofOptions",
]

SUITES: tuple[Cryptosuite, ...] = (EddsaRdfc2022(), EddsaJcs2022(), Ed25519Signature2020())
"""Every cryptosuite testamur has."""
