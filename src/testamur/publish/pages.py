"""The public page of a credential: one HTML file that a learner shows, and a person reads.

A page has no scripts, asks for nothing from anywhere but its own folder, and says so to the browser
(Content Security Policy). What a credential says stands in it as text: markup is escaped, only
https addresses become links, and characters that turn the direction of text around are written as
escapes that one can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from testamur.carry import qr_svg
from testamur.completeness.html import environment, style_sheet
from testamur.completeness.reading import read
from testamur.completeness.report import pick
from testamur.completeness.shown import show
from testamur.errors import ModelError
from testamur.model.microcredential import (
    Assessment,
    LearningOutcome,
    MicroCredential,
    Stacking,
)
from testamur.model.microcredential.terms import words
from testamur.register import Standing
from testamur.secured import Secured, Securing

__all__ = ["TEMPLATE_VERSION", "Page", "render"]

TEMPLATE_VERSION = 1
"""Raised whenever pages look otherwise, so that all are written anew."""

_HTTPS = re.compile(r"https://[!-~]+")
_CHARACTERS = 20_000  # of one text
_ITEMS = 200  # in one list of a page
# Official languages of the European Union and its neighbours; others are shown by their tags.
_LANGUAGES = {
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "hr": "Croatian",
    "hu": "Hungarian",
    "is": "Icelandic",
    "it": "Italian",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mt": "Maltese",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
_MONTHS = "January,February,March,April,May,June,July,August,September,October,November,December"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page is made of.

    Attributes:
        secured: the credential.
        url: of the page.
        standing: whether the credential holds.
        is_expired: whether it has ended.
        newer: URL of the page of the credential that supersedes it; None where that has none.
        is_superseded: whether one does.
        pictures: names of the picture files beside the page: ".svg", ".png".
        issuer_name: as the issuer's profile has it.
        issuer: the issuer's id.
    """

    secured: Secured
    url: str
    standing: Standing = Standing.CURRENT
    is_expired: bool = False
    newer: str | None = None
    is_superseded: bool = False
    pictures: tuple[str, ...] = ()
    issuer_name: str
    issuer: str

    @property
    def document_name(self) -> str:
        """The name of the credential's own file, beside the page."""
        suffix = "jwt" if self.secured.securing is Securing.VC_JWT else "json"
        return f"credential.{suffix}"


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    label: str
    value: _Words


@dataclass(frozen=True, slots=True)
class _Item:
    title: _Words | None
    text: _Words | None
    link: str | None = None
    tags: tuple[_Words, ...] = ()


def render(page: Page) -> bytes:
    """Make the page."""
    style, style_hash = style_sheet("testamur.publish", "credential.css")
    said = _said(page)
    template = _environment().get_template("credential.html")
    media_type = "application/vc+jwt" if page.document_name.endswith("jwt") else "application/vc"
    host = page.issuer.removeprefix("did:web:").partition(":")[0]
    return template.render(
        page=page,
        style=style,
        style_hash=style_hash,
        media_type=media_type,
        domain=host if page.issuer.startswith("did:web:") else None,
        qr=Markup(qr_svg(page.url).decode("ascii")),  # noqa: S704 - drawn here, of our own URL
        **said,
    ).encode("utf-8")


def _said(page: Page) -> dict[str, object]:
    """Return what the credential says, in parts; little where no description can be read of it."""
    document = page.secured.document
    try:
        about = read(document).description
    except ModelError:
        name = document.get("name")
        title = name if isinstance(name, str) and name.strip() else "Credential"
        about = MicroCredential(language="en", title={"en": title})
    language = about.language
    return {
        "language": language,
        "title": _words(about.title, language),
        "recipient": _recipient(about),
        "awarded_by": (
            None if about.awarding_body is None else _words(about.awarding_body.name, language)
        ),
        "description": _maybe(about.description, language),
        "content": _maybe(about.content, language),
        "criteria": _maybe(about.criteria, language),
        "dates": list(_dates(about)),
        "valid_until": None if about.valid_until is None else _day(about.valid_until),
        "facts": list(_facts(about)),
        "outcomes": [_outcome(each, language) for each in about.learning_outcomes[:_ITEMS]],
        "outcome_summary": _maybe(about.outcome_summary, language),
        "evidence": [
            _Item(
                _Words(each.title) if each.title else None,
                _Words(_cut(each.description)) if each.description else None,
                _link(each.url),
            )
            for each in about.evidence[:_ITEMS]
        ],
        "quality": [
            _Item(
                _words(each.title, language),
                _maybe(each.description, language),
                _link(each.url) or _link(each.report),
            )
            for each in about.quality_assurance[:_ITEMS]
        ],
    }


def _recipient(about: MicroCredential) -> str | None:
    """Return the learner's name; an address or a number is nothing for a public page."""
    learner = about.learner
    if learner is None:
        return None
    names = [each for each in (learner.given_name, learner.family_name) if each]
    return _cut(learner.full_name or " ".join(names)) or None


def _dates(about: MicroCredential) -> Iterator[_Fact]:
    if about.issued is not None:
        yield _Fact("Awarded on", _Words(_day(about.issued)))
    if about.started is not None and about.ended is not None:
        yield _Fact("Learning from", _Words(f"{_day(about.started)} to {_day(about.ended)}"))
    elif about.ended is not None:
        yield _Fact("Learning until", _Words(_day(about.ended)))
    if about.valid_until is not None:
        yield _Fact("Valid until", _Words(_day(about.valid_until)))


def _facts(about: MicroCredential) -> Iterator[_Fact]:
    values = (
        ("Level", about.level),
        ("Workload", about.workload),
        ("Form of learning", about.participation),
        ("Field", about.category),
        ("Prerequisites", about.prerequisites),
        ("More information", about.further_information),
    )
    for label, value in values:
        if value is None:
            continue
        found = show(value, about.language)
        if found.text:
            yield _Fact(label, _Words(found.text, found.language))
    for assessment in about.assessments[:_ITEMS]:
        yield _Fact("Assessment", _assessment(assessment, about.language))
    for stacking in about.stackability[:_ITEMS]:
        yield _Fact("Stacking", _stacking(stacking, about.language))
    if about.languages:
        names = ", ".join(_LANGUAGES.get(each, each) for each in about.languages[:_ITEMS])
        yield _Fact("Taught in", _Words(names))


def _assessment(assessment: Assessment, language: str) -> _Words:
    """Say how something was assessed, and with which result."""
    how = show(assessment.model_copy(update={"grade": None}), language)
    grade = assessment.grade
    if grade is None:
        return _Words(how.text, how.language)
    result = (
        grade.value
        if grade.status is None
        else f"{grade.value}, {words(grade.status, language).lower()}"
    )
    return _Words(f"{how.text}: {_cut(result)}" if how.text else _cut(result), how.language)


def _stacking(stacking: Stacking, language: str) -> _Words:
    """Say how it stands to another credential."""
    relation = words(stacking.relation, language)
    other = stacking.target.name if stacking.target is not None else stacking.note
    if other is None:
        return _Words(relation)
    picked, mark = _words(other, language), "" if stacking.target is not None else ":"
    return _Words(f"{relation}{mark} {picked.text}", picked.language)


def _outcome(outcome: LearningOutcome, language: str) -> _Item:
    return _Item(
        _words(outcome.title, language),
        _maybe(outcome.description, language),
        tags=tuple(_words(each.name, language) for each in outcome.skills[:_ITEMS]),
    )


def _words(texts: dict[str, str], language: str) -> _Words:
    picked = pick(texts, language)
    return _Words(_cut(picked.text), picked.language)


def _maybe(texts: dict[str, str] | None, language: str) -> _Words | None:
    return None if texts is None else _words(texts, language)


def _link(url: str | None) -> str | None:
    return url if url is not None and _HTTPS.fullmatch(url) else None


def _cut(text: str | None) -> str:
    whole = (text or "").strip()
    return whole if len(whole) <= _CHARACTERS else f"{whole[:_CHARACTERS]}…"


def _day(moment: date | datetime | str) -> str:
    if isinstance(moment, str):
        return moment
    return f"{moment.day} {_MONTHS.split(',')[moment.month - 1]} {moment.year}"


@cache
def _environment() -> Environment:
    return environment("testamur.publish")
