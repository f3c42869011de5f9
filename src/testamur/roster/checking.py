"""A dry run: every row is looked at, all that is wrong is said at once, and nothing is issued."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import blake2b
from typing import Any

from testamur import limits
from testamur.batch.award import Award
from testamur.batch.learner import Learner, field_at
from testamur.batch.row_check import RowCheck
from testamur.errors import InputError, ModelError
from testamur.roster.roster import Entry, Fault, Roster, usable

__all__ = ["DryRun", "Repeated", "dry_run", "good_learners", "row_numbers"]

_EVIDENCE_FIELDS = ("id", "name", "description", "narrative")
_HASH_BYTES = 8


class Repeated(Enum):
    """What becomes of a learner who is in the roster twice."""

    REFUSED = "refused"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What was found.

    Attributes:
        rows: how many there are.
        faults: all that is wrong, by row.
        faulty: the numbers of the rows that cannot be used, from 1.
        broken: why the file could not be read to its end; None where it was.
        all_compared: whether every learner was compared with all before; False for rosters that
            are too long for that.
    """

    rows: int
    faults: tuple[Fault, ...]
    faulty: frozenset[int]
    broken: str | None
    all_compared: bool

    @property
    def is_clean(self) -> bool:
        """Whether every row can be issued to."""
        return not self.faults and self.broken is None


def dry_run(
    roster: Roster,
    award: Award,
    *,
    repeated: Repeated = Repeated.REFUSED,
    progress: Callable[[int, float], None] | None = None,
) -> DryRun:
    """Look at every row as if it were issued to.

    Checked are the cells, what the standard and `check_for_issue` ask of the credential, and
    whether a learner is there twice: by key, id or e-mail address, or by a name where there is
    nothing else. Not checked is whether addresses and links lead anywhere.

    Args:
        roster: it is read to its end.
        award: what would be issued.
        repeated: what becomes of a learner who is there twice.
        progress: is told how many rows were looked at, and how much of the file, from 0 to 1.
    """
    check = RowCheck(award)
    seen = _Seen()
    faults: list[Fault] = []
    faulty: set[int] = set()
    order = {each.heading: position for position, each in enumerate(roster.columns)}
    rows, broken = 0, None
    try:
        for entry in roster.entries():
            rows += 1
            found = [*entry.faults, *_faults_of_credential(entry, check)]
            if repeated is Repeated.REFUSED and entry.learner is not None:
                found += seen.faults(entry, entry.learner)
            if found:
                faults += sorted(found, key=lambda fault: order.get(fault.column or "", -1))
                faulty.add(entry.row)
            if len(faults) >= limits.ROSTER_FAULTS:
                broken = f"there are {len(faults)} faults up to row {rows}; is it the right file?"
                break
            if progress is not None and rows % 100 == 0:
                progress(rows, roster.read)
    except InputError as error:
        broken = error.message
    return DryRun(rows, tuple(faults), frozenset(faulty), broken, not seen.is_full)


def good_learners(roster: Roster, faulty: Collection[int]) -> Iterator[Learner]:
    """Yield the learners of a roster that was looked at, without the rows that cannot be used.

    Args:
        roster: opened again.
        faulty: the rows to leave out, as the dry run found them.

    Raises:
        RowError: another row cannot be used: the file has changed.
    """
    return (usable(entry) for entry in roster.entries() if entry.row not in faulty)


def row_numbers(faulty: Collection[int]) -> Callable[[int], int]:
    """Return what gives the number of a row by its position, from 0, among the good ones.

    Args:
        faulty: the rows that are left out, from 1.
    """
    # How many good rows stand before each that is left out.
    before = [row - 1 - number for number, row in enumerate(sorted(faulty))]
    return lambda position: position + 1 + bisect_right(before, position)


def _faults_of_credential(entry: Entry, check: RowCheck) -> Iterator[Fault]:
    """Yield what is wrong with a learner's credential.

    The check names one thing, or those of one kind. What it names is taken away, and the rest is
    checked again.
    """
    learner = entry.learner
    said: set[str] = set()
    while learner is not None:
        try:
            check.check(learner, entry.row - 1)
        except ModelError as error:
            path = error.path or ""
            field = field_at(path) or ""
            reason = error.message.partition("\n")[0].removeprefix(f"{path}: ")
            heading = _heading(entry, path, field)
            if reason not in said:
                yield entry.fault(heading or field or None, reason if field else error.message)
            said.add(reason)
            learner = _without(learner, path, field)
        else:
            return


def _heading(entry: Entry, path: str, field: str) -> str | None:
    if field == "result":
        return entry.headings.get(f"result[{_position(path, 'result')}]")
    if field == "evidence":
        name = path.rpartition(".")[2]
        column = f"evidence_{'url' if name == 'id' else name}"
        return entry.headings.get(column) or entry.headings.get("evidence_url")
    return entry.headings.get(field)


def _without(learner: Learner, path: str, field: str) -> Learner | None:
    """Return a learner without what was found wrong; None where nothing would remain."""
    try:
        if field == "result" and learner.results:
            at = _position(path, "result")
            emptied = replace(learner.results[at], value=None, achieved_level=None)
            results = (*learner.results[:at], emptied, *learner.results[at + 1 :])
            return replace(learner, results=results) if results != learner.results else None
        if field == "evidence" and learner.evidence:
            name = path.rpartition(".")[2]
            if name not in _EVIDENCE_FIELDS:
                return replace(learner, evidence=())
            nothing: dict[str, Any] = {name: None}
            changed = replace(learner.evidence[0], **nothing)
            return replace(learner, evidence=(changed,)) if changed != learner.evidence[0] else None
        if getattr(learner, field, None) is None:
            return None
        without: dict[str, Any] = {field: None}
        return replace(learner, **without)
    except (ModelError, IndexError):
        return None


def _position(path: str, member: str) -> int:
    number = path.partition(f"{member}[")[2].partition("]")[0]
    return int(number) if number.isdigit() else 0


class _Seen:
    """The learners so far, by what tells them from others."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, int | None]] = {}
        self.is_full = False

    def faults(self, entry: Entry, learner: Learner) -> Iterator[Fault]:
        """Yield a fault for each way in which a learner was there before; and remember this one."""
        whose = {"key": learner.key, "id": learner.id, "email": _folded(learner.email)}
        if not any(whose.values()):
            whose = {"name": _folded(learner.name)}
        for column, value in whose.items():
            if not value:
                continue
            text = f"{column}\0{value}".encode("utf-8", "surrogatepass")
            digest = blake2b(text, digest_size=_HASH_BYTES).digest()
            number = int.from_bytes(digest, "little")
            before = self._rows.get(number)
            if before is not None:
                row, line = before
                where = f"row {row}" if line is None else f"row {row} (line {line})"
                remedy = "remove one"
                if column == "name":
                    remedy += ", or add a key or an e-mail address, which tells them apart"
                yield entry.fault(
                    entry.headings.get(column, column), f"is that of {where} too; {remedy}"
                )
            elif len(self._rows) < limits.ROSTER_IDENTITIES:
                self._rows[number] = (entry.row, entry.line)
            else:
                self.is_full = True


def _folded(text: str | None) -> str | None:
    return None if text is None else " ".join(text.casefold().split())
