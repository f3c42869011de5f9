"""Keys: what signs, what verifies, and how a key is found from the URL that names it."""

from testamur.keys.controller import Resolver, VerificationMethod, retrieve
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from testamur.keys.protocols import Algorithm, Signer, VerificationKey
from testamur.keys.signer import Ed25519Signer

__all__ = [
    "Algorithm",
    "Ed25519PrivateKey",
    "Ed25519PublicKey",
    "Ed25519Signer",
    "Resolver",
    "Signer",
    "VerificationKey",
    "VerificationMethod",
    "retrieve",
]
