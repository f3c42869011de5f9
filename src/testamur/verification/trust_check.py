"""Trust: step 6 of the line in. Whether the issuer is known here is the verifier's own affair."""

from __future__ import annotations

from functools import lru_cache

from testamur.errors import Code
from testamur.protocols import Recognition
from testamur.verification import answers
from testamur.verification.report import Check, CheckName, Weight

__all__ = ["check_trust"]


@lru_cache(maxsize=1024)
def check_trust(issuer: str, recognition: Recognition | None) -> Check:
    """Report what the trust source says of an issuer; None where it knows nothing."""
    spec = "VC Data Model 2.0, Verification (trust is the verifier's)"
    if recognition is None:
        return answers.could_not_check(
            CheckName.TRUST,
            Code.UNTRUSTED_ISSUER,
            f"{issuer[:200]} is not in your list of trusted issuers.",
            spec=spec,
            evidence={"issuer": issuer[:1000]},
        )
    if not recognition.vouched:
        return answers.could_not_check(
            CheckName.TRUST,
            Code.UNTRUSTED_ISSUER,
            f"Any issuer is accepted here, so nobody vouches for {issuer[:200]}.",
            spec=spec,
            weight=Weight.INFORMATION,
            evidence={"issuer": issuer[:1000]},
        )
    return answers.passed(
        CheckName.TRUST,
        f"Issued by {recognition.name}, according to {recognition.source}.",
        spec=spec,
        evidence={"issuer": issuer[:1000], "name": recognition.name},
    )
