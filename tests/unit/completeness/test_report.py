"""completeness: the report itself, and what it is made from."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared_data
from complete import BADGE, COMPLETE, complete
from testamur.completeness import PROFILES, Standing, check, compare, named_profile, overview, read
from testamur.completeness.report import Found, pick
from testamur.completeness.shown import hours, show
from testamur.errors import ConfigurationError, ModelError, TestamurError
from testamur.model.microcredential import (
    Credit,
    CreditSystem,
    LearningSetting,
    Level,
    Mode,
    NationalLevel,
    Participation,
    Workload,
)
from testamur.model.microcredential.europass import to_elm

EU = named_profile("eu")
THIN: dict[str, Any] = {
    "language": "en",
    "title": {"en": "Sensors"},
    "learningOutcomes": [{"title": {"en": "x"}}],
}


def test_report_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(check(COMPLETE, EU))


def test_report_counts() -> None:
    report = check(THIN, EU)
    assert (report.required.there, report.required.thin, report.required.missing) == (1, 1, 7)
    assert report.required.not_applicable == 2
    assert str(report).startswith("1 of 9 required elements there, 1 thin, 7 missing")


def test_report_as_json_holds_counts_and_elements() -> None:
    document: Any = json.loads(json.dumps(check(THIN, EU).to_json()))
    assert document["version"] == "1"
    assert document["profile"] == "eu"
    assert document["required"] == {"there": 1, "thin": 1, "missing": 7, "not_applicable": 2}
    outcomes = document["elements"][5]
    assert (outcomes["id"], outcomes["standing"]) == ("learning-outcomes", "thin")
    assert outcomes["found"] == [{"text": "x", "language": "en"}]
    assert outcomes["remarks"][0]["about"] == [{"text": "x", "language": "en"}]
    assert outcomes["why"]["language"] == "en"


def test_no_element_of_this_name() -> None:
    with pytest.raises(KeyError):
        check(THIN, EU).element("price")


def test_what_a_badge_of_others_says_beyond_a_description_is_told() -> None:
    badge: Any = json.loads(json.dumps(BADGE))
    badge["credentialSubject"]["achievement"]["version"] = "2"
    report = check(badge, EU)
    assert any("achievement.version" in each for each in report.not_carried)


def test_achievement_alone_is_read_without_who_got_it() -> None:
    achievement = BADGE["credentialSubject"]["achievement"]
    description = read(achievement).description
    assert (description.learner, description.issued) == (None, None)
    assert description.title == COMPLETE.title
    assert check(achievement, EU).element("learner").standing is Standing.NOT_APPLICABLE


def test_badge_of_vc_1_1_is_read() -> None:
    badge = {name: value for name, value in BADGE.items() if name not in ("validFrom", "proof")}
    badge["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    badge["issuanceDate"] = BADGE["validFrom"]
    badge["expirationDate"] = badge.pop("validUntil")
    assert read(badge).description == COMPLETE


def test_european_digital_credential_is_read() -> None:
    pages = {"en": b"\x89PNG\r\n\x1a\n and whatever follows"}
    credential = to_elm(COMPLETE, id="urn:credential:6f2a9a1c-2f2e-4a37", pages=pages)
    report = check(credential.to_json(), EU)
    assert report.elements == check(COMPLETE, EU).elements


def test_official_sample_has_every_element_but_two() -> None:
    # It names no accreditation, and gives neither notes nor links: see the sample itself.
    sealed = shared_data.read_json("elm/samples/Sample-MC-Annex1-signed.jsonld")
    report = check(json.loads(sealed["payload"]), EU)
    lacking = {each.id: each.standing for each in report.elements if each.remarks}
    assert lacking == {
        "quality-assurance": Standing.MISSING,
        "further-information": Standing.MISSING,
    }
    assert [each.text for each in report.element("level").found] == ["EQF 6, RQF 6"]


@pytest.mark.parametrize(
    "document",
    [
        {"hello": "world"},
        {"title": {"en": "No language"}},
        {"type": ["VerifiableCredential"], "title": {"en": "x"}, "language": "en"},
    ],
)
def test_something_else_is_an_error_that_says_what_to_give(document: Any) -> None:
    with pytest.raises(ModelError, match="neither a description"):
        check(document, EU)


def test_misspelt_member_of_a_description_is_an_error() -> None:
    with pytest.raises(ModelError, match="learningOutcome"):
        check({**THIN, "learningOutcome": []}, EU)


def test_overview_counts_over_reports() -> None:
    whole = overview([check(COMPLETE, EU), check(THIN, EU)])
    tallies = {each.element.id: each for each in whole.tallies}
    assert (tallies["level"].there, tallies["level"].missing) == (1, 1)
    assert (tallies["learning-outcomes"].there, tallies["learning-outcomes"].thin) == (1, 1)
    assert (tallies["learner"].expected, tallies["learner"].not_applicable) == (1, 1)
    assert whole.complete == 1
    assert whole.most_missing_first[0].missing == 1
    with pytest.raises(TypeError):
        bool(whole)


def test_overview_of_nothing_or_of_different_profiles_is_an_error() -> None:
    with pytest.raises(ConfigurationError):
        overview([])
    with pytest.raises(ConfigurationError):
        overview([check(COMPLETE, EU), check(COMPLETE, named_profile("au"))])


def test_comparison_puts_elements_side_by_side() -> None:
    other = complete()
    other["level"] = {"eqf": 6}
    comparison = compare([check(COMPLETE, EU), check(other, EU)])
    rows = {row.cells[0].id: row for row in comparison.rows}
    assert [cell.found[0].text for cell in rows["level"].cells] == [
        "EQF 5, Short cycle, NFQ 6, NZQCF 5",
        "EQF 6",
    ]
    assert rows["title"].is_same
    assert not rows["level"].is_same
    document: Any = comparison.to_json()
    assert document["rows"][7]["same"] is False
    assert document["rows"][7]["cells"][1] == {
        "standing": "there",
        "found": ["EQF 6"],
        "more_found": 0,
    }
    with pytest.raises(TypeError):
        bool(comparison)


def test_one_cannot_be_compared() -> None:
    with pytest.raises(ConfigurationError, match="two or more"):
        compare([check(COMPLETE, EU)])


def test_reports_of_different_profiles_cannot_be_compared() -> None:
    with pytest.raises(ConfigurationError, match="different profiles"):
        compare([check(COMPLETE, EU), check(COMPLETE, named_profile("au"))])


def test_texts_are_taken_in_the_language_of_the_description() -> None:
    document: Any = {
        "language": "pl",
        "title": {"en": "Sensors", "pl": "Czujniki"},
        "prerequisites": {"de": "Keine"},
    }
    report = check(document, EU)
    assert report.title == Found("Czujniki", "pl")
    assert report.element("prerequisites").found == (Found("Keine", "de"),)


@pytest.mark.parametrize(
    ("language", "expected"), [("de", "x"), ("de-AT", "x"), ("fr", "y"), ("en", "y")]
)
def test_text_of_a_profile_is_picked(language: str, expected: str) -> None:
    assert pick({"de": "x", "en": "y"}, language).text == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Workload(credits=(Credit(points=2.5, system=CreditSystem.ECTS),), effort="PT62H30M"),
         "2.5 ECTS, 62 hours 30 minutes of learning"),
        (Level(eqf=6, national=(NationalLevel(framework="NFQ", level="7"),)), "EQF 6, NFQ 7"),
        (Participation(modes=(Mode.ON_SITE,), setting=LearningSetting.NON_FORMAL),
         "Presential, Non-formal learning"),
        (True, "yes"),
        ("P1Y2M", "1 year 2 months"),
        ("P", "P"),
        ({"en": "a \n  b"}, "a b"),
        ("x" * 1_000_000, "x" * 299 + "…"),
    ],
)  # fmt: skip
def test_value_is_said_in_a_few_words(value: Any, expected: str) -> None:
    assert show(value, "en").text == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("PT60H", 60), ("PT1H30M", 1.5), ("P2D", 48), ("P1M", None), ("60", None), (60, None)],
)
def test_hours_of_a_duration(duration: Any, expected: float | None) -> None:
    assert hours(duration) == expected


def test_learner_is_named_and_nothing_more() -> None:
    (found,) = check(COMPLETE, EU).element("learner").found
    assert found.text == "Ana Andromeda"


@settings(deadline=None)
@given(
    document=st.dictionaries(
        st.sampled_from(
            ["@context", "type", "language", "title", "level", "issuer", "id", "credentialSubject"]
        ),
        st.one_of(
            st.sampled_from(["en", "OpenBadgeCredential", "Achievement", {"en": "x"}, 7, [], {}]),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.text(),
                lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
                max_leaves=8,
            ),
        ),
    ),
    profile=st.sampled_from(PROFILES),
)
def test_junk_raises_only_our_errors(document: Any, profile: str) -> None:
    with contextlib.suppress(TestamurError):
        check(document, named_profile(profile)).to_json()
