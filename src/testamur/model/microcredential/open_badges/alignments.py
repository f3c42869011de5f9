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

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from testamur.canon.strict_json import JsonValue, dumps, parse
from testamur.errors import TestamurError
from testamur.model.base import Model
from testamur.model.microcredential.description import (
    MicroCredential,
)
from testamur.model.microcredential.open_badges.element_words import EUROPE
from testamur.model.microcredential.open_badges.elements import ALL, Element
from testamur.model.microcredential.open_badges.profiles import text_in
from testamur.model.microcredential.terms import OWN_VOCABULARY, iri, words
from testamur.model.ob3.achievement import Alignment

__all__ = ["concept_alignments", "concepts", "read_alignment", "write_alignments"]

_SKILLS = {
    "esco": "ext:ESCO",
    "digcomp": "ext:DigComp",
    "o*net": "ext:ONET",
    "onet": "ext:ONET",
}


def write_alignments(
    element: str, values: tuple[Any, ...], *, language: str, base: str
) -> Iterator[Alignment]:
    """Write values of an element.

    Args:
        element: what stands behind "ext:" in the target type.
        values: of the description. language: for people. base: the achievement's URL.
    """
    what = ALL[element]
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
    what = ALL.get(element)
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
    if not url.startswith((f"{EUROPE}/eqf/", f"{EUROPE}/isced-f/")):
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
