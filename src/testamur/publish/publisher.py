"""The publisher: from the register to the folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from testamur._telemetry import traced
from testamur.errors import ConfigurationError
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.publish.folder import open_folder
from testamur.publish.job import Job, read_manifest
from testamur.publish.people import Look
from testamur.publish.pictures import Pictures
from testamur.publish.recovery import recover
from testamur.publish.run import Published, Run
from testamur.publish.schedule import Schedule
from testamur.publish.site import Site, default_base_url
from testamur.register import Register

__all__ = ["Clock", "Publisher"]

Clock = Callable[[], datetime]
"""Gives the time, aware; asked once for each run."""


class Publisher:
    """Publishes everything that an issuer hosts.

    Args:
        register: the issuer's book.
        signer: holds a key that the register knows as one of the issuer's.
        folder: where it is published; its folder `public` is what a web server serves.
        now: the clock.
        base_url: the https URL at which `public` is served, with its last slash; the root of the
            site that the issuer's did:web names where it is None.
        schedule: how long status lists hold.

    Attributes:
        site: the site that the folder stands for.

    Raises:
        ConfigurationError: the base URL is none, or cannot be told from the issuer's id.
    """

    def __init__(
        self,
        register: Register,
        *,
        signer: Signer,
        folder: Path,
        now: Clock,
        base_url: str | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        issuer = split_url(signer.verification_method)[0]
        self.site = Site(base_url if base_url is not None else default_base_url(issuer))
        self._path = folder
        self._now = now
        self._job = Job(
            register=register,
            issuer=issuer,
            signer=signer,
            site=self.site,
            schedule=schedule if schedule is not None else Schedule(),
            pictures=Pictures(folder / "manifest"),
        )
        self._seen: tuple[int, bytes] | None = None
        self._due: datetime | None = None

    def is_due(self) -> bool:
        """Whether anything was recorded since the last run, or the time has come to sign anew.

        Raises:
            RegisterError: the register cannot be read.
        """
        if self._seen is None or self._seen != self._job.register.trail.head():
            return True
        return self._due is not None and self._now() >= self._due

    @traced("testamur.publish")
    def publish(self) -> Published:
        """Bring the folder up to date: what is as it should be is not written again.

        It takes as long as what happened since the last run takes, whoever ran it. Once a day, and
        where that run was killed, it does what `mend` does.

        Raises:
            ConfigurationError: the folder cannot be written, is another issuer's, or another
                publisher is at work in it. Nothing is half done: do it again.
            RegisterError: the register cannot be read; the signer's key is not known, retired or
                compromised; the folder was published from a later state of the register, so that
                withdrawals would be undone.
            SigningKeyError, ProofError: the key cannot sign.
        """
        return self._run(Look.AT_CHANGES)

    def mend(self) -> Published:
        """Publish, and look at the files of all credentials: what is missing is written again.

        Raises:
            ConfigurationError, RegisterError, SigningKeyError, ProofError: as `publish`.
        """
        return self._run(Look.AT_EVERYTHING)

    def _run(self, look: Look) -> Published:
        self._seen = None
        try:
            with open_folder(self._path) as folder:
                run = Run(self._job, folder, now=self._now(), look=look)
                published = run.publish()
        except OSError as error:
            raise ConfigurationError(
                f"cannot use {self._path}: {error.strerror or error}", path=str(self._path)
            ) from error
        self._seen, self._due = run.head, published.due
        return published

    def recover(self, *, reason: str, who: str | None = None) -> int:
        """After a backup of the register was restored: take over what the published lists say.

        Withdrawals and suspensions that are published and not in the register are recorded in it,
        and a new series of lists is opened, so that no place is given twice. Agreements whose pages
        were taken down since the backup are taken back.

        Args:
            reason: why, for the audit trail.
            who: does it.

        Returns:
            How many places were taken over.

        Raises:
            ConfigurationError, RegisterError: as `publish`.
        """
        with open_folder(self._path) as folder:
            manifest = read_manifest(self._job, folder)
            return recover(self._job, folder, manifest, reason=reason, who=who)
