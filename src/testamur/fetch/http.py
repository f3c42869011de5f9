"""HttpFetcher: fetch over https, defended against the URL, the name look-up and the server.

Numbered as in `HttpFetcher.fetch`: the URL is checked before anything else; the name is looked up
once; every address it has must be public; the connection goes to one of those very addresses (so
that a name which changes its mind between check and use gains nothing) while TLS still verifies
the name; and time and size are bounded as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from testamur import limits
from testamur.errors import ConfigurationError
from testamur.fetch.url_policy import check_addresses, check_url
from testamur.protocols import Fetched

if TYPE_CHECKING:
    import ssl

__all__ = ["HttpFetcher", "Resolver"]

Resolver: TypeAlias = Callable[[str, int], list[str]]
"""Looks up a host name for a port and returns all its addresses as text; OSError if it has none."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HttpFetcher:
    """Fetches https URLs from public hosts. Safe to use from several threads.

    Sends no cookies and no credentials, follows no redirect, uses no proxy and caches nothing.

    Args:
        resolver: how host names are looked up; the system's way unless given.
        ssl_context: how certificates are verified; against the system's authorities unless given.
        timeout: seconds for one fetch from start to end.
        clock: gives the instant, aware, at which a copy was made.
        unsafe_origins: origins, such as `http://localhost:8080`, that may be fetched although
            they are not public https. For tests only: with it a credential can make this process
            call services inside your network.

    Raises:
        ConfigurationError: the packages for https are not installed.
    """

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = limits.FETCH_SECONDS,
        clock: Callable[[], datetime] = _utc_now,
        unsafe_origins: AbstractSet[str] = frozenset(),
    ) -> None:
        try:
            from testamur.fetch import _connection
        except ImportError as error:
            raise ConfigurationError(
                "fetching over https needs httpx2; install it with: pip install testamur[http]"
            ) from error
        self._connection = _connection
        self._resolver = resolver or _connection.resolve
        self._ssl_context = ssl_context or _connection.default_ssl_context()
        self._timeout = timeout
        self._clock = clock
        self._unsafe_origins = frozenset(unsafe_origins)

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Return what the URL answers with status 200.

        Args:
            url: an absolute https URL; its fragment is not sent.
            max_bytes: the largest body, in bytes.

        Raises:
            FetchError: URL_BLOCKED (nothing was sent), UNREACHABLE, RESOURCE_LIMIT or FETCH_FAILED.
        """
        # 1. The URL.
        parts = check_url(url, unsafe_origins=self._unsafe_origins)
        deadline = self._connection.Deadline(self._timeout, parts.url)
        # 2. The name, once.
        addresses = self._connection.look_up(parts, resolver=self._resolver, deadline=deadline)
        # 3. Every address.
        if parts.origin not in self._unsafe_origins:
            check_addresses(addresses, url=parts.url)
        # 4. The request, to those addresses only.
        content, content_type = self._connection.get(
            parts,
            addresses=addresses,
            ssl_context=self._ssl_context,
            deadline=deadline,
            max_bytes=max_bytes,
        )
        return Fetched(
            url=url, content=content, content_type=content_type, fetched_at=self._clock()
        )
