"""What differs from one learner to the next: plain values, light enough for millions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from operator import attrgetter

from testamur.errors import ModelError, TestamurError
from testamur.model.dates import LexicalDateTime
from testamur.model.ob3 import ResultStatus

__all__ = ["Learner", "LearnerEvidence", "LearnerResult", "at_row", "field_at", "fingerprint"]

_ADDRESS = re.compile(r"\S+@[^\s@]+")

_FIELDS_AT = {
    "credential.validFrom": "valid_from",
    "credential.validUntil": "valid_until",
    "credential.awardedDate": "awarded_date",
    "credential.evidence": "evidence",
    "credential.credentialSubject.id": "id",
    "credential.credentialSubject.identifier": "email or name",
    "credential.credentialSubject.activityStartDate": "activity_start_date",
    "credential.credentialSubject.activityEndDate": "activity_end_date",
    "credential.credentialSubject.creditsEarned": "credits_earned",
    "credential.credentialSubject.licenseNumber": "license_number",
    "credential.credentialSubject.narrative": "narrative",
    "credential.credentialSubject.result": "result",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerResult:
    """A result of one learner (Open Badges 3.0, Result).

    Attributes:
        description: id of a result description of the achievement.
        value: as text: a grade, a score, a percentage.
        status: how far the learner got.
        achieved_level: id of a level of the description's rubric.
    """

    description: str
    value: str | None = None
    status: ResultStatus | None = None
    achieved_level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerEvidence:
    """A piece of evidence of one learner (Open Badges 3.0, Evidence).

    Attributes:
        id: URL of a page that shows it.
        name: what it is called.
        description: in short.
        narrative: Markdown.
    """

    id: str | None = None
    name: str | None = None
    description: str | None = None
    narrative: str | None = None


@dataclass(frozen=True, kw_only=True)  # without slots, it is pickled faster
class Learner:
    """One row of a roster. What is left out is as the award has it for all.

    Attributes:
        key: what you call the row, as a matriculation number; it stays out of the credential.
        id: URL that identifies the learner, best a DID.
        email: e-mail address; it goes into the credential as a salted hash.
        name: in plain words; one at least of id, email and name is given.
        valid_from: aware; when the credential begins to hold.
        valid_until: aware; when it ends to hold.
        awarded_date: aware; when it was earned.
        activity_start_date: aware; when the learning began.
        activity_end_date: aware; when it ended.
        narrative: what connects the pieces of evidence, in Markdown.
        evidence: what the learner did.
        results: of result descriptions of the achievement.
        credits_earned: a number, in the unit of the achievement's credits.
        license_number: of a licence that comes with it.
        role: of the learner, as "team leader".
        term: as "winter 2026".
        language: in which you write to the learner, as "pl" or "pt-BR"; it stays out of the
            credential, too.

    Raises:
        ModelError: neither id nor email nor name is given, or the address is none.
    """

    key: str | None = None
    id: str | None = None
    email: str | None = None
    name: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    awarded_date: datetime | None = None
    activity_start_date: datetime | None = None
    activity_end_date: datetime | None = None
    narrative: str | None = None
    evidence: tuple[LearnerEvidence, ...] = ()
    results: tuple[LearnerResult, ...] = ()
    credits_earned: float | None = None
    license_number: str | None = None
    role: str | None = None
    term: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if not (self.id or self.email or self.name):
            raise _unusable("name", "is missing: a learner has an id, an email or a name")
        if self.name is not None and not self.name.strip():
            raise _unusable("name", "is blank; write the learner's name")
        if self.email is not None and not _ADDRESS.fullmatch(self.email):
            raise _unusable("email", "is not an e-mail address; write it as name@host.example")

    def __reduce__(self) -> tuple[Callable[..., Learner], tuple[tuple[object, ...]]]:
        # The default looks up the fields of every one that goes from a process to another.
        return _with_values, (_values(self),)


def field_at(path: str | None) -> str | None:
    """Return which field of a learner stands at a path in the credential; None where none does."""
    found = (field for at, field in _FIELDS_AT.items() if path and _leads_to(path, at))
    return next(found, None)


def at_row(error: TestamurError, position: int) -> TestamurError:
    """Return the error again, with the row and the field of the learner in front of its message.

    Args:
        error: with its path in the credential.
        position: of the row, from 0; in the message it counts from 1.
    """
    field = field_at(error.path)
    where = f"row {position + 1}" if field is None else f"row {position + 1}, {field}"
    return type(error)(
        f"{where}: {error.message}",
        code=error.code,
        path=error.path,
        expected=error.expected,
        found=error.found,
    )


def _leads_to(path: str, at: str) -> bool:
    return path.startswith(at) and path[len(at) : len(at) + 1] in ("", "[", ".")


def _with_values(values: tuple[object, ...]) -> Learner:
    """A learner that was checked in another process."""
    learner = object.__new__(Learner)
    for name, value in zip(_NAMES, values, strict=True):
        object.__setattr__(learner, name, value)
    return learner


def fingerprint(learners: Iterable[Learner]) -> str:
    """Return SHA-256 over all that is said of these learners, in hexadecimal."""
    digest = sha256()
    for learner in learners:
        values = [
            value if value is None or value.__class__ is str else _plain(value)
            for value in _values(learner)
        ]
        if learner.language is None:
            values.pop()  # batches were begun before learners had one
        digest.update(_encode(values).encode())
    return digest.hexdigest()


def _plain(value: object) -> object:
    if value is None or value.__class__ is str:
        return value
    if isinstance(value, tuple):
        return [[_plain(part) for part in _PARTS[each.__class__](each)] for each in value]
    if isinstance(value, LexicalDateTime):
        return value.lexical
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else repr(value)


def _unusable(column: str, reason: str) -> ModelError:
    # The value is personal data and stays out of the message.
    return ModelError(f"{column}: {reason}", path=column)


_NAMES = tuple(each.name for each in fields(Learner))
_values = attrgetter(*_NAMES)
_PARTS = {
    each: attrgetter(*(field.name for field in fields(each)))
    for each in (LearnerEvidence, LearnerResult)
}
_encode = json.JSONEncoder().encode
