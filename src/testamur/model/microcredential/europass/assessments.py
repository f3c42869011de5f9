"""Assessments and grades in the European Learning Model, both ways.

One with a grade is the learner's own assessment; one without is only how it is assessed by design.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from testamur.model.elm import (
    AwardingProcess,
    Concept,
    GradingScheme,
    LanguageMap,
    LearningAchievement,
    LearningAssessment,
    LearningAssessmentSpecification,
)
from testamur.model.elm import (
    LearningAchievementSpecification as Specification,
)
from testamur.model.microcredential.description import Assessment
from testamur.model.microcredential.europass.elements import (
    Json,
    label_of,
    note,
    note_texts,
    own_id,
    reference_concept,
    reference_of,
    set_of,
    texts_of,
    told,
    word_concept,
)
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.terms import (
    AssessmentType,
    GradeStatus,
    Mode,
    Supervision,
    word,
    words,
)

__all__ = ["graded", "read_assessments", "read_modes", "ungraded"]


def graded(
    assessments: Iterable[Assessment], process: AwardingProcess, *, language: str
) -> Iterator[LearningAssessment]:
    """Write the assessments that have a grade."""
    for each in assessments:
        if each.grade is None:
            continue
        types = _types(each)
        grade = each.grade
        yield LearningAssessment(
            title=LanguageMap(each.title or _title(types)),
            awarded_by=process,
            grade=note({language: grade.value}) if grade.value.strip() else note({language: "-"}),
            grade_status=word_concept(grade.status) if grade.status else None,
            dc_type=set_of(types[1:]),
            id_verification=word_concept(each.supervision) if each.supervision else None,
            specified_by=_specification(each, types),
        )


def ungraded(assessments: Iterable[Assessment]) -> Iterator[LearningAssessmentSpecification]:
    """Write the assessments that have no grade."""
    for each in assessments:
        if each.grade is None:
            yield _specification(each, _types(each))


def read_assessments(
    taken: Taken, achievement: LearningAchievement | None, specification: Specification | None
) -> list[Json]:
    """Read all assessments, those with a grade first."""
    found: list[Json] = []
    if achievement is not None:
        found += (_read_graded(taken, each) for each in taken.take(achievement, "proven_by"))
    if specification is not None:
        for each in taken.take(specification, "proven_by"):
            found.append(told(**_read_specification(taken, each, ())))
    return found


def _specification(assessment: Assessment, types: list[Concept]) -> LearningAssessmentSpecification:
    scheme = assessment.grade.scheme if assessment.grade else None
    description = assessment.description
    return LearningAssessmentSpecification(
        title=LanguageMap(assessment.title or _title(types)),
        description=LanguageMap(description) if description else None,
        dc_type=types[0] if types else None,
        mode=set_of(word_concept(each) for each in assessment.modes),
        grading_scheme=GradingScheme(title=LanguageMap(scheme)) if scheme else None,
    )


def _types(assessment: Assessment) -> list[Concept]:
    """Write the types: those of the European list first, each once."""
    others = (reference_concept(each) for each in assessment.other_types)
    return [
        *(word_concept(each) for each in dict.fromkeys(assessment.types)),
        *(each for each in others if each is not None),
    ]


def _title(types: Iterable[Concept]) -> dict[str, str]:
    """Title what has no title of its own, since the European Learning Model demands one."""
    return {"en": ", ".join(label_of(each) for each in types) or "Assessment"}


def _titled(title: LanguageMap | None, types: Iterable[Concept]) -> dict[str, str] | None:
    texts = texts_of(title)
    return texts if texts != _title(types) else None


def _one(found: Concept | None) -> tuple[Concept, ...]:
    return () if found is None else (found,)


def _read_graded(taken: Taken, found: LearningAssessment) -> Json:
    specification: LearningAssessmentSpecification | None = taken.take(found, "specified_by")
    types: tuple[Concept, ...] = taken.take(found, "dc_type")
    if specification is not None:
        members = _read_specification(taken, specification, types)
        types = (*_one(specification.dc_type), *types)
    else:
        members = _read_types(types)
    own: Json = told(
        title=_titled(taken.take(found, "title"), types),
        description=texts_of(taken.take(found, "description")),
    )
    for name, value in own.items():
        if specification is not None and members.get(name, value) != value:
            taken.bend(specification, name, f"the learner's assessment has another {name}")
    members |= own
    members["grade"] = _read_grade(taken, found, specification, members)
    supervision: Concept | None = taken.take(found, "id_verification")
    known = word(Supervision, supervision.id or "") if supervision is not None else None
    if supervision is not None and known is None:
        taken.bend(found, "id_verification", "it is none of the European list")
    return members | told(supervision=known.value if known else None)


def _read_grade(
    taken: Taken,
    found: LearningAssessment,
    specification: LearningAssessmentSpecification | None,
    members: Json,
) -> Json:
    texts = note_texts(taken, taken.take(found, "grade"))
    value = next(iter(texts.values())) if texts else "-"
    if texts is not None and len(set(texts.values())) > 1:
        taken.bend(found, "grade", f"of the languages one is kept: {value[:40]!r}")
    status: Concept | None = taken.take(found, "grade_status")
    known = word(GradeStatus, status.id or "") if status is not None else None
    if status is not None and known is None:
        taken.bend(found, "grade_status", f"{label_of(status)[:40]!r} is neither passed nor failed")
    scheme: GradingScheme | None = None
    if specification is not None:
        scheme = taken.take(specification, "grading_scheme")
    described = texts_of(scheme.description) if scheme is not None else None
    if scheme is not None and described is not None and "description" not in members:
        taken.take(scheme, "description")
        taken.bend(scheme, "description", "is read as the description of the assessment")
        members["description"] = described  # type: ignore[assignment]
    return told(
        value=value,
        status=known.value if known else None,
        scheme=texts_of(taken.take(scheme, "title")) if scheme is not None else None,
    )


def read_modes(taken: Taken, found: LearningAssessmentSpecification | Specification) -> list[str]:
    """Return the modes of a specification that are of the European list; others are a finding."""
    modes, strange = [], False
    for each in taken.take(found, "mode"):
        known = word(Mode, each.id or "")
        strange = strange or known is None
        if known is not None:
            modes.append(known.value)
    if strange:
        taken.bend(found, "mode", "some are none of the European list")
    return modes


def _read_specification(
    taken: Taken, found: LearningAssessmentSpecification, more: Iterable[Concept]
) -> Json:
    kind = taken.take(found, "dc_type")
    types = [*_one(kind), *more]
    modes = read_modes(taken, found)
    return told(
        title=_titled(taken.take(found, "title"), types),
        description=texts_of(taken.take(found, "description")),
        modes=modes,
        **_read_types(types),
    )


def _read_types(types: Iterable[Concept]) -> dict[str, Any]:
    """Read types: of the European list by id or, where an issuer made his own, by label."""
    known, others = [], []
    labels = {words(each, "en").casefold(): each for each in AssessmentType}
    for each in types:
        found = word(AssessmentType, each.id or "")
        if found is None and own_id(each.id) is None:
            found = labels.get(label_of(each).casefold())
        if found is not None:
            known.append(found.value)
        else:
            others.append(reference_of(each))
    return told(types=known, otherTypes=others)
