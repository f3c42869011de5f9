"""What a verifier accepts and expects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from testamur._frozen import dataclass, field
from testamur.canon.contexts import Contexts
from testamur.errors import ConfigurationError
from testamur.secure import SUITES, ClaimsMode, Cryptosuite

if TYPE_CHECKING:
    from testamur.model.elm.shacl import Shapes
    from testamur.trust import SealTrust

__all__ = ["Policy"]

_MAX_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a verifier accepts and expects; the defaults suit an employer.

    Attributes:
        suites: the cryptosuites that are accepted; at least one.
        contexts: the allow-list of JSON-LD contexts.
        claims: how closely a JWT's claims must repeat its credential.
        clock_skew: by how much a date may be off before it counts; at most 5 minutes.
        recipient_id: the id of the person it should be about, if that is asked.
        recipient_email: the e-mail address of the person it should be about, if that is asked.
        challenge: what a presentation must repeat, where one was given to its holder.
        domain: for whom a presentation must be meant.
        seal_trust: whose certificates are believed, for sealed European Digital Credentials;
            nobody's by default, so that no seal shows whose it is.
        shapes: published SHACL shapes, to hold European Digital Credentials to those they name; it
            takes some tenths of a second for each.
        accept_status_issuer: given (status list's issuer, credential's issuer), says whether that
            list may speak for that credential. By default only the same issuer may.
    """

    suites: tuple[Cryptosuite, ...] = SUITES
    contexts: Contexts = field(default_factory=Contexts.bundled)
    claims: ClaimsMode = ClaimsMode.LENIENT
    clock_skew: timedelta = timedelta(0)
    recipient_id: str | None = None
    recipient_email: str | None = None
    challenge: str | None = None
    domain: str | None = None
    seal_trust: SealTrust | None = None
    shapes: Shapes | None = None
    accept_status_issuer: Callable[[str, str], bool] = str.__eq__

    def __post_init__(self) -> None:
        if not self.suites:
            raise ConfigurationError(
                "a policy without cryptosuites accepts nothing; name at least one"
            )
        if not timedelta(0) <= self.clock_skew <= _MAX_SKEW:
            raise ConfigurationError("the clock skew is between 0 and 5 minutes")
