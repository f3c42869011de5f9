"""`testamur import-badges`, end to end: an export of Moodle, issued through a register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.example_issuer import DID, Issuer, Run
from filled_register import clock
from testamur.keys import Ed25519PrivateKey, pem
from testamur.register import Register
from unit.open_badges_2.test_conversion import MOODLE, moodle

NOW = ("--now", "2026-06-01T12:00:00Z")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.json"
    revoked = moodle() | {"id": f"{MOODLE}/assertion.php?b=2e", "revoked": True}
    path.write_text(json.dumps([moodle(), revoked]))
    return path


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"id": DID, "type": ["Profile"], "name": "Example University"}))
    return path


def test_unsigned_badges_are_written_with_a_report(
    run: Run, export: Path, profile: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = run(
        *("import-badges", export, "--issuer", profile, "--out", out),
        *("--from-issuer", f"{MOODLE}/"),
    )
    assert result.exit_code == 2
    assert "1 taken over, 1 left out" in result.stdout
    assert "nothing of the old badges was verified" in result.stderr
    lines = [json.loads(line) for line in (out / "report.jsonl").read_text().splitlines()]
    assert [each["left_out"] for each in lines] == [None, "it was revoked"]
    written = json.loads((out / lines[0]["file"]).read_text())
    assert written["issuer"]["id"] == DID
    assert "proof" not in written


def test_badges_are_issued_once_and_verify(
    run: Run, issuer: Issuer, export: Path, profile: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    key = pem.decode_private_key(issuer.key.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    fragment = DID.removeprefix("did:key:")
    with Register.open_or_create(url, now=clock) as register:
        register.issuers.add(json.loads(profile.read_text()))
        register.keys.add(key.public_key, f"{DID}#{fragment}")
        register.lists.open_series(DID, folder_url="https://uni.example/status/")
    out = tmp_path / "out"
    command = (
        *("import-badges", export, "--issuer", profile, "--out", out, "--register", url),
        *("--from-issuer", f"{MOODLE}/", "--key", issuer.key, *NOW),
    )
    done = run(*command)
    assert "1 issued, 1 left out" in done.stdout, done.output
    line = json.loads((out / "report.jsonl").read_text().splitlines()[0])
    first = (out / line["file"]).read_bytes()
    assert run(*command).exit_code == 2
    assert (out / line["file"]).read_bytes() == first
    with Register.open_or_create(url, now=clock) as register:
        assert len(list(register.credentials.all())) == 1
    checked = run("verify", out / line["file"], "--trust", issuer.trust, *NOW, "--json")
    answers = {each["name"]: each["answer"] for each in json.loads(checked.stdout)["checks"]}
    assert answers["proof"] == "passed"


def test_without_saying_who_you_are_the_issuers_are_listed(
    run: Run, export: Path, profile: Path, tmp_path: Path
) -> None:
    result = run("import-badges", export, "--issuer", profile, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "badge_json.php?id=7&action=0" in result.stderr.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_file_that_is_no_export_is_named(run: Run, profile: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"type": "Thing"}')
    result = run(
        *("import-badges", tmp_path / "other.json", "--issuer", profile),
        *("--out", tmp_path / "out", "--from-issuer", "https://x.example/"),
    )
    assert result.exit_code == 3
    assert "other.json" in result.stderr


def test_configured_register_issues_unless_told_otherwise(
    run: Run, issuer: Issuer, export: Path, profile: Path, tmp_path: Path
) -> None:
    configuration = tmp_path / "testamur.toml"
    configuration.write_text(
        f'register_url = "sqlite:///{tmp_path / "register.db"}"\n'
        f'[signer]\nkey_file = "{issuer.key}"\n'
    )
    config = ("--config", configuration)
    new = ("--issuer", profile, "--status", "https://uni.example/status/")
    made = run("register", "new", *new, *config, *NOW)
    assert made.exit_code == 0, made.output
    command = (
        *("import-badges", export, "--issuer", profile, "--out", tmp_path / "out"),
        *("--from-issuer", f"{MOODLE}/", *config, *NOW),
    )
    assert "1 taken over, 1 left out" in run(*command, "--unsigned").stdout
    done = run(*command, "--who", "dean")
    assert "1 issued, 1 left out" in done.stdout, done.output
    assert f"Recorded in {tmp_path / 'register.db'}" in done.stderr.replace("\n", " ")
    again = run(*command, "--who", "dean")
    assert "0 issued, 1 issued before, 1 left out" in again.stdout, again.output
    with Register.open(f"sqlite:///{tmp_path / 'register.db'}", now=clock) as register:
        assert register.trail.read()[-1].actor == "dean"


def test_key_without_a_register_is_refused(
    run: Run, issuer: Issuer, export: Path, profile: Path, tmp_path: Path
) -> None:
    command = ("import-badges", export, "--issuer", profile, "--out", tmp_path / "out")
    result = run(*command, "--from-issuer", f"{MOODLE}/", "--key", issuer.key)
    assert result.exit_code == 3
    assert "badges are issued through a register" in result.stderr
    result = run(*command, "--from-issuer", f"{MOODLE}/", "--key", issuer.key, "--unsigned")
    assert result.exit_code == 3
    assert "--unsigned excludes" in result.stderr
