"""Tables that were changed behind testamur's back are told by the audit trail."""

from __future__ import annotations

import pytest

from registers import Office
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
