"""Learners of a chunk that is planned, as the register keeps them until it is issued."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
from testamur.model.dates import LexicalDateTime, check_date_time
from testamur.model.ob3 import ResultStatus
from testamur.register.packing import pack, unpack

__all__ = ["pack_learners", "unpack_learners"]

_NAMES = tuple(each.name for each in fields(Learner))
_PARTS = {
    each: tuple(field.name for field in fields(each)) for each in (LearnerEvidence, LearnerResult)
}
_INSTANTS = (
    "valid_from",
    "valid_until",
    "awarded_date",
    "activity_start_date",
    "activity_end_date",
)


def pack_learners(learners: Sequence[Learner]) -> bytes:
    """Write learners down, so that the same credentials can be made of them again."""
    return pack(json.dumps([_plain(each) for each in learners]).encode("utf-8"))


def unpack_learners(packed: bytes) -> tuple[Learner, ...]:
    """Read what `pack_learners` wrote."""
    return tuple(_learner(each) for each in json.loads(unpack(packed)))


def _plain(learner: Learner) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(learner, name)
        if value is None or value == ():
            continue
        if isinstance(value, LexicalDateTime):
            value = [value.lexical]  # what was read from a document is written as it was there
        elif isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = [{name: getattr(each, name) for name in _PARTS[type(each)]} for each in value]
        said[name] = value
    return said


def _learner(said: dict[str, Any]) -> Learner:
    values = dict(said)
    for name in _INSTANTS:
        if name in values:
            written = values[name]
            is_lexical = isinstance(written, list)
            values[name] = (
                check_date_time(written[0]) if is_lexical else datetime.fromisoformat(written)
            )
    if "evidence" in values:
        values["evidence"] = tuple(LearnerEvidence(**each) for each in values["evidence"])
    if "results" in values:
        values["results"] = tuple(_result(each) for each in values["results"])
    return Learner(**values)


def _result(said: dict[str, Any]) -> LearnerResult:
    status = said.get("status")
    return LearnerResult(**{**said, "status": None if status is None else ResultStatus(status)})
