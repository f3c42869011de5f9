"""Tables that were changed behind testamur's back are told by the audit trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registers import Office
from simulator import key
from testamur import build
from testamur.batch import Learner
from testamur.register import Action
from testamur.register.checking import check_register

OTHER = "x'" + "00" * 32 + "'"


def worked(office: Office) -> list[str]:
    """Issue one alone and five in chunks of two, and change the status of three."""
    alone = office.issuer.issue(office.credential(), key="alone").id
    rows = [Learner(name=f"Learner {number}") for number in range(5)]
    many = office.issuer.issue_many(office.credential(), rows, chunk_rows=2)
    ids = [alone, *(each.id for each in many)]
    office.issuer.revoke(ids[0], reason="by mistake")
    for action in (Action.SUSPEND, Action.REINSTATE, Action.SUSPEND):
        office.register.credentials.change(ids[1], action, reason="a review")
    office.issuer.suspend(ids[2], reason="a review")
    office.register.credentials.erase(ids[3], reason="asked for")
    office.issuer.replace(ids[4], office.credential("ben@learner.example"), reason="address")
    for identifier in (ids[0], ids[1], ids[2]):
        office.register.publications.agree(identifier)
    office.register.publications.take_back(ids[1])
    office.register.credentials.erase(ids[2], reason="asked for")
    old = f"{office.id}#old"
    office.register.keys.add(key("old").public_key, old)
    office.register.keys.retire(old, at=office.now + timedelta(days=1))
    office.register.keys.mark_compromised(old, since=office.now, reason="a laptop was lost")
    office.register.issuers.update(build.profile(id=office.id, name="University of Example"))
    return ids


def test_what_was_done_is_borne_out(office: Office) -> None:
    worked(office)
    assert check_register(office.register).faults == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            f"UPDATE signatures SET content = NULL, content_hash = {OTHER} WHERE credential_id = 1",
            "urn:uuid:",
        ),
        (
            f"UPDATE signatures SET content = NULL, content_hash = {OTHER} WHERE credential_id = 4",
            "the 2 credentials of chunk 2",
        ),
        ("UPDATE credentials SET uri = 'urn:x:another' WHERE id = 6", "1 credentials of chunk 3"),
        ("DELETE FROM signatures WHERE credential_id = 5", "6 signatures"),
        ("DELETE FROM status_changes WHERE credential_id = 1", "of the action revoke, 1 changes"),
        (
            (
                "INSERT INTO status_changes (list_id, place, value, action, credential_id, at, "
                "actor) SELECT list_id, place, 0, 'reinstate', credential_id, at, actor "
                "FROM status_changes WHERE credential_id = 3"
            ),
            "of the action reinstate, 2 changes",
        ),
    ],
)
def test_change_behind_its_back_is_told(light: Office, statement: str, said: str) -> None:
    worked(light)
    with light.register.writing() as writing:
        run = writing.connection.exec_driver_sql
        for table, event in (
            ("signatures", "update"),
            ("signatures", "delete"),
            ("status_changes", "delete"),
        ):
            run(f"DROP TRIGGER {table}_no_{event}")
        run(statement)
    light.register.trail.check()  # the chain alone says nothing of it
    assert any(said in fault for fault in check_register(light.register).faults)


PLACE = "(SELECT place FROM status_entries e WHERE e.list_id = {list_id} AND e.credential_id = 5)"
PUBLIC = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"  # of the did:key specification


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            (
                "UPDATE status_changes SET credential_id = 5, place = "
                f"{PLACE.format(list_id='status_changes.list_id')} WHERE credential_id = 1"
            ),
            "revoke of urn:uuid:",
        ),
        ("UPDATE status_changes SET value = 0 WHERE action = 'suspend'", "suspend of urn:uuid:"),
        ("UPDATE status_changes SET at = '2020-01-01T00:00:00Z'", "as it was done"),
        (
            # The last suspension of the second comes before it is reinstated: it is none any more.
            (
                "UPDATE status_changes SET id = -id WHERE id = (SELECT max(id) FROM status_changes "
                "WHERE credential_id = 2)"
            ),
            "as it was done",
        ),
        (
            "UPDATE status_entries SET place = place + 1 WHERE credential_id = 1",
            "as it was planned",
        ),
        ("UPDATE credentials SET recipient = 'eve' WHERE id = 1", "as it was planned"),
        ("UPDATE credentials SET supersedes_id = 6 WHERE id = 1", "as it was planned"),
        ("UPDATE credentials SET supersedes_id = NULL WHERE id = 7", "as it was planned"),
        ("UPDATE credentials SET supersedes_id = 6 WHERE id = 3", "of a batch that supersede"),
        ("DELETE FROM personal_data WHERE credential_id = 1", "as it was planned"),
        ("UPDATE signatures SET key_id = 2 WHERE credential_id = 1", "as it was issued"),
        ("UPDATE signatures SET key_id = 2 WHERE credential_id = 3", "credentials of chunk"),
        ("UPDATE keys SET compromised_at = NULL", "the key did:key"),
        ("UPDATE keys SET retired_at = NULL", "the key did:key"),
        (f"UPDATE keys SET public_key = '{PUBLIC}' WHERE id = 1", "the key did:key"),
        (
            (
                "INSERT INTO keys (issuer_id, verification_method, public_key, valid_from, "
                f"added_at) VALUES (1, 'did:key:z#evil', '{PUBLIC}', '2020-01-01T00:00:00Z', "
                "'2020-01-01T00:00:00Z')"
            ),
            "the key did:key:z#evil",
        ),
        ("UPDATE issuers SET profile = replace(profile, 'Example', 'Evil')", "the profile of"),
        ("UPDATE achievement_versions SET document = replace(document, 'Rust', 'Law')", "rust"),
        ("UPDATE achievement_versions SET document = '{'", "achievement https://uni.example"),
        ("INSERT INTO publications VALUES (2, 'a', '2026-07-01T12:00:00Z')", "nobody agreed"),
        ("INSERT INTO publications VALUES (4, 'a', '2026-07-01T12:00:00Z')", "nobody agreed"),
    ],
)
def test_change_of_what_is_published_or_moved_is_told(
    light: Office, statement: str, said: str
) -> None:
    worked(light)
    assert check_register(light.register).faults == ()
    with light.register.writing() as writing:
        run = writing.connection.exec_driver_sql
        for name in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            run(f"DROP TRIGGER {name}")
        run(statement)
    light.register.trail.check()
    faults = check_register(light.register).faults
    assert any(said in fault for fault in faults), faults


def test_many_contradictions_are_counted(light: Office) -> None:
    for number in range(8):
        light.issuer.issue(light.credential(), key=str(number))
    with light.register.writing() as writing:
        writing.connection.exec_driver_sql("DROP TRIGGER signatures_no_update")
        writing.connection.exec_driver_sql(
            f"UPDATE signatures SET content = NULL, content_hash = {OTHER}"
        )
    faults = check_register(light.register).faults
    assert len(faults) == 6
    assert faults[-1].startswith("and 3 more")
