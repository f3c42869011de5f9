"""Learning outcomes, workload and level in the European Learning Model, both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from testamur.canon.strict_json import JsonValue
from testamur.model.elm import (
    Concept,
    CreditPoint,
    LanguageMap,
    LearningAchievement,
    Qualification,
    duration_of_hours,
    hours_of_duration,
)
from testamur.model.elm import (
    LearningAchievementSpecification as Specification,
)
from testamur.model.elm import (
    LearningOutcome as Outcome,
)
from testamur.model.microcredential.description import (
    Credit,
    LearningOutcome,
    Level,
    NationalLevel,
    Workload,
)
from testamur.model.microcredential.europass.elements import (
    Json,
    code_of,
    concept_of,
    controlled,
    framework_scheme,
    label_of,
    note,
    note_texts,
    own_concept,
    own_id,
    reference_concept,
    reference_of,
    set_of,
    subject_of,
    texts_of,
    told,
    word_concept,
)
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.terms import (
    CreditSystem,
    Cycle,
    OutcomeType,
    Reusability,
    word,
)
from testamur.model.vocabularies import Term, Vocabulary, find, terms

__all__ = [
    "contact_hours",
    "level_members",
    "outcome_of",
    "read_level",
    "read_outcome",
    "read_workload",
    "workload_members",
]

_ESCO = re.compile(
    r"http://data\.europa\.eu/esco/skill/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_LEVEL_LABEL = re.compile(r"(.+?) Level (.+)", re.DOTALL)
_POINTS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_MINUTES = re.compile(r"PT[0-9]+(?:H(?:[0-9]+M)?|M)")


def outcome_of(outcome: LearningOutcome) -> Outcome:
    """Write a learning outcome."""
    esco: list[Concept] = []
    others: list[Concept] = []
    for skill in outcome.skills:
        if skill.url is not None and _ESCO.fullmatch(skill.url):
            esco.append(concept_of(Vocabulary.ESCO_SKILL, skill.name, skill.url, skill.code))
        else:
            others += filter(None, [reference_concept(skill)])
    description = outcome.description
    return Outcome(
        id=own_id(outcome.id),
        title=LanguageMap(outcome.title),
        dc_type=word_concept(outcome.kind) if outcome.kind else None,
        reusability_level=word_concept(outcome.reusability) if outcome.reusability else None,
        related_esco_skill=set_of(esco),
        related_skill=set_of(others),
        additional_note=set_of([note(description)] if description else []),
    )


def read_outcome(taken: Taken, found: Outcome) -> Json:
    """Read a learning outcome."""
    skills = [*taken.take(found, "related_esco_skill"), *taken.take(found, "related_skill")]
    return told(
        id=own_id(found.id),
        title=texts_of(taken.take(found, "title")) or {"en": "?"},
        description=_first_note(taken, found),
        kind=_word(OutcomeType, taken.take(found, "dc_type")),
        reusability=_word(Reusability, taken.take(found, "reusability_level")),
        skills=[reference_of(each) for each in skills],
    )


def _first_note(taken: Taken, found: Outcome) -> dict[str, str] | None:
    texts = None
    for each in taken.take(found, "additional_note"):
        if texts is None and subject_of(each) is None:
            texts = note_texts(taken, each)
        else:
            taken.leave(each)
    return texts


def _word(vocabulary: Any, found: Concept | None) -> str | None:
    known = word(vocabulary, found.id or "") if found is not None else None
    return None if known is None else str(known.value)


# Workload.


def workload_members(workload: Workload | None, *, language: str) -> dict[str, Any]:
    """Write the workload: members of a qualification."""
    if workload is None:
        return {}
    return {
        "credit_point": set_of(_credit(each, language) for each in workload.credits),
        "volume_of_learning": workload.effort,
        "maximum_duration": workload.duration,
    }


def contact_hours(workload: Workload | None) -> tuple[str, ...]:
    """Write the contact hours: a member of the specification of what learners do."""
    hours = hours_of_duration(workload.contact) if workload and workload.contact else None
    return () if hours is None else set_of([_number(hours)])


def read_workload(
    taken: Taken, achievement: LearningAchievement | None, specification: Specification | None
) -> Json | None:
    """Read the workload."""
    found: Json = {}
    points: Any = ()
    if specification is not None:
        points = taken.take(specification, "credit_point")
        found = told(
            effort=_read_effort(taken, specification, "volume_of_learning"),
            contact=_read_contact(taken, specification),
            duration=_read_duration(taken, specification, "maximum_duration"),
        )
    if achievement is not None:
        points = points or taken.take(achievement, "credit_received")
        if points == achievement.credit_received:
            taken.take(achievement, "credit_received")
        offer = achievement.learning_opportunity
        if offer is not None and offer.duration is not None and "duration" not in found:
            found |= told(duration=_read_duration(taken, offer, "duration"))
        for activity in achievement.influenced_by:
            if activity.workload is not None and "effort" not in found:
                found |= told(effort=_read_effort(taken, activity, "workload"))
    received: list[JsonValue] = []
    for each in points:
        credit = _read_credit(taken, each)
        if credit is None:
            taken.leave(each, f"{each.point[:20]!r} is no number of credits")
        else:
            received.append(credit)
    return told(credits=received, **found) or None


def _credit(credit: Credit, language: str) -> CreditPoint:
    if credit.system is not None:
        framework = word_concept(credit.system)
    else:
        framework = own_concept("CreditSystem", {language: str(credit.other_system)})
    return CreditPoint(framework=framework, point=_number(Decimal(str(credit.points))))


def _read_credit(taken: Taken, found: CreditPoint) -> Json | None:
    point = taken.take(found, "point").strip().replace(",", ".")
    if not _POINTS.fullmatch(point):
        return None
    framework: Concept = taken.take(found, "framework")
    system = word(CreditSystem, framework.id or "")
    number = float(point)
    return told(
        points=int(number) if number.is_integer() else number,
        system=system.value if system is not None else None,
        otherSystem=label_of(framework) if system is None else None,
    )


def _read_effort(taken: Taken, node: Any, member: str) -> str | None:
    """Read hours of learning; months and days are none."""
    duration: str | None = taken.take(node, member)
    if duration is None or _MINUTES.fullmatch(duration):
        return duration
    reason = "it counts days or months, and how many hours of learning these are is not said"
    if duration.endswith("M") and "T" not in duration:
        reason = f"it counts months; {duration[1:-1]} hours would be PT{duration[1:-1]}H"
    hours = hours_of_duration(duration)
    whole = duration_of_hours(hours) if hours is not None and duration.startswith("PT") else ""
    if _MINUTES.fullmatch(whole):
        taken.bend(node, member, f"is written as {whole}")
        return whole
    taken.bend(node, member, reason)
    return None


def _read_duration(taken: Taken, node: Any, member: str) -> str | None:
    duration: str | None = taken.take(node, member)
    if duration is not None and "S" in duration:
        taken.bend(node, member, "a span of time has no seconds here")
        return None
    return duration


def _read_contact(taken: Taken, specification: Specification) -> str | None:
    for activity in specification.influenced_by:
        for each in activity.contact_hour:
            hours = _POINTS.fullmatch(each.strip())
            found = duration_of_hours(each.strip()) if hours else ""
            if _MINUTES.fullmatch(found):
                taken.take(specification, "influenced_by")
                taken.take(activity, "contact_hour")
                if len(activity.contact_hour) > 1:
                    taken.bend(activity, "contact_hour", f"{each} is kept")
                return found
    return None


def _number(number: Decimal) -> str:
    text = format(number, "f")[:40]
    return text.rstrip("0").rstrip(".") if "." in text else text


# Level.


def level_members(level: Level | None, *, language: str) -> dict[str, Any]:
    """Write the level: members of a qualification."""
    if level is None:
        return {}
    national: list[Concept] = []
    others: list[Concept] = []
    for each in level.national:
        concept = _nqf(each)
        if concept is not None:
            national.append(concept)
        else:
            others.append(_other_level(each, language))
    return {
        "eqf_level": controlled(Vocabulary.EQF, str(level.eqf)) if level.eqf else None,
        "nqf_level": set_of(national),
        "education_level": set_of([*([word_concept(level.cycle)] if level.cycle else []), *others]),
    }


def read_level(taken: Taken, found: Specification) -> Json | None:
    """Read the level."""
    national: list[JsonValue] = []
    cycle = None
    eqf = None
    if isinstance(found, Qualification):
        eqf = code_of(Vocabulary.EQF, taken.take(found, "eqf_level"))
        national += (_read_nqf(each) for each in taken.take(found, "nqf_level"))
    for each in taken.take(found, "education_level"):
        known = word(Cycle, each.id or "")
        if known is not None and cycle is None:
            cycle = known.value
        elif each.notation is not None:
            framework = reference_of(each).get("framework")
            national.append(
                told(framework=framework or "?", level=each.notation, url=own_id(each.id))
            )
        else:
            taken.leave(each, "which framework the level is of is not said")
    return told(eqf=int(eqf) if eqf else None, cycle=cycle, national=national) or None


def _nqf(level: NationalLevel) -> Concept | None:
    """Write a level of the European list of national levels, by its URL or by its name."""
    name = f"{level.framework} Level {level.level}"
    term = find(Vocabulary.QDR, level.url) if level.url else None
    if term is None and level.url is None:
        term = _national_levels().get(name.casefold())
    if term is not None:
        return Concept.of(term)
    if level.url is None or not re.fullmatch(
        r"http://data\.europa\.eu/snb/qdr/c_[0-9a-f]{8}", level.url
    ):
        return None
    return concept_of(Vocabulary.QDR, {"en": name}, level.url)


@cache
def _national_levels() -> Mapping[str, Term]:
    """Return the levels of the European list by their names, in small letters."""
    return {each.labels["en"].casefold(): each for each in terms(Vocabulary.QDR)}


def _other_level(level: NationalLevel, language: str) -> Concept:
    return concept_of(
        framework_scheme(level.framework),
        {language: f"{level.framework} {level.level}"},
        own_id(level.url),
        level.level,
    )


def _read_nqf(found: Concept) -> Json:
    label = label_of(found)
    parts = _LEVEL_LABEL.fullmatch(label)
    framework, level = (parts[1], parts[2]) if parts else ("?", label)
    return told(framework=framework, level=level, url=found.id)
