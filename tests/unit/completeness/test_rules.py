"""completeness.rules: what each rule asks, one at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from testamur.completeness import Standing, check, parse_profile
from testamur.completeness.rules import PLACEHOLDERS

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT: dict[str, Any] = {
    "language": "en",
    "title": {"en": "Sensors"},
    "prerequisites": {"en": "School mathematics and physics"},
    "content": {"en": "sensors."},
    "workload": {
        "effort": "PT60H",
        "credits": [{"points": 5, "system": "ECTS"}, {"points": 12, "otherSystem": "NZQCF"}],
    },
    "level": {"eqf": 5},
    "assessments": [{"types": ["quiz"]}, {"title": {"en": "Field work"}}],
    "qualityAssurance": [{"title": {"en": "Qualiopi"}, "validUntil": "2026-06-01"}],
    "links": [{"url": "https://uni.example/sensors"}],
    "languages": ["en", "pl"],
}


def profile(rule: str, where: str = "prerequisites", place: str = "usefulIf") -> Any:
    text = f"""
id: mine
title: {{en: Mine}}
items:
  - id: it
    title: {{en: It}}
    need: required
    where: [{where}]
    {place}: [{rule}]
    why: {{en: Because.}}
    write: {{en: Write it.}}
"""
    return parse_profile(text.encode())


def standing(rule: str, where: str = "prerequisites", now: datetime | None = NOW) -> Standing:
    return check(TEXT, profile(rule, where), now=now).element("it").standing


HOLDS = [
    ("{present: true}", "prerequisites"),
    ("{minCount: 2}", "languages"),
    ("{maxCount: 2}", "languages"),
    ("{minWords: 4}", "prerequisites"),
    ("{minCharacters: 30}", "prerequisites"),
    ("{notPlaceholder: true}", "prerequisites"),
    ("{notUrl: true}", "prerequisites"),
    ("{differsFrom: title}", "prerequisites"),
    ("{notContaining: [diploma, phys]}", "prerequisites"),  # whole words alone
    ("{hasAll: [types], at: 'assessments[0]'}", "assessments"),
    ("{hasAny: [types, title]}", "assessments"),
    ("{oneHasAll: [types]}", "assessments"),
    ("{includes: [quiz, portfolio]}", "assessments.types"),
    ("{only: [en, pl, de]}", "languages"),
    ("{startsWith: ['https://', 'did:']}", "links.url"),
    ("{url: true}", "links.url"),
    ("{min: 5}", "workload.credits.points"),
    ("{max: 12}", "workload.credits.points"),
    ("{max: 5, at: 'workload.credits[system=ECTS].points'}", "workload"),
    ("{minHours: 60}", "workload.effort"),
    ("{notPassed: true}", "qualityAssurance.validUntil"),
    ("{any: [{max: 1}, {min: 5}]}", "workload.credits.points"),
    ("{only: ['5']}", "level.eqf"),
]
BREAKS = [
    ("{present: true, at: criteria}", "prerequisites", "A part of it is missing."),
    ("{minCount: 3}", "languages", "There should be at least 3 of them."),
    ("{maxCount: 1}", "languages", "There should be no more than 1 of them."),
    ("{minWords: 5}", "prerequisites", "It should have at least 5 words to say something."),
    ("{minCharacters: 31}", "prerequisites", "It should have at least 31 characters"),
    ("{notUrl: true}", "links.url", "This is an address or an identifier"),
    ("{differsFrom: title}", "content", "It only says again what is said elsewhere."),
    ("{notContaining: [physics]}", "prerequisites", "These words should not be in it: physics."),
    ("{hasAll: [types]}", "assessments", "A part of it is missing."),
    ("{hasAny: [types, modes]}", "assessments", "A part of it is missing."),
    ("{oneHasAll: [types, title]}", "assessments", "A part of it is missing."),
    ("{includes: [portfolio]}", "assessments.types", "It should be one of these: portfolio."),
    ("{only: [en, de]}", "languages", "It should be one of these: en, de."),
    ("{startsWith: ['did:']}", "links.url", "It should begin with one of these: did:."),
    ("{url: true}", "title", "It should be a full address (URL)."),
    ("{min: 6}", "workload.credits.points", "It should be at least 6."),
    ("{max: 11.5}", "workload.credits.points", "It should be no more than 11.5."),
    ("{minHours: 61}", "workload.effort", "It should be at least 61 hours."),
    ("{any: [{max: 1}, {min: 6}]}", "workload.credits.points", "It is not as it should be."),
]


@pytest.mark.parametrize(("rule", "where"), HOLDS)
def test_rule_holds(rule: str, where: str) -> None:
    assert standing(rule, where) is Standing.THERE


@pytest.mark.parametrize(("rule", "where", "sentence"), BREAKS)
def test_rule_does_not_hold_and_says_so(rule: str, where: str, sentence: str) -> None:
    element = check(TEXT, profile(rule, where)).element("it")
    assert element.standing is Standing.THIN
    assert element.remarks[0].sentence.text.startswith(sentence)


def test_every_rule_is_tested_both_ways() -> None:
    from testamur.completeness.profile import Rule

    kinds = {name for name in Rule.model_fields if name not in ("at", "say")}
    names = {alias: name for name in kinds for alias in [Rule.model_fields[name].alias or name]}
    held = {names[rule.strip("{").partition(":")[0]] for rule, _ in HOLDS}
    broken = {names[rule.strip("{").partition(":")[0]] for rule, _, _ in BREAKS}
    elsewhere = {"not_placeholder", "not_passed"}
    assert held == kinds
    assert broken | elsewhere == kinds


@pytest.mark.parametrize("text", ["N/A", " tbc ", "TBD.", "[to be confirmed]", "…", "k. A.", "?!"])
def test_placeholder_is_recognized(text: str) -> None:
    document = {**TEXT, "prerequisites": {"en": text}}
    element = check(document, profile("{notPlaceholder: true}")).element("it")
    assert element.standing is Standing.THIN


@pytest.mark.parametrize("text", ["None", "No", "Test of English", "Nothing is needed", "x-rays"])
def test_short_text_is_no_placeholder(text: str) -> None:
    document = {**TEXT, "prerequisites": {"en": text}}
    assert check(document, profile("{notPlaceholder: true}")).element("it").standing is (
        Standing.THERE
    )


def test_placeholders_are_written_as_they_are_compared() -> None:
    assert {" ".join(each.casefold().split()) for each in PLACEHOLDERS} == PLACEHOLDERS


def test_placeholder_in_one_language_is_one() -> None:
    document = {**TEXT, "prerequisites": {"en": "Mathematics", "pl": "brak danych"}}
    element = check(document, profile("{notPlaceholder: true}")).element("it")
    assert element.standing is Standing.THIN


def test_date_has_passed_the_day_after() -> None:
    where = "qualityAssurance.validUntil"
    the_day_after = datetime(2026, 6, 2, tzinfo=UTC)
    assert standing("{notPassed: true}", where, NOW) is Standing.THERE
    assert standing("{notPassed: true}", where, the_day_after) is Standing.THIN
    assert standing("{notPassed: true}", where, None) is Standing.THERE


def test_rule_says_the_profile_s_own_words_and_what_it_is_about() -> None:
    rule = "{only: [en], say: {en: English alone.}}"
    (remark,) = check(TEXT, profile(rule, "languages")).element("it").remarks
    assert remark.sentence.text == "English alone."
    assert [each.text for each in remark.about] == ["pl"]


def test_rule_that_must_hold_for_it_to_be_there() -> None:
    element = check(TEXT, profile("{only: [de]}", "languages", place="thereIf")).element("it")
    assert element.standing is Standing.MISSING
    assert [each.text for each in element.found] == ["en", "pl"]


def test_what_is_not_there_breaks_no_rule_but_that_it_be_present() -> None:
    assert standing("{minWords: 5, at: criteria}") is Standing.THERE


def test_long_texts_take_no_long_time() -> None:
    document = {**TEXT, "prerequisites": {"en": "a " * 500_000}}
    rules = "{minWords: 3}, {notPlaceholder: true}, {differsFrom: title}, {notUrl: true}"
    element = check(document, profile(rules)).element("it")
    assert element.standing is Standing.THERE
    assert len(element.found[0].text) == 300
