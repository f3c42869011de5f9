"""MemoryFetcher: answers from documents at hand, for offline bundles and simulators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from testamur.errors import FetchError
from testamur.fetch._answers import too_large
from testamur.fetch.url_policy import check_url
from testamur.protocols import Fetched

__all__ = ["MemoryFetcher"]


class MemoryFetcher:
    """Answers from a mapping; opens no socket, but refuses the URLs that `HttpFetcher` refuses.

    Args:
        documents: URL without fragment → its body, or the whole answer where the media type or
            the age of that copy is known.
        fetched_at: when the bodies were copied, aware; None where unknown.

    Attributes:
        requested: the URLs that were asked for and not refused, in order, without fragments.
    """

    def __init__(
        self, documents: Mapping[str, bytes | Fetched], *, fetched_at: datetime | None = None
    ) -> None:
        self._documents = dict(documents)
        self._fetched_at = fetched_at
        self.requested: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Return the document for the URL.

        Raises:
            FetchError: URL_BLOCKED, FETCH_FAILED (not among the documents) or RESOURCE_LIMIT.
        """
        key = check_url(url).url
        self.requested.append(key)
        document = self._documents.get(key)
        if document is None:
            raise FetchError(f"{key} is not among the documents at hand", url=key)
        if isinstance(document, bytes):
            document = Fetched(url=key, content=document, fetched_at=self._fetched_at)
        if len(document.content) > max_bytes:
            raise too_large(key, max_bytes)
        return replace(document, url=url)
