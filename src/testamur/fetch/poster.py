"""HttpPoster: send to a URL that its owner configured, under the same rules as fetching.

A webhook's address is not a stranger's, but it may be mistyped, or its name may be made to lead
somewhere else: so it is looked up once, must be public, and TLS verifies the name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from testamur import limits
from testamur.errors import Code, ConfigurationError, FetchError
from testamur.fetch.http import Resolver
from testamur.fetch.url_policy import check_addresses, check_url

if TYPE_CHECKING:
    import ssl

__all__ = ["HttpPoster"]


class HttpPoster:
    """Sends POST requests to https URLs of public hosts. Safe to use from several threads.

    Args:
        resolver: how host names are looked up; the system's way unless given.
        ssl_context: how certificates are verified; against the system's authorities unless given.
        timeout: seconds for one request from start to end.
        loopback_origins: origins, as `http://127.0.0.1:8000`, that lead to this machine and may be
            sent to nevertheless. An address that is not this machine's is refused all the same.

    Raises:
        ConfigurationError: the packages for https are not installed.
    """

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = limits.FETCH_SECONDS,
        loopback_origins: AbstractSet[str] = frozenset(),
    ) -> None:
        try:
            from testamur.fetch import _connection
        except ImportError as error:
            raise ConfigurationError(
                "sending over https needs httpx2; install it with: pip install testamur[http]"
            ) from error
        self._connection = _connection
        self._resolver = resolver or _connection.resolve
        self._ssl_context = ssl_context or _connection.default_ssl_context()
        self._timeout = timeout
        self._loopback = frozenset(loopback_origins)

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str]) -> None:
        """Send a body, and return when the receiver has accepted it with a status of 2xx.

        Raises:
            FetchError: URL_BLOCKED (nothing was sent), UNREACHABLE, RESOURCE_LIMIT (no answer in
                time) or FETCH_FAILED (another status; redirects are not followed).
        """
        parts = check_url(url, unsafe_origins=self._loopback)
        deadline = self._connection.Deadline(self._timeout, parts.url)
        addresses = self._connection.look_up(parts, resolver=self._resolver, deadline=deadline)
        if parts.origin in self._loopback:
            _check_loopback(addresses, parts.url)
        else:
            check_addresses(addresses, url=parts.url)
        status = self._connection.post(
            parts,
            content,
            headers=headers,
            addresses=addresses,
            ssl_context=self._ssl_context,
            deadline=deadline,
        )
        if not 200 <= status < 300:
            raise FetchError(
                f"{parts.url} answers with status {status}, not 2xx",
                url=parts.url,
                expected="2xx",
                found=str(status),
            )


def _check_loopback(addresses: list[str], url: str) -> None:
    for each in addresses:
        if not ipaddress.ip_address(each.partition("%")[0]).is_loopback:
            raise FetchError(
                f"{url} was not sent to: it leads to {each}, which is not this machine",
                code=Code.URL_BLOCKED,
                url=url,
            )
