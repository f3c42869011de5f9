"""The micro-credentials of Cedefop's table: what they leave unsaid, from files to one page."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import shared_data
from page_reader import assert_harmless
from testamur.canon.strict_json import dumps
from testamur.cli.app import app
from testamur.demo.microcredentials import describe, read_table
from testamur.model.microcredential import Learner, Organisation
from testamur.model.microcredential.open_badges import to_open_badge

COLLEGE = Organisation(
    id="did:web:college.example", name={"en": "Example College"}, website="https://college.example"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a badge for every row of the table, and files that are none."""
    path = tmp_path_factory.mktemp("badges")
    for number, row in enumerate(read_table(), start=1):
        description = describe(
            row,
            id=f"https://college.example/achievements/{number}",
            provider_id=f"https://provider.example/{number}",
            issuer=COLLEGE,
            learner=Learner(full_name="Ada Nowak"),
            issued=datetime(2026, 6, 1, tzinfo=UTC),
        )
        badge = to_open_badge(description, id=f"https://college.example/badges/{number}")
        (path / f"{number:02}.json").write_bytes(dumps(badge.to_json()).encode())
    (path / "did.json").write_text('{"id": "did:web:college.example"}')
    return path


def table() -> list[dict[str, str]]:
    text = shared_data.read_text("cedefop-2023-microcredentials.csv")
    return list(csv.DictReader(text.splitlines()))


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_what_the_table_does_not_specify_is_missing(folder: Path) -> None:
    document = json.loads(run("check", folder, "--format", "json").stdout)
    elements = {each["element"]: each for each in document["overview"]["elements"]}
    rows = table()
    assert len(rows) == len(document["reports"]) == 44

    def empty(column: str) -> int:
        return sum(row[column] in ("", "No assessment") for row in rows)

    assert elements["assessment"]["missing"] == empty("assessment") > 0
    assert elements["quality-assurance"]["missing"] == empty("standards") > 0
    assert elements["stackability"]["missing"] == empty("stackability") > 0
    # The table has no such columns.
    for element in ("workload", "level", "participation", "prerequisites", "supervision"):
        assert elements[element]["missing"] == 44
    # It never says who assures that a standard is kept.
    assert elements["quality-assurance"]["thin"] == 44 - empty("standards")


def test_one_page_shows_all_of_them(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run("check", "--profile", "eu", "--format", "html", "--out", out, folder)
    assert result.exit_code == 1
    assert "1 file was passed over" in result.stderr
    page = assert_harmless(out.read_bytes())
    text = " ".join(page.text.split())
    for row in table():
        assert " ".join(row["title"].split()) in text
    assert "0 of 44 say everything that is required" in text
    assert len(out.read_bytes()) < 300_000
