"""`testamur roster`: templates and checks; and what `issue --batch` asks before it issues."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from openpyxl import load_workbook

from cli.example_issuer import NOW, Issuer, Run, badge, write_json
from cli.test_batch_issue import batch, credentials, model, text
from testamur.cli.roster_run import ask, look
from testamur.roster import ColumnMatch, How

__all__ = ["model"]

OFFICE = (
    "Matrikelnummer;Vorname;Nachname;E-Mail;Note;Fakultät\n"
    "007;Ada;Nowak;ada@uni.example;A;Technik\n"
    "008;Ben;Weber;ben@uni.example;B;Technik\n"
)
TOLD = ("--column", "Fakultät=")


@pytest.fixture
def achievement(tmp_path: Path) -> Path:
    document: Any = badge().to_json()
    return write_json(tmp_path / "achievement.json", document["credentialSubject"]["achievement"])


@pytest.fixture
def office(tmp_path: Path) -> Path:
    path = tmp_path / "office.csv"
    path.write_text(OFFICE, encoding="utf-8")
    return path


def check(run: Run, roster: Path, achievement: Path, *options: str | Path) -> Any:
    return run("roster", "check", roster, "--achievement", achievement, "--now", NOW, *options)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_template_is_written_filled_in_and_checked(
    run: Run, achievement: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"roster{suffix}"
    result = run("roster", "template", achievement, "--out", path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Template  {path} (10 columns for Teamwork)\n"
    assert check(run, path, achievement).exit_code == 3
    row = ["007", "ada@uni.example", "Ada", "A", "2.5", "https://uni.example/1"]
    if suffix == ".csv":
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([*row, "", "", "", ""])
    else:
        book = load_workbook(path)
        book["Roster"].append(row)
        book.save(path)
    result = check(run, path, achievement)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("All 1 rows are good.\n")


def test_template_is_never_overwritten_unless_forced(
    run: Run, achievement: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    for options, code in (((), 0), ((), 3), (("--force", "--language", "de"), 0)):
        assert run("roster", "template", achievement, "--out", path, *options).exit_code == code
    assert "Matrikelnummer" in path.read_text(encoding="utf-8-sig")
    for name, words in (("roster.ods", "neither .xlsx nor .csv"), ("x.csv", "no headings in")):
        out = tmp_path / name
        result = run("roster", "template", achievement, "--out", out, "--language", "xx")
        assert result.exit_code == 3
        assert words in result.stderr


def test_check_takes_an_achievement_or_a_model_credential(
    run: Run, achievement: Path, unsigned: Path, office: Path, tmp_path: Path
) -> None:
    for source in (achievement, unsigned):
        assert check(run, office, source, *TOLD).exit_code == 0
    for content in ("[]", '{"type": "Achievement"}', "{}"):
        (tmp_path / "bad.json").write_text(content)
        assert check(run, office, tmp_path / "bad.json").exit_code == 3
    assert check(run, office, tmp_path / "nowhere.json").exit_code == 3


def test_check_shows_what_columns_are_taken_for(run: Run, achievement: Path, office: Path) -> None:
    result = check(run, office, achievement, *TOLD, "--column", "Note=result:Grade")
    assert result.stdout == (
        "Read as CSV in UTF-8, divided by semicolons.\n"
        "  Matrikelnummer  key (recognized)\n"
        "  Vorname         given_name (recognized)\n"
        "  Nachname        family_name (recognized)\n"
        "  E-Mail          email (recognized)\n"
        "  Note            result:Grade (as you said)\n"
        "  Fakultät        left out\n"
        "All 2 rows are good.\n"
    )


def test_unknown_columns_are_refused_with_the_option(
    run: Run, achievement: Path, office: Path
) -> None:
    result = check(run, office, achievement)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "the column 'Fakultät' is not known; known are key" in result.stderr
    assert '--column "HEADING=COLUMN" says what a column is' in result.stderr


def test_faults_are_listed_in_short_and_written_in_full(
    run: Run, achievement: Path, tmp_path: Path
) -> None:
    path, faults = tmp_path / "roster.csv", tmp_path / "faults.csv"
    path.write_text("email\n" + "x\n" * 50, encoding="utf-8")
    result = check(run, path, achievement)
    assert result.exit_code == 3
    assert result.stderr.count("error: row ") == 20
    assert "and 30 more faults; --faults FILE writes all of them" in result.stderr
    assert "50 of 50 rows cannot be used.\n" in result.stderr
    result = check(run, path, achievement, "--faults", faults)
    assert f"All 50 faults are in {faults}." in result.stderr
    with faults.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[49] == {
        "row": "50",
        "line": "51",
        "column": "email",
        "fault": "is not an e-mail address; write it as name@host.example",
    }
    # A list of faults gives way to a newer one, and nothing else does.
    path.write_text("email\ny\n", encoding="utf-8")
    check(run, path, achievement, "--faults", faults)
    assert len(faults.read_text(encoding="utf-8-sig").splitlines()) == 2
    assert "is there already" in check(run, path, achievement, "--faults", path).stderr
    assert path.read_text() == "email\ny\n"


def test_file_that_breaks_off_is_said_with_the_faults_before(
    run: Run, achievement: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"email\nx\n" + b"\n" * 9000 + b"\xb3\n")
    result = check(run, path, achievement)
    assert result.exit_code == 3
    assert "row 1 (line 2), column email" in result.stderr
    assert "windows-1252 ('³') or windows-1250 ('ł')" in result.stderr
    path.write_bytes("name\nŁucja\n".encode("windows-1250"))
    assert check(run, path, achievement, "--encoding", "windows-1250").exit_code == 0


def test_days_are_of_the_time_zone_that_is_named(
    run: Run, achievement: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("name,valid_from,valid_until\nAda,2026-06-30T23:30:00Z,2026-06-30\n")
    # The last second of the day is 21:59:59 in Warsaw and 23:59:59 at Greenwich.
    assert check(run, path, achievement).exit_code == 0
    result = check(run, path, achievement, "--time-zone", "Europe/Warsaw")
    assert result.exit_code == 3
    assert "2026-06-30T23:59:59+02:00 is before validFrom" in result.stderr
    result = check(run, path, achievement, "--time-zone", "Nowhere/Land")
    assert "is not known on this machine" in result.stderr


def test_repeated_learners_are_faults_unless_allowed(
    run: Run, achievement: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("name\nAda\nAda\n")
    assert "is that of row 1 (line 2) too" in check(run, path, achievement).stderr
    assert check(run, path, achievement, "--allow-repeated").exit_code == 0


def test_badly_written_column_option_is_a_usage_error(
    run: Run, achievement: Path, office: Path
) -> None:
    for option in ("Note", "=key"):
        result = check(run, office, achievement, "--column", option)
        assert result.exit_code == 3
        assert 'is not written as "HEADING=COLUMN"' in result.stderr


def test_recognized_columns_are_confirmed_before_anything_is_issued(
    run: Run, model: Path, office: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = batch(run, model, office, issuer, "--out", out, *TOLD)
    assert result.exit_code == 3
    assert "  Note = result:Grade\n" in result.stderr
    assert "say so with --yes" in result.stderr
    assert "columns were recognized and not confirmed" in result.stderr
    assert not out.exists()
    result = batch(run, model, office, issuer, "--out", out, *TOLD, "--yes")
    assert result.exit_code == 0, result.stderr
    subjects = [each["credentialSubject"] for each in credentials(out)]
    assert [each["identifier"][0]["identityHash"] for each in subjects] == [
        "Ada Nowak",
        "Ben Weber",
    ]


@pytest.mark.parametrize(("answer", "wanted"), [(True, True), (False, False)])
def test_person_at_the_terminal_is_asked(
    monkeypatch: pytest.MonkeyPatch, answer: bool, wanted: bool
) -> None:
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: answer)
    assert ask(yes=False)((ColumnMatch("Note", "result", How.RECOGNIZED),)) is wanted


def test_faulty_rows_are_skipped_only_where_asked(
    run: Run, model: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out, roster, faults = tmp_path / "out", tmp_path / "roster.csv", tmp_path / "faults.csv"
    roster.write_text(text(6).replace("Ada 1,B", "Ada 1,Z").replace("m4", "m0"))
    assert batch(run, model, roster, issuer, "--out", out).exit_code == 3
    assert not out.exists()
    options = ("--out", out, "--skip-faulty", "--chunk-rows", "2")
    result = batch(run, model, roster, issuer, *options, "--faults", faults)
    assert result.exit_code == 0, result.stderr
    assert "2 of 6 rows cannot be used and are left out." in result.stderr
    assert "Issued  4 credentials" in result.stdout
    with faults.open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["2", "5"]
    index = []
    for part in sorted((out / "index").glob("*.csv")):
        with part.open(encoding="utf-8", newline="") as file:
            index += [(row["row"], row["key"]) for row in csv.DictReader(file)]
    assert index == [("1", "m0"), ("3", "m2"), ("4", "m3"), ("6", "m5")]
    before = credentials(out)
    again = batch(run, model, roster, issuer, *options, "--faults", faults)
    assert "4 were there already" in again.stdout
    assert credentials(out) == before


def test_nothing_is_issued_where_every_row_is_faulty(
    run: Run, model: Path, issuer: Issuer, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("email\nx\n")
    options = ("--out", tmp_path / "out", "--skip-faulty")
    result = batch(run, model, roster, issuer, *options)
    assert result.exit_code == 3
    assert "1 of 1 rows cannot be used; nothing was issued." in result.stderr


def test_roster_that_changes_after_its_check_is_refused(
    run: Run, model: Path, issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(text(3))

    def look_and_change(*args: Any) -> Any:
        found = look(*args)
        roster.write_text(text(4))
        os.utime(roster, ns=(0, 0))
        return found

    monkeypatch.setattr("testamur.cli.batch_run.look", look_and_change)
    result = batch(run, model, roster, issuer, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "has changed since it was checked" in result.stderr


def test_workbook_is_issued_to_and_its_formulas_are_not(
    run: Run, model: Path, achievement: Path, issuer: Issuer, tmp_path: Path
) -> None:
    path, out = tmp_path / "roster.xlsx", tmp_path / "out"
    run("roster", "template", achievement, "--out", path)
    book = load_workbook(path)
    sheet: Any = book["Roster"]
    sheet.append(["=1+1", "ada@uni.example", "Ada", "A"])
    book.save(path)
    result = batch(run, model, path, issuer, "--out", out)
    assert "row 1 (line 2), column key: holds a formula" in result.stderr
    sheet["A2"].data_type = "s"
    book.save(path)
    assert batch(run, model, path, issuer, "--out", out).exit_code == 0
    (part,) = (out / "index").glob("*.csv")
    assert part.read_text().splitlines()[1].startswith("1,'=1+1,urn:uuid:")
    assert json.dumps("=1+1") not in json.dumps(credentials(out))
