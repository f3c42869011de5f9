"""Is everything said that should be said? A description or a credential, held against a profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from testamur.completeness.paths import Subject, find, parse_path
from testamur.completeness.profile import Item, Looks, Profile
from testamur.completeness.reading import is_credential, is_description, read
from testamur.completeness.report import (
    Completeness,
    Element,
    Found,
    Remark,
    Standing,
    pick,
)
from testamur.completeness.rules import Circumstances, remark_of, values_at
from testamur.completeness.shown import show
from testamur.completeness.wording import MISSING, NOT_AWARDED, NOT_EXPECTED
from testamur.errors import ModelError
from testamur.model.microcredential import MicroCredential
from testamur.secured import Secured

if TYPE_CHECKING:
    from testamur.canon.strict_json import JsonObject

__all__ = ["Checkable", "check"]

Checkable: TypeAlias = "MicroCredential | Secured | JsonObject"
"""A description, or its JSON; a credential or an achievement of Open Badges 3.0, a credential of
the European Learning Model, as JSON or as it was loaded."""

_VALUES = 12  # that a report shows of one element
_NAMES = ("credentialSubject.achievement.name", "name", "displayParameter.title", "id")
_ISSUERS = ("issuer.name", "issuer.legalName", "issuer.id", "issuer")


def check(
    subject: Checkable, profile: Profile, *, now: datetime | None = None, language: str = "en"
) -> Completeness:
    """Say which elements of a profile are there, which are missing, and which are too thin.

    What a credential says is reported, whoever wrote it: signatures are not checked here.

    Args:
        subject: what is held against the profile.
        profile: what is expected; see `named_profile` and `parse_profile`.
        now: the clock, aware; without it nothing is said of dates that have passed.
        language: in which the profile's texts are taken, where they are there in it.

    Raises:
        ModelError: it is no description and no credential that can be read as one; or the profile
            looks at credentials, and this is a description.
    """
    if profile.looks_at is Looks.CREDENTIAL:
        return _check_credential(subject, profile, now, language)
    reading = read(subject)
    description = reading.description
    # An award to somebody: it came as a credential, or holds what only an award does.
    is_award = is_credential(subject) or bool(description.learner or description.issued)
    issuer = description.issuer or description.awarding_body
    here = Circumstances(Subject(description, {}), now, description.language, language)
    return Completeness(
        profile=profile.id,
        profile_title=pick(profile.title, language),
        profile_source=profile.source,
        title=show(description.title, description.language),
        issuer=None if issuer is None else show(issuer.name, description.language),
        id=description.id,
        elements=tuple(_element(each, here, is_award=is_award) for each in profile.items),
        not_carried=tuple(f"{each.path}: {each.note}" for each in reading.findings),
    )


def _check_credential(
    subject: Checkable, profile: Profile, now: datetime | None, language: str
) -> Completeness:
    if is_description(subject):
        raise ModelError(
            f"the profile {profile.id} looks at the credential itself, and this is a description; "
            "give the credential that was made of it"
        )
    document: Any = subject.document if isinstance(subject, Secured) else subject
    facts = {"$securing": _securing(subject)}
    here = Circumstances(Subject(document, facts), now, language, language)
    identifier = document.get("id")
    return Completeness(
        profile=profile.id,
        profile_title=pick(profile.title, language),
        profile_source=profile.source,
        title=_first(here.subject, _NAMES, language) or Found("a credential without a name", "en"),
        issuer=_first(here.subject, _ISSUERS, language),
        id=identifier if isinstance(identifier, str) else None,
        elements=tuple(_element(each, here, is_award=True) for each in profile.items),
    )


def _securing(subject: Any) -> str:
    if isinstance(subject, Secured):
        return subject.securing.value
    return "data-integrity" if "proof" in subject else "none"


def _first(subject: Subject, paths: tuple[str, ...], language: str) -> Found | None:
    for path in paths:
        for value in find(subject, parse_path(path)):
            return show(value, language)
    return None


def _element(item: Item, here: Circumstances, *, is_award: bool) -> Element:
    values = values_at(here.subject, item.where)
    standing, remarks = _standing(item, values, here, is_award=is_award)
    shown = list(dict.fromkeys(show(each, here.spoken) for each in values[: 4 * _VALUES]))
    return Element(
        id=item.id,
        number=item.number,
        title=pick(item.title, here.language),
        need=item.need,
        standing=standing,
        found=tuple(shown[:_VALUES]),
        more_found=max(0, len(shown) - _VALUES, len(values) - 4 * _VALUES),
        remarks=remarks,
        why=pick(item.why, here.language),
        write=pick(item.write, here.language),
        example=None if item.example is None else pick(item.example, here.language),
    )


def _standing(
    item: Item, values: list[Any], here: Circumstances, *, is_award: bool
) -> tuple[Standing, tuple[Remark, ...]]:
    def said(texts: Mapping[str, str]) -> tuple[Remark, ...]:
        return (Remark(pick(texts, here.language)),)

    if item.only_if is not None and not values_at(here.subject, item.only_if):
        return Standing.NOT_APPLICABLE, said(NOT_EXPECTED)
    if not values:
        if item.award and not is_award:
            return Standing.NOT_APPLICABLE, said(NOT_AWARDED)
        return Standing.MISSING, said(item.missing or MISSING)
    for standing, rules in ((Standing.MISSING, item.there_if), (Standing.THIN, item.useful_if)):
        remarks = [remark_of(rule, item.where, here) for rule in rules]
        if any(remarks):
            return standing, tuple(each for each in remarks if each is not None)
    return Standing.THERE, ()
