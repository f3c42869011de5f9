"""The elements that Open Badges 3.0 has no member for, each with what its alignment holds."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from testamur._frozen import dataclass
from testamur.model.microcredential.description import QualityAssurance, Stacking
from testamur.model.microcredential.open_badges.element_words import (
    EUROPE,
    language_term,
    say_assessment,
    say_cost,
    say_field,
    say_language,
    say_link,
    say_national,
    say_organisation,
    say_outcome,
    say_participation,
    say_prior_learning,
    say_quality,
    say_stacking,
    say_text,
    say_translations,
    say_workload,
)
from testamur.model.microcredential.terms import iri, words

__all__ = ["ALL", "ELEMENTS", "Element"]


@dataclass(frozen=True, slots=True)
class Element:
    """A member of a description that becomes one alignment, or one for each of its values.

    Attributes:
        member: of the description; "level.eqf" is a member of a member.
        name: of the element, for people.
        say: a value and a language → its words, and a sentence more.
        url: a value → the concept's IRI or the thing's own URL; None where there is neither.
        code: a value → its code, where that is not JSON.
        many: whether the member holds several.
    """

    member: str
    name: str
    say: Callable[[Any, str], tuple[str, str | None]]
    url: Callable[[Any], str | None] = lambda _: None
    code: Callable[[Any], str] | None = None
    many: bool = False

    @property
    def is_code(self) -> bool:
        """Whether the machine value is a code, not JSON."""
        return self.code is not None


def _first(values: tuple[StrEnum, ...]) -> str | None:
    return iri(values[0]) if values else None


def _language_url(tag: str) -> str | None:
    term = language_term(tag)
    return term.iri if term is not None else None


def _quality_url(value: QualityAssurance) -> str | None:
    return value.url or (iri(value.kind) if value.kind else None)


def _stacking_url(value: Stacking) -> str | None:
    return (value.target.url if value.target else None) or iri(value.relation)


ELEMENTS = {
    "LearningOutcome": Element(
        "learning_outcomes", "Learning outcome", say_outcome, lambda each: each.id, many=True
    ),
    "LearningOutcomeSummary": Element("outcome_summary", "Learning outcomes", say_text),
    "Workload": Element("workload", "Workload", say_workload),
    "EQF": Element(
        "level.eqf",
        "European Qualifications Framework (EQF)",
        lambda level, _: (f"EQF level {level}", None),
        lambda level: f"{EUROPE}/eqf/{level}",
        code=str,
    ),
    "QF-EHEA": Element(
        "level.cycle",
        "Qualifications Framework of the European Higher Education Area (QF-EHEA)",
        lambda cycle, language: (words(cycle, language), None),
        iri,
        code=str,
    ),
    "NationalLevel": Element(
        "level.national",
        "National qualifications framework",
        say_national,
        lambda each: each.url,
        many=True,
    ),
    "Assessment": Element(
        "assessments",
        "Assessment",
        say_assessment,
        many=True,
    ),
    "Participation": Element(
        "participation", "Form of participation", say_participation, lambda e: _first(e.modes)
    ),
    "QualityAssurance": Element(
        "quality_assurance", "Quality assurance", say_quality, _quality_url, many=True
    ),
    "Prerequisites": Element("prerequisites", "Prerequisites", say_text),
    "PriorLearning": Element("prior_learning", "Recognition of prior learning", say_prior_learning),
    "Stackability": Element("stackability", "Stackability", say_stacking, _stacking_url, many=True),
    "FurtherInformation": Element("further_information", "Further information", say_text),
    "Link": Element("links", "Link", say_link, lambda each: each.url, many=True),
    "Content": Element("content", "Content", say_text),
    "ISCED-F": Element(
        "fields",
        "International Standard Classification of Education: Fields (ISCED-F 2013)",
        say_field,
        lambda code: f"{EUROPE}/isced-f/{code}",
        code=str,
        many=True,
    ),
    "LanguageOfInstruction": Element(
        "languages",
        "Language of instruction (BCP 47)",
        say_language,
        _language_url,
        code=str,
        many=True,
    ),
    "Cost": Element("cost", "Cost", say_cost),
    "Translations": Element("translations", "Texts in other languages", say_translations),
    "Issuer": Element("issuer", "Issuer", say_organisation, lambda each: each.website),
    "AwardingBody": Element(
        "awarding_body", "Awarding body", say_organisation, lambda each: each.website
    ),
}
"""Target type without "ext:" → what it holds; those of an achievement."""

# A grading scheme is an alignment of a result description.
ALL = {**ELEMENTS, "GradingScheme": Element("scheme", "Grading scheme", say_text)}
