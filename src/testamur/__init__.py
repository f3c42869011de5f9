"""Build, sign, carry and verify Open Badges 3.0 and other verifiable credentials.

The names here are loaded when they are first used, so that importing testamur costs little.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "AllowList": "testamur.trust",
    "Ed25519PrivateKey": "testamur.keys",
    "Ed25519Signer": "testamur.keys",
    "Mechanism": "testamur.issuing",
    "Policy": "testamur.verification",
    "Report": "testamur.verification",
    "Secured": "testamur.secured",
    "TestamurError": "testamur.errors",
    "Verdict": "testamur.verification",
    "VerificationError": "testamur.errors",
    "VerifiedCredential": "testamur.verification",
    "Verifier": "testamur.verification",
    "issue": "testamur.issuing",
    "load": "testamur.loading",
}


def __getattr__(name: str) -> Any:
    if name == "build":
        return importlib.import_module("testamur.build")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'testamur' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
