"""Whose signature is expected, and whether a key may still be relied on."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from testamur._frozen import dataclass
from testamur.errors import Code, ProofError, SigningKeyError
from testamur.keys.controller import Resolver, VerificationMethod
from testamur.verification import answers
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName

__all__ = ["ExpectedSigner", "ProofFinding"]

_SPEC = "Controlled Identifiers 1.0, Retrieve Verification Method"


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """What was found about the proof.

    Attributes:
        checks: for the report.
    """

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class ExpectedSigner:
    """Who must have signed, for what purpose, and under which policy and clock.

    Attributes:
        id: the id of the issuer, or of a presentation's holder; None where nobody is named.
        purpose: "assertionMethod" for credentials, "authentication" for presentations.
        policy: what is accepted and expected.
        resolver: dereferences controller documents.
        now: the clock.
    """

    id: str | None
    purpose: str
    policy: Policy
    resolver: Resolver
    now: datetime

    def controls(self, verification_method: str) -> bool:
        """Return whether the URL of a key stands below the expected signer's own id."""
        return self.id is not None and verification_method.partition("#")[0] == self.id

    def check_key_dates(self, method: VerificationMethod, signed_at: datetime | None) -> None:
        """Refuse what a retired key signed after it was retired, and all that a revoked one signed.

        Whoever stole a key writes any date: so from the moment of revocation on nothing it signed
        counts, whenever that says it was signed.

        Raises:
            SigningKeyError: code KEY_REVOKED.
        """
        revoked, expires = method.revoked, method.expires
        if revoked is not None and (revoked <= self.now or _after(signed_at, revoked)):
            raise SigningKeyError(
                f"the issuer has revoked the key {method.id[:120]}",
                code=Code.KEY_REVOKED,
                when=revoked,
            )
        if expires is None:
            return
        if _after(signed_at, expires) or (signed_at is None and expires <= self.now):
            raise SigningKeyError(
                f"the key {method.id[:120]} was retired before this was signed",
                code=Code.KEY_REVOKED,
                when=expires,
            )

    def check_answers(self, challenge: object, domains: object) -> None:
        """Check that a presentation answers the challenge, and is meant for this verifier.

        Raises:
            ProofError: code VP_BINDING.
        """
        if self.purpose != "authentication":
            return
        wanted, domain = self.policy.challenge, self.policy.domain
        if wanted is not None and challenge != wanted:
            raise ProofError(
                "the presentation does not answer the challenge it was asked: it may be a copy of "
                "an earlier one",
                code=Code.VP_BINDING,
                expected=wanted,
                found=str(challenge)[:100],
            )
        named = domains if isinstance(domains, (list, tuple)) else [domains]
        if domain is not None and domain not in named:
            raise ProofError(
                "the presentation was made for somebody else",
                code=Code.VP_BINDING,
                expected=domain,
                found=str(domains)[:100],
            )

    def bound(self) -> Check:
        """Report that the key is the expected signer's."""
        return _bound(str(self.id))

    def foreign(self, verification_method: str) -> ProofFinding:
        """Report that the key is not the expected signer's; it was not even looked up."""
        sentence = (
            f"The key that signed is not one of {self.id[:120]}: anybody may have signed this."
            if self.id is not None
            else "Nobody is named as its issuer, so no signature can be the issuer's."
        )
        presented = self.purpose == "authentication"
        check = answers.failed(
            CheckName.ISSUER,
            Code.VP_BINDING if presented else Code.ISSUER_MISMATCH,
            sentence,
            spec=_SPEC,
            evidence={"verificationMethod": verification_method[:1000]},
        )
        return ProofFinding((check,))


def _after(signed_at: datetime | None, end: datetime) -> bool:
    return signed_at is not None and signed_at >= end


@lru_cache(maxsize=1024)
def _bound(signer: str) -> Check:
    return answers.passed(
        CheckName.ISSUER,
        f"The key that signed is published by {signer}.",
        spec=_SPEC,
        evidence={"controller": signer},
    )
