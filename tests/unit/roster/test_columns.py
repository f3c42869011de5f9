"""Columns: exact, told, or recognized by what people call them in their language."""

from __future__ import annotations

import pytest

from testamur.errors import ConfigurationError, ParseError
from testamur.roster import COLUMNS, How, match_columns
from testamur.roster.headings import HEADINGS, plain
from unit.batch.batches import achievement
from unit.roster.test_roster import several


def test_no_heading_means_two_columns() -> None:
    meanings: dict[str, set[str]] = {}
    for columns in HEADINGS.values():
        for column, headings in columns.items():
            for heading in headings:
                meanings.setdefault(plain(heading), set()).add(column)
    assert {heading: each for heading, each in meanings.items() if len(each) > 1} == {}
    assert "" not in meanings
    assert {column for columns in HEADINGS.values() for column in columns} <= set(COLUMNS)
    # The exact name of a column is never what people call another one.
    assert all(meanings.get(plain(name), {name}) == {name} for name in COLUMNS)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("E-Mail", "email"),
        ("e-mail address", "email"),
        ("Email", "email"),
        ("EMAIL ADDRESS:", "email"),
        ("Matrikel-Nr.", "key"),
        ("Vorname", "given_name"),
        ("Prénom", "given_name"),
        ("prenom", "given_name"),
        ("PRE\u0301NOM", "given_name"),
        ("Imię i nazwisko", "name"),
        ("Nazwisko", "family_name"),
        ("Ważne do", "valid_until"),
        ("Gültig bis", "valid_until"),
        ("gueltig bis", None),
        ("Fecha de caducidad", "valid_until"),
        ("Data di scadenza", "valid_until"),
        ("Geldig tot", "valid_until"),
        ("Correio eletrónico", "email"),
        ("Język", "language"),
        ("Ocena", "result:Grade"),
        ("Note", "result:Grade"),
        ("Grade", "result:Grade"),
        ("Note: Grade", "result:Grade"),
        ("Wynik : GRADE", "result:Grade"),
        ("Result: Something", None),
        ("Nom", None),
        ("Telefon", None),
        ("---", None),
    ],
)
def test_heading_is_recognized_in_several_languages(heading: str, column: str | None) -> None:
    if column is None:
        with pytest.raises(ParseError, match="is not known"):
            match_columns([heading], achievement())
        return
    (match,) = match_columns([heading], achievement())
    assert (match.heading, match.column, match.how) == (heading, column, How.RECOGNIZED)


def test_result_is_recognized_where_it_can_only_be_one() -> None:
    about = several()
    assert match_columns(["Rubric"], about)[0].column == "result:Rubric"
    assert match_columns(["Ergebnis: State"], about)[0].column == "result:State"
    for heading in ("Same", "Result", "Note"):
        with pytest.raises(ParseError, match="is not known"):
            match_columns([heading], about)


def test_what_is_told_goes_before_everything_else() -> None:
    told = {"Name": "family_name", "email": "key", "Faculty": None, "Vorname": "given_name"}
    matches = match_columns(["Name", "email", "Faculty", "Vorname", ""], achievement(), told)
    assert [(each.column, each.how) for each in matches] == [
        ("family_name", How.TOLD), ("key", How.TOLD), (None, How.TOLD), ("given_name", How.TOLD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"Nmae": "name"}, "has no column 'Nmae'; it has 'name', 'x'"),
        ({"x": "emial"}, "'emial' is no column of rosters for this achievement; known are key"),
        ({"x": "result:Nothing"}, "'result:Nothing' is no column"),
    ],
)
def test_what_is_told_must_fit(told: dict[str, str | None], words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        match_columns(["name", "x"], achievement(), told)
    assert words in caught.value.message


def test_all_unknown_columns_are_named_at_once() -> None:
    with pytest.raises(ParseError) as caught:
        match_columns(["name", "Phone", *(f"x{n}" for n in range(30))], achievement())
    assert "the columns 'Phone', 'x0', " in caught.value.message
    assert "and 11 more are not known; known are key, id, email, name," in caught.value.message
    assert caught.value.message.count("result:Grade") == 1


def test_two_headings_for_one_column_are_refused() -> None:
    for headings in (["E-Mail", "Courriel"], ["result", "Grade"], ["result:Grade", "Note"]):
        with pytest.raises(ParseError, match="two columns are"):
            match_columns(headings, achievement())
