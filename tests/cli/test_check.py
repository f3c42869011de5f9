"""testamur check and testamur compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.example_issuer import NOW, Run, write_json
from complete import BADGE, complete, without
from page_reader import assert_harmless
from seals import reseal, sealed

THIN = {"language": "en", "title": {"en": "Sensors"}, "learningOutcomes": [{"title": {"en": "x"}}]}


@pytest.fixture
def full(tmp_path: Path) -> Path:
    return write_json(tmp_path / "full.json", complete())


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return write_json(tmp_path / "bare.json", THIN)


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    return write_json(tmp_path / "badge.json", BADGE)


def test_complete_one_ends_with_0(run: Run, full: Path) -> None:
    result = run("check", full, "--now", NOW)
    assert result.exit_code == 0, result.output
    assert "Required: 11 of 11 there" in result.stdout
    assert "What to write" not in result.stdout


def test_missing_ends_with_1_and_says_what_to_write(run: Run, bare: Path) -> None:
    result = run("check", bare)
    assert result.exit_code == 1
    assert "Required: 1 of 9 there, 1 thin, 7 missing" in result.stdout
    assert "missing   Notional workload: Nothing says how much work it is." in result.stdout
    assert "Example  5 ECTS credits, 125 hours" in result.stdout


def test_thin_alone_ends_with_2(run: Run, tmp_path: Path) -> None:
    document = {**complete(), "learningOutcomes": [{"title": {"en": "Sensors"}}]}
    result = run("check", write_json(tmp_path / "thin.json", document), "--now", NOW)
    assert result.exit_code == 2
    assert "1 thin" in result.stdout


def test_recommended_alone_ends_with_0(run: Run, tmp_path: Path) -> None:
    document = without(complete(), ("prerequisites",))
    result = run("check", write_json(tmp_path / "d.json", document), "--now", NOW)
    assert result.exit_code == 0
    assert "Recommended: 4 of 5 there, 1 missing" in result.stdout


def test_time_of_the_check_counts(run: Run, full: Path) -> None:
    assert run("check", full, "--now", "2029-01-01T00:00:00Z").exit_code == 2


def test_badge_itself_is_looked_at(run: Run, badge: Path) -> None:
    assert run("check", badge, "--profile", "lcw").exit_code == 0
    assert run("check", badge, "--profile", "1edtech").exit_code == 0


def test_jwt_is_not_taken_by_the_wallet(
    run: Run, issuer: Any, unsigned: Path, tmp_path: Path
) -> None:
    token = tmp_path / "badge.jwt"
    options = ["--key", issuer.key, "--now", NOW, "--suite", "vc-jwt", "--out", token]
    assert run("issue", unsigned, *options).exit_code == 0
    result = run("check", token, "--profile", "lcw")
    assert result.exit_code == 1
    assert "the wallet takes no JWT" in result.stdout


def test_json_holds_overview_and_reports(run: Run, full: Path, bare: Path) -> None:
    result = run("check", full, bare, "--format", "json", "--now", NOW)
    document = json.loads(result.stdout)
    assert document["overview"]["credentials"] == 2
    assert [each["source"] for each in document["reports"]] == [str(full), str(bare)]
    assert [each["required"]["missing"] for each in document["reports"]] == [0, 7]
    assert result.exit_code == 1


def test_page_is_written_to_a_file_once(run: Run, bare: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run("check", bare, "--format", "html", "--out", out)
    assert result.exit_code == 1
    assert f"written to {out}" in result.stderr
    assert_harmless(out.read_bytes())
    assert run("check", bare, "--format", "html", "--out", out).exit_code == 3
    assert run("check", bare, "--format", "html", "--out", out, "--force").exit_code == 1


def test_page_goes_to_standard_output(run: Run, bare: Path) -> None:
    result = run("check", bare, "--format", "html")
    assert_harmless(result.stdout_bytes)


@pytest.mark.usefixtures("full", "bare", "badge")
def test_folder_counts_each_once_and_passes_over_what_is_none(run: Run, tmp_path: Path) -> None:
    write_json(tmp_path / "again.json", BADGE)
    write_json(tmp_path / "did.json", {"id": "did:web:uni.example"})
    write_json(tmp_path / "achievement.json", BADGE["credentialSubject"]["achievement"])
    (tmp_path / "broken.json").write_text("{")
    result = run("check", tmp_path, "--format", "json", "--now", NOW)
    reports = json.loads(result.stdout)["reports"]
    assert len(reports) == 3
    assert "3 files were passed over" in result.stderr
    assert result.exit_code == 1


@pytest.mark.usefixtures("full")
def test_folder_passes_over_a_seal_whose_certificate_cannot_be_read(
    run: Run, tmp_path: Path
) -> None:
    root, content = sealed()
    signer = root.seal()
    junk = reseal(content, signer, x5c=["AAAA"], without=["x5t#S256"])
    (tmp_path / "a.jsonld").write_bytes(junk)
    result = run("check", tmp_path, "--format", "json", "--now", NOW)
    assert len(json.loads(result.stdout)["reports"]) == 1
    assert "1 file was passed over" in result.stderr
    named = run("check", tmp_path / "a.jsonld")
    assert named.exit_code == 3
    assert "a.jsonld" in named.stderr


def test_presentation_is_taken_apart(run: Run, tmp_path: Path) -> None:
    other = {**BADGE, "id": "urn:uuid:00000000-2f2e-4a37-8a39-3d4a1f3d0a11"}
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [BADGE, other],
    }
    path = write_json(tmp_path / "wallet.json", document)
    result = run("check", path, "--format", "json", "--now", NOW)
    assert len(json.loads(result.stdout)["reports"]) == 2


def test_several_are_listed_with_what_is_commonly_missing(run: Run, full: Path, bare: Path) -> None:
    result = run("check", full, bare, "--now", NOW)
    assert "11 of 11  " in result.stdout
    assert "Notional workload: 1 missing, 0 thin, 1 there" in result.stdout
    assert "1 of 2 say everything that is required." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to check"),
        (["nowhere.json"], "cannot be read"),
        (["https://uni.example/badge.json"], "is a URL"),
        (["--profile", "ue", "bare.json"], "there is no profile"),
        (["--profile", "bare.json", "bare.json"], "bare.json: the profile cannot be used"),
        (["--profile", "none.yaml", "bare.json"], "cannot be read"),
        (["--profile", "lcw", "bare.json"], "looks at the credential itself"),
        (["--out", "x.txt", "bare.json"], "--out goes with"),
        (["other.json"], "neither a description"),
        (["empty"], "there is no micro-credential"),
    ],
)
@pytest.mark.usefixtures("bare")
def test_unusable_input_ends_with_3(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_json(tmp_path / "other.json", {"id": "did:web:uni.example"})
    (tmp_path / "empty").mkdir()
    result = run("check", *arguments)
    assert result.exit_code == 3
    assert message in " ".join(result.stderr.split())


def test_profile_of_one_s_own(run: Run, full: Path, tmp_path: Path) -> None:
    profile = tmp_path / "ours.yaml"
    profile.write_text("id: ours\ntitle: {en: Ours}\nitems: [{like: eu/level}]\n")
    result = run("check", full, "--profile", profile, "--now", NOW)
    assert result.exit_code == 0
    assert "Required: 1 of 1 there" in result.stdout


def test_profiles_are_listed(run: Run) -> None:
    result = run("check", "--list-profiles")
    assert result.exit_code == 0
    for name in ("eu", "cedefop", "au", "nz", "surf", "1edtech", "lcw"):
        assert f"  {name} " in result.stdout


def test_nothing_in_a_description_reaches_the_terminal_raw(run: Run, tmp_path: Path) -> None:
    document = {**THIN, "title": {"en": "a\x1b[2J\u202eb\nVerified"}}
    document["prerequisites"] = {"en": "x\x07"}
    path = write_json(tmp_path / "d.json", document)
    for command in (["check", path], ["check", path, path], ["compare", path, path]):
        output = run(*command).stdout
        assert not {"\x1b", "\u202e", "\x07"} & set(output)
        assert r"\x1b[2J\u202eb" in output
        assert not any(line.startswith("Verified") for line in output.splitlines())


def test_comparison_as_a_table(run: Run, full: Path, bare: Path) -> None:
    result = run("compare", full, bare, env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "Sensors in the field" in result.stdout
    assert "EQF 5, Short cycle, NFQ 6, NZQCF 5" in result.stdout
    assert "missing" in result.stdout


def test_comparison_as_json(run: Run, full: Path, bare: Path) -> None:
    document = json.loads(run("compare", full, bare, "--format", "json").stdout)
    assert document["sources"] == [str(full), str(bare)]
    assert [each["title"] for each in document["credentials"]] == [
        "Sensors in the field",
        "Sensors",
    ]
    level = next(row for row in document["rows"] if row["element"] == "level")
    assert [cell["standing"] for cell in level["cells"]] == ["there", "missing"]


def test_comparison_as_a_page(run: Run, full: Path, bare: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.html"
    assert run("compare", full, bare, "--format", "html", "--out", out).exit_code == 0
    assert "Sensors in the field" in assert_harmless(out.read_bytes()).text


def test_one_cannot_be_compared(run: Run, full: Path) -> None:
    result = run("compare", full)
    assert result.exit_code == 3
    assert "two or more" in result.stderr


def test_comparison_with_something_unusable_ends_with_3(run: Run, full: Path) -> None:
    result = run("compare", full, full.parent / "none.json")
    assert (result.exit_code, result.stdout) == (3, "")
