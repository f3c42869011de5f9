"""What a verifier is made of on the command line; it can be sent to other processes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from testamur._frozen import dataclass
from testamur.cli.surroundings import choose_fetcher
from testamur.errors import ConfigurationError, ParseError
from testamur.loading import read_file
from testamur.protocols import Fetcher, Recognition, Trust
from testamur.secure import ClaimsMode
from testamur.trust import NoTrust, UnsafeAcceptAnyIssuer, parse_allow_list
from testamur.verification import Policy, Verifier

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from testamur.trust import SealTrust

__all__ = ["VerifierOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierOptions:
    """The options of `testamur verify` that say what is asked; their names are those options'."""

    now: datetime
    trust: tuple[str | PathLike[str], ...] = ()
    unsafe_any_issuer: bool = False
    network: bool = False
    documents: Path | None = None
    recipient: str | None = None
    email: str | None = None
    seal_anchors: tuple[str | PathLike[str], ...] = ()
    timestamp_anchors: tuple[str | PathLike[str], ...] = ()
    revocation_list: tuple[str | PathLike[str], ...] = ()
    challenge: str | None = None
    domain: str | None = None
    strict_claims: bool = False

    def fetcher(self) -> Fetcher:
        """Return what answers fetches.

        Raises:
            ConfigurationError, ParseError: as `choose_fetcher`.
        """
        return choose_fetcher(network=self.network, documents=self.documents)

    def verifier(self, fetcher: Fetcher) -> Verifier:
        """Return the verifier.

        Raises:
            ConfigurationError: a trust list cannot be used, or two options exclude each other.
        """
        return Verifier(
            now=self.now,
            trust=_trust(list(self.trust), accept_any=self.unsafe_any_issuer),
            policy=Policy(
                claims=ClaimsMode.STRICT if self.strict_claims else ClaimsMode.LENIENT,
                recipient_id=self.recipient,
                recipient_email=self.email,
                seal_trust=self._seal_trust(),
                challenge=self.challenge,
                domain=self.domain,
            ),
            fetcher=fetcher,
        )

    def _seal_trust(self) -> SealTrust | None:
        if not self.seal_anchors:
            if self.timestamp_anchors or self.revocation_list:
                raise ConfigurationError(
                    "--timestamp-anchors and --revocation-list say something about seals; give "
                    "--seal-anchors with them"
                )
            return None
        from testamur.trust import SealTrust  # most credentials have no certificates

        return SealTrust.from_files(
            [read_file(path) for path in self.seal_anchors],
            timestamp_anchors=[read_file(path) for path in self.timestamp_anchors],
            revocation_lists=[read_file(path) for path in self.revocation_list],
        )


def _trust(files: list[str | PathLike[str]], *, accept_any: bool) -> Trust:
    if accept_any and files:
        raise ConfigurationError(
            "--unsafe-any-issuer and --trust exclude each other; prefer --trust"
        )
    if accept_any:
        return UnsafeAcceptAnyIssuer()
    return _AnyOf([_read_list(path) for path in files]) if files else NoTrust()


def _read_list(path: str | PathLike[str]) -> Trust:
    try:
        return parse_allow_list(read_file(path))
    except (ConfigurationError, ParseError) as error:
        from pathlib import Path

        name = str(Path(path))
        raise ConfigurationError(f"{name}: {error.message}", path=name) from error


class _AnyOf:
    """Knows whom any of several sources knows; the first that does gives the name."""

    def __init__(self, sources: list[Trust]) -> None:
        self._sources = sources

    def recognize(self, issuer: str) -> Recognition | None:
        found = (source.recognize(issuer) for source in self._sources)
        return next((each for each in found if each is not None), None)
