"""Language maps, durations, days, decimals: the simple values of the data model."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from testamur.errors import ModelError
from testamur.model.elm import (
    Amount,
    CreditPoint,
    Identifier,
    LanguageMap,
    LearningActivitySpecification,
    LearningOpportunity,
    Note,
    PeriodOfTime,
    ResultCategory,
    civil_date,
    duration_of_hours,
    hours_of_duration,
)

IDENTIFIER: dict[str, Any] = {"type": "Identifier", "notation": "1"}
ACTIVITY: dict[str, Any] = {"type": "LearningActivitySpecification", "title": {"en": "A"}}


def refused(model: Any, document: Any, reason: str) -> None:
    with pytest.raises(ModelError) as raised:
        model.from_json(document)
    assert reason in raised.value.message


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({}, "is an empty object"),
        ("A", "is a string; write the text by language"),
        ({"en": 1}, "has a number in 'en'"),
        ({"en": None}, "has null in 'en'"),
        ({"en": []}, "has an empty array in 'en'"),
        ({"en": ["A", "B"]}, "has several texts in 'en'"),
        ({"en": "A", "EN": "B"}, "'en' and 'EN', which are one language"),
        ({"@none": "A"}, "without a language (@none)"),
    ],
)
def test_language_map_that_says_nothing_clear_is_refused(texts: Any, reason: str) -> None:
    refused(LearningActivitySpecification, {**ACTIVITY, "title": texts}, reason)


def test_language_map_is_kept_as_it_was_written() -> None:
    written = {**ACTIVITY, "title": {"en": ["A"]}, "altLabel": {"pl": ["B", "C"], "en": "D"}}
    read = LearningActivitySpecification.from_json(written)
    assert read.to_json() == written
    assert read.title["en"] == "A"
    assert read.alt_label is not None
    assert read.alt_label.all("pl") == ("B", "C")
    assert read.alt_label.text("de", "pl") == "B"
    assert read.alt_label.text("de") == "D"


def test_language_map_that_a_program_makes_wrong_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="is not a language tag"):
        LanguageMap({"English": "A B", "not a tag": "C"})


def test_note_may_have_several_texts_in_one_language() -> None:
    note: dict[str, Any] = {"type": "Note", "noteLiteral": {"en": ["A", "B"]}}
    assert Note.from_json(note).to_json() == note


@pytest.mark.parametrize(
    "duration", ["PT60H", "P1Y2M3DT4H5M6.5S", "P0D", "P3M", "PT1.5S", "P1DT12H"]
)
def test_duration_of_iso_8601_is_read(duration: str) -> None:
    document = {**ACTIVITY, "volumeOfLearning": duration}
    assert LearningActivitySpecification.from_json(document).to_json() == document


@pytest.mark.parametrize(
    "duration", ["60 hours", "P", "PT", "P1W", "PT1H30", "-PT1H", "P1.5D", "P1S", "PT٦H", 60, "1H"]
)
def test_anything_else_is_no_duration_and_the_message_shows_how_to_write_one(duration: Any) -> None:
    refused(
        LearningActivitySpecification,
        {**ACTIVITY, "volumeOfLearning": duration},
        "write 60 hours as PT60H",
    )


@pytest.mark.parametrize(
    ("hours", "written"),
    [(60, "PT60H"), ("1.5", "PT1H30M"), (0, "PT0H"), (Decimal("0.01"), "PT36S"), (100, "PT100H")],
)
def test_hours_are_written_as_a_duration_and_read_again(hours: Any, written: str) -> None:
    assert duration_of_hours(hours) == written
    assert hours_of_duration(written) == Decimal(hours)


@pytest.mark.parametrize("hours", [-1, "NaN", "Infinity"])
def test_no_number_of_hours_is_refused(hours: Any) -> None:
    with pytest.raises(ModelError, match="not a number of hours"):
        duration_of_hours(hours)


def test_duration_is_made_of_a_timedelta() -> None:
    activity = LearningActivitySpecification(
        title=LanguageMap({"en": "A"}),
        volume_of_learning=timedelta(hours=90, minutes=30),  # type: ignore[arg-type]
    )
    assert activity.to_json()["volumeOfLearning"] == "PT90H30M"


@pytest.mark.parametrize("duration", ["P60M", "P1Y", "P1Y1D"])
def test_months_and_years_have_no_number_of_hours(duration: str) -> None:
    assert hours_of_duration(duration) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(1999, 10, 1, 22, tzinfo=UTC), date(1999, 10, 2)),
        (datetime(1999, 12, 31, 23, tzinfo=UTC), date(2000, 1, 1)),
        (datetime(1999, 10, 1, 22, 1, tzinfo=UTC), date(1999, 10, 1)),
        (datetime(1999, 10, 1, tzinfo=UTC), date(1999, 10, 1)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), date(9999, 12, 31)),
    ],
)
def test_civil_date_is_the_day_that_begins_at_midnight_in_central_europe(
    moment: datetime, day: date
) -> None:
    assert civil_date(moment) == day


@pytest.mark.parametrize("value", ["1.50", "-2", ".5", 3])
def test_decimal_is_a_string_or_a_whole_number(value: Any) -> None:
    amount = {"type": "Amount", "unit": _EURO, "value": value}
    assert Amount.from_json(amount).to_json() == amount


@pytest.mark.parametrize("value", [1.5, "1,50", "1e3", "", "NaN", True, None, "9" * 65])
def test_no_decimal_is_refused(value: Any) -> None:
    refused(Amount, {"type": "Amount", "unit": _EURO, "value": value}, '"1.50"')


_EURO = {
    "id": "http://publications.europa.eu/resource/authority/currency/EUR",
    "type": "Concept",
    "inScheme": {
        "id": "http://publications.europa.eu/resource/authority/currency",
        "type": "ConceptScheme",
    },
}


@pytest.mark.parametrize("count", [0, -1, 1.0, "1", True])
def test_count_is_a_whole_number_from_one_on(count: Any) -> None:
    category = {"type": "ResultCategory", "label": "A", "count": count}
    refused(ResultCategory, category, "write a whole number")


def test_points_are_a_string() -> None:
    points = {"type": "CreditPoint", "framework": {"type": "Concept"}, "point": 2}
    refused(CreditPoint, points, "point: is a number; write a string")


def test_language_map_where_there_is_none_is_refused() -> None:
    refused(Identifier, {**IDENTIFIER, "schemeName": {"en": "A"}}, "is an object; write one string")


def test_moment_is_kept_as_it_was_written() -> None:
    period: Any = {"type": "PeriodOfTime", "startDate": "2026-01-01T09:00:00.10+01:00"}
    assert PeriodOfTime.from_json(period).to_json() == period


OPPORTUNITY = {"type": "LearningOpportunity", "title": {"en": "O"}}


def opportunity(**members: Any) -> Any:
    provider = {"type": "Organisation", "legalName": {"en": "P"}, "location": _PLACE}
    return {**OPPORTUNITY, "providedBy": provider, **members}


_PLACE = {
    "type": "Location",
    "address": {
        "type": "Address",
        "countryCode": {
            "id": "http://publications.europa.eu/resource/authority/country/IRL",
            "type": "Concept",
            "inScheme": {
                "id": "http://publications.europa.eu/resource/authority/country",
                "type": "ConceptScheme",
            },
        },
    },
}


def test_moment_of_change_is_written_so_that_the_context_does_not_take_it_for_an_iri() -> None:
    typed = {"@value": "2026-01-02T03:04:05Z", "@type": "xsd:dateTime"}
    read = LearningOpportunity.from_json(opportunity(dateModified=typed))
    assert read.to_json()["dateModified"] == typed
    made = LearningOpportunity(
        title=read.title,
        provided_by=read.provided_by,
        date_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert made.to_json()["dateModified"] == typed


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("dateModified", "yesterday", "is not a dateTimeStamp"),
        ("dateModified", {"@value": "x", "@type": "xsd:dateTime"}, "dateModified.@value"),
        ("dateModified", {"@value": "2026-01-01T00:00:00Z", "@type": "xsd:date"}, "xsd:dateTime"),
        ("descriptionHtml", {"@value": "<p>", "@type": "xsd:string"}, "rdf:HTML"),
        ("descriptionHtml", 1, "write a string"),
    ],
)
def test_literal_of_the_wrong_datatype_is_refused(member: str, value: Any, reason: str) -> None:
    refused(LearningOpportunity, opportunity(**{member: value}), reason)
