"""completeness.pages: what is on them, that everybody can read them, and that they do no harm."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from complete import COMPLETE, complete
from descriptions import descriptions
from page_reader import Page, assert_harmless
from testamur.completeness import (
    Completeness,
    check,
    compare,
    comparison_page,
    named_profile,
    report_page,
)
from testamur.errors import ConfigurationError
from testamur.model.microcredential import MicroCredential

EU = named_profile("eu")
THIN: dict[str, Any] = {
    "language": "en",
    "title": {"en": "Sensors"},
    "learningOutcomes": [{"title": {"en": "x"}}],
}
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></bdi></table><h1>Verified</h1>",
    "{{ 7 * 7 }}{% for x in () %}",
    "javascript:alert(1)",
    "<!-- --><![CDATA[ <b>",
    "&lt;b&gt; &#x3c;",
    "left \u202eright\u202c \u2066x\u2069 \u200f",
    "nul \x00 escape \x1b[2J bell \x07 \u2028 \u0085 \ufeff",
]


def report(document: Any = THIN) -> Completeness:
    return check(document, EU)


def hostile(text: str) -> dict[str, Any]:
    """Return a description that says the text wherever it may say what it likes."""
    texts = {"en": text}
    organisation = {"name": texts, "address": {"region": text}, "alternativeName": texts}
    return {
        "language": "en",
        "title": texts,
        "learner": {"fullName": text},
        "issuer": organisation,
        "awardingBody": organisation,
        "learningOutcomes": [{"title": texts}, {"title": {"ar": text}}],
        "outcomeSummary": texts,
        "workload": {"credits": [{"points": 5, "otherSystem": text}]},
        "level": {"national": [{"framework": text, "level": text}]},
        "assessments": [
            {"title": texts, "otherTypes": [{"name": texts}], "grade": {"value": text}},
        ],
        "participation": {"description": texts},
        "qualityAssurance": [{"title": texts, "agency": organisation}],
        "prerequisites": texts,
        "stackability": [{"relation": "part-of", "note": texts}],
        "furtherInformation": texts,
        "links": [{"url": "javascript:alert(1)"}, {"url": "data:text/html,x", "title": texts}],
    }


def pages(document: Any) -> list[bytes]:
    one, other = report(document), report()
    return [
        report_page([one]),
        report_page([one, other, one]),
        comparison_page(compare([one, other])),
    ]


@pytest.mark.parametrize("text", ATTACKS)
def test_whatever_a_credential_says_stands_there_as_text(text: str) -> None:
    for content in pages(hostile(text)):
        page = assert_harmless(content)
        visible = text.encode("unicode_escape").decode() if not text.isprintable() else text
        assert visible.split()[0] in page.text


@settings(deadline=None, max_examples=30)
@given(description=descriptions())
def test_any_description_makes_harmless_pages(description: MicroCredential) -> None:
    for profile in (EU, named_profile("au")):
        one = check(description, profile)
        assert_harmless(report_page([one]))
        assert_harmless(comparison_page(compare([one, one])))


def test_long_texts_are_cut() -> None:
    for content in pages(hostile("x" * 1_000_000)):
        assert len(content) < 200_000


@pytest.mark.parametrize("source", ["javascript:alert(1)", "data:text/html,x", "http://x.example"])
def test_source_of_a_profile_is_a_link_only_where_it_is_an_https_address(source: str) -> None:
    profile = EU.model_copy(update={"source": source})
    page = Page(report_page([check(THIN, profile)]))
    assert not [href for href in page.attributes("href") if href[0] != "#"]


def test_page_of_one_says_what_is_there_and_what_to_write() -> None:
    page = assert_harmless(report_page([report()]))
    assert "1 of 9 required elements are there" in " ".join(page.text.split())
    assert "Nothing says how much work it is." in page.text
    assert "5 ECTS credits, 125 hours" in page.text


def test_page_of_a_complete_one_asks_for_nothing() -> None:
    page = assert_harmless(report_page([report(COMPLETE)]))
    assert "11 of 11" in page.text
    assert "Nothing: everything that this profile expects is said." in page.text


def test_page_of_many_says_what_is_commonly_missing() -> None:
    page = assert_harmless(report_page([report(), report(complete()), report()]))
    text = " ".join(page.text.split())
    assert "1 of 3 say everything that is required" in text
    assert "missing in 2" in text
    assert "2 have 1 required elements; 1 has 11 required elements" in page.attributes("aria-label")


def test_page_of_a_comparison_has_a_column_for_each() -> None:
    page = assert_harmless(comparison_page(compare([report(), report(complete())])))
    headings = [attributes for tag, attributes in page.tags if tag == "th"]
    assert sum(each.get("scope") == "col" for each in headings) == 3
    assert sum(each.get("scope") == "row" for each in headings) == 17


@pytest.mark.parametrize("position", range(3))
def test_page_can_be_read_by_everybody(position: int) -> None:
    page = Page(pages(THIN)[position])
    tags = [tag for tag, _ in page.tags]
    assert page.tags[0] == ("html", {"lang": "en"})
    assert tags.count("h1") == tags.count("main") == 1
    for tag, attributes in page.tags:
        if tag == "th":
            assert "scope" in attributes
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes["aria-label"]
        if attributes.get("class") == "scroll":  # what scrolls must be reached by the keyboard
            assert attributes["tabindex"] == "0"
            assert attributes.get("aria-label") or attributes["aria-labelledby"]
    # No color alone: every sign has its word.
    for standing in ("there", "thin", "missing"):
        assert standing in page.text


def test_texts_carry_their_language() -> None:
    document = {**THIN, "title": {"en": "Sensors", "pl": "Czujniki"}, "language": "pl"}
    page = Page(report_page([report(document)]))
    assert ("bdi", {"lang": "pl"}) in page.tags


def test_too_many_for_a_page_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="at most 1000"):
        report_page([report()] * 1001)
    with pytest.raises(ConfigurationError, match="at most 12"):
        comparison_page(compare([report()] * 13))
