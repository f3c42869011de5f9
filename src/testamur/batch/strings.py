"""The strings that are a learner's own, in the order of `own_paths`, without the document.

`Award.document` puts them where they belong. Here they are only listed, which is all that a
template needs: with millions of learners, making the document would take most of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from testamur.batch.derived import RowSecrets
from testamur.batch.learner import Learner
from testamur.batch.status_lists import StatusPlace
from testamur.canon.marks import Path
from testamur.model.dates import LexicalDateTime, format_date_time_stamp
from testamur.model.ob3 import identity_hash

__all__ = ["Shape", "own_paths", "own_strings"]

Shape: TypeAlias = tuple[object, ...]
"""What a learner has, and whatever of it is no string: learners of one shape have their strings at
the same paths."""

_DATES = ("valid_from", "valid_until", "awarded_date")
_DATE_NAMES = ("validFrom", "validUntil", "awardedDate")
_ACTIVITY_NAMES = ("activityStartDate", "activityEndDate")
_EVIDENCE = ("id", "name", "description", "narrative")
_SUBJECT: Path = ("credentialSubject",)


def own_strings(
    learner: Learner, row: RowSecrets, places: Sequence[StatusPlace]
) -> tuple[Shape, list[str]]:
    """Return a learner's shape and strings.

    Args:
        learner: the row.
        row: what is unguessable about it.
        places: where its status will be published.
    """
    strings = [row.id]
    shape: list[object] = [len(places)]
    _add_dates(learner.valid_from, learner.valid_until, learner.awarded_date, shape, strings)
    shape.append(len(learner.evidence))
    for piece in learner.evidence:
        _add(shape, strings, piece.id, piece.name, piece.description, piece.narrative)
    for place in places:
        index = str(place.index)
        strings += (f"{place.list_url}#{index}", index, place.list_url)
    _add(shape, strings, learner.id, learner.name)
    shape.append(learner.email is None)
    if learner.email is not None:
        strings += (identity_hash(learner.email, row.salt), row.salt)
    _add_dates(learner.activity_start_date, learner.activity_end_date, None, shape, strings)
    shape.append(repr(learner.credits_earned))  # 1, 1.0 and True are equal, and written differently
    _add(shape, strings, learner.license_number, learner.narrative)
    shape.append(len(learner.results))
    for result in learner.results:
        strings.append(result.description)
        shape.append(result.status)
        _add(shape, strings, result.achieved_level, result.value)
    _add(shape, strings, learner.role, learner.term)
    return tuple(shape), strings


def own_paths(learner: Learner, places: Sequence[StatusPlace]) -> list[Path]:
    """Return where the strings of this learner, and of all of the same shape, stand."""
    paths: list[Path] = [("id",)]
    paths += [
        (name,)
        for name, field in zip(_DATE_NAMES, _DATES, strict=True)
        if getattr(learner, field) is not None
    ]
    for number, piece in enumerate(learner.evidence):
        paths += [
            ("evidence", number, name) for name in _EVIDENCE if getattr(piece, name) is not None
        ]
    for number in range(len(places)):
        at: Path = ("credentialStatus",) if len(places) == 1 else ("credentialStatus", number)
        names = ("id", "statusListIndex", "statusListCredential")
        paths += [(*at, name) for name in names]
    if learner.id is not None:
        paths.append((*_SUBJECT, "id"))
    if learner.name is not None:
        paths.append((*_SUBJECT, "identifier", 0, "identityHash"))
    if learner.email is not None:
        position = int(learner.name is not None)
        paths += [(*_SUBJECT, "identifier", position, name) for name in ("identityHash", "salt")]
    activity = (learner.activity_start_date, learner.activity_end_date)
    paths += [
        (*_SUBJECT, name)
        for name, value in zip(_ACTIVITY_NAMES, activity, strict=True)
        if value is not None
    ]
    paths += _subject_paths(
        {"licenseNumber": learner.license_number, "narrative": learner.narrative}
    )
    for number, result in enumerate(learner.results):
        members = {"achievedLevel": result.achieved_level, "value": result.value}
        given = ["resultDescription", *(n for n, value in members.items() if value is not None)]
        paths += [(*_SUBJECT, "result", number, name) for name in given]
    return paths + _subject_paths({"role": learner.role, "term": learner.term})


def _subject_paths(members: dict[str, str | None]) -> list[Path]:
    return [(*_SUBJECT, name) for name, value in members.items() if value is not None]


def _add(shape: list[object], strings: list[str], *values: str | None) -> None:
    for value in values:
        shape.append(value is None)
        if value is not None:
            strings.append(value)


def _add_dates(
    first: datetime | None,
    second: datetime | None,
    third: datetime | None,
    shape: list[object],
    strings: list[str],
) -> None:
    if first is second is third is None:
        shape.append(None)
        return
    for moment in (first, second, third):
        shape.append(moment is None)
        if moment is not None:
            strings.append(date_text(moment))


def date_text(moment: datetime) -> str:
    """Return a date as it is written; a roster's is in its final form already."""
    if isinstance(moment, LexicalDateTime) and moment.tzinfo is not None:
        return moment.lexical
    return format_date_time_stamp(moment)
