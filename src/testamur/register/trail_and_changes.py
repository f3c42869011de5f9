"""The changes of statuses, one by one, beside what the audit trail says of them.

Writers come one by one, so both stand in the same order: what was done first has the lower number
in the table and the earlier entry in the trail. A list is rebuilt from its changes in their order,
so a change that was moved, to another credential or behind another change, matters as much as one
that was removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import Connection, select

from testamur.register.schema import credentials, status_changes, status_lists
from testamur.register.statuses import PAST, PURPOSES, value_of
from testamur.register.trail import read_trail

__all__ = ["moved_changes"]

_PAGE = 500
_ACTIONS = {past: action for action, past in PAST.items()}


@dataclass(frozen=True, slots=True)
class _Change:
    credential: str
    action: str
    value: int
    place: str
    at: datetime
    actor: str


def moved_changes(connection: Connection) -> Iterator[str]:
    """Yield the first change of a status that is not as the audit trail says, if there is one."""
    for said, found in zip_longest(_said(connection), _recorded(connection)):
        if said == found:
            continue
        if said is not None:
            yield (
                f"{said.action} of {said.credential[:160]} is not recorded as it was done, by the "
                "audit trail"
            )
        elif found is not None:
            yield (
                f"{found.action} of {found.credential[:160]} is recorded, and the audit trail says "
                "nothing of it"
            )
        return


def _said(connection: Connection) -> Iterator[_Change]:
    query = select(status_lists.c.url, status_lists.c.purpose)
    purposes = {row.url: row.purpose for row in connection.execute(query)}
    after = 0
    while page := list(read_trail(connection, after=after, actions=_ACTIONS, limit=_PAGE)):
        after = page[-1].sequence
        for entry in page:
            action, places = _ACTIONS[entry.action], entry.facts.get("places")
            for place in places if isinstance(places, list) else ():
                if purposes.get(str(place).rpartition("#")[0]) == PURPOSES[action]:
                    value = value_of(action)
                    yield _Change(
                        entry.subject, str(action), value, str(place), entry.at, entry.actor
                    )


def _recorded(connection: Connection) -> Iterator[_Change]:
    after = -1
    while True:
        query = (
            select(status_changes, status_lists.c.url, credentials.c.uri)
            .join(status_lists, status_lists.c.id == status_changes.c.list_id)
            .join(credentials, credentials.c.id == status_changes.c.credential_id)
            .where(status_changes.c.id > after)
            .order_by(status_changes.c.id)
            .limit(_PAGE)
        )
        page = connection.execute(query).all()
        for row in page:
            place = f"{row.url}#{row.place}"
            yield _Change(row.uri, row.action, row.value, place, row.at, row.actor)
        if len(page) < _PAGE:
            return
        after = page[-1].id
