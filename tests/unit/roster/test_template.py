"""Templates: what is filled in comes back as it was, in any language, and nothing in it runs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from testamur import build
from testamur.errors import ConfigurationError
from testamur.model.ob3 import Achievement
from testamur.roster import csv_template, open_roster, template_columns, xlsx_template
from testamur.roster.headings import LANGUAGES
from testamur.roster.rows import read_rows
from unit.roster.test_roster import several

WRITERS = pytest.mark.parametrize(
    ("write", "suffix"), [(csv_template, ".csv"), (xlsx_template, ".xlsx")]
)
Write = Callable[..., bytes]


def named(*names: str, **members: Any) -> Achievement:
    results = [
        build.result_description(name, "LetterGrade", id=f"urn:r{n}", allowed_values=["A", "=B"])
        for n, name in enumerate(names)
    ]
    return build.achievement(
        id="urn:a", name="=A1", description="d", criteria="c", results=results, **members
    )


def fill(path: Path, template: bytes, rows: list[dict[str, str]]) -> None:
    """Fill in rows below the headings, as a spreadsheet does: heading → text."""
    if path.suffix == ".csv":
        lines = list(csv.reader(io.StringIO(template.decode("utf-8-sig"))))
        headings = next(each for each in lines if len(each) > 1)
        lines += [[row.get(name, "") for name in headings] for row in rows]
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(lines)
        path.write_bytes(text.getvalue().encode("utf-8-sig"))
        return
    book = load_workbook(io.BytesIO(template))
    sheet = book["Roster"]
    headings = [str(cell.value) for cell in sheet[1]]
    for number, row in enumerate(rows, 2):
        for heading, text_ in row.items():
            cell: Any = sheet.cell(row=number, column=headings.index(heading) + 1)
            cell.value = text_
            cell.data_type = "s"
    book.save(path)


def test_columns_are_those_that_the_achievement_needs() -> None:
    plain = [each.column for each in template_columns(named())]
    after = ["evidence_url", "evidence_name", "narrative", "valid_until", "language"]
    assert plain == ["key", "email", "name", *after]
    about = named("Grade", "Grade", "A\nB", credits_available=5, achievement_type="License")
    columns = {each.column: each for each in template_columns(about)}
    assert list(columns)[3:8] == [
        "result:urn:r0", "result:urn:r1", "result:urn:r2", "credits_earned", "license_number",
    ]  # fmt: skip
    allowed = {each.column: each.allowed for each in template_columns(several())}
    assert allowed["result:Rubric"] == ("Gold",)
    assert allowed["result:State"][0] == "Completed"


@WRITERS
@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_template_is_a_roster_without_rows(
    tmp_path: Path, write: Write, suffix: str, language: str | None
) -> None:
    path = tmp_path / f"roster{suffix}"
    about = several()
    path.write_bytes(write(about, language=language))
    asked: list[Any] = []

    def confirm(matches: Any) -> bool:
        asked.extend(matches)
        return True

    roster = open_roster(path, about, confirm=confirm)
    assert list(roster.entries()) == []
    wanted = [each.column for each in template_columns(about, language=language)]
    assert [each.column for each in roster.columns] == wanted
    assert bool(asked) is (language is not None)


NAMES = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=8
)
CELLS = NAMES.map(str.strip).filter(bool).filter(str.isprintable)


@WRITERS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    names=st.lists(NAMES.filter(lambda each: bool(each.strip())), max_size=4),
    rows=st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["A", "=B"])), min_size=1, max_size=4),
)
def test_what_is_filled_in_comes_back(
    tmp_path: Path,
    write: Write,
    suffix: str,
    names: list[str],
    rows: list[tuple[str, str, str]],
) -> None:
    about = named(*names)
    headings = [each.heading for each in template_columns(about)]
    results = [each for each in headings if each.startswith("result:")]
    assert len(results) == len(names)
    path = tmp_path / f"roster{suffix}"
    cells = [
        {"key": key, "name": name, **dict.fromkeys(results, grade)} for key, name, grade in rows
    ]
    fill(path, write(about), cells)
    learners = list(open_roster(path, about).learners())
    escaped = suffix == ".xlsx"
    assert [(each.key, each.name) for each in learners] == [
        (key, name) for key, name, _ in rows
    ] or (escaped and any("_x" in text for row in rows for text in row))
    for learner, (_, _, grade) in zip(learners, rows, strict=True):
        values = [(each.description, each.value) for each in learner.results]
        assert sorted(values) == [(f"urn:r{n}", grade) for n in range(len(names))]


def test_workbook_explains_its_columns_and_offers_what_is_allowed() -> None:
    book = load_workbook(io.BytesIO(xlsx_template(named("Grade"))))
    assert book.sheetnames == ["Roster", "Read me", "Values"]
    explained = {row[0].value: row[1].value for row in book["Read me"].iter_rows()}
    assert explained["result:Grade"] == ("The result “Grade” (LetterGrade). One of: A, =B.")
    assert [each[0].value for each in book["Values"].iter_rows(min_col=4)] == [
        "result:Grade", "A", "=B",
    ]  # fmt: skip
    (choice,) = book["Roster"].data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref)) == ("Values!$D$2:$D$3", "D2:D1048576")
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in types
    assert book["Roster"].column_dimensions["A"].number_format == "@"
    assert "Values" not in load_workbook(io.BytesIO(xlsx_template(named()))).sheetnames


def test_no_cell_of_a_csv_template_begins_like_a_formula() -> None:
    for language in (None, *LANGUAGES):
        text = csv_template(named("=1+1", "@x", "-"), language=language).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_filled_template_of_a_language_says_the_same(tmp_path: Path) -> None:
    about = several()
    path = tmp_path / "roster.xlsx"
    row = {"Numer albumu": "007", "Adres e-mail": "ada@b.example", "Ważne od": ""}
    del row["Ważne od"]
    fill(path, xlsx_template(about, language="pl"), [{**row, "Ocena: Rubric": "Gold"}])
    (learner,) = open_roster(path, about, confirm=lambda _: True).learners()
    assert (learner.key, learner.email) == ("007", "ada@b.example")
    assert learner.results[0].description == "urn:r"
    assert read_rows(path).read_as == "workbook, sheet 'Roster'"


def test_language_without_headings_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no headings in 'xx'; give one of en, de"):
        csv_template(named(), language="xx")


def test_workbook_without_openpyxl_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ConfigurationError, match=r"testamur\[xlsx\]"):
        xlsx_template(named())
