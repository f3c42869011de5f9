"""The only room that opens a socket: the ways of answering a fetch, and the rules for URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.fetch.cached import CachedFetcher
    from testamur.fetch.folder import FolderFetcher
    from testamur.fetch.http import HttpFetcher, Resolver
    from testamur.fetch.memory import MemoryFetcher
    from testamur.fetch.poster import HttpPoster
    from testamur.fetch.url_policy import SplitUrl, check_address, check_addresses, check_url
    from testamur.protocols import OfflineFetcher

__all__ = [
    "CachedFetcher",
    "FolderFetcher",
    "HttpFetcher",
    "HttpPoster",
    "MemoryFetcher",
    "OfflineFetcher",
    "Resolver",
    "SplitUrl",
    "check_address",
    "check_addresses",
    "check_url",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.fetch.cached": ("CachedFetcher",),
            "testamur.fetch.folder": ("FolderFetcher",),
            "testamur.fetch.http": ("HttpFetcher", "Resolver"),
            "testamur.fetch.memory": ("MemoryFetcher",),
            "testamur.fetch.poster": ("HttpPoster",),
            "testamur.fetch.url_policy": (
                "SplitUrl",
                "check_address",
                "check_addresses",
                "check_url",
            ),
            "testamur.protocols": ("OfflineFetcher",),
        },
    )
