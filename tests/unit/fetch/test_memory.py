from __future__ import annotations

from datetime import UTC, datetime

import pytest

from testamur.errors import Code, FetchError
from testamur.fetch import MemoryFetcher
from testamur.protocols import Fetched, Fetcher

NOW = datetime(2026, 6, 1, tzinfo=UTC)
URL = "https://issuer.example/did.json"


def test_document_is_returned_with_the_age_of_the_bundle() -> None:
    fetching: Fetcher = MemoryFetcher({URL: b"{}"}, fetched_at=NOW)
    assert fetching.fetch(URL, max_bytes=2) == Fetched(url=URL, content=b"{}", fetched_at=NOW)


def test_document_keeps_its_own_age_and_media_type() -> None:
    document = Fetched(url=URL, content=b"{}", content_type="application/vc", fetched_at=NOW)
    fetched = MemoryFetcher({URL: document}).fetch(f"{URL}#key-1", max_bytes=2)
    assert fetched.content_type == "application/vc"
    assert fetched.fetched_at == NOW
    assert fetched.url == f"{URL}#key-1"


@pytest.mark.parametrize(
    ("url", "max_bytes", "code"),
    [
        ("https://issuer.example/other", 2, Code.FETCH_FAILED),
        (URL, 1, Code.RESOURCE_LIMIT),
        ("http://issuer.example/did.json", 2, Code.URL_BLOCKED),
        ("https://127.0.0.1/", 2, Code.URL_BLOCKED),
    ],
)
def test_refusals_are_those_of_a_network_fetch(url: str, max_bytes: int, code: Code) -> None:
    documents = {URL: b"{}", "https://127.0.0.1/": b"{}", "http://issuer.example/did.json": b"{}"}
    with pytest.raises(FetchError) as caught:
        MemoryFetcher(documents).fetch(url, max_bytes=max_bytes)
    assert caught.value.code == code


def test_requests_are_recorded_unless_blocked() -> None:
    fetching = MemoryFetcher({URL: b"{}"})
    fetching.fetch(f"{URL}#a", max_bytes=2)
    for url in ("https://localhost/", "https://issuer.example/other"):
        with pytest.raises(FetchError):
            fetching.fetch(url, max_bytes=2)
    assert fetching.requested == [URL, "https://issuer.example/other"]


def test_later_changes_of_the_mapping_are_not_seen() -> None:
    documents = {URL: b"{}"}
    fetching = MemoryFetcher(documents)
    documents.clear()
    assert fetching.fetch(URL, max_bytes=2).content == b"{}"
