"""The dry run: all that is wrong, at once, by row and column; and nobody there twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from testamur import build, limits
from testamur.batch import Award, Learner
from testamur.model.ob3 import Achievement
from testamur.roster import (
    DryRun,
    Repeated,
    RowError,
    dry_run,
    fault_list,
    good_learners,
    match_columns,
    open_roster,
    row_numbers,
)
from unit.batch.batches import NOW, SECRET, achievement, award, profile
from unit.roster.test_roster import several, write


def model(about: Achievement | None = None) -> Award:
    if about is None:
        return award(status=None)
    return Award.of(profile(), about, secret=SECRET, valid_from=NOW)


def look(folder: Path, content: str, about: Achievement | None = None, **options: Any) -> DryRun:
    model_ = model(about)
    roster = open_roster(write(folder, content), model_.achievement, confirm=lambda _: True)
    return dry_run(roster, model_, **options)


def test_good_roster_has_no_faults(tmp_path: Path) -> None:
    seen: list[tuple[int, float]] = []
    content = "key,email,result\n" + "".join(f"m{n},a{n}@b.example,A\n" for n in range(250))
    found = look(tmp_path, content, progress=lambda rows, read: seen.append((rows, read)))
    assert found == DryRun(250, (), frozenset(), None, True)
    assert found.is_clean
    assert [rows for rows, _ in seen] == [100, 200]
    assert all(0 < read <= 1 for _, read in seen)


def test_all_faults_of_all_rows_are_said_by_row_line_and_heading(tmp_path: Path) -> None:
    content = (
        "Matrikelnummer;E-Mail;Note;Gültig bis;Nachweis;Sprache;Credits\n"
        "1;ada@b.example;A;31.12.2030;https://b.example/1;pl;2.5\n"
        "2;ada;D;31.12.2020;no url;Polish!;two\n"
        "\n"
        "1;ben@b.example;A;;;;\n"
        "4;BEN@b.example;B;32.12.2030;;;\n"
        ";;A;;;;\n"
        "6;a@b.example;A\n"
    )
    found = look(tmp_path, content)
    assert [(each.row, each.line, each.column) for each in found.faults] == [
        (2, 3, "E-Mail"),
        (2, 3, "Note"),
        (2, 3, "Gültig bis"),
        (2, 3, "Nachweis"),
        (2, 3, "Sprache"),
        (2, 3, "Credits"),
        (3, 5, "Matrikelnummer"),
        (4, 6, "E-Mail"),
        (4, 6, "Gültig bis"),
        (5, 7, "name"),
        (6, 8, None),
    ]
    assert found.rows == 6
    assert found.faulty == {2, 3, 4, 5, 6}
    text = "\n".join(map(str, found.faults))
    for words in (
        "row 2 (line 3), column Note: 'D' is not an allowed value; write one of A, B",
        "row 2 (line 3), column Gültig bis: 2020-12-31T23:59:59Z is before validFrom",
        "row 2 (line 3), column Nachweis: 'no url' is not a URL",
        "row 3 (line 5), column Matrikelnummer: is that of row 1 (line 2) too; remove one",
        "row 4 (line 6), column E-Mail: is that of row 3 (line 5) too; remove one",
        "row 5 (line 7), column name: is missing: a learner has an id, an email or a name",
    ):
        assert words in text, text


def test_several_wrong_results_of_a_row_are_all_named(tmp_path: Path) -> None:
    grades = [
        build.result_description(name, "Percent", id=f"urn:{name}", value_min="0", value_max="100")
        for name in ("One", "Two", "Three")
    ]
    about = build.achievement(id="urn:a", name="A", description="d", criteria="c", results=grades)
    content = "name,One,Two,Three\nAda,101,50%,-1\nBen,85 %,0,100\n"
    found = look(tmp_path, content, about)
    assert [each.column for each in found.faults] == ["One", "Three"]
    assert "'101' is outside 0 to 100" in found.faults[0].reason


def test_same_name_is_the_same_learner_only_where_nothing_tells_them_apart(
    tmp_path: Path,
) -> None:
    found = look(tmp_path, "key,name,email\n,Ada,\n,ADA ,\n1,Ada,\n2,Ada,\n,Ada,a@b.example\n")
    (fault,) = found.faults
    assert str(fault) == (
        "row 2 (line 3), column name: is that of row 1 (line 2) too; remove one, or add a key or "
        "an e-mail address, which tells them apart"
    )


def test_repeated_learners_can_be_allowed(tmp_path: Path) -> None:
    content = "key,name\n1,Ada\n1,Ada\n"
    assert look(tmp_path, content).faulty == {2}
    assert look(tmp_path, content, repeated=Repeated.ALLOWED).is_clean


def test_learners_are_compared_up_to_a_bound_which_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROSTER_IDENTITIES", 2)
    found = look(tmp_path, "key,name\n1,Ada\n2,Ben\n3,Cy\n3,Cy\n1,Ada\n")
    assert not found.all_compared
    assert found.faulty == {5}


def test_faults_are_listed_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROSTER_FAULTS", 3)
    found = look(tmp_path, "email\n" + "x\n" * 10)
    assert len(found.faults) == 3
    assert found.broken == "there are 3 faults up to row 3; is it the right file?"
    assert not found.is_clean


def test_file_that_breaks_off_says_where_and_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"email\nx\n" + b"ada@b.example\n" * 2000 + b"\xff\n")
    model_ = model()
    found = dry_run(open_roster(path, model_.achievement), model_, repeated=Repeated.ALLOWED)
    assert found.faulty == {1}
    assert found.broken is not None
    assert "not UTF-8" in found.broken
    assert not found.is_clean


def test_good_rows_keep_their_numbers_where_others_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "name,email\nAda,\nBen,x\n,x\nCy,\nDi,x\nEve,\n")
    model_ = model()
    found = dry_run(open_roster(path, model_.achievement), model_)
    assert found.faulty == {2, 3, 5}
    learners = list(good_learners(open_roster(path, model_.achievement), found.faulty))
    assert [each.name for each in learners] == ["Ada", "Cy", "Eve"]
    row_at = row_numbers(found.faulty)
    assert [row_at(position) for position in range(5)] == [1, 4, 6, 7, 8]
    assert [row_numbers(())(position) for position in range(3)] == [1, 2, 3]
    with pytest.raises(RowError):
        list(good_learners(open_roster(path, model_.achievement), {2, 3}))


def test_fault_list_holds_no_formula(tmp_path: Path) -> None:
    content = '"=cmd|x",email\nA,ada\n'
    path = write(tmp_path, content)
    told = {"=cmd|x": "language"}
    model_ = model()
    found = dry_run(open_roster(path, model_.achievement, columns=told), model_)
    lines = fault_list(found.faults).decode("utf-8-sig").splitlines()
    assert lines[0] == "row,line,column,fault"
    assert lines[1].startswith("1,2,'=cmd|x,")
    assert all(not cell.startswith("=") for line in lines for cell in line.split(","))


@pytest.mark.parametrize(
    ("cell", "zone", "expected"),
    [
        ("2030-12-31", UTC, "2030-12-31T23:59:59Z"),
        ("31.12.2030", UTC, "2030-12-31T23:59:59Z"),
        ("1.2.2030", timezone(timedelta(hours=1)), "2030-02-01T23:59:59+01:00"),
        ("2030-12-31T12:00:00", timezone(timedelta(hours=-5)), "2030-12-31T12:00:00-05:00"),
        ("2030-12-31T12:00:00Z", timezone(timedelta(hours=1)), "2030-12-31T12:00:00Z"),
    ],
)
def test_days_are_whole_days_in_the_zone_of_the_roster(
    tmp_path: Path, cell: str, zone: timezone, expected: str
) -> None:
    about = achievement()
    roster = open_roster(write(tmp_path, f"name,valid_until\nAda,{cell}\n"), about, zone=zone)
    (learner,) = roster.learners()
    credential = model().credential(learner, 0).to_json()
    assert credential["validUntil"] == expected
    begins = open_roster(write(tmp_path, "name,valid_from\nAda,2026-01-31\n"), about)
    (learner,) = begins.learners()
    assert learner.valid_from == datetime(2026, 1, 31, tzinfo=UTC)


def test_name_is_put_together_of_its_parts(tmp_path: Path) -> None:
    path = write(tmp_path, "Vorname,Nachname\nAda, Nowak \nSuharto,\n,Weber\n")
    about = achievement()
    asked: list[Any] = []

    def confirm(matches: Any) -> bool:
        asked.extend(matches)
        return True

    learners = list(open_roster(path, about, confirm=confirm).learners())
    assert [each.name for each in learners] == ["Ada Nowak", "Suharto", "Weber"]
    assert tuple(asked) == match_columns(["Vorname", "Nachname"], about)


def test_language_of_a_learner_stays_out_of_the_credential(tmp_path: Path) -> None:
    (learner,) = open_roster(write(tmp_path, "name,language\nAda,pl\n"), achievement()).learners()
    assert learner == Learner(name="Ada", language="pl")
    without = replace(learner, language=None)
    assert model().document(learner, 0) == model().document(without, 0)


def test_results_by_level_and_status_are_checked(tmp_path: Path) -> None:
    content = "name,result:State,result:Rubric\nAda,Completed,Gold\nBen,Done,Silver\n"
    found = look(tmp_path, content, several())
    assert [(each.row, each.column) for each in found.faults] == [
        (2, "result:State"),
        (2, "result:Rubric"),
    ]
