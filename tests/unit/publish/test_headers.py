"""The headers that belong to the files, in both forms, and in the documentation."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from testamur.issuer import Policy
from testamur.publish import Schedule
from unit.publish.scenes import College

HOWTO = Path(__file__).parents[3] / "docs/howto/publish.md"


def headers_of(college: College, path: str) -> dict[str, str]:
    """Return the headers of a file; where several rules fit, the last says it."""
    found: dict[str, str] = {}
    for rule in json.loads((college.web / "headers.json").read_bytes()):
        if fnmatchcase(f"/{path}", rule["pattern"]):
            found |= rule["headers"]
    return found


def test_every_kind_of_file_has_the_headers_that_it_needs(college: College) -> None:
    page = college.agree(college.issue())
    college.publish(schedule=Schedule(ttl=timedelta(seconds=77)))
    lists = headers_of(college, college.list_path("revocation"))
    # Bitstring Status List 1.0, 2.3: ttl is how long a copy may be used; so is max-age.
    assert lists["Cache-Control"] == "public, max-age=77"
    assert college.read(college.list_path("revocation"))["credentialSubject"]["ttl"] == 77_000
    # VC Data Model 2.0, 6.2: application/vc.
    assert lists["Content-Type"] == "application/vc"
    assert headers_of(college, f"{page}/credential.json")["Content-Type"] == "application/vc"
    assert headers_of(college, ".well-known/jwks.json")["Content-Type"] == (
        "application/jwk-set+json"  # RFC 7517, 8.5.2
    )
    for path in college.files():
        headers = headers_of(college, path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        if path.startswith("c/"):
            assert "noindex" in headers["X-Robots-Tag"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-cache"
        if path.startswith(("status/", ".well-known/")):
            assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers_of(college, "achievements/welding")["Content-Type"] == "application/ld+json"
    (version,) = (each for each in college.files() if "/versions/" in each)
    assert "immutable" in headers_of(college, version)["Cache-Control"]


def test_both_forms_say_the_same_and_name_no_page(college: College) -> None:
    page = college.agree(college.issue())
    college.publish()
    text = college.files()["_headers"].decode()
    rules = json.loads((college.web / "headers.json").read_bytes())
    assert re.findall(r"^(/.*)$", text, re.M) == [each["pattern"] for each in rules]
    assert re.findall(r"^  ([\w-]+): (.*)$", text, re.M) == [
        pair for each in rules for pair in each["headers"].items()
    ]
    assert page not in text


@pytest.mark.parametrize("server", ["root /srv", "college.example {"], ids=["nginx", "Caddy"])
def test_servers_of_the_documentation_send_the_same(college: College, server: str) -> None:
    college.policy = Policy(refresh_url="https://college.example/refresh/")
    badge = college.issue()
    page = college.agree(badge)
    college.publish()
    (shown,) = (
        each
        for each in re.findall(r"```text\n(.*?)```", HOWTO.read_text("utf-8"), re.S)
        if each.startswith(server)
    )
    for path in (
        ".well-known/did.json",
        ".well-known/jwks.json",
        college.list_path("revocation"),
        f"{page}/credential.json",
        f"{page}/index.html",
        f"refresh/{badge.id.removeprefix('urn:uuid:')}",
    ):
        for value in headers_of(college, path).values():
            assert value in shown
