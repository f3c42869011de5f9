"""What a description says, in a few words: "EQF 6, NFQ 7" for a level, "5 ECTS" for credits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from testamur.completeness.report import Found, pick
from testamur.model import microcredential as mc
from testamur.model.base import Model
from testamur.model.microcredential.terms import words

__all__ = ["CHARACTERS", "all_texts", "hours", "shorten", "show", "texts_of"]

CHARACTERS = 300
"""of one value that is shown"""

_DEPTH = 8
_PARTS = 8  # of a value that is made of several
_DURATION = re.compile(
    r"P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?)?"
)
_UNITS = ("year", "month", "day", "hour", "minute")


def show(value: Any, language: str) -> Found:
    """Say a value in a few words.

    Args:
        value: what a path of a description or of a credential leads to.
        language: which text is taken where there are several; else the first there is.
    """
    if isinstance(value, dict) and _is_text(value):
        text = pick(value, language)
        return Found(shorten(text.text), text.language)
    return Found(shorten(_say(value, language, 0)), _language_of(value, language))


def texts_of(value: Any) -> list[str]:
    """Return the texts of a value: a text in each of its languages, or a string; else nothing."""
    if isinstance(value, StrEnum):
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and _is_text(value):
        return list(value.values())
    return []


def all_texts(value: Any, language: str) -> str:
    """Return everything that a value says in words, one behind the other, in one language."""
    return " ".join(_all_texts(value, language, 0))


def hours(value: Any) -> float | None:
    """Return the hours in a duration; None where it is none, or has months, which vary."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] or match[2]:
        return None
    days, whole, minutes = (int(each or 0) for each in match.groups()[2:])
    return days * 24 + whole + minutes / 60


def shorten(text: str) -> str:
    """Bring a text onto one line, and cut what nobody would read to its end."""
    line = " ".join(text[: 8 * CHARACTERS].split())
    if len(line) <= CHARACTERS and len(text) <= 8 * CHARACTERS:
        return line
    return f"{line[: CHARACTERS - 1]}…"


def _is_text(value: dict[str, Any]) -> bool:
    return bool(value) and all(isinstance(each, str) for each in value.values())


def _language_of(value: Any, language: str) -> str | None:
    """Return the language of a value's main text, for whoever reads it aloud."""
    for name in ("title", "name"):
        texts = getattr(value, name, None) if isinstance(value, Model) else None
        if isinstance(texts, dict):
            return pick(texts, language).language
    return None


def _say(value: Any, language: str, depth: int) -> str:
    if depth > _DEPTH:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return words(value, language)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return _said_duration(value)
    if isinstance(value, (list, tuple)):
        return _joined(_say(each, language, depth + 1) for each in value[: _PARTS + 1])
    if isinstance(value, Model):
        return _model(value, language, depth)
    if isinstance(value, dict):
        if _is_text(value) and language in value:
            return str(value[language])
        return _joined(_say(each, language, depth + 1) for each in list(value.values())[:_PARTS])
    return str(value)


def _said_duration(value: str) -> str:
    match = _DURATION.fullmatch(value) if len(value) < 40 else None
    if match is None or not any(match.groups()):
        return value
    pairs = zip(match.groups(), _UNITS, strict=True)
    return " ".join(
        f"{int(number)} {unit}{'' if int(number) == 1 else 's'}" for number, unit in pairs if number
    )


def _joined(texts: Iterable[str]) -> str:
    parts = [each for each in texts if each]
    return ", ".join(parts[:_PARTS]) + ("…" if len(parts) > _PARTS else "")


def _model(value: Model, language: str, depth: int) -> str:
    say = _SAYINGS.get(type(value))
    parts: Iterable[Any]
    if say is not None:
        parts = say(value)
    else:
        parts = (getattr(value, name) for name in type(value).model_fields)
    said = []
    for part in parts:
        if part is None or part == ():
            continue
        said.append(
            pick(part, language).text
            if isinstance(part, dict) and _is_text(part)
            else _say(part, language, depth + 1)
        )
    return _joined(said)


def _all_texts(value: Any, language: str, depth: int) -> Iterator[str]:
    if depth > _DEPTH or isinstance(value, StrEnum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if _is_text(value):
            yield pick(value, language).text
    elif isinstance(value, tuple):
        for each in value:
            yield from _all_texts(each, language, depth + 1)
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            part = getattr(value, name)
            if isinstance(part, (dict, tuple, Model)):
                yield from _all_texts(part, language, depth + 1)


def _credit(credit: mc.Credit) -> Iterator[Any]:
    system = credit.system.value if credit.system else credit.other_system
    yield f"{credit.points:.15g} {system}"


def _workload(workload: mc.Workload) -> Iterator[Any]:
    yield workload.credits
    for amount, what in (
        (workload.effort, "of learning"),
        (workload.contact, "with a teacher"),
        (workload.duration, "from start to end"),
    ):
        if amount is not None:
            yield f"{_said_duration(amount)} {what}"


def _level(level: mc.Level) -> Iterator[Any]:
    if level.eqf is not None:
        yield f"EQF {level.eqf}"
    yield level.cycle
    for each in level.national:
        yield f"{each.framework} {each.level}"


def _learner(learner: mc.Learner) -> Iterator[Any]:
    """Say how the learner is named, and no more: reports are handed around."""
    names = " ".join(filter(None, (learner.given_name, learner.family_name)))
    if learner.full_name or names:
        yield learner.full_name or names
    elif learner.email or learner.identities:
        yield "by e-mail address or the like"
    else:
        yield "by an identifier"


def _address(address: mc.Address) -> Iterator[Any]:
    yield from (address.locality, address.region or address.region_code)
    yield address.country or address.country_name


def _grade(grade: mc.Grade) -> Iterator[Any]:
    yield f"{grade.value} of {grade.maximum}" if grade.maximum else grade.value
    yield grade.status


def _reference(reference: mc.Reference) -> Iterator[Any]:
    yield reference.name
    yield " ".join(filter(None, (reference.framework, reference.code))) or None


def _assessment(assessment: mc.Assessment) -> Iterator[Any]:
    yield from (assessment.title, assessment.types, assessment.other_types)
    if not (assessment.title or assessment.types or assessment.other_types):
        yield from (assessment.description, assessment.modes, assessment.supervision)


def _quality_assurance(assured: mc.QualityAssurance) -> Iterator[Any]:
    yield assured.title
    if assured.agency is not None:
        yield assured.agency.name
    if assured.valid_until is not None:
        yield f"until {assured.valid_until.isoformat()}"


_SAYINGS: dict[type[Model], Callable[[Any], Iterable[Any]]] = {
    mc.Address: _address,
    mc.Assessment: _assessment,
    mc.Cost: lambda cost: (
        cost.text,
        " ".join(
            filter(None, (None if cost.amount is None else f"{cost.amount:.15g}", cost.currency))
        )
        or None,
        cost.funding,
    ),
    mc.Credit: _credit,
    mc.Evidence: lambda evidence: (evidence.title or evidence.description or evidence.url,),
    mc.Grade: _grade,
    mc.Identifier: lambda each: (" ".join(filter(None, (each.scheme, each.value))),),
    mc.Learner: _learner,
    mc.LearningOutcome: lambda outcome: (outcome.title,),
    mc.Level: _level,
    mc.Organisation: lambda body: (body.name,),
    mc.Participation: lambda each: (each.modes, each.setting, each.description),
    mc.PriorLearning: lambda each: (
        "recognized" if each.recognized else "not recognized",
        each.note,
    ),
    mc.QualityAssurance: _quality_assurance,
    mc.Reference: _reference,
    mc.Resource: lambda resource: (resource.title or resource.url,),
    mc.Stacking: lambda each: (
        each.relation,
        each.target.name if each.target is not None else None,
        each.note,
    ),
    mc.Workload: _workload,
}
