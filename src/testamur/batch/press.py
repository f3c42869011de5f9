"""Press: prints one learner's credential after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.batch.award import Award
from testamur.batch.learner import Learner
from testamur.batch.status_lists import StatusPlace
from testamur.issuing import Mechanism, issue
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.secured import Secured

__all__ = ["Issued", "Press"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential that was issued, light enough to go from one process to another.

    Attributes:
        position: of the row in its roster, from 0.
        key: what the caller calls the row.
        id: the credential's id.
        places: where its status will be published.
        content: the exact bytes: UTF-8 JSON on one line, or the compact JWS in ASCII.
        mechanism: how it is secured.
    """

    position: int
    key: str | None
    id: str
    places: tuple[StatusPlace, ...]
    content: bytes
    mechanism: Mechanism

    @property
    def secured(self) -> Secured:
        """The credential with what secures it."""
        return load(self.content)


class Press:
    """Issues an award to one learner after the other; the same row gives the same bytes.

    Args:
        award: what is the same for all.
        signer: holds a key of the award's issuer.
        now: the clock, aware; each proof's `created`.
        mechanism: how the credentials are secured.
    """

    def __init__(
        self, award: Award, signer: Signer, *, now: datetime, mechanism: Mechanism
    ) -> None:
        self._award = award
        self._signer = signer
        self._now = now
        self._mechanism = mechanism

    def issue(self, learner: Learner, position: int) -> Issued:
        """Issue the award to a learner.

        Args:
            learner: the row.
            position: of the row in its roster, from 0.

        Raises:
            ModelError: what the learner has breaks the standard.
            CanonicalizationError, ConfigurationError, SigningKeyError: as `testamur.issue`.
        """
        credential = self._award.credential(learner, position)
        secured = issue(credential, signer=self._signer, now=self._now, mechanism=self._mechanism)
        return Issued(
            position=position,
            key=learner.key,
            id=credential.id or "",
            places=self._award.varying(learner, position).places,
            content=secured.content,
            mechanism=self._mechanism,
        )
