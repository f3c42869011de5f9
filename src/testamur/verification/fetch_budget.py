"""How much one credential may have fetched."""

from __future__ import annotations

from testamur import limits
from testamur.errors import Code, FetchError
from testamur.protocols import Fetched, Fetcher

__all__ = ["BudgetedFetcher"]


class BudgetedFetcher:
    """Fetches so many documents for one credential, and no more."""

    def __init__(self, inner: Fetcher) -> None:
        self._inner = inner
        self._left = limits.FETCHES

    def start(self) -> None:
        """Begin a new credential."""
        self._left = limits.FETCHES

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Fetch a document, if there is any left of the budget."""
        if self._left <= 0:
            raise FetchError(
                f"the credential asks for more than {limits.FETCHES} documents",
                code=Code.RESOURCE_LIMIT,
                url=url,
            )
        self._left -= 1
        return self._inner.fetch(url, max_bytes=max_bytes)
