"""What each element that becomes an alignment says to people: a few words, and a sentence more."""

from __future__ import annotations

from typing import Any

from testamur.errors import ModelError
from testamur.model.microcredential.description import (
    Assessment,
    Cost,
    LearningOutcome,
    NationalLevel,
    Participation,
    PriorLearning,
    QualityAssurance,
    Stacking,
    Workload,
)
from testamur.model.microcredential.open_badges.profiles import text_in
from testamur.model.microcredential.parts import Reference, Resource
from testamur.model.microcredential.terms import words
from testamur.model.vocabularies import Term, Vocabulary, by_code, find

__all__ = [
    "EUROPE",
    "language_term",
    "say_assessment",
    "say_cost",
    "say_field",
    "say_language",
    "say_link",
    "say_national",
    "say_organisation",
    "say_outcome",
    "say_participation",
    "say_prior_learning",
    "say_quality",
    "say_stacking",
    "say_text",
    "say_translations",
    "say_workload",
]

EUROPE = "http://data.europa.eu/snb"
"""Where the vocabularies of European levels and fields are published."""


def say_text(value: dict[str, str], language: str) -> tuple[str, str | None]:
    """Say a text; of a long one the beginning, and then all of it."""
    text = text_in(value, language) or ""
    return (text, None) if len(text) <= 100 else (f"{text[:97]}…", text)


def say_outcome(value: LearningOutcome, language: str) -> tuple[str, str | None]:
    """Say the title of a learning outcome, then its kind, reach and skills."""
    kind = words(value.kind, language) if value.kind else None
    reach = words(value.reusability, language) if value.reusability else None
    skills = [_in_framework(each, language) for each in value.skills]
    description = text_in(value.description, language)
    return text_in(value.title, language) or "", _sentence(description, kind, reach, *skills)


def _in_framework(value: Reference, language: str) -> str:
    name = text_in(value.name, language) or ""
    return f"{value.framework}: {name}" if value.framework else name


def say_workload(value: Workload, language: str) -> tuple[str, str | None]:
    """Say credit points and hours, then the duration."""
    del language
    points = [f"{each.points} {each.system or each.other_system}" for each in value.credits]
    effort = value.effort and f"{_hours(value.effort)} of learning"
    contact = value.contact and f"{_hours(value.contact)} of them with a teacher"
    duration = value.duration and f"from first to last day: {value.duration}"
    said = [*points, *(each for each in (effort, contact) if each)]
    return ", ".join(said) or str(duration or "not stated"), duration if said else None


def _hours(duration: str) -> str:
    hours, _, minutes = duration.removeprefix("PT").partition("H")
    if duration.endswith("M") and "H" not in duration:
        return f"{hours.removesuffix('M')} minutes"
    return f"{hours} hours" + (f" {minutes.removesuffix('M')} minutes" if minutes else "")


def say_national(value: NationalLevel, language: str) -> tuple[str, str | None]:
    """Say a level with its framework, then the country."""
    del language
    return f"{value.framework}: {value.level}", value.country


def say_assessment(value: Assessment, language: str) -> tuple[str, str | None]:
    """Say the title of an assessment, then its types, modes and supervision."""
    types = [words(each, language) for each in value.types]
    types += [text_in(each.name, language) or "" for each in value.other_types]
    modes = [words(each, language) for each in value.modes]
    supervision = words(value.supervision, language) if value.supervision else None
    kinds = ", ".join(types)
    title = text_in(value.title, language) or kinds or "Assessment"
    details = _sentence(
        text_in(value.description, language),
        kinds if kinds != title else None,
        ", ".join(modes) or None,
        supervision,
    )
    return title, details


def say_participation(value: Participation, language: str) -> tuple[str, str | None]:
    """Say how one takes part, then the setting."""
    modes = ", ".join(words(each, language) for each in value.modes)
    setting = words(value.setting, language) if value.setting else None
    description = text_in(value.description, language)
    name = modes or setting or description or ""
    details = [each for each in (setting, description) if each != name]
    return name, _sentence(*details)


def say_quality(value: QualityAssurance, language: str) -> tuple[str, str | None]:
    """Say what assures the quality, then by whom and until when."""
    agency = text_in(value.agency.name, language) if value.agency else None
    until = value.valid_until.isoformat() if value.valid_until else None
    return text_in(value.title, language) or "", _sentence(
        words(value.kind, language) if value.kind else None,
        f"by {agency}" if agency else None,
        text_in(value.description, language),
        f"valid until {until}" if until else None,
    )


def say_stacking(value: Stacking, language: str) -> tuple[str, str | None]:
    """Say what it can be combined with and how, then the note."""
    target = value.target and text_in(value.target.name, language)
    said = words(value.relation, language)
    return f"{said}: {target}" if target else said, text_in(value.note, language)


def say_prior_learning(value: PriorLearning, language: str) -> tuple[str, str | None]:
    """Say whether prior learning is recognized, then the note."""
    said = "is recognized" if value.recognized else "is not recognized"
    return f"Prior learning {said}", text_in(value.note, language)


def say_cost(value: Cost, language: str) -> tuple[str, str | None]:
    """Say what it costs, then who funds it."""
    amount = f"{value.amount} {value.currency or ''}".strip() if value.amount is not None else None
    text, funding = text_in(value.text, language), text_in(value.funding, language)
    name = text or amount or funding or ""
    return name, _sentence(*(each for each in (amount, funding) if each != name))


def say_link(value: Resource, language: str) -> tuple[str, str | None]:
    """Say the title of a page, or its URL."""
    return text_in(value.title, language) or value.url, None


def say_organisation(value: Any, language: str) -> tuple[str, str | None]:
    """Say the name of an organisation, then its other name."""
    return text_in(value.name, language) or "", text_in(value.alternative_name, language)


def say_translations(value: dict[str, dict[str, str]], language: str) -> tuple[str, str | None]:
    """Say in which other languages there are texts."""
    others = sorted({tag for texts in value.values() for tag in texts} - {language})
    return f"Also in: {', '.join(others)}" if others else "Texts", None


def say_field(code: str, language: str) -> tuple[str, str | None]:
    """Say the name of an ISCED-F field, with its code."""
    term = find(Vocabulary.ISCED_F, f"{EUROPE}/isced-f/{code}")
    label = (term.labels.get(language) or term.labels["en"]) if term is not None else None
    return (f"{label} ({code})" if label else f"Field of education {code}"), None


def say_language(tag: str, language: str) -> tuple[str, str | None]:
    """Say the name of a language."""
    term = language_term(tag)
    return (term.labels.get(language) or term.labels["en"] if term is not None else tag), None


def language_term(tag: str) -> Term | None:
    """Return a language in the European vocabulary; None where it is not in it."""
    try:
        return by_code(Vocabulary.LANGUAGE, tag.partition("-")[0].lower())
    except ModelError:
        return None


def _sentence(*parts: str | None) -> str | None:
    said = [part for part in parts if part]
    return "; ".join(said) or None
