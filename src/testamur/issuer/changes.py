"""Status changes in bulk: from a list, first dry, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from testamur.errors import RegisterError
from testamur.register import Action, Register
from testamur.register.credentials import find_credential
from testamur.register.statuses import change_status, is_done, refusal

__all__ = ["ChangeReport", "RowOutcome", "RowResult", "change_many"]


class RowOutcome(StrEnum):
    """What becomes of a row."""

    CHANGED = "changed"
    """its status is changed, or would be."""

    UNCHANGED = "unchanged"
    """it is so already."""

    REFUSED = "refused"
    """it cannot be changed."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What becomes of a row.

    Attributes:
        row: from 1.
        id: the credential's id, as it was given.
        outcome: what becomes of it.
        reason: why it is refused.
    """

    row: int
    id: str
    outcome: RowOutcome
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What becomes of a list of credentials.

    Attributes:
        rows: in the order of the list.
        is_done: whether it was done: no dry run, and no row refused.
    """

    rows: tuple[RowResult, ...]
    is_done: bool

    def count(self, outcome: RowOutcome) -> int:
        """Count the rows of an outcome."""
        return sum(row.outcome == outcome for row in self.rows)


class _Undone(Exception):  # noqa: N818
    """Leaves the transaction, of which nothing is kept."""


def change_many(
    register: Register,
    identifiers: Iterable[str],
    action: Action,
    *,
    reason: str,
    is_dry_run: bool,
    who: str | None = None,
) -> ChangeReport:
    """Change the status of many credentials in one transaction: all, or, if one cannot be, none.

    Args:
        register: where they are recorded.
        identifiers: the ids of the credentials.
        action: what is done to each.
        reason: why, the same for all.
        is_dry_run: whether it is only said what would be done.
        who: does it.

    Raises:
        RegisterError: no reason is given.
    """
    if not reason.strip():
        raise RegisterError("say why", path="reason")
    results: list[RowResult] = []
    try:
        with register.writing() as writing:
            for row, identifier in enumerate(identifiers, 1):
                record = find_credential(writing.connection, identifier)
                refused = "it is not in the register"
                if record is not None:
                    refused = refusal(record, action) or ""
                if refused or record is None:
                    results.append(RowResult(row, identifier, RowOutcome.REFUSED, refused))
                elif is_done(record, action):
                    results.append(RowResult(row, identifier, RowOutcome.UNCHANGED))
                else:
                    change_status(writing, identifier, action, reason=reason, who=who)
                    results.append(RowResult(row, identifier, RowOutcome.CHANGED))
            if is_dry_run or any(each.outcome is RowOutcome.REFUSED for each in results):
                raise _Undone
    except _Undone:
        return ChangeReport(tuple(results), is_done=False)
    return ChangeReport(tuple(results), is_done=True)
