"""How much one credential may have fetched."""

from __future__ import annotations

import threading

from testamur import limits
from testamur.errors import Code, FetchError
from testamur.protocols import Fetched, Fetcher

__all__ = ["BudgetedFetcher"]


class BudgetedFetcher:
    """Fetches so many documents for one credential, and no more; a thread has one at a time."""

    def __init__(self, inner: Fetcher) -> None:
        self._inner = inner
        self._here = threading.local()

    def start(self) -> None:
        """Begin a new credential in this thread."""
        self._here.left = limits.FETCHES

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Fetch a document, if there is any left of the budget."""
        left = getattr(self._here, "left", limits.FETCHES)
        if left <= 0:
            raise FetchError(
                f"the credential asks for more than {limits.FETCHES} documents",
                code=Code.RESOURCE_LIMIT,
                url=url,
            )
        self._here.left = left - 1
        return self._inner.fetch(url, max_bytes=max_bytes)
