"""OfflineFetcher: the default, which fetches nothing."""

from __future__ import annotations

from typing import NoReturn

from testamur.errors import Code, FetchError

__all__ = ["OfflineFetcher"]


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
