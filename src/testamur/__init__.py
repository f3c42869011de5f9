"""Build, sign, carry and verify Open Badges 3.0 and other verifiable credentials.

The names here are loaded when they are first used, so that importing testamur costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur import build
    from testamur.errors import TestamurError, VerificationError
    from testamur.issuing import Mechanism, issue
    from testamur.keys import Ed25519PrivateKey, Ed25519Signer
    from testamur.loading import load
    from testamur.secured import Secured
    from testamur.trust import AllowList
    from testamur.verification import Policy, Report, Verdict, VerifiedCredential, Verifier

__version__ = "0.1.0"

__all__ = [
    "AllowList",
    "Ed25519PrivateKey",
    "Ed25519Signer",
    "Mechanism",
    "Policy",
    "Report",
    "Secured",
    "TestamurError",
    "Verdict",
    "VerificationError",
    "VerifiedCredential",
    "Verifier",
    "build",
    "issue",
    "load",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur": ("build",),
            "testamur.errors": ("TestamurError", "VerificationError"),
            "testamur.issuing": ("Mechanism", "issue"),
            "testamur.keys": ("Ed25519PrivateKey", "Ed25519Signer"),
            "testamur.loading": ("load",),
            "testamur.secured": ("Secured",),
            "testamur.trust": ("AllowList",),
            "testamur.verification": (
                "Policy",
                "Report",
                "Verdict",
                "VerifiedCredential",
                "Verifier",
            ),
        },
    )
