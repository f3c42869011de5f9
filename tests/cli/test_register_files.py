"""`testamur register export`, `import`, `check`, and `testamur config check`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cli.example_issuer import Run
from filled_register import clock, fill
from testamur.register import Register

NOW = ("--now", "2026-06-01T12:00:00Z")


@pytest.fixture
def book(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    with Register.open_or_create(url, now=clock) as register:
        fill(register)
    return url


def test_register_goes_into_files_and_back(run: Run, book: str, tmp_path: Path) -> None:
    exported = run("register", "export", tmp_path / "out", "--register", book)
    assert exported.exit_code == 0
    assert "3 credentials" in exported.stdout
    head = exported.stdout.splitlines()[1].removeprefix("Head: ")
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    imported = run("register", "import", tmp_path / "out", "--register", copy, "--moved", *NOW)
    assert imported.exit_code == 0
    checked = run("register", "check", "--register", copy, "--head", head)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert f"Head: {head}" in checked.stdout


def test_import_without_moved_begins_new_status_lists(run: Run, book: str, tmp_path: Path) -> None:
    run("register", "export", tmp_path / "out", "--register", book)
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    result = run("register", "import", tmp_path / "out", "--register", copy, *NOW)
    assert result.exit_code == 0
    assert "New status lists were begun" in result.stderr
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        rows = connection.execute("SELECT closed_at IS NULL, next_position FROM status_series")
        assert rows.fetchall() == [(0, 3), (1, 0)]
    connection.close()


def test_changed_export_is_refused(run: Run, book: str, tmp_path: Path) -> None:
    run("register", "export", tmp_path / "out", "--register", book)
    with (tmp_path / "out" / "keys.jsonl").open("ab") as stream:
        stream.write(b" ")
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    result = run("register", "import", tmp_path / "out", "--register", copy, *NOW)
    assert result.exit_code == 3
    assert "keys.jsonl is not the file" in result.stderr


def test_check_of_a_damaged_register_says_where(run: Run, book: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "register.db")
    connection.execute("DROP TRIGGER audit_trail_no_update")
    connection.execute("UPDATE audit_trail SET actor = 'somebody' WHERE sequence = 2")
    connection.commit()
    connection.close()
    result = run("register", "check", "--register", book)
    assert result.exit_code == 3
    assert "entry 2 was changed" in result.stderr


def test_check_against_a_head_that_is_not_there_fails(run: Run, book: str) -> None:
    result = run("register", "check", "--register", book, "--head", f"999:{'0' * 64}")
    assert result.exit_code == 3
    result = run("register", "check", "--register", book, "--head", "999")
    assert result.exit_code == 3


def test_check_names_what_does_not_fit_together(run: Run, book: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "register.db")
    connection.execute("UPDATE signatures SET content = x'00' WHERE credential_id = 1")
    connection.commit()
    connection.close()
    result = run("register", "check", "--register", book)
    assert result.exit_code == 1
    assert "damaged" in result.stderr


def test_configuration_is_shown_without_secrets(run: Run, tmp_path: Path) -> None:
    file, key = tmp_path / "testamur.toml", tmp_path / "issuer.pem"
    key.write_bytes(b"")
    key.chmod(0o644)
    file.write_text(
        'register_url = "postgresql://testamur:hunter2@db.uni.example/testamur"\n'
        f'[signer]\nkey_file = "{key}"\n'
    )
    result = run("config", "check", "--config", file)
    assert result.exit_code == 0
    assert "postgresql://testamur:…@db.uni.example/testamur" in result.stdout
    assert "hunter2" not in result.output
    assert "chmod 600" in result.stderr.replace("\n", " ")


def test_configuration_that_names_missing_files_cannot_be_used(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "testamur.toml"
    taken = tmp_path / "taken"
    taken.write_text("a file, and no folder")
    file.write_text(
        '[signer]\nkey_file = "nowhere.pem"\n'
        f'[publish]\nfolder = "{taken / "web"}"\nurl = "https://uni.example/"\n'
    )
    result = run("config", "check", "--config", file)
    assert result.exit_code == 3
    assert "signer.key_file" in result.stderr
    assert "publish.folder" in result.stderr


def test_folder_that_publishing_will_make_is_no_fault(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "testamur.toml"
    file.write_text(f'[publish]\nfolder = "{tmp_path / "srv" / "web"}"\n')
    result = run("config", "check", "--config", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "the host of the did:web" in result.stdout.replace("\n", " ")


def test_webhook_without_https_cannot_be_used(run: Run, tmp_path: Path) -> None:
    file, secret = tmp_path / "testamur.toml", tmp_path / "lms.secret"
    secret.touch(mode=0o600)
    hook = f'[[webhooks]]\nurl = "http://127.0.0.1:8000/hook"\nsecret_file = "{secret}"\n'
    file.write_text(hook)
    result = run("config", "check", "--config", file)
    assert result.exit_code == 3
    assert "allow_loopback = true" in result.stderr.replace("\n", " ")
    file.write_text(f"{hook}allow_loopback = true\n")
    assert run("config", "check", "--config", file).exit_code == 0
