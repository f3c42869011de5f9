"""The line in: what arrived, examined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.verification.policy import Policy
    from testamur.verification.report import Answer, Check, CheckName, Contents, Report, Verdict
    from testamur.verification.verifier import VerifiedCredential, Verifier

__all__ = [
    "Answer",
    "Check",
    "CheckName",
    "Contents",
    "Policy",
    "Report",
    "Verdict",
    "VerifiedCredential",
    "Verifier",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.verification.policy": ("Policy",),
            "testamur.verification.report": (
                "Answer",
                "Check",
                "CheckName",
                "Contents",
                "Report",
                "Verdict",
            ),
            "testamur.verification.verifier": ("VerifiedCredential", "Verifier"),
        },
    )
