"""The line in: what arrived, examined."""

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
