"""CachedFetcher: asks each URL once in a while, whoever wants it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from testamur.fetch._answers import too_large
from testamur.protocols import Fetched, Fetcher

__all__ = ["CachedFetcher"]


class CachedFetcher:
    """Keeps the most recently used answers for a while. Safe to use from several threads.

    Errors are not kept: the next caller asks again. Two threads that miss at the same moment both
    ask. An answer keeps the `fetched_at` of its copy.

    Args:
        inner: who is asked on a miss.
        max_entries: answers kept; the least recently used goes first. Their size is bounded by
            the `max_bytes` of each fetch only.
        ttl: seconds for which an answer is used.
        clock: gives the current instant.
    """

    def __init__(
        self, inner: Fetcher, *, max_entries: int, ttl: float, clock: Callable[[], datetime]
    ) -> None:
        if max_entries < 1:
            raise ValueError("a cache keeps at least one entry")
        self._inner = inner
        self._max_entries = max_entries
        self._ttl = timedelta(seconds=ttl)
        self._clock = clock
        self._entries: OrderedDict[str, tuple[datetime, Fetched]] = OrderedDict()
        self._lock = threading.Lock()

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Return the kept answer, or ask for one and keep it.

        Raises:
            FetchError: as the inner fetcher; RESOURCE_LIMIT where the kept answer is longer.
        """
        now = self._clock()
        answer = self._kept(url, now)
        if answer is None:
            answer = self._inner.fetch(url, max_bytes=max_bytes)
            self._keep(url, now, answer)
        elif len(answer.content) > max_bytes:
            raise too_large(url, max_bytes)
        return answer

    def _kept(self, url: str, now: datetime) -> Fetched | None:
        with self._lock:
            entry = self._entries.get(url)
            if entry is None:
                return None
            # An answer from the future means that the clock was set back: its age is unknown.
            if not timedelta(0) <= now - entry[0] < self._ttl:
                del self._entries[url]
                return None
            self._entries.move_to_end(url)
            return entry[1]

    def _keep(self, url: str, now: datetime, answer: Fetched) -> None:
        with self._lock:
            self._entries[url] = (now, answer)
            self._entries.move_to_end(url)
            if len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)
