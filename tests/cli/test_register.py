"""`testamur register`, as people call it, and how every command names its register."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cli.example_issuer import Run
from cli.registered import NOW, Desk
from simulator import key
from testamur.keys import pem
from testamur.register import Register

LISTS = "https://uni.example/s/"


def test_register_is_made_and_checked(desk: Desk, tmp_path: Path) -> None:
    file = ("--register", tmp_path / "new.db", NOW)
    arguments = ["--issuer", desk.profile, "--key", desk.key, "--status", LISTS]
    code, out, err = desk("register", "new", *arguments, *file)
    assert (code, err.count("backups")) == (0, 1), err
    assert f"is in {tmp_path / 'new.db'}" in out
    # The same again changes nothing.
    assert desk("register", "new", *arguments, *file)[0] == 0
    code, out, _ = desk("register", "check", *file)
    assert code == 0
    assert "The trail holds: 5 entries" in out  # the issuer, its key, a series, two lists in it
    head = out.rpartition("Head: ")[2].strip()
    assert desk("register", "check", "--head", head, *file)[0] == 0
    number, _, digest = head.partition(":")
    code, _, err = desk("register", "check", "--head", f"{number}:{'00' * 32}", *file)
    assert code == 3
    assert "kept the hash" in err
    assert digest in out


def test_further_key_is_not_recorded_by_new(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(pem.encode_private_key(key("another"), password=None))
    other.chmod(0o600)
    did = "did:web:uni.example"
    desk.profile.write_text(f'{{"id": "{did}", "type": ["Profile"], "name": "University"}}')
    new = ["register", "new", "--issuer", desk.profile, "--status", LISTS]
    named = ("--verification-method", f"{did}#key-1")
    assert desk.at(*new, "--key", desk.key, *named)[0] == 0
    code, _, err = desk.at(*new, "--key", other, "--verification-method", f"{did}#key-2")
    assert (code, "register keys add" in err) == (3, True)
    code, _, err = desk.at(*new, "--key", other, *named)
    assert (code, "another key is recorded as" in err) == (3, True)
    assert [each.verification_method for each in desk.office.register.keys.of(did)] == [named[1]]


def test_register_is_not_made_where_key_and_issuer_do_not_fit(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    code, _, err = desk(
        "register", "new", "--register", file, "--issuer", desk.profile, "--key", desk.key,
        "--status", LISTS, "--verification-method", "did:web:other.example#key-1",
    )  # fmt: skip
    assert (code, "is none of did:key:" in err) == (3, True)
    assert not file.exists()


def test_new_profile_of_an_issuer_is_recorded(desk: Desk) -> None:
    desk.profile.write_text(
        f'{{"id": "{desk.office.id}", "type": ["Profile"], "name": "New University"}}'
    )
    code, _, err = desk.at("register", "profile", desk.profile, "--who", "dean")
    assert code == 0, err
    record = desk.office.register.issuers.find(desk.office.id)
    assert record is not None
    assert record.profile["name"] == "New University"
    entry = desk.office.register.trail.read()[-1]
    assert (entry.action, entry.actor) == ("issuer.updated", "dean")


def test_care_of_a_register(desk: Desk) -> None:
    identifier = desk.issue("a.json")
    assert desk.signing("register", "resume")[:2] == (0, "Done: 0 finished")
    assert desk.at("register", "restored", "--reason", "last night's backup")[0] == 0
    assert desk("register", "upgrade", *desk.register)[0] == 0
    late = (*desk.register, "--now=2026-06-01T12:00:00Z")
    code, _, err = desk("credential", "revoke", identifier, "--reason", "x", *late)
    assert (code, "accept-clock" in err) == (3, True)
    assert desk("register", "accept-clock", "--reason", "wrong entry", *late)[0] == 0
    assert desk("register", "check", *late)[0] == 0


@pytest.mark.parametrize("way", ["file", "option", "variable", "url alone"])
def test_register_and_actor_are_those_of_the_configuration(
    desk: Desk, run: Run, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    identifier = desk.issue("a.json")
    path = desk.configure()
    if way == "file":
        monkeypatch.chdir(desk.folder)
    options = ["--config", str(path)] if way == "option" else []
    environment = {
        "variable": {"TESTAMUR_CONFIG": str(path)},
        "url alone": {"TESTAMUR_REGISTER_URL": desk.office.url},
    }.get(way, {})
    result = run(
        "credential", "suspend", identifier, "--reason", "x", NOW, *options, env=environment
    )
    assert result.exit_code == 0, result.output
    entry = desk.office.register.trail.read()[-1]
    actor = "testamur" if way == "url alone" else "registry"
    assert (entry.action, entry.actor) == ("credential.suspended", actor)


def test_register_of_the_command_line_comes_before_that_of_the_configuration(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "other.toml"
    path.write_text('register_url = "sqlite:///nowhere.db"\nactor = "night shift"\n')
    identifier = desk.issue("a.json")
    change = ["credential", "suspend", identifier, "--reason", "x", "--config", path]
    assert desk.at(*change)[0] == 0
    assert desk.office.register.trail.read()[-1].actor == "night shift"


def test_events_are_kept_for_the_webhooks_of_the_configuration(desk: Desk, tmp_path: Path) -> None:
    identifier = desk.issue("a.json")
    path = tmp_path / "hooks.toml"
    path.write_text('[[webhooks]]\nurl = "https://lms.example/hook"\nsecret_file = "secret"\n')
    change = ["credential", "suspend", identifier, "--reason", "x"]
    assert desk.at(*change, "--config", path)[0] == 0
    events = desk.office.register.outbox.claim()
    assert [each.event for each in events] == ["credential.suspended"]


COMMANDS = (
    ("register", "check"),
    ("register", "upgrade"),
    ("register", "keys", "list"),
    ("register", "restored", "--reason", "x"),
    ("register", "export", "DIR"),
    ("credential", "show", "x"),
    ("credential", "list"),
    ("credential", "revoke", "urn:uuid:0", "--reason", "x"),
    ("credential", "erase", "urn:uuid:0", "--reason", "x"),
    ("credential", "agree", "urn:uuid:0"),
    ("publish", "web", "--key", "k.pem"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_how_to_name_a_register(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command)
    assert result.exit_code == 3
    assert "no register is named: give --register FILE" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_misspelt_register_is_not_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command, "--register", "registre.db")
    assert result.exit_code == 3
    assert "there is no register 'registre.db'" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_register_of_a_newer_version_is_left_alone(desk: Desk) -> None:
    file = desk.office.url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE register_version SET version_num = '9999'")
    connection.close()
    for command in (["check"], ["upgrade"]):
        code, _, err = desk("register", *command, *desk.register)
        assert code == 3
        assert "made by a newer testamur" in err


def test_file_that_is_no_register_is_named_so(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are my notes, and no database at all. " * 40)
    code, _, err = desk("register", "check", "--register", path)
    assert code == 3
    assert "that is no register (file is not a database); check its name" in err
    none = ("--register", "postgresql://127.0.0.1:5432/no_such_database")
    code, _, err = desk("register", "check", *none)
    assert code == 3
    if "connection refused" not in err.lower():  # where a PostgreSQL answers
        assert "the server has no such database" in err
        assert "createdb" in err
    stranger = ("--register", "postgresql://no_such_person@127.0.0.1:5432/test")
    code, _, err = desk("register", "check", *stranger)
    assert code == 3
    if "connection refused" not in err.lower():
        assert "lets nobody in under this name" in err


def test_folder_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    code, _, err = desk(
        "register", "new", "--register", tmp_path / "nowhere" / "new.db", "--issuer", desk.profile,
        "--key", desk.key, "--status", LISTS,
    )  # fmt: skip
    assert (code, "there is no folder" in err) == (3, True)


def test_password_of_the_database_is_never_shown(desk: Desk) -> None:
    code, out, err = desk(
        "register", "check", "--register", "postgresql://me:hunter2@127.0.0.1:1/none"
    )
    assert code == 3
    assert "hunter2" not in out + err


def test_register_in_postgresql_is_made_and_used(either_desk: Desk) -> None:
    identifier = either_desk.issue("a.json")
    assert either_desk.at("credential", "revoke", identifier, "--reason", "x")[0] == 0
    assert either_desk.at("register", "check")[0] == 0
    with Register.open(either_desk.office.url, now=lambda: either_desk.office.now) as book:
        record = book.credentials.find(identifier)
    assert record is not None
    assert record.standing == "revoked"
