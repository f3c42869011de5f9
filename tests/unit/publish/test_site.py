"""Which URL is which file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from testamur.errors import ConfigurationError
from testamur.publish import Schedule, Site
from testamur.publish.site import Places, default_base_url


@pytest.mark.parametrize(
    "base_url",
    [
        "http://uni.example/",
        "https://uni.example",
        "https://uni.example/a",
        "https://uni.example/../",
        "https://uni.example/.a/",
        "https://uni.example//",
        "https://user@uni.example/",
        "https://uni.example/?a/",
        "https://UNI.example/",
        "https://uni.example/\n",
        "",
    ],
)
def test_what_is_no_folder_of_a_site_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="write it as"):
        Site(base_url)


@pytest.mark.parametrize(
    ("base_url", "url", "path"),
    [
        ("https://uni.example/", "https://uni.example/status/r-1.json", "status/r-1.json"),
        (
            "https://uni.example/",
            "https://uni.example/.well-known/did.json",
            ".well-known/did.json",
        ),
        ("https://uni.example/b/", "https://uni.example/b/status/1.json", "status/1.json"),
        ("https://uni.example:8443/", "https://uni.example:8443/a~b_c-d.e", "a~b_c-d.e"),
        ("https://uni.example/b/", "https://uni.example/status/1.json", None),
        ("https://uni.example/", "https://uni.example.evil.example/x", None),
        ("https://uni.example/", "https://uni.example/a//b", None),
        ("https://uni.example/", "https://uni.example/a/../b", None),
        ("https://uni.example/", "https://uni.example/a\\..\\b", None),
        ("https://uni.example/", "https://uni.example/a%2fb", None),
        ("https://uni.example/", "https://uni.example/a\0b", None),
        ("https://uni.example/", "https://uni.example/a#b", None),
        ("https://uni.example/", "https://uni.example/.git/config", None),
        ("https://uni.example/", "https://uni.example/é", None),
        ("https://uni.example/", "https://uni.example/", None),
        ("https://uni.example/", "https://uni.example/.well-known", None),
        ("https://uni.example/", "https://uni.example/c/x", None),
        ("https://uni.example/", "https://uni.example/C/x", None),
    ],
)
def test_only_plain_names_are_files(base_url: str, url: str, path: str | None) -> None:
    assert Site(base_url).path(url) == path


def test_page_has_a_short_url() -> None:
    assert Site("https://uni.example/").url("c/abc/index.html") == "https://uni.example/c/abc/"


@pytest.mark.parametrize(
    ("did", "base_url"),
    [
        ("did:web:uni.example", "https://uni.example/"),
        ("did:web:uni.example:badges", "https://uni.example/"),
        ("did:web:uni.example%3A8443", "https://uni.example:8443/"),
    ],
)
def test_site_of_a_did_web_is_its_host(did: str, base_url: str) -> None:
    assert default_base_url(did) == base_url


def test_site_of_another_id_has_to_be_said() -> None:
    with pytest.raises(ConfigurationError, match="give the base URL"):
        default_base_url("did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH")


def test_no_file_is_taken_twice_or_stands_where_a_folder_does() -> None:
    places = Places()
    assert places.take("a/b")
    assert not places.take("a/b")
    assert not places.take("A/B")
    assert not places.take("a")
    assert not places.take("a/b/c")
    assert places.take("a/c")


@pytest.mark.parametrize(
    ("ttl", "renew", "valid"),
    [(0, 3600, 10**6), (60, 0, 10**6), (60, 3600, 3 * 3600 - 1), (2 * 3600 + 1, 3600, 3 * 3600)],
)
def test_schedule_in_which_lists_could_end_before_they_are_renewed_is_refused(
    ttl: int, renew: int, valid: int
) -> None:
    with pytest.raises(ConfigurationError):
        Schedule(
            ttl=timedelta(seconds=ttl),
            renew_after=timedelta(seconds=renew),
            valid_for=timedelta(seconds=valid),
        )
    Schedule(ttl=timedelta(hours=2), renew_after=timedelta(hours=1), valid_for=timedelta(hours=3))
