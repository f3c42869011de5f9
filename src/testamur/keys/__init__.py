"""Keys: what signs, what verifies, and how a key is found from the URL that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.keys.certificate import Certificate, SealAlgorithm, decode_certificates
    from testamur.keys.controller import Resolver, VerificationMethod, retrieve
    from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from testamur.keys.outside import OutsideKey, OutsideSigner
    from testamur.keys.protocols import Algorithm, Signer, VerificationKey
    from testamur.keys.seal_signer import KeySealSigner, SealSigner
    from testamur.keys.signer import Ed25519Signer

__all__ = [
    "Algorithm",
    "Certificate",
    "Ed25519PrivateKey",
    "Ed25519PublicKey",
    "Ed25519Signer",
    "KeySealSigner",
    "OutsideKey",
    "OutsideSigner",
    "Resolver",
    "SealAlgorithm",
    "SealSigner",
    "Signer",
    "VerificationKey",
    "VerificationMethod",
    "decode_certificates",
    "retrieve",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.keys.certificate": ("Certificate", "SealAlgorithm", "decode_certificates"),
            "testamur.keys.controller": ("Resolver", "VerificationMethod", "retrieve"),
            "testamur.keys.ed25519": ("Ed25519PrivateKey", "Ed25519PublicKey"),
            "testamur.keys.outside": ("OutsideKey", "OutsideSigner"),
            "testamur.keys.protocols": ("Algorithm", "Signer", "VerificationKey"),
            "testamur.keys.seal_signer": ("KeySealSigner", "SealSigner"),
            "testamur.keys.signer": ("Ed25519Signer",),
        },
    )
