"""The two ways in which the outside world enters the core: fetching a URL, and trusting an issuer.

Both are protocols with one method, so that the core opens no socket and holds no opinion. The
default fetcher, which fetches nothing, is here as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn, Protocol, runtime_checkable

from testamur._frozen import dataclass
from testamur.errors import Code, FetchError

__all__ = ["Fetched", "Fetcher", "OfflineFetcher", "Recognition", "Trust"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL answered.

    Attributes:
        url: the URL that was asked for.
        content: the body, at most `max_bytes` long.
        content_type: media type without parameters, lower case; empty where none was given.
        fetched_at: when the copy was made, aware; None where unknown.
    """

    url: str
    content: bytes
    content_type: str = ""
    fetched_at: datetime | None = None


@runtime_checkable
class Fetcher(Protocol):
    """Gets the bytes behind a URL."""

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Return what `url` answers.

        Args:
            url: an absolute https URL; anything else is refused.
            max_bytes: the largest body, in bytes, after content decoding.

        Raises:
            FetchError: with code OFFLINE, URL_BLOCKED, UNREACHABLE, RESOURCE_LIMIT or FETCH_FAILED.
        """
        ...


class OfflineFetcher:
    """Refuses every URL and says what would allow it.

    Args:
        allowed_by: the option that allows fetching, as the user of this run would write it.
    """

    def __init__(self, allowed_by: str = "fetcher=testamur.fetch.HttpFetcher()") -> None:
        self._allowed_by = allowed_by

    def fetch(self, url: str, *, max_bytes: int) -> NoReturn:  # noqa: ARG002
        """Refuse the URL.

        Raises:
            FetchError: OFFLINE, always.
        """
        shown = ascii(url[:200])[1:-1]
        raise FetchError(
            f"{shown} was not fetched: there is no network access by default; "
            f"allow it with {self._allowed_by}",
            code=Code.OFFLINE,
            url=shown,
        )


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a trust source says of an issuer.

    Attributes:
        issuer: the issuer's id.
        name: the name under which the source knows the issuer, which need not be the name that
            the issuer gives itself.
        source: who says so, in words for people ("your list of trusted issuers").
        vouched: whether anybody vouches for the issuer; False where any issuer is let through.
    """

    issuer: str
    name: str
    source: str
    vouched: bool = True


@runtime_checkable
class Trust(Protocol):
    """Says which issuers are known."""

    def recognize(self, issuer: str) -> Recognition | None:
        """Return what is known of the issuer with this id, or None when it is not known."""
        ...
