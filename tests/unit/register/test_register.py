"""Opening a register, its versions, its clock, and who is in it."""

from __future__ import annotations

import os
import stat
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from registers import STATUS, Office, new_file, postgresql_schema
from simulator import NOW, key
from testamur import build
from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.keys import Ed25519Signer
from testamur.register import Register
from testamur.register.bulk import insert_rows
from testamur.register.connect import WRITES, make_engine
from testamur.register.schema import metadata
from testamur.register.versions import NEWEST


def execute(url: str, statement: str) -> None:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with writing.begin():
                writing.execute(text(statement))
    finally:
        engine.dispose()


def test_register_is_what_it_was_when_it_is_opened_again(office: Office) -> None:
    with Register.open(office.url, now=lambda: NOW) as again:
        assert again.id == office.register.id
        assert [each.id for each in again.issuers.all()] == [office.id]
        assert again.trail.head() == office.register.trail.head()


def test_register_of_a_newer_version_is_refused(office: Office) -> None:
    office.close()
    execute(office.url, "UPDATE register_version SET version_num = '9999'")
    with pytest.raises(RegisterError, match="newer testamur") as caught:
        Register.open(office.url, now=lambda: NOW)
    assert caught.value.code is Code.REGISTER_VERSION
    assert caught.value.found == "9999"
    with pytest.raises(RegisterError, match="newer testamur"):
        Register.upgrade(office.url)


def test_upgrade_of_a_register_that_is_up_to_date_changes_nothing(office: Office) -> None:
    before = office.register.trail.head()
    assert Register.upgrade(office.url) == NEWEST
    assert office.register.trail.head() == before


def test_upgrade_makes_no_register(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as caught:
        Register.upgrade(f"sqlite:///{tmp_path}/none.db")
    assert caught.value.code is Code.REGISTER_UNKNOWN


def test_migrations_make_the_tables_that_the_queries_name(office: Office) -> None:
    engine = make_engine(office.url)
    found = inspect(engine)
    tables = set(found.get_table_names()) - {"register_version"}
    assert tables == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {each["name"]: each["nullable"] for each in found.get_columns(name)}
        assert columns == {each.name: bool(each.nullable) for each in table.columns}, name
        indexes = {each["name"] for each in found.get_indexes(name)}
        assert {each.name for each in table.indexes} <= indexes, name
    engine.dispose()


def test_database_that_holds_something_else_is_refused(url: str, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/something.db"
    execute(url, "CREATE TABLE something (id INTEGER)")
    with pytest.raises(RegisterError, match="no register"):
        Register.open(url, now=lambda: NOW)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite", "oracle://a:secret@b/c"])
def test_url_of_no_database_that_is_supported_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Register.open(url, now=lambda: NOW)
    assert "secret" not in str(caught.value)


def test_register_that_is_not_there_is_not_made_by_opening_it(url: str, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/misspelt.db"
    before = list(tmp_path.iterdir())
    for open_it in (lambda: Register.open(url, now=lambda: NOW), lambda: Register.upgrade(url)):
        with pytest.raises(RegisterError, match="no register") as caught:
            open_it()
        assert caught.value.code is Code.REGISTER_UNKNOWN
    assert list(tmp_path.iterdir()) == before
    Register.open_or_create(url, now=lambda: NOW).close()
    Register.open(url, now=lambda: NOW).close()


def test_database_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as caught:
        Register.open_or_create(f"sqlite:///{tmp_path}/no/folder/register.db", now=lambda: NOW)
    assert caught.value.code is Code.REGISTER_UNAVAILABLE
    with pytest.raises(RegisterError) as caught:
        Register.open("postgresql://127.0.0.1:1/none", now=lambda: NOW)
    assert caught.value.code is Code.REGISTER_UNAVAILABLE


def test_password_of_the_database_is_not_shown() -> None:
    register = Register(
        create_engine("postgresql+psycopg://user:secret@127.0.0.1/x"),
        now=lambda: NOW,
        actor="x",
        has_outbox=False,
    )
    assert "secret" not in repr(register)


def test_clock_set_back_is_refused_until_somebody_answers_for_it(office: Office) -> None:
    office.advance(days=-1)
    with pytest.raises(RegisterError) as caught:
        office.issuer.issue(office.credential(), key="1")
    assert caught.value.code is Code.CLOCK
    office.register.accept_clock(reason="the server ran a day ahead", who="operator")
    office.issuer.issue(office.credential(), key="1")
    office.register.trail.check()


def test_clocks_that_differ_by_little_write_in_turn_and_time_never_falls(light: Office) -> None:
    with Register.open(light.url, now=lambda: NOW - timedelta(minutes=4)) as slow:
        slow.issuers.add(build.profile(id="did:web:other.example", name="Other"))
        entry = slow.trail.read(subject="did:web:other.example")[0]
    assert entry.at == NOW
    light.register.trail.check()


def test_clock_without_a_time_zone_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Register.open_or_create(f"sqlite:///{tmp_path}/x.db", now=lambda: datetime(2026, 1, 1))  # noqa: DTZ001


def test_two_issuers_with_one_id_are_refused(light: Office) -> None:
    assert light.register.issuers.add(light.profile).id == light.id
    with pytest.raises(RegisterError) as caught:
        light.register.issuers.add(build.profile(id=light.id, name="Somebody else"))
    assert caught.value.code is Code.REGISTER_CONFLICT
    new = build.profile(id=light.id, name="Example University, renamed")
    assert light.register.issuers.update(new).profile["name"] == "Example University, renamed"


def test_two_keys_under_one_verification_method_are_refused(light: Office) -> None:
    method = light.signer.verification_method
    light.register.keys.add(light.signer.key.public_key, method)
    with pytest.raises(RegisterError) as caught:
        light.register.keys.add(key("another").public_key, method)
    assert caught.value.code is Code.REGISTER_CONFLICT


def test_keys_have_their_dates(light: Office) -> None:
    second = Ed25519Signer(key("second"), f"{light.id}#second")
    light.register.keys.add(
        second.key.public_key, second.verification_method, signer_hint="HSM slot 2"
    )
    light.register.keys.retire(light.signer.verification_method, at=NOW + timedelta(days=1))
    light.register.keys.mark_compromised(
        second.verification_method, since=NOW + timedelta(hours=3), reason="laptop stolen"
    )
    old, new = light.register.keys.of(light.id)
    assert old.retired_at == datetime(2026, 7, 2, 12, tzinfo=UTC)
    assert new.compromised_at == datetime(2026, 7, 1, 15, tzinfo=UTC)
    assert new.signer_hint == "HSM slot 2"
    with pytest.raises(RegisterError, match="never taken back"):
        light.register.keys.mark_compromised(
            second.verification_method, since=NOW + timedelta(hours=4), reason="later after all"
        )
    with pytest.raises(RegisterError, match="already"):
        light.register.keys.retire(light.signer.verification_method)


def test_retired_key_signs_nothing_more(light: Office) -> None:
    light.issuer.issue(light.credential(), key="1")
    key_ = light.register.keys.retire(light.signer.verification_method)
    with pytest.raises(RegisterError, match="is retired") as caught:
        light.issuer.issue(light.credential(), key="2")
    assert caught.value.code is Code.KEY_REVOKED
    assert light.register.keys.count_signed(key_) == 1


def test_achievements_are_kept_version_by_version(light: Office) -> None:
    book = light.register.achievements
    light.issuer.issue(light.credential(), key="1")
    changed = light.achievement.model_copy(update={"name": "Rust II"})
    assert book.add(light.id, changed).version == 2
    assert book.add(light.id, light.achievement).version == 1
    assert [each.version for each in book.versions(light.id, light.achievement.id)] == [1, 2]
    assert [each.document["name"] for each in book.of(light.id)] == ["Rust II"]


def test_only_one_series_of_lists_is_open(light: Office) -> None:
    with pytest.raises(RegisterError) as caught:
        light.register.lists.open_series(light.id, folder_url=STATUS)
    assert caught.value.code is Code.REGISTER_CONFLICT


def test_rows_that_are_for_ever_cannot_be_changed_by_hand(office: Office) -> None:
    issued = office.issuer.issue(office.credential(), key="1")
    office.issuer.revoke(issued.id, reason="a mistake")
    for statement in (
        "UPDATE audit_trail SET actor = 'nobody'",
        "DELETE FROM audit_trail",
        "DELETE FROM credentials",
        "DELETE FROM signatures",
        "UPDATE signatures SET content_hash = content_hash",
        "DELETE FROM status_entries",
        "UPDATE status_entries SET place = 1",
        "DELETE FROM status_changes",
        "UPDATE status_changes SET value = 0",
        "DELETE FROM keys",
        "DELETE FROM issuers",
        "DELETE FROM status_lists",
    ):
        with pytest.raises(Exception, match="for ever"):
            execute(office.url, statement)
    office.register.trail.check()


def test_outbox_keeps_an_event_until_it_is_delivered(url: str) -> None:
    office = Office(url, has_outbox=True)
    issued = office.issuer.issue(office.credential(), key="1")
    office.issuer.revoke(issued.id, reason="a mistake")
    claimed = office.register.outbox.claim()
    events = [each.event for each in claimed if each.subject == issued.id]
    assert events == ["credential.issued", "credential.revoked"]
    for each in claimed:
        office.register.outbox.failed(each, {"https://lms.example/hook": "503"})
    assert office.register.outbox.claim() == []
    office.advance(minutes=1)
    for each in office.register.outbox.claim():
        assert each.attempts == 1
        office.register.outbox.delivered(each)
    assert office.register.outbox.count() == 0
    office.close()


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes")
def test_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        with Register.open_or_create(f"sqlite:///{tmp_path}/new.db", now=lambda: NOW):
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    finally:
        os.umask(mask)
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_file_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    path = new_file(tmp_path)
    path.chmod(0o640)
    Register.open_or_create(f"sqlite:///{path}", now=lambda: NOW).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("is_in_database", [True, False], ids=["checkpointed", "in the log"])
def test_what_was_erased_is_in_no_file_while_others_have_it_open(
    tmp_path: Path, is_in_database: bool
) -> None:
    path = new_file(tmp_path)
    office = Office(f"sqlite:///{path}")
    other = Register.open(f"sqlite:///{path}", now=lambda: NOW)  # as a publisher that watches
    issued = office.issuer.issue(office.credential(), key="1")
    office.issuer.revoke(issued.id, reason="Zuzanna copied")
    if is_in_database:
        office.register.overwrite_erased()
    assert any(b"Zuzanna" in each.read_bytes() for each in tmp_path.iterdir())
    office.register.credentials.erase(issued.id, reason="asked for")
    assert other.credentials.find(issued.id) is not None
    assert not any(b"Zuzanna" in each.read_bytes() for each in tmp_path.iterdir())
    other.close()
    office.close()


def test_erasure_waits_for_no_reader(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{new_file(tmp_path)}")
    issued = office.issuer.issue(office.credential(), key="1")
    with office.register.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM credentials").scalar()
        office.register.credentials.erase(issued.id, reason="asked for")
    record = office.register.credentials.find(issued.id)
    assert record is not None
    assert record.erased_at == office.now
    office.close()


def test_row_that_was_copied_when_it_failed_is_in_no_traceback() -> None:
    names = [f"{letter}da@learner.example" for letter in "abcd"] * 10_000
    columns = ("id", "uri", "issuer_id", "kind", "mechanism", "planned_at", "recipient")
    rows = [
        (number, f"urn:x:{number}", 1, "k", "m", "2026-07-01T12:00:00Z", name)
        for number, name in enumerate(names, 1)
    ]

    def copy(register: Register) -> None:
        with register.writing() as writing:
            writing.connection.exec_driver_sql("SET LOCAL statement_timeout = 100")
            insert_rows(writing.connection, metadata.tables["credentials"], columns, rows)

    with postgresql_schema() as url, Register.open_or_create(url, now=lambda: NOW) as register:
        with pytest.raises(RegisterError) as caught:
            copy(register)
        assert caught.value.code is Code.REGISTER_BUSY
        assert "da@learner" not in "".join(traceback.format_exception(caught.value))
