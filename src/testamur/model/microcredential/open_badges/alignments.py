"""Elements that Open Badges 3.0 has no member for, as alignments; and out of them again.

The convention, version 1. An alignment of `targetType` "ext:" and the element's name holds

- targetName, targetDescription: for people, in the description's language;
- targetUrl: the concept of a European vocabulary, or the thing's own URL; where there is neither,
  the element's IRI in our vocabulary, or the achievement's URL with "#Assessment-1" and the like;
- targetFramework: the name of the element;
- targetCode: for machines. A code where the element is one ("6" for EQF, "0613" for ISCED-F, "en"
  for a language); else the element as it stands in the description, as JSON.

The skills of learning outcomes, and the types and the supervision of assessments, are said once
more in alignments of their own, each with its concept's IRI, for those who look for nothing else.
The order of alignments is not signed by every cryptosuite, so nothing depends on it.

A reader who knows only Open Badges 3.0 sees a complete badge whose alignments explain it; one that
knows the convention gets the element back exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonValue, dumps, parse
from testamur.errors import ModelError, TestamurError
from testamur.model.base import Model
from testamur.model.microcredential.description import (
    Assessment,
    Cost,
    LearningOutcome,
    MicroCredential,
    NationalLevel,
    Participation,
    PriorLearning,
    QualityAssurance,
    Stacking,
    Workload,
)
from testamur.model.microcredential.open_badges.profiles import text_in
from testamur.model.microcredential.parts import Reference, Resource
from testamur.model.microcredential.terms import OWN_VOCABULARY, iri, words
from testamur.model.ob3.achievement import Alignment
from testamur.model.vocabularies import Term, Vocabulary, by_code, find

__all__ = [
    "ELEMENTS",
    "Element",
    "concept_alignments",
    "concepts",
    "read_alignment",
    "write_alignments",
]

_SKILLS = {
    "esco": "ext:ESCO",
    "digcomp": "ext:DigComp",
    "o*net": "ext:ONET",
    "onet": "ext:ONET",
}
_EUROPE = "http://data.europa.eu/snb"


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


def write_alignments(
    element: str, values: tuple[Any, ...], *, language: str, base: str
) -> Iterator[Alignment]:
    """Write values of an element.

    Args:
        element: what stands behind "ext:" in the target type.
        values: of the description. language: for people. base: the achievement's URL.
    """
    what = _ALL[element]
    for number, value in enumerate(values, 1):
        name, description = what.say(value, language)
        own = f"{OWN_VOCABULARY}{element}" if not what.many else f"{base}#{element}-{number}"
        yield Alignment(
            target_type=f"ext:{element}",
            target_name=name or what.name,
            target_description=description,
            target_url=what.url(value) or own,
            target_framework=what.name,
            target_code=what.code(value) if what.code else dumps(_plain(value)),
        )


def read_alignment(alignment: Alignment) -> tuple[str, JsonValue] | None:
    """Return (element, its machine value as JSON) where an alignment keeps the convention.

    For people and machines alike a target framework is part of it: `ext:EQF` is used by others.
    """
    element = str(alignment.target_type or "").removeprefix("ext:")
    what = _ALL.get(element)
    code = alignment.target_code
    if what is None or code is None or what.name != alignment.target_framework:
        return None
    if what.is_code:
        return None if _names_another(what, alignment.target_url, code) else (element, code)
    try:
        return element, parse(code)
    except TestamurError:
        return None


def _names_another(what: Element, url: str, code: str) -> bool:
    """Whether the URL is that of another level or field than the code; other readers see the URL.

    Whatever else stands there is the element's own URL.
    """
    if not url.startswith((f"{_EUROPE}/eqf/", f"{_EUROPE}/isced-f/")):
        return False
    return url != what.url(code)


def concept_alignments(description: MicroCredential) -> Iterator[Alignment]:
    """Write each skill and each concept of an assessment, for readers who look for these alone."""
    language = description.language
    for outcome in description.learning_outcomes:
        for skill in outcome.skills:
            if skill.url is not None:
                yield Alignment(
                    target_type=_skill_type(skill.framework),
                    target_name=text_in(skill.name, language) or "",
                    target_url=skill.url,
                    target_code=skill.code,
                    target_framework=skill.framework,
                )
    for word in concepts(description):
        yield Alignment(
            target_type=f"ext:{type(word).__name__}",
            target_name=words(word, language),
            target_url=iri(word),
            target_code=word.value,
            target_framework="European Learning Model",
        )


def concepts(description: MicroCredential) -> list[StrEnum]:
    """Return the types and the supervision of the assessments, each once."""
    found = [
        word
        for each in description.assessments
        for word in (*each.types, each.supervision)
        if word is not None
    ]
    return list(dict.fromkeys(found))


def _skill_type(framework: str | None) -> str | None:
    name = (framework or "").casefold()
    return next((kind for known, kind in _SKILLS.items() if name.startswith(known)), None)


def _plain(value: Any) -> JsonValue:
    if isinstance(value, Model):
        return value.to_json()
    return value  # type: ignore[no-any-return]


def _first(values: tuple[StrEnum, ...]) -> str | None:
    return iri(values[0]) if values else None


def _sentence(*parts: str | None) -> str | None:
    said = [part for part in parts if part]
    return "; ".join(said) or None


# What each element says to people.


def _say_text(value: dict[str, str], language: str) -> tuple[str, str | None]:
    text = text_in(value, language) or ""
    return (text, None) if len(text) <= 100 else (f"{text[:97]}…", text)


def _say_outcome(value: LearningOutcome, language: str) -> tuple[str, str | None]:
    kind = words(value.kind, language) if value.kind else None
    reach = words(value.reusability, language) if value.reusability else None
    skills = [_in_framework(each, language) for each in value.skills]
    description = text_in(value.description, language)
    return text_in(value.title, language) or "", _sentence(description, kind, reach, *skills)


def _in_framework(value: Reference, language: str) -> str:
    name = text_in(value.name, language) or ""
    return f"{value.framework}: {name}" if value.framework else name


def _say_workload(value: Workload, language: str) -> tuple[str, str | None]:
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


def _say_national(value: NationalLevel, language: str) -> tuple[str, str | None]:
    del language
    return f"{value.framework}: {value.level}", value.country


def _say_assessment(value: Assessment, language: str) -> tuple[str, str | None]:
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


def _say_participation(value: Participation, language: str) -> tuple[str, str | None]:
    modes = ", ".join(words(each, language) for each in value.modes)
    setting = words(value.setting, language) if value.setting else None
    description = text_in(value.description, language)
    name = modes or setting or description or ""
    details = [each for each in (setting, description) if each != name]
    return name, _sentence(*details)


def _say_quality(value: QualityAssurance, language: str) -> tuple[str, str | None]:
    agency = text_in(value.agency.name, language) if value.agency else None
    until = value.valid_until.isoformat() if value.valid_until else None
    return text_in(value.title, language) or "", _sentence(
        words(value.kind, language) if value.kind else None,
        f"by {agency}" if agency else None,
        text_in(value.description, language),
        f"valid until {until}" if until else None,
    )


def _say_stacking(value: Stacking, language: str) -> tuple[str, str | None]:
    target = value.target and text_in(value.target.name, language)
    said = words(value.relation, language)
    return f"{said}: {target}" if target else said, text_in(value.note, language)


def _say_prior_learning(value: PriorLearning, language: str) -> tuple[str, str | None]:
    said = "is recognized" if value.recognized else "is not recognized"
    return f"Prior learning {said}", text_in(value.note, language)


def _say_cost(value: Cost, language: str) -> tuple[str, str | None]:
    amount = f"{value.amount} {value.currency or ''}".strip() if value.amount is not None else None
    text, funding = text_in(value.text, language), text_in(value.funding, language)
    name = text or amount or funding or ""
    return name, _sentence(*(each for each in (amount, funding) if each != name))


def _say_link(value: Resource, language: str) -> tuple[str, str | None]:
    return text_in(value.title, language) or value.url, None


def _say_organisation(value: Any, language: str) -> tuple[str, str | None]:
    return text_in(value.name, language) or "", text_in(value.alternative_name, language)


def _say_translations(value: dict[str, dict[str, str]], language: str) -> tuple[str, str | None]:
    others = sorted({tag for texts in value.values() for tag in texts} - {language})
    return f"Also in: {', '.join(others)}" if others else "Texts", None


def _say_field(code: str, language: str) -> tuple[str, str | None]:
    term = find(Vocabulary.ISCED_F, f"{_EUROPE}/isced-f/{code}")
    label = (term.labels.get(language) or term.labels["en"]) if term is not None else None
    return (f"{label} ({code})" if label else f"Field of education {code}"), None


def _language_term(tag: str) -> Term | None:
    try:
        return by_code(Vocabulary.LANGUAGE, tag.partition("-")[0].lower())
    except ModelError:
        return None


def _say_language(tag: str, language: str) -> tuple[str, str | None]:
    term = _language_term(tag)
    return (term.labels.get(language) or term.labels["en"] if term is not None else tag), None


def _language_url(tag: str) -> str | None:
    term = _language_term(tag)
    return term.iri if term is not None else None


def _quality_url(value: QualityAssurance) -> str | None:
    return value.url or (iri(value.kind) if value.kind else None)


def _stacking_url(value: Stacking) -> str | None:
    return (value.target.url if value.target else None) or iri(value.relation)


ELEMENTS = {
    "LearningOutcome": Element(
        "learning_outcomes", "Learning outcome", _say_outcome, lambda each: each.id, many=True
    ),
    "LearningOutcomeSummary": Element("outcome_summary", "Learning outcomes", _say_text),
    "Workload": Element("workload", "Workload", _say_workload),
    "EQF": Element(
        "level.eqf",
        "European Qualifications Framework (EQF)",
        lambda level, _: (f"EQF level {level}", None),
        lambda level: f"{_EUROPE}/eqf/{level}",
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
        _say_national,
        lambda each: each.url,
        many=True,
    ),
    "Assessment": Element(
        "assessments",
        "Assessment",
        _say_assessment,
        many=True,
    ),
    "Participation": Element(
        "participation", "Form of participation", _say_participation, lambda e: _first(e.modes)
    ),
    "QualityAssurance": Element(
        "quality_assurance", "Quality assurance", _say_quality, _quality_url, many=True
    ),
    "Prerequisites": Element("prerequisites", "Prerequisites", _say_text),
    "PriorLearning": Element(
        "prior_learning", "Recognition of prior learning", _say_prior_learning
    ),
    "Stackability": Element(
        "stackability", "Stackability", _say_stacking, _stacking_url, many=True
    ),
    "FurtherInformation": Element("further_information", "Further information", _say_text),
    "Link": Element("links", "Link", _say_link, lambda each: each.url, many=True),
    "Content": Element("content", "Content", _say_text),
    "ISCED-F": Element(
        "fields",
        "International Standard Classification of Education: Fields (ISCED-F 2013)",
        _say_field,
        lambda code: f"{_EUROPE}/isced-f/{code}",
        code=str,
        many=True,
    ),
    "LanguageOfInstruction": Element(
        "languages",
        "Language of instruction (BCP 47)",
        _say_language,
        _language_url,
        code=str,
        many=True,
    ),
    "Cost": Element("cost", "Cost", _say_cost),
    "Translations": Element("translations", "Texts in other languages", _say_translations),
    "Issuer": Element("issuer", "Issuer", _say_organisation, lambda each: each.website),
    "AwardingBody": Element(
        "awarding_body", "Awarding body", _say_organisation, lambda each: each.website
    ),
}
"""Target type without "ext:" → what it holds; those of an achievement."""

# A grading scheme is an alignment of a result description.
_ALL = {**ELEMENTS, "GradingScheme": Element("scheme", "Grading scheme", _say_text)}
