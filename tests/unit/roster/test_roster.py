"""Rosters: columns become what is said of learners, and what cannot be used is named."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testamur import build, limits
from testamur.batch import Learner, LearnerEvidence, LearnerResult
from testamur.errors import Code, ConfigurationError, InputError, ParseError, TestamurError
from testamur.model.ob3 import Achievement, ResultStatus
from testamur.roster import COLUMNS, RowError, open_roster
from unit.batch.batches import GRADE, achievement

LEVEL = "https://uni.example/levels/gold"


def several() -> Achievement:
    """An achievement with a grade, a status and a rubric, and two results of one name."""
    return build.achievement(
        id="https://uni.example/a",
        name="A",
        description="d",
        criteria="c",
        results=[
            build.result_description("Grade", "LetterGrade", id=GRADE),
            build.result_description("State", "Status", id="urn:s"),
            build.result_description(
                "Rubric",
                "RubricCriterionLevel",
                id="urn:r",
                levels=[build.rubric_level("Gold", id=LEVEL)],
            ),
            build.result_description("Same", "Percent", id="urn:1"),
            build.result_description("Same", "Percent", id="urn:2"),
        ],
    )


def write(folder: Path, content: str | bytes, name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def read(path: Path, about: Achievement | None = None) -> list[Learner]:
    return list(open_roster(path, about or achievement()).learners())


def faults(path: Path, about: Achievement | None = None) -> list[str]:
    entries = open_roster(path, about or achievement()).entries()
    return [str(fault) for entry in entries for fault in entry.faults]


def test_every_column_has_its_meaning(tmp_path: Path) -> None:
    cells = {
        "key": "m1",
        "id": "did:key:z6Mk",
        "email": "ada@uni.example",
        "name": "Ada Nowak",
        "license_number": "17",
        "role": "lead",
        "term": "summer",
        "narrative": "One.\nTwo.",
        "language": "pt-BR",
        "valid_from": "2026-06-01T00:00:00Z",
        "valid_until": "2030-06-01T00:00:00+02:00",
        "awarded_date": "2026-05-01T00:00:00Z",
        "activity_start_date": "2026-01-01T00:00:00Z",
        "activity_end_date": "2026-04-01T00:00:00Z",
        "credits_earned": "2.50",
        "evidence_url": "https://uni.example/1",
        "evidence_name": "Essay",
        "evidence_description": "d",
        "evidence_narrative": "n",
        "result": "A",
    }
    assert cells.keys() == set(COLUMNS) - {"given_name", "family_name"}
    text = io.StringIO()
    writer = csv.DictWriter(text, cells)
    writer.writeheader()
    writer.writerow(cells)
    (learner,) = read(write(tmp_path, text.getvalue()))
    evidence = LearnerEvidence(
        id="https://uni.example/1", name="Essay", description="d", narrative="n"
    )
    expected: dict[str, Any] = {n: v for n, v in cells.items() if hasattr(Learner, n)}
    for name in [name for name in expected if "date" in name or "valid" in name]:
        expected[name] = datetime.fromisoformat(cells[name].replace("Z", "+00:00"))
    expected |= {
        "credits_earned": 2.5,
        "evidence": (evidence,),
        "results": (LearnerResult(description=GRADE, value="A"),),
    }
    assert learner == Learner(**expected)
    assert learner.valid_from == datetime(2026, 6, 1, tzinfo=UTC)
    assert repr(learner.credits_earned) == "2.50"


def test_results_are_named_by_name_or_id_and_read_by_their_kind(tmp_path: Path) -> None:
    heading = "name,result:Grade,result:State,result:Rubric,result:urn:1,result:urn:2"
    path = write(tmp_path, f"{heading}\nAda,A,Completed,Gold,7,8\n")
    (learner,) = read(path, several())
    assert learner.results == (
        LearnerResult(description=GRADE, value="A"),
        LearnerResult(description="urn:s", status=ResultStatus.COMPLETED),
        LearnerResult(description="urn:r", achieved_level=LEVEL),
        LearnerResult(description="urn:1", value="7"),
        LearnerResult(description="urn:2", value="8"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_write_it(
    tmp_path: Path, delimiter: str, start: str, end: str
) -> None:
    rows = [
        ["key", "name", "narrative"],
        ["1", "Ada", f"this{delimiter} that"],
        ["", "", ""],
        ["2", 'A "B" é', ""],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    learners = read(write(tmp_path, start + text.getvalue()))
    assert [(each.key, each.name, each.narrative) for each in learners] == [
        ("1", "Ada", f"this{delimiter} that"),
        ("2", 'A "B" é', None),
    ]


def test_quoted_heading_does_not_hide_the_delimiter(tmp_path: Path) -> None:
    assert read(write(tmp_path, '"key";"name"\n"1";"Ada"\n'))[0].name == "Ada"


def test_json_lines_hold_text_numbers_and_null(tmp_path: Path) -> None:
    rows = [{"name": "Ada", "credits_earned": 3, "key": None}, {"email": "a@b.example", "key": 7}]
    content = "\n\n".join(json.dumps(row) for row in rows)
    learners = read(write(tmp_path, content, "roster.JSONL"))
    assert learners[0] == Learner(name="Ada", credits_earned=3)
    assert learners[1] == Learner(email="a@b.example", key="7")


def test_parquet_holds_text_numbers_and_times(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra testamur[parquet]")
    from pyarrow import parquet

    path = tmp_path / "roster.parquet"
    table = {
        "name": ["Ada", "Ben"],
        "key": [1, None],
        "valid_until": [datetime(2030, 1, 1, tzinfo=UTC), None],
        "credits_earned": [2.5, 3.0],
    }
    parquet.write_table(pyarrow.table(table), path)
    assert read(path) == [
        Learner(
            name="Ada", key="1", valid_until=datetime(2030, 1, 1, tzinfo=UTC), credits_earned=2.5
        ),
        Learner(name="Ben", credits_earned=3.0),
    ]
    parquet.write_table(pyarrow.table({"name": [["a"]]}), path)
    assert faults(path)[0] == "row 1, column name: holds a list; write it as text"
    parquet.write_table(pyarrow.table({"nme": ["a"]}), path)
    with pytest.raises(ParseError, match="'nme' is not known"):
        open_roster(path, achievement())
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(InputError, match="Parquet"):
        open_roster(path, achievement())


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"testamur\[parquet\]"):
        open_roster(write(tmp_path, "", "roster.parquet"), achievement())


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("name,emial", "'emial' is not known; known are key, id, email, name"),
        ("name,Name", "two columns are the name: 'name' and 'Name'"),
        ("name,name", "'name' is there twice"),
        ("name,Telefon,emial", "the columns 'Telefon', 'emial' are not known"),
        ("surname,first name", "'surname' as family_name, 'first name' as given_name; confirm"),
        ("name,given_name", "a column for the name and others for its parts"),
        ("name,result:Grade", "'result:Grade' is not known"),
        ("name,result,result:urn:g", "two columns are for the same result"),
        ("name,result:Same", "'result:Same' is not known"),
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("# Only a comment\n", "is empty"),
        ('name,"em"ail', "line 1: is not CSV"),
        ("name\0,email", "line 1: holds a NUL"),
        (",".join("x" * 1001), "more than 1000 columns"),
    ],
)
def test_heading_that_cannot_be_used_is_refused_before_any_row(
    tmp_path: Path, heading: str, words: str
) -> None:
    about = several()
    if "urn:g" in heading:
        grade = build.result_description("G", "LetterGrade", id="urn:g")
        about = build.achievement(
            id="urn:a", name="A", description="d", criteria="c", results=[grade]
        )
    elif "Grade" in heading:
        about = build.achievement(id="urn:a", name="A", description="d", criteria="c")
    with pytest.raises(ParseError) as caught:
        open_roster(write(tmp_path, f"{heading}\n" if heading else ""), about)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("email", "ada", "row 1 (line 2), column email: is not an e-mail address"),
        ("valid_until", "01/02/2030", "row 1 (line 2), column valid_until: "),
        ("valid_until", "2030-02-30", "is no day of the calendar"),
        ("valid_until", "31.02.2030", "is no day of the calendar"),
        ("language", "Polish!", "is not a language tag; write one as en, pl or pt-BR"),
        ("result:urn:1", "85,5", "is not a number; write it as 85 or 85.5"),
        ("result:Rubric", "Silver", "is no level of the rubric; write one of Gold"),
        ("valid_until", "tomorrow", "write it as 2026-12-01T00:00:00Z"),
        ("credits_earned", "2,5", "row 1 (line 2), column credits_earned: is not a number"),
        ("credits_earned", "-1", "is not a number"),
        ("credits_earned", "1e9", "is not a number"),
        ("credits_earned", "٣", "is not a number"),
        ("result:State", "Done", "row 1 (line 2), column result:State: is no status; write one of"),
        ("name", "Ada\x1b[2J", "row 1 (line 2), column name: has the control character U+001B"),
        ("name", "Ada\nNowak", "row 1 (line 2), column name: has a line break"),
        ("narrative", "One\x07", "has the control character U+0007"),
    ],
)
def test_bad_cell_is_named_by_row_and_column(
    tmp_path: Path, column: str, cell: str, words: str
) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["key", column])
    writer.writeheader()
    writer.writerow({"key": "m1", column: cell})
    path = write(tmp_path, text.getvalue())
    assert words in faults(path, several())[0]
    with pytest.raises(RowError) as caught:
        read(path, several())
    assert caught.value.row == 1


def test_all_faults_are_found_and_good_rows_between_them(tmp_path: Path) -> None:
    path = write(tmp_path, "key,name\n1,Ada\n2,\n3,Ben,more\n4\n5,Cy\n")
    entries = list(open_roster(path, achievement()).entries())
    good = [each.learner for each in entries if not each.faults]
    assert [each.name for each in good if each is not None] == ["Ada", "Cy"]
    rest = "cells, and there are 2 columns; put a cell that holds ',' in quotation marks"
    assert faults(path) == [
        "row 2 (line 3), column name: is missing: a learner has an id, an email or a name",
        f"row 3 (line 4): has 3 {rest}",
        f"row 4 (line 5): has 1 {rest}",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[]", "row 1 (line 1): is no JSON object"),
        ("{", "row 1 (line 1): is no JSON object on one line: not JSON"),
        ('{"name": "a", "name": "b"}', "row 1 (line 1): is no JSON object"),
        ('{"name": ["a"]}', "column name: holds a list"),
        ('{"name": true}', "column name: holds a bool"),
        ('{"nme": "a"}', "row 1 (line 1): the column 'nme' is not known"),
        ('{"name": "\\ud800"}', "row 1 (line 1): is no JSON object"),
        ('{"Nachname": "a"}', "the column 'Nachname' is not known; write it exactly"),
        ('{"name": "a\\u0000"}', "control character U+0000"),
    ],
)
def test_bad_line_of_json_is_named_and_the_next_is_read(
    tmp_path: Path, line: str, words: str
) -> None:
    path = write(tmp_path, f'{line}\n{{"name": "Ada"}}\n', "roster.jsonl")
    assert words in faults(path)[0]
    entries = list(open_roster(path, achievement()).entries())
    assert entries[1].learner == Learner(name="Ada")
    assert not entries[1].faults


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        (b"name\nAda\nM\xe9\n", "not UTF-8", Code.MALFORMED_INPUT),
        ("name\nAda\n".encode("utf-16") + b"\n", "not UTF-16", Code.MALFORMED_INPUT),
        (b"PK\x03\x04", "is a workbook by its content", Code.MALFORMED_INPUT),
        (b'name\n"Ada" x\n', "line 2: is not CSV", Code.MALFORMED_INPUT),
        (b'name\n"Ada', "line 2: is not CSV", Code.MALFORMED_INPUT),
        (b"name\n" + b"a" * 200_000, "is not CSV", Code.MALFORMED_INPUT),
        (
            b"name\n" + b"a" * (limits.ROSTER_LINE_CHARACTERS + 1),
            "line 2: has more than",
            Code.RESOURCE_LIMIT,
        ),
    ],
)
def test_file_that_cannot_be_read_any_further_says_where(
    tmp_path: Path, content: bytes, words: str, code: Code
) -> None:
    with pytest.raises(ParseError) as caught:
        read(write(tmp_path, content))
    assert words in caught.value.message
    assert caught.value.code is code


def test_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        open_roster(tmp_path / "nowhere.csv", achievement())
    with pytest.raises(InputError, match="cannot be read"):
        open_roster(tmp_path, achievement())


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "name\n" + "Ada\n" * 50_000)
    roster = open_roster(path, achievement())
    rows = roster.learners()
    assert roster.read == 0
    next(rows)
    assert 0 < roster.read < 0.1
    assert sum(1 for _ in rows) == 49_999
    assert roster.read == pytest.approx(1, abs=0.01)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=200) | st.text(alphabet='name,;\t"\n\r{}:1é\0', max_size=80),
    name=st.sampled_from(["roster.csv", "roster.jsonl"]),
)
def test_junk_raises_only_errors_of_ours(tmp_path: Path, content: bytes | str, name: str) -> None:
    try:
        for entry in open_roster(write(tmp_path, content, name), achievement()).entries():
            assert entry.faults or entry.learner is not None
    except TestamurError:
        pass
