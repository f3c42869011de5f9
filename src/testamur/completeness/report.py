"""What a check for completeness found: for each element, whether it is there, thin or missing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn

from testamur._frozen import dataclass, fields
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.completeness.profile import Need

__all__ = ["Completeness", "Counts", "Element", "Found", "Remark", "Standing", "Wording", "pick"]

COMPLETENESS_VERSION = "1"


class Standing(StrEnum):
    """How an element stands."""

    THERE = "there"
    THIN = "thin"
    """something is there, but too little to be useful."""
    MISSING = "missing"
    NOT_APPLICABLE = "does not apply"
    """it is not expected here."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a profile or of ours, and its language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Found:
    """A short text made from what a description says; anybody may have written it.

    Attributes:
        language: that of the text, where it has one.
    """

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Why an element is thin or missing.

    Attributes:
        about: the values that are meant; at most three.
    """

    sentence: Wording
    about: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a profile, and what was found of it.

    Attributes:
        number: its number in the published list.
        found: what is said, shortened. more_found: how many values are not shown.
        remarks: why it is thin or missing; empty where it is there.
        why: why it matters. write: what to write. example: one.
    """

    id: str
    number: str | None
    title: Wording
    need: Need
    standing: Standing
    found: tuple[Found, ...]
    more_found: int
    remarks: tuple[Remark, ...]
    why: Wording
    write: Wording
    example: Wording | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many elements stand how."""

    there: int
    thin: int
    missing: int
    not_applicable: int

    @property
    def expected(self) -> int:
        """How many are expected here."""
        return self.there + self.thin + self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Everything that a check for completeness found. It has no truth value.

    Attributes:
        version: of this format; within a version, members are only added.
        profile: the id of the profile. profile_title: its name. profile_source: where it is from.
        title: of the micro-credential. issuer: who issues it.
        id: of the credential, or of the description.
        elements: in the order of the profile.
        not_carried: what the conversion to a description could not take over as it stood.
    """

    version: str = COMPLETENESS_VERSION
    profile: str
    profile_title: Wording
    profile_source: str | None
    title: Found
    issuer: Found | None
    id: str | None
    elements: tuple[Element, ...]
    not_carried: tuple[str, ...] = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a completeness report is neither true nor false; look at its counts or its elements"
        )

    def __str__(self) -> str:
        """The counts in one line."""
        required, recommended = self.required, self.recommended
        return (
            f"{required.there} of {required.expected} required elements there, "
            f"{required.thin} thin, {required.missing} missing; "
            f"{recommended.there} of {recommended.expected} recommended"
        )

    @property
    def required(self) -> Counts:
        """How the required elements stand."""
        return self._counts(Need.REQUIRED)

    @property
    def recommended(self) -> Counts:
        """How the recommended elements stand."""
        return self._counts(Need.RECOMMENDED)

    def element(self, identifier: str) -> Element:
        """Return the element with this id.

        Raises:
            KeyError: the profile has none.
        """
        found = next((each for each in self.elements if each.id == identifier), None)
        if found is None:
            raise KeyError(identifier)
        return found

    def to_json(self) -> JsonObject:
        """Return the report as a JSON object, with every member; what is unknown is null."""
        document = _members(self)
        document["required"] = _members(self.required)
        document["recommended"] = _members(self.recommended)
        return document

    def _counts(self, need: Need) -> Counts:
        standings = [each.standing for each in self.elements if each.need is need]
        return Counts(
            standings.count(Standing.THERE),
            standings.count(Standing.THIN),
            standings.count(Standing.MISSING),
            standings.count(Standing.NOT_APPLICABLE),
        )


def pick(texts: Mapping[str, str], language: str) -> Wording:
    """Choose a text: in the language, else in English, else the first there is."""
    for wanted in (language, language.partition("-")[0], "en"):
        if wanted in texts:
            return Wording(texts[wanted], wanted)
    first = next(iter(texts))
    return Wording(texts[first], first)


def _members(part: Any) -> JsonObject:
    return {each.name: _to_json(getattr(part, each.name)) for each in fields(part)}


def _to_json(value: Any) -> JsonValue:
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    return _members(value)
