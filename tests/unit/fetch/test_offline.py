from __future__ import annotations

import pytest

from testamur.errors import Code, FetchError
from testamur.fetch import OfflineFetcher
from testamur.protocols import Fetcher


def test_every_fetch_is_refused_and_the_option_named() -> None:
    fetching: Fetcher = OfflineFetcher("--online")
    with pytest.raises(FetchError, match="--online") as caught:
        fetching.fetch("https://issuer.example/", max_bytes=1)
    assert caught.value.code == Code.OFFLINE
    assert caught.value.url == "https://issuer.example/"


def test_library_option_is_named_unless_another_is_given() -> None:
    with pytest.raises(FetchError, match=r"HttpFetcher\(\)"):
        OfflineFetcher().fetch("https://issuer.example/", max_bytes=1)
