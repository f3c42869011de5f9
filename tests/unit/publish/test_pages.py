"""A credential's page says what the credential says, and can do nobody harm."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from page_reader import Page as Html
from simulator import Simulator
from testamur.carry import qr_svg
from testamur.loading import load
from testamur.publish.pages import Page, render
from testamur.register import Standing
from testamur.secured import Secured
from unit.publish.scenes import College

URL = "https://uni.example/c/abcdefghijklmnopqrstuvwxyz234567/"
SCRIPT = "<script>alert(1)</script>"
_TAGS = frozenset(
    {
        "html", "head", "meta", "title", "link", "style", "body", "main", "article", "header",
        "section", "footer", "h1", "h2", "h3", "p", "div", "ul", "li", "dl", "dt", "dd", "a", "b",
        "code", "span", "img", "svg", "rect", "path",
    }
)  # fmt: skip


def page_of(secured: Secured, **changes: Any) -> bytes:
    arguments = {
        "secured": secured,
        "url": URL,
        "issuer_name": "Example University",
        "issuer": "did:web:uni.example",
        **changes,
    }
    return render(Page(**arguments))


def harmless(content: bytes) -> Html:
    """Require that a page runs nothing and asks for nothing but its own files."""
    html = Html(content)
    assert html.unbalanced == []
    assert {tag for tag, _ in html.tags} <= _TAGS
    names = {name for _, attributes in html.tags for name in attributes}
    assert not {each for each in names if each.startswith("on") or each in ("style", "srcdoc")}
    assert set(html.attributes("src")) <= {"badge.svg", "badge.png"}
    for href in html.attributes("href"):
        assert re.fullmatch(r"#main|credential\.(json|jwt)|badge\.(svg|png)|https://[!-~]+", href)
    digest = base64.b64encode(hashlib.sha256(html.style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; img-src 'self'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    ) in html.attributes("content")
    assert "noindex, nofollow, noarchive" in html.attributes("content")
    assert not re.search(r"url\(|@import|expression", html.style)
    for character in set(content.decode("utf-8")) - {"\n", "\t", "\u200c", "\u200d"}:
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    return html


def document(**changes: Any) -> dict[str, Any]:
    """Return a badge as JSON, as somebody could have written it."""
    badge = Simulator().badge().to_json()
    return {**badge, **changes}


def test_page_says_what_the_credential_says(college: College) -> None:
    badge = college.issue()
    html = harmless(page_of(load(badge.content)))
    for text in (
        "Welding coordination",
        "Ada Nowak",
        "1 September 2026",
        "Plans and supervises welding.",
        "Supervised written test and practical task.",
        "uni.example",
    ):
        assert text in html.text


def test_page_carries_the_qr_code_of_its_own_address() -> None:
    content = page_of(Simulator().issue())
    assert qr_svg(URL) in content
    assert URL in Html(content).text  # on paper, for those who type


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, [], ["Withdrawn.", "Suspended.", "Expired.", "newer one"]),
        ({"standing": Standing.REVOKED}, ["Withdrawn."], ["Suspended."]),
        ({"standing": Standing.SUSPENDED}, ["Suspended."], ["Withdrawn."]),
        ({"is_expired": True}, ["Expired."], ["Withdrawn."]),
        ({"is_superseded": True}, ["There is a newer one."], ["see the newer"]),
        (
            {"is_superseded": True, "newer": "https://uni.example/c/x/"},
            ["There is a newer one.", "see the newer"],
            [],
        ),
    ],
)
def test_page_says_whether_the_credential_holds(
    changes: dict[str, Any], said: list[str], unsaid: list[str]
) -> None:
    html = harmless(page_of(Simulator().issue(), **changes))
    assert all(each in html.text for each in said)
    assert not any(each in html.text for each in unsaid)


def _title(text: str) -> dict[str, Any]:
    badge = document()
    badge["credentialSubject"]["achievement"]["name"] = text
    return badge


def _everywhere(text: str) -> dict[str, Any]:
    badge = document()
    achievement = badge["credentialSubject"]["achievement"]
    achievement |= {
        "name": text,
        "description": text,
        "criteria": {"narrative": text},
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": text,
                "targetUrl": "https://evil.example/",
                "targetDescription": text,
                "targetFramework": text,
            }
        ],
    }
    badge["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": text}
    ]
    badge["evidence"] = [{"type": ["Evidence"], "name": text, "description": text}]
    return badge


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT,
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</style><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "{{ 7 * 7 }}{% raw %}",
        "<!-- -->]]>&amp;&#60;script&#62;",
        "\u202egpj.exe\u2066\u2028\u0085\x1b[31m",
        "javascript:alert(1)",
        "[click](javascript:alert(1))",
        "\ufeff\ue000",
        "W" * 30_000,
    ],
    ids=range(12),
)
@pytest.mark.parametrize("make", [_title, _everywhere])
def test_hostile_text_stands_there_as_text(
    text: str, make: Callable[[str], dict[str, Any]]
) -> None:
    secured = Secured(document=make(text), content=b"", securing=Simulator().issue().securing)
    html = harmless(page_of(secured, issuer_name=text, pictures=(".svg", ".png")))
    assert "49" not in html.text
    if text == SCRIPT:
        assert html.text.count(SCRIPT) >= 2


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://plain.example/",
        "//evil.example/",
        "file:///etc/passwd",
    ],
)
def test_only_https_addresses_become_links(url: str) -> None:
    badge = document(evidence=[{"id": url, "type": ["Evidence"], "name": "Work"}])
    secured = Secured(document=badge, content=b"", securing=Simulator().issue().securing)
    assert url not in harmless(page_of(secured)).attributes("href")


def test_links_to_others_say_nothing_of_where_one_comes_from() -> None:
    badge = document(
        evidence=[{"id": "https://work.example/42", "type": ["Evidence"], "name": "Work"}]
    )
    secured = Secured(document=badge, content=b"", securing=Simulator().issue().securing)
    html = harmless(page_of(secured))
    (link,) = (each for tag, each in html.tags if each.get("href") == "https://work.example/42")
    assert {"noopener", "noreferrer", "nofollow"} <= set(link["rel"].split())


@pytest.mark.parametrize(
    "broken",
    [
        {"credentialSubject": "nobody"},
        {"credentialSubject": {"achievement": {"name": 5}}},
        {"type": ["VerifiableCredential"]},
        {"validFrom": "yesterday"},
        {"name": {"en": 1}},
    ],
)
def test_credential_of_which_no_description_can_be_read_still_has_a_page(
    broken: dict[str, Any],
) -> None:
    secured = Secured(
        document=document(**broken), content=b"", securing=Simulator().issue().securing
    )
    harmless(page_of(secured))


def test_what_a_credential_hides_is_not_on_its_page() -> None:
    badge = document()
    badge["credentialSubject"]["identifier"] = [
        *({"type": "IdentityObject", **each} for each in (
            {"identityType": "emailAddress", "hashed": False, "identityHash": "ada@a.example"},
            {"identityType": "name", "hashed": False, "identityHash": "Ada"},
        ))
    ]  # fmt: skip
    secured = Secured(document=badge, content=b"", securing=Simulator().issue().securing)
    html = harmless(page_of(secured))
    assert "Ada" in html.text
    assert "ada@a.example" not in html.text


def test_page_can_be_read_aloud(college: College) -> None:
    html = harmless(page_of(load(college.issue().content), pictures=(".svg",)))
    assert [each for tag, each in html.tags if tag == "html"] == [{"lang": "en"}]
    assert sum(tag == "h1" for tag, _ in html.tags) == 1
    assert sum(tag == "main" for tag, _ in html.tags) == 1
    # The picture repeats the title and the issuer, which stand beside it.
    assert [each["alt"] for tag, each in html.tags if tag == "img"] == [""]
