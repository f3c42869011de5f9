from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from testamur.errors import Code, FetchError
from testamur.fetch import CachedFetcher, MemoryFetcher
from testamur.protocols import Fetcher

A = "https://issuer.example/a"
B = "https://issuer.example/b"
C = "https://issuer.example/c"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def documents() -> MemoryFetcher:
    return MemoryFetcher({A: b"aaa", B: b"b", C: b"c"})


def test_answer_is_kept_until_its_time_is_over() -> None:
    inner, clock = documents(), Clock()
    fetching: Fetcher = CachedFetcher(inner, max_entries=2, ttl=60, clock=clock)
    for seconds, asked in ((0, 1), (59, 1), (60, 2), (119, 2), (120, 3)):
        clock.now = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        assert fetching.fetch(A, max_bytes=3).content == b"aaa"
        assert len(inner.requested) == asked


def test_answer_from_the_future_is_asked_for_again() -> None:
    inner, clock = documents(), Clock()
    fetching = CachedFetcher(inner, max_entries=2, ttl=60, clock=clock)
    fetching.fetch(A, max_bytes=3)
    clock.now -= timedelta(hours=1)
    fetching.fetch(A, max_bytes=3)
    assert inner.requested == [A, A]


def test_least_recently_used_answer_goes_first() -> None:
    inner = documents()
    fetching = CachedFetcher(inner, max_entries=2, ttl=60, clock=Clock())
    for url in (A, B, A, C, A, B):
        fetching.fetch(url, max_bytes=3)
    assert inner.requested == [A, B, C, B]


def test_error_is_not_kept() -> None:
    inner = documents()
    fetching = CachedFetcher(inner, max_entries=2, ttl=60, clock=Clock())
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            fetching.fetch("https://issuer.example/gone", max_bytes=3)
        assert caught.value.code == Code.FETCH_FAILED
    assert len(inner.requested) == 2


def test_kept_answer_obeys_the_size_that_this_caller_allows() -> None:
    fetching = CachedFetcher(documents(), max_entries=2, ttl=60, clock=Clock())
    fetching.fetch(A, max_bytes=3)
    with pytest.raises(FetchError) as caught:
        fetching.fetch(A, max_bytes=2)
    assert caught.value.code == Code.RESOURCE_LIMIT


def test_cache_without_room_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CachedFetcher(documents(), max_entries=0, ttl=60, clock=Clock())


def test_threads_share_the_cache() -> None:
    fetching = CachedFetcher(documents(), max_entries=2, ttl=60, clock=Clock())
    results: list[bytes] = []

    def work() -> None:
        for url in (A, B, C) * 50:
            results.append(fetching.fetch(url, max_bytes=3).content)  # noqa: PERF401

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(results)) == [b"aaa", b"b", b"c"]
    assert len(results) == 1200
