"""`testamur register` and `testamur credential`, as people call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.example_issuer import Run
from registers import EMAIL, Office, new_file
from simulator import key
from testamur.keys import pem

NOW = "--now=2026-07-01T12:00:00Z"


def call(run: Run, *args: object) -> tuple[int, str, str]:
    result = run(*(str(each) for each in args))
    return result.exit_code, " ".join(result.stdout.split()), " ".join(result.stderr.split())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(f"sqlite:///{new_file(tmp_path)}")


@pytest.fixture
def file(office: Office) -> str:
    return office.url.removeprefix("sqlite:///")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "issuer.pem"
    path.write_bytes(pem.encode_private_key(key("office"), password=None))
    return path


def test_register_is_made_and_checked(
    run: Run, tmp_path: Path, key_file: Path, office: Office
) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(office.profile.to_json()))
    file = tmp_path / "new.db"
    arguments = ["--issuer", profile, "--key", key_file, "--status", "https://uni.example/s/"]
    code, out, err = call(run, "register", "new", file, *arguments, NOW)
    assert (code, err.count("backups")) == (0, 1), err
    assert "is in" in out
    # The same again changes nothing.
    assert call(run, "register", "new", file, *arguments, NOW)[0] == 0
    code, out, _ = call(run, "register", "check", file, NOW)
    assert code == 0
    head = out.rpartition("Head: ")[2].strip()
    assert call(run, "register", "check", file, "--head", head, NOW)[0] == 0
    number, _, digest = head.partition(":")
    code, _, err = call(run, "register", "check", file, "--head", f"{number}:{'00' * 32}", NOW)
    assert code == 3
    assert "kept the hash" in err
    assert digest in out


def test_life_on_the_command_line(
    run: Run,
    tmp_path: Path,
    key_file: Path,
    office: Office,
    file: str,
) -> None:
    document, out = tmp_path / "unsigned.json", tmp_path / "signed.json"
    document.write_text(json.dumps(office.credential().to_json()))
    issue = ["credential", "issue", file, document, "--key", key_file, "--out", out]
    code, said, err = call(run, *issue, "--as", "1", "--recipient", EMAIL, NOW)
    assert code == 0, err
    identifier = json.loads(out.read_text())["id"]
    assert identifier in said
    code, said, _ = call(run, *issue, "--as", "1", "--recipient", EMAIL, "--force", NOW)
    assert (code, "issued before" in said) == (0, True)

    reason = ["--reason", "under review", "--who", "dean", NOW]
    code, said, _ = call(run, "credential", "suspend", file, identifier, "--dry-run", *reason)
    assert (code, "1 of 1 would be" in said) == (0, True)
    assert call(run, "credential", "suspend", file, identifier, *reason)[0] == 0
    code, said, _ = call(run, "credential", "show", file, EMAIL, NOW)
    assert code == 0
    assert "suspended" in said
    assert "suspend by dean: under review" in said

    listed = tmp_path / "ids.txt"
    listed.write_text(f"{identifier}\nurn:uuid:0\n")
    code, said, err = call(run, "credential", "revoke", file, "--list", listed, *reason)
    assert code == 3
    assert "2: urn:uuid:0: it is not in the register" in said
    assert "nothing was changed" in err
    assert call(run, "credential", "reinstate", file, identifier, *reason)[0] == 0

    document.write_text(json.dumps(office.credential(narrative="better").to_json()))
    new = tmp_path / "new.json"
    replace = ["credential", "replace", file, identifier, document, "--key", key_file]
    code, _, err = call(run, *replace, "--out", new, "--recipient", EMAIL, *reason)
    assert code == 0, err
    newer = json.loads(new.read_text())["id"]
    code, said, _ = call(run, "credential", "show", file, identifier, NOW)
    assert f"superseded by {newer}" in said
    assert "revoked" in said

    renewed = tmp_path / "renewed.json"
    begins = ["--from", "2027-07-01T00:00:00Z", "--until", "2028-07-01T00:00:00Z"]
    renew = ["credential", "renew", file, newer, "--key", key_file, "--out", renewed]
    assert call(run, *renew, *begins, NOW)[0] == 0
    assert json.loads(renewed.read_text())["validUntil"] == "2028-07-01T00:00:00Z"

    assert call(run, "credential", "erase", file, newer, "--reason", "asked for", NOW)[0] == 0
    assert call(run, "credential", "show", file, "nobody@uni.example", NOW)[0] == 2
    assert call(run, "register", "resume", file, "--key", key_file, NOW)[0] == 0
    assert call(run, "register", "restored", file, "--reason", "last night's backup", NOW)[0] == 0
    assert call(run, "register", "upgrade", file)[0] == 0
    late = "--now=2026-06-01T12:00:00Z"
    code, _, err = call(run, "credential", "revoke", file, newer, "--reason", "x", late)
    assert (code, "accept-clock" in err) == (3, True)
    assert call(run, "register", "accept-clock", file, "--reason", "wrong entry", late)[0] == 0
    assert call(run, "register", "check", file, late)[0] == 0


def test_credentials_are_named_in_one_way(run: Run, file: str) -> None:
    code, _, err = call(run, "credential", "revoke", file, "--reason", "x", NOW)
    assert (code, "--list" in err) == (3, True)
