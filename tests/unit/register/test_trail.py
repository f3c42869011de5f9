"""The audit trail: checked by other means, and found out when it is changed."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from registers import EMAIL, Office
from testamur.errors import Code, RegisterError


@pytest.fixture
def busy(light: Office) -> Office:
    for number in range(3):
        issued = light.issuer.issue(light.credential(), key=str(number), recipient=EMAIL)
        light.issuer.suspend(issued.id, reason=f"Ada asked for it, {number}", who="dean")
    return light


def database(office: Office) -> sqlite3.Connection:
    return sqlite3.connect(Path(office.url.removeprefix("sqlite:///")))


def without_triggers(office: Office, statement: str) -> None:
    connection = database(office)
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ]
    for name in names:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_chain_is_what_the_documentation_says(busy: Office) -> None:
    # Recomputed from the rows alone, with another implementation of RFC 8785.
    previous = "00" * 32
    connection = database(busy)
    rows = connection.execute(
        "SELECT sequence, previous, hash, at, actor, action, subject, facts FROM audit_trail "
        "ORDER BY sequence"
    ).fetchall()
    assert len(rows) > 10
    for number, (sequence, before, digest, at, actor, action, subject, facts) in enumerate(rows, 1):
        said = {
            "sequence": number,
            "previous": previous,
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "facts": json.loads(facts),
        }
        previous = sha256(rfc8785.dumps(said)).hexdigest()
        assert (sequence, before.hex(), digest.hex()) == (
            number,
            said["previous"],
            previous,
        )
    assert busy.register.trail.check() == (len(rows), bytes.fromhex(previous))


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody else'",
        "action = 'credential.issued'",
        "subject = 'urn:uuid:0'",
        "at = '2026-07-01T12:00:01Z'",
        "facts = '{}'",
        "facts = 'nonsense'",
        "hash = zeroblob(32)",
        "previous = zeroblob(32)",
    ],
)
def test_changed_entry_is_found(busy: Office, change: str) -> None:
    without_triggers(busy, f"UPDATE audit_trail SET {change} WHERE sequence = 7")
    with pytest.raises(RegisterError, match="entry 7") as caught:
        busy.register.trail.check()
    assert caught.value.code is Code.REGISTER_DAMAGED


def test_removed_entry_is_found(busy: Office) -> None:
    without_triggers(busy, "DELETE FROM audit_trail WHERE sequence = 7")
    with pytest.raises(RegisterError, match="entry 7 is missing"):
        busy.register.trail.check()


def test_end_that_was_cut_off_is_found_by_whoever_kept_the_head(busy: Office) -> None:
    head = busy.register.trail.head()
    assert busy.register.trail.check(head=head) == head
    without_triggers(busy, f"DELETE FROM audit_trail WHERE sequence = {head[0]}")
    busy.register.trail.check()
    with pytest.raises(RegisterError, match="is missing"):
        busy.register.trail.check(head=head)


def test_end_that_was_written_anew_is_found_by_whoever_kept_the_head(busy: Office) -> None:
    head = busy.register.trail.head()
    without_triggers(busy, f"DELETE FROM audit_trail WHERE sequence = {head[0]}")
    busy.register.accept_clock(reason="another end")
    with pytest.raises(RegisterError, match="kept the hash"):
        busy.register.trail.check(head=head)


def test_what_stands_behind_a_commitment_cannot_be_changed(busy: Office) -> None:
    without_triggers(busy, "UPDATE personal_data SET value = value || '!'")
    with pytest.raises(RegisterError, match="commitment"):
        busy.register.trail.check()


def test_trail_holds_no_personal_data(busy: Office) -> None:
    text = "".join(
        str(row) for row in database(busy).execute("SELECT * FROM audit_trail").fetchall()
    )
    assert EMAIL not in text
    assert "Ada" not in text


def test_entries_say_who_did_what_and_when(busy: Office) -> None:
    last = busy.register.trail.read()[-1]
    assert (last.action, last.actor, last.at) == ("credential.suspended", "dean", busy.now)
    assert busy.register.trail.read(subject=last.subject)[0].actor == "registrar"


def test_nobody_does_nothing(light: Office) -> None:
    with pytest.raises(RegisterError, match="say who"):
        light.register.issuers.update(light.profile.model_copy(update={"name": "X"}), who="  ")
