"""Profiles: what somebody expects a micro-credential to say, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, field_validator, model_validator

from testamur.completeness.paths import Path, check_in_description, parse_path
from testamur.errors import ModelError
from testamur.model.base import Maybe, Model
from testamur.model.faults import fault
from testamur.model.markers import Plain
from testamur.model.microcredential.parts import Many, Text
from testamur.model.values import Number, Url, closed

__all__ = [
    "Item",
    "Looks",
    "Need",
    "Profile",
    "Rule",
    "check_id",
]

_MAX_ITEMS = 100
_MAX_RULES = 20  # of one item


class Looks(StrEnum):
    """What a profile looks at."""

    DESCRIPTION = "description"
    """what is said, in whichever format."""

    CREDENTIAL = "credential"
    """the credential itself, as it will be sent."""


class Need(StrEnum):
    """How much an element is wanted."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"


def _paths(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not value or len(value) > _MAX_RULES:
        raise fault(f"is no path, and no list of up to {_MAX_RULES} paths")
    for each in value:
        if not isinstance(each, str):
            raise fault("holds something that is no path; write names with dots between them")
        _parse(each)
    return tuple(value)


def _parse(text: str) -> Path:
    try:
        return parse_path(text)
    except ModelError as error:
        raise fault(error.message, found=text) from error


def _yes(value: object) -> bool:
    if value is not True:
        raise fault("can only be true; leave it out where it is not meant")
    return True


def _count(value: object) -> int:
    if type(value) is not int or not 0 < value <= 100_000:
        raise fault("is no whole number from 1 to 100000")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= _MAX_ITEMS:
        raise fault(f"is no list of 1 to {_MAX_ITEMS} texts")
    if not all(isinstance(each, str) and each for each in value):
        raise fault("holds something that is no text; put it in quotes")
    return tuple(value)


_Paths = Annotated[tuple[str, ...], Plain(_paths)]
_Yes = Annotated[bool, Plain(_yes)]
_Count = Annotated[int, Plain(_count)]
_Texts = Annotated[tuple[str, ...], Plain(_texts)]


class _Part(Model):
    model_config = ConfigDict(extra="forbid")


class Rule(_Part):
    """One thing that must hold. Exactly one of the members is given, beside `at` and `say`.

    A rule holds where there is no value at all, but for `present`: whether something may be absent
    is said by another rule.

    Attributes:
        at: the values that are looked at; those of the element unless given.
        say: what to say where it does not hold; each rule has words of its own.
        present: there is a value. min_count, max_count: so many values.
        min_words, min_characters: every text has so many; of an object, all its texts together.
        not_placeholder: no text stands for a missing one, as "tbc" or "N/A".
        not_url: no text is nothing but an address or an identifier.
        differs_from: no text is the same as one at this path.
        not_containing: none of these words is in a text.
        has_all, has_any: every value has something at all, or at one, of these paths below it.
        one_has_all: at least one value has something at all of these.
        includes: at least one value is one of these. only: every value is.
        starts_with: every text begins with one of these.
        url: every text is an absolute URL.
        min, max: the bounds of every number. min_hours: every duration is at least so long.
        not_passed: no date has passed, where the time of the check is known.
        any: at least one of these rules holds.
    """

    at: Maybe[_Paths] = None
    say: Maybe[Text] = None
    present: Maybe[_Yes] = None
    min_count: Maybe[_Count] = None
    max_count: Maybe[_Count] = None
    min_words: Maybe[_Count] = None
    min_characters: Maybe[_Count] = None
    not_placeholder: Maybe[_Yes] = None
    not_url: Maybe[_Yes] = None
    differs_from: Maybe[_Paths] = None
    not_containing: Maybe[_Texts] = None
    has_all: Maybe[_Paths] = None
    has_any: Maybe[_Paths] = None
    one_has_all: Maybe[_Paths] = None
    includes: Maybe[_Texts] = None
    only: Maybe[_Texts] = None
    starts_with: Maybe[_Texts] = None
    url: Maybe[_Yes] = None
    min: Maybe[Number] = None
    max: Maybe[Number] = None
    min_hours: Maybe[_Count] = None
    not_passed: Maybe[_Yes] = None
    any: Many[Rule] = ()

    @property
    def kind(self) -> str:
        """The name of the member that is given."""
        return _given(self)[0]

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        given = _given(self)
        if len(given) != 1:
            names = [name for name in type(self).model_fields if name not in ("at", "say")]
            found = " and ".join(given) or "none"
            raise fault(f"must hold exactly one of {', '.join(names)}; it holds {found}")
        if len(self.any) > _MAX_RULES or any_below(self):
            raise fault(f"may hold up to {_MAX_RULES} rules that hold no others")
        return self


def any_below(rule: Rule) -> bool:
    """Whether alternatives hold alternatives."""
    return any(each.any for each in rule.any)


def _given(rule: Rule) -> list[str]:
    return [
        name
        for name in type(rule).model_fields
        if name not in ("at", "say") and getattr(rule, name) not in (None, ())
    ]


class Item(_Part):
    """One element that a profile expects.

    Attributes:
        id: short, as "learning-outcomes". number: its number in the published list.
        title: what it is called. need: whether it is required.
        where: the paths at which it may stand; it is there where any of them has a value.
        there_if: what must hold for it to be there at all.
        useful_if: what must hold for it not to be too thin to be useful.
        only_if: it is expected only where any of these paths has a value.
        award: it is part of an award to somebody, and not expected of a description without one.
        missing: what to say where it is missing.
        why: why it matters. write: what to write. example: one that could stand there.
    """

    id: str
    number: Maybe[str] = None
    title: Text
    need: Annotated[Need, closed(Need)]
    where: _Paths
    there_if: Many[Rule] = ()
    useful_if: Many[Rule] = ()
    only_if: Maybe[_Paths] = None
    award: Maybe[_Yes] = None
    missing: Maybe[Text] = None
    why: Text
    write: Text
    example: Maybe[Text] = None

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        return check_id(value)

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if max(len(self.there_if), len(self.useful_if)) > _MAX_RULES:
            raise fault(f"holds more than {_MAX_RULES} rules of one kind")
        return self


class Profile(_Part):
    """What somebody expects a micro-credential to say, or a credential to be like.

    Attributes:
        id: short, as "eu". title: its name. about: in a sentence or two. source: where it is from.
        looks_at: what is said in it, or the credential itself.
        items: the elements, in the order of the published list.
    """

    path_name = "profile"

    id: str
    title: Text
    about: Maybe[Text] = None
    source: Maybe[Url] = None
    looks_at: Annotated[Looks, closed(Looks)] = Looks.DESCRIPTION
    items: Many[Item]

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        return check_id(value)

    @model_validator(mode="after")
    def _check_items(self) -> Self:
        if not 0 < len(self.items) <= _MAX_ITEMS:
            raise fault(f"has {len(self.items)} elements; write 1 to {_MAX_ITEMS}", at="items")
        seen: set[str] = set()
        for position, item in enumerate(self.items):
            if item.id in seen:
                raise fault(f"{item.id!r} is there twice", at=f"items[{position}].id")
            seen.add(item.id)
            if self.looks_at is Looks.DESCRIPTION:
                _check_places(item, position)
        return self


def check_id(value: str) -> str:
    """Check that an id is short and plain: it becomes part of pages and file names."""
    if not (value.isascii() and value.replace("-", "").isalnum() and len(value) <= 64):
        raise fault("is no id; write up to 64 letters, digits and hyphens, as learning-outcomes")
    return value


def _check_places(item: Item, position: int) -> None:
    """Check that a description has the places that an item names."""
    start = f"items[{position}]"
    _check_paths(item.where, (), f"{start}.where")
    _check_paths(item.only_if or (), (), f"{start}.onlyIf")
    for name, rules in (("thereIf", item.there_if), ("usefulIf", item.useful_if)):
        for at, rule in enumerate(rules):
            _check_rule(rule, item.where, f"{start}.{name}[{at}]")


def _check_rule(rule: Rule, where: tuple[str, ...], place: str) -> None:
    at = rule.at or where
    _check_paths(at, (), f"{place}.at")
    _check_paths(rule.differs_from or (), (), f"{place}.differsFrom")
    for name in ("has_all", "has_any", "one_has_all"):
        _check_paths(getattr(rule, name) or (), at, f"{place}.{name}")
    for position, each in enumerate(rule.any):
        _check_rule(each, at, f"{place}.any[{position}]")


def _check_paths(paths: tuple[str, ...], below: tuple[str, ...], place: str) -> None:
    for path in paths:
        for start in below or ("",):
            try:
                check_in_description(parse_path(f"{start}.{path}" if start else path))
            except ModelError as error:
                raise fault(f"{path!r}: {error.message}", at=place) from error
