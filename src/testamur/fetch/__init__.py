"""The only room that opens a socket: the ways of answering a fetch, and the rules for URLs."""

from testamur.fetch.cached import CachedFetcher
from testamur.fetch.folder import FolderFetcher
from testamur.fetch.http import HttpFetcher, Resolver
from testamur.fetch.memory import MemoryFetcher
from testamur.fetch.url_policy import SplitUrl, check_address, check_addresses, check_url
from testamur.protocols import OfflineFetcher

__all__ = [
    "CachedFetcher",
    "FolderFetcher",
    "HttpFetcher",
    "MemoryFetcher",
    "OfflineFetcher",
    "Resolver",
    "SplitUrl",
    "check_address",
    "check_addresses",
    "check_url",
]
