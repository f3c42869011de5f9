"""Grades in Open Badges 3.0: result descriptions and results, both ways.

The grade of the assessment number n is the result whose description is "…#result-n".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from testamur.canon.strict_json import JsonValue
from testamur.model.microcredential.collected import Collected
from testamur.model.microcredential.description import Assessment, Grade, MicroCredential
from testamur.model.microcredential.open_badges.alignments import (
    read_alignment,
    write_alignments,
)
from testamur.model.microcredential.open_badges.profiles import text_in
from testamur.model.microcredential.reading import Fate, Finding
from testamur.model.microcredential.terms import GradeStatus
from testamur.model.ob3 import credential as ob3
from testamur.model.ob3.achievement import Alignment, Result, ResultDescription
from testamur.model.ob3.vocabulary import ResultStatus, ResultType

__all__ = ["read_results", "result_descriptions", "results"]

_STATUS = {GradeStatus.PASSED: ResultStatus.COMPLETED, GradeStatus.FAILED: ResultStatus.FAILED}
_STATUSES = {status: word for word, status in _STATUS.items()}


def result_descriptions(description: MicroCredential) -> Iterator[ResultDescription]:
    """Write the scale of each grade."""
    for number, assessment in enumerate(description.assessments, 1):
        grade = assessment.grade
        if grade is None:
            continue
        title = text_in(assessment.title, description.language)
        scheme = text_in(grade.scheme, description.language)
        aligned = () if grade.scheme is None else (_scheme_alignment(description, grade),)
        yield ResultDescription(
            id=f"{description.id}#result-{number}",
            name=title or scheme or "Grade",
            result_type=ResultType.RESULT,
            value_min=grade.minimum,
            value_max=grade.maximum,
            required_value=grade.required,
            alignment=aligned,
        )


def _scheme_alignment(description: MicroCredential, grade: Grade) -> Alignment:
    return next(
        iter(
            write_alignments(
                "GradingScheme",
                (grade.scheme,),
                language=description.language,
                base=str(description.id),
            )
        )
    )


def results(description: MicroCredential, achievement_id: str) -> Iterator[Result]:
    """Write each grade."""
    for number, assessment in enumerate(description.assessments, 1):
        grade = assessment.grade
        if grade is not None:
            yield Result(
                result_description=f"{achievement_id}#result-{number}",
                value=grade.value,
                status=_STATUS[grade.status] if grade.status else None,
            )


def read_results(subject: ob3.AchievementSubject, read: Collected) -> Iterator[Finding]:
    """Put each result into the assessment it belongs to; a result of its own becomes one."""
    achievement = subject.achievement
    described = {each.id: each for each in achievement.result_description}
    assessments: list[Assessment] = list(read.get("assessments", ()))
    for position, result in enumerate(subject.result):
        description = described.get(result.result_description or "")
        grade = _grade(result, description)
        path = f"credentialSubject.result[{position}]"
        if grade is None:
            yield Finding(path, Fate.NO_PLACE, "it has no value")
            continue
        if result.alignment or result.achieved_level:
            yield Finding(path, Fate.APPROXIMATED, "only its value and its status are kept")
        number = _number(result.result_description, achievement.id)
        while number is not None and len(assessments) <= number < len(subject.result):
            assessments.append(Assessment())
        if number is not None and number < len(assessments) and assessments[number].grade is None:
            assessments[number] = assessments[number].model_copy(update={"grade": grade})
        else:
            title = {read.language: description.name} if description is not None else None
            assessments.append(Assessment(title=title, grade=grade))
    if assessments:
        read.replace("assessments", tuple(assessments))


def _grade(result: Result, description: ResultDescription | None) -> Grade | None:
    level = result.achieved_level
    if level is not None and description is not None:
        levels = {each.id: each.name for each in description.rubric_criterion_level}
        level = levels.get(level, level)
    value = result.value or level
    status = _STATUSES.get(result.status) if result.status is not None else None
    if value is None:
        value = str(result.status) if result.status is not None else None
    if value is None:
        return None
    scale: dict[str, Any] = {}
    if description is not None:
        scale = {
            "minimum": description.value_min,
            "maximum": description.value_max,
            "required": description.required_value,
            "scheme": _scheme(description),
        }
    return Grade(value=value, status=status, **scale)


def _scheme(description: ResultDescription) -> JsonValue:
    for alignment in description.alignment:
        found = read_alignment(alignment)
        if found is not None and found[0] == "GradingScheme":
            return found[1]
    return None


def _number(url: str | None, achievement_id: str) -> int | None:
    """Return which assessment our own writer meant, counted from 0."""
    text = (url or "").removeprefix(f"{achievement_id}#result-")
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < len(text) < 4 else None
