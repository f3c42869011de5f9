"""The two ways in which the outside world enters the core: fetching a URL, and trusting an issuer.

Both are protocols with one method, so that the core opens no socket and holds no opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

__all__ = ["Fetched", "Fetcher", "Recognition", "Trust"]


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


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a trust source says of an issuer.

    Attributes:
        issuer: the issuer's id.
        name: the name under which the source knows the issuer, which need not be the name that
            the issuer gives itself.
        source: who says so, in words for people ("your list of trusted issuers").
    """

    issuer: str
    name: str
    source: str


@runtime_checkable
class Trust(Protocol):
    """Says which issuers are known."""

    def recognize(self, issuer: str) -> Recognition | None:
        """Return what is known of the issuer with this id, or None when it is not known."""
        ...
