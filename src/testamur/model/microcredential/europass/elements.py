"""The small things of which the European Learning Model is made, both ways: concepts, texts, days.

The convention, version 1, for what the model has no vocabulary for. A concept of a framework of
somebody's has the scheme `…/v1#framework/` and the framework's name, percent-encoded; a word of
ours has its IRI in our vocabulary and the scheme of its kind. A note that is an element of its own
has that element's concept as its `subject`. Texts keep their language tags as they are, also
`pt-BR`; where a concept stands for a language, it is that of the primary subtag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote, unquote

from testamur.canon.strict_json import JsonObject
from testamur.errors import TestamurError
from testamur.model.base import One
from testamur.model.dates import LexicalDateTime, check_date_time_stamp
from testamur.model.elm import (
    Concept,
    ConceptScheme,
    LanguageMap,
    Note,
    WebResource,
    civil_date,
)
from testamur.model.faults import BrokenRuleError
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.parts import Reference
from testamur.model.microcredential.terms import OWN_VOCABULARY, iri, term, words
from testamur.model.vocabularies import Vocabulary, by_code, find

__all__ = [
    "FRAMEWORKS",
    "Json",
    "attempt",
    "code_of",
    "concept_of",
    "controlled",
    "day_of",
    "framework_scheme",
    "label_of",
    "midnight",
    "moment_of",
    "note",
    "note_texts",
    "own_concept",
    "own_id",
    "page",
    "pages_of",
    "reference_concept",
    "reference_of",
    "set_of",
    "subject_of",
    "texts_of",
    "told",
    "url_of",
    "word_concept",
]

T = TypeVar("T")

Json: TypeAlias = JsonObject
"""A part of a description as JSON, read and not yet checked."""

FRAMEWORKS: Mapping[str, str] = {
    Vocabulary.ESCO_SKILL: "ESCO",
    Vocabulary.ESCO_OCCUPATION: "ESCO occupations",
    Vocabulary.DIGCOMP: "DigComp",
}
"""Scheme → what people call it."""

_FRAMEWORK = f"{OWN_VOCABULARY}framework/"
_LOCAL = re.compile("urn:epass:.*", re.DOTALL)
_DIGCOMP = re.compile(r"http://data\.europa\.eu/snb/dcf/[0-9A-Za-z_-]+")
_JUNK_NOTATIONS = frozenset({"Skill", "Occupation"})


def set_of(values: Iterable[T]) -> tuple[T, ...]:
    """Write a set: one value alone without an array."""
    found = tuple(values)
    return One(found) if len(found) == 1 else found


def attempt(build: Callable[[], T]) -> T | None:
    """Return what is built, or None where the European Learning Model does not take it."""
    try:
        return build()
    except TestamurError:
        return None


def own_id(identifier: str | None) -> str | None:
    """Return an id that means something beyond its document; Europass numbers the others."""
    return None if identifier is None or _LOCAL.fullmatch(identifier) else identifier


# Texts and notes.


def texts_of(texts: LanguageMap | None) -> dict[str, str] | None:
    """Read texts; of several in a language the first, and none that is blank."""
    found = {tag: text for tag, text in (texts or {}).items() if text.strip()}
    return found or None


def note(texts: Mapping[str, str], subject: Concept | None = None) -> Note:
    """Write a note."""
    return Note(note_literal=LanguageMap(texts), subject=subject)


def note_texts(taken: Taken, found: Note | None) -> dict[str, str] | None:
    """Read the texts of a note."""
    if found is None:
        return None
    literal: LanguageMap = taken.take(found, "note_literal")
    if literal.has_several:
        taken.bend(found, "note_literal", "of several texts in a language the first is kept")
    return texts_of(literal)


def subject_of(found: Note) -> str | None:
    """Return the name in our vocabulary of what a note is about."""
    identifier = found.subject.id if found.subject is not None else None
    if identifier is None or not identifier.startswith(OWN_VOCABULARY):
        return None
    return identifier.removeprefix(OWN_VOCABULARY)


def page(url: str, title: Mapping[str, str] | None = None, language: str | None = None) -> Any:
    """Write a page; None where its URL is none."""
    return attempt(
        lambda: WebResource(
            content_url=url,
            title=LanguageMap(title) if title else None,
            language=attempt(lambda: Concept.by_code(Vocabulary.LANGUAGE, language or "")),
        )
    )


def pages_of(taken: Taken, pages: Sequence[WebResource]) -> list[Json]:
    """Read pages as resources."""
    found: list[Json] = []
    for each in pages:
        language = code_of(Vocabulary.LANGUAGE, taken.take(each, "language"))
        title = texts_of(taken.take(each, "title"))
        found.append(told(url=taken.take(each, "content_url"), title=title, language=language))
    return found


def url_of(taken: Taken, pages: Sequence[WebResource]) -> str | None:
    """Read the URL of the first page; others are left."""
    for each in pages[1:]:
        taken.leave(each, "a description has one page here")
    return str(taken.take(pages[0], "content_url")) if pages else None


# Concepts.


def word_concept(word: StrEnum) -> Concept:
    """Write a word of a description as a concept."""
    found = term(word)
    if found is not None:
        return Concept.of(found)
    return own_concept(type(word).__name__, {"en": words(word, "en")}, iri(word))


def own_concept(
    kind: str,
    labels: Mapping[str, str],
    identifier: str | None = None,
    notation: str | None = None,
) -> Concept:
    """Write a concept of our vocabulary; kind: names the scheme."""
    return concept_of(OWN_VOCABULARY + kind, labels, identifier, notation)


def concept_of(
    scheme: str,
    labels: Mapping[str, str],
    identifier: str | None = None,
    notation: str | None = None,
) -> Concept:
    """Write a concept of any scheme, by the scheme's IRI."""
    return Concept(
        id=identifier,
        in_scheme=One((ConceptScheme(id=scheme),)),
        pref_label=LanguageMap(labels),
        notation=notation,
    )


def code_of(vocabulary: Vocabulary, found: Concept | None) -> str | None:
    """Read the code of a concept: "IE" of a country, "en" of a language."""
    if found is None or found.id is None:
        return None
    known = find(vocabulary, found.id)
    return known.code if known is not None else None


def controlled(vocabulary: Vocabulary, code: str | None) -> Concept | None:
    """Write a member of a vocabulary by its code; None where it has no such member."""
    return attempt(lambda: Concept.of(by_code(vocabulary, code))) if code else None


def label_of(found: Concept, language: str = "en") -> str:
    """Read what people call a concept."""
    label = found.pref_label.text(language).strip() if found.pref_label else ""
    return label or found.notation or (found.id or "").rpartition("/")[2] or "?"


def framework_scheme(framework: str | None) -> str:
    """Return the scheme of somebody's framework, by what people call it."""
    if framework is None:
        return f"{OWN_VOCABULARY}framework"
    if re.fullmatch("https?://[^\\s]+", framework):
        return framework
    return _FRAMEWORK + quote(framework, safe="", errors="replace")


def reference_concept(reference: Reference) -> Concept | None:
    """Write a reference; None where the European Learning Model does not take it."""
    scheme = framework_scheme(reference.framework)
    if _DIGCOMP.fullmatch(reference.url or ""):
        scheme = Vocabulary.DIGCOMP
    return attempt(lambda: concept_of(scheme, reference.name, reference.url, reference.code))


def reference_of(found: Concept) -> Json:
    """Read a concept of somebody's framework."""
    labels = texts_of(found.pref_label) or {"en": label_of(found)}
    code = found.notation if found.notation not in _JUNK_NOTATIONS else None
    framework = next((name for each in found.schemes if (name := _framework(each))), None)
    return told(name=labels, url=own_id(found.id), framework=framework, code=code)


def _framework(scheme: str) -> str | None:
    if scheme.startswith(_FRAMEWORK):
        return unquote(scheme.removeprefix(_FRAMEWORK))
    if scheme.startswith(OWN_VOCABULARY):
        return None
    return FRAMEWORKS.get(scheme, scheme)


# Days.


def midnight(day: date | None) -> datetime | None:
    """Write a day as the European Learning Model does: its midnight."""
    return None if day is None else datetime.combine(day, time(), UTC)


def day_of(taken: Taken, node: Any, member: str) -> str | None:
    """Read a moment as a day; one at night is taken for the midnight of Central Europe."""
    moment: datetime | None = taken.take(node, member)
    if moment is None:
        return None
    day = civil_date(moment)
    if day != moment.date():
        taken.bend(node, member, f"midnight of Central Europe in UTC is read as {day}")
    elif moment.time() != time():
        taken.bend(node, member, f"of the moment, the day is kept: {day}")
    return day.isoformat()


def moment_of(taken: Taken, node: Any, member: str) -> str | None:
    """Read a moment; one without a time zone is taken for UTC."""
    found: LexicalDateTime | date | None = taken.take(node, member)
    if found is None:
        return None
    text = found.lexical if isinstance(found, LexicalDateTime) else found.isoformat()
    for each in (text, f"{text}Z", f"{text}T00:00:00Z", f"{text[:10]}T00:00:00Z"):
        try:
            check_date_time_stamp(each)
        except BrokenRuleError:
            continue
        if each != text:
            taken.bend(node, member, f"is read as {each}")
        return each
    return None


def told(**members: Any) -> Json:
    """Return a part as JSON, without what is not there."""
    return {name: value for name, value in members.items() if value not in (None, [], ())}
