"""What the tables of accepted objects are made of; each check answers for one value.

A check may also raise a BrokenRuleError, which means the same as False.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from testamur.model.dates import check_date, check_date_time, check_date_time_stamp
from testamur.model.values import (
    check_compact_jws,
    check_language_tag,
    check_number,
    check_url,
    is_extension,
)

__all__ = [
    "Check",
    "Members",
    "Object",
    "at_least_one",
    "compact_jws",
    "contexts",
    "day",
    "instant",
    "language_tag",
    "moment",
    "named",
    "never",
    "number",
    "several",
    "term",
    "text",
    "true_or_false",
    "url",
    "url_or",
]

Check: TypeAlias = Callable[[Any], bool]
Members: TypeAlias = Mapping[str, Check]


class Object:
    """The objects that a model accepts.

    Attributes:
        members: JSON name → what its value must be, for every member the model has.
        required: those that may not be missing.
        types: the alternatives of each type that `type` must name.
        closed: whether it takes no other members.
        rule: what else must hold.
    """

    __slots__ = ("closed", "members", "required", "rule", "types")

    def __init__(
        self,
        members: Members,
        *,
        required: str = "",
        types: tuple[tuple[str, ...], ...] | None = None,
        closed: bool = False,
        rule: Callable[[dict[str, Any]], bool] | None = None,
    ) -> None:
        self.members = dict(members) if types is None else {**members, "type": _types}
        self.required = frozenset(required.split()) | (frozenset() if types is None else {"type"})
        self.types = types or ()
        self.closed = closed
        self.rule = rule

    def __call__(self, value: Any) -> bool:
        if not isinstance(value, dict) or not self.required <= value.keys():
            return False
        members = self.members
        for name, each in value.items():
            check = members.get(name)
            if check is not None:
                if not check(each):
                    return False
            elif self.closed or not _is_unicode(name):
                return False
        for alternatives in self.types:
            named = value["type"]
            if isinstance(named, str):
                named = (named,)
            if not any(each in named for each in alternatives):
                return False
        return self.rule is None or self.rule(value)


def text(value: Any) -> bool:
    """A string."""
    return isinstance(value, str) and _is_unicode(value)


def number(value: Any) -> bool:
    """A JSON number."""
    return check_number(value) is value


def true_or_false(value: Any) -> bool:
    """A boolean."""
    return isinstance(value, bool)


def url(value: Any) -> bool:
    """A `Url`."""
    return isinstance(value, str) and check_url(value) is value


def compact_jws(value: Any) -> bool:
    """A `CompactJws`."""
    return isinstance(value, str) and check_compact_jws(value) is value


def language_tag(value: Any) -> bool:
    """A `LanguageTag`."""
    return isinstance(value, str) and check_language_tag(value) is value


def instant(value: Any) -> bool:
    """A `DateTimeStamp`."""
    return check_date_time_stamp(value) is not None


def moment(value: Any) -> bool:
    """A `DateTime`."""
    return check_date_time(value) is not None


def day(value: Any) -> bool:
    """A `Date`."""
    return check_date(value) is not None


def _types(value: Any) -> bool:
    if isinstance(value, str):
        return value != ""
    return isinstance(value, list) and bool(value) and all(map(_types_item, value))


def _types_item(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def several(check: Check) -> Check:
    """A set of these, or one alone."""

    def each_of(value: Any) -> bool:
        return all(map(check, value)) if isinstance(value, list) else check(value)

    return each_of


def at_least_one(check: Check) -> Check:
    """A set of these that is not empty, or one alone."""
    each_of = several(check)

    def at_least(value: Any) -> bool:
        return value != [] and each_of(value)

    return at_least


def url_or(check: Check) -> Check:
    """A string that is a URL, or one of these."""

    def either(value: Any) -> bool:
        return check_url(value) is value if isinstance(value, str) else check(value)

    return either


def term(vocabulary: type[StrEnum], *, extensible: bool = True) -> Check:
    """A term of a vocabulary; of an extensible one also `ext:` and a name."""
    terms = frozenset(term.value for term in vocabulary)

    def known(value: Any) -> bool:
        return isinstance(value, str) and (value in terms or (extensible and is_extension(value)))

    return known


def contexts(value: Any) -> bool:
    """An array of URLs of contexts, and of contexts themselves."""
    return isinstance(value, list) and all(isinstance(each, dict) or url(each) for each in value)


def named(*types: str) -> tuple[tuple[str, ...], ...]:
    """The types that must all be named."""
    return tuple((each,) for each in types)


def never(_value: Any) -> bool:
    """Nothing: left to the model."""
    return False


def _is_unicode(value: str) -> bool:
    """Whether there is no half of a surrogate pair in it, which the models refuse."""
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
