"""`testamur convert`: one micro-credential in another format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.example_issuer import Run
from descriptions import FULL
from shared_data import folder
from testamur.canon.strict_json import dumps
from testamur.model.microcredential import read_document, to_elm, to_open_badge

ID = "urn:uuid:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"
PNG = b"\x89PNG\r\n\x1a\n and whatever follows"


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    path = tmp_path / "badge.json"
    path.write_text(dumps(to_open_badge(FULL, id=ID).to_json()), encoding="utf-8")
    return path


def test_badge_becomes_a_european_credential_and_a_badge_again(
    run: Run, badge: Path, tmp_path: Path
) -> None:
    edc, again = tmp_path / "edc.json", tmp_path / "again.json"
    result = run("convert", badge, "--to", "elm", "--out", edc)
    assert result.exit_code == 0
    assert "new statement of whoever signs it" in result.stderr
    assert run("convert", edc, "--to", "open-badge", "--id", ID, "--out", again).exit_code == 0
    document: Any = json.loads(again.read_bytes())
    assert document["id"] == ID
    assert read_document(document).description == FULL


def test_result_alone_is_on_standard_output(run: Run, badge: Path) -> None:
    result = run("convert", badge, "--to", "description")
    assert json.loads(result.stdout_bytes) == FULL.to_json()


def test_description_becomes_a_credential_without_a_word_about_sources(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "description.json"
    path.write_text(dumps(FULL.to_json()), encoding="utf-8")
    result = run("convert", path, "--to", "elm")
    assert result.exit_code == 0
    assert "signs it" not in result.stderr
    assert read_document(json.loads(result.stdout_bytes)).description == FULL


def test_sealed_sample_is_read_and_what_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    sealed = folder("elm/samples") / "Sample-MC-Annex1-signed.jsonld"
    report, out = tmp_path / "report.json", tmp_path / "badge.json"
    result = run("convert", sealed, "--to", "open-badge", "--report", report, "--out", out)
    assert result.exit_code == 1
    assert not out.exists()
    assert "description.issuer.id is needed" in result.stderr
    told: Any = json.loads(report.read_bytes())
    assert [each["path"] for each in told["needs"]] == ["description.id", "description.issuer.id"]
    assert "issuer.groupMemberOf" in [each["path"] for each in told["members"]]


def test_source_is_embedded_as_evidence(run: Run, badge: Path, tmp_path: Path) -> None:
    image, out = tmp_path / "page.png", tmp_path / "edc.json"
    image.write_bytes(PNG)
    result = run("convert", badge, "--to", "elm", "--embed-source", "--image", image, "--out", out)
    assert result.exit_code == 0
    assert "evidence-type/c_c4f849d7" in out.read_text(encoding="utf-8")


def test_options_of_one_target_are_refused_for_another(run: Run, badge: Path) -> None:
    assert run("convert", badge, "--to", "open-badge", "--embed-source").exit_code == 3


def test_output_is_not_overwritten(run: Run, badge: Path) -> None:
    assert run("convert", badge, "--to", "description", "--out", badge).exit_code == 3


def test_what_is_no_micro_credential_is_refused(run: Run) -> None:
    result = run("convert", "-", "--to", "elm", input='{"type": "Person"}')
    assert result.exit_code == 3
    assert "neither a description" in result.stderr


def test_control_characters_of_a_source_are_not_printed(run: Run, tmp_path: Path) -> None:
    document: Any = to_elm(FULL, id=ID, pages={"en": PNG}).to_json()
    document["\x1b[31mred"] = 1
    path = tmp_path / "edc.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    result = run("convert", path, "--to", "description")
    assert result.exit_code == 0
    assert "\x1b" not in result.stderr
