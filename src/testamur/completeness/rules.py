"""The rules of a profile: each looks at some values and answers whether it holds.

Only what can be counted or compared is asked: that a text is short or a placeholder, never that it
is badly written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from testamur._frozen import dataclass
from testamur.completeness.paths import Subject, find, find_in, parse_path
from testamur.completeness.profile import Rule
from testamur.completeness.report import Found, Remark, pick
from testamur.completeness.shown import all_texts, hours, show, texts_of
from testamur.completeness.wording import sentence
from testamur.errors import TestamurError
from testamur.model.dates import parse_date_time_stamp
from testamur.model.faults import BrokenRuleError
from testamur.model.values import check_url

__all__ = ["PLACEHOLDERS", "Circumstances", "remark_of", "values_at"]

PLACEHOLDERS = frozenset(
    {
        "-", "--", "—", "–", ".", "…", "...", "?", "??", "???", "x", "xx", "xxx", "*",
        "n/a", "na", "n.a.", "n. a.", "not applicable", "not available", "not specified", "ns",
        "not given", "not known", "unknown", "no information", "no data", "null", "nil",
        "tba", "tbc", "tbd", "t.b.a.", "t.b.c.", "t.b.d.", "todo", "to do", "fixme",
        "to be announced", "to be confirmed", "to be decided", "to be defined",
        "to be determined", "to follow", "pending", "coming soon",
        "placeholder", "sample text", "insert text here", "lorem ipsum", "asdf",
        "description", "title", "name", "text", "untitled",
        "k. a.", "k.a.", "keine angabe", "nicht angegeben", "entfällt",
        "s/o", "sans objet", "non précisé", "à compléter", "no aplica", "por definir",
        "nvt", "n.v.t.", "niet van toepassing", "nie dotyczy", "brak danych", "do uzupełnienia",
    }
)  # fmt: skip
"""Texts that stand for one that is missing. "None" is not among them: prerequisites may be none."""

_ABOUT = 3  # values that are named in a remark
_LONGEST_PLACEHOLDER = 120  # characters
_ADDRESS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*://|did:|urn:)\S*\s*")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules look at and need to know.

    Attributes:
        subject: what paths lead into. now: the time of the check, aware, where it is known.
        spoken: the language of the description. language: the one of the report.
    """

    subject: Subject
    now: datetime | None
    spoken: str
    language: str


def values_at(subject: Subject, paths: Sequence[str]) -> list[Any]:
    """Return every value at any of the paths."""
    return [value for path in paths for value in find(subject, parse_path(path))]


def remark_of(rule: Rule, where: Sequence[str], circumstances: Circumstances) -> Remark | None:
    """Ask whether a rule holds; return what is to be said where it does not, else None.

    Args:
        rule: what is asked. where: the paths of its element.
    """
    wrong = _wrong(rule, where, circumstances)
    if wrong is None:
        return None
    texts = rule.say or sentence(rule.kind, getattr(rule, rule.kind))
    about = tuple(show(each, circumstances.spoken) for each in wrong[:_ABOUT])
    return Remark(pick(texts, circumstances.language), _different(about))


def _wrong(rule: Rule, where: Sequence[str], here: Circumstances) -> list[Any] | None:
    """Return the values that break a rule, perhaps none; None where it holds."""
    at = rule.at or tuple(where)
    kind = rule.kind
    if kind == "any":
        answers = [_wrong(each, at, here) for each in rule.any]
        return None if None in answers else next(each for each in answers if each is not None)
    values = values_at(here.subject, at)
    if kind == "present":
        return None if values else []
    if not values:
        return None
    if kind in _OF_ALL:
        return None if _OF_ALL[kind](values, getattr(rule, kind)) else []
    keeps = _OF_EACH[kind]
    wrong = [value for value in values if not keeps(value, getattr(rule, kind), here)]
    return wrong or None


def _has(value: Any, path: str) -> bool:
    return bool(find_in(value, parse_path(path)))


def _plain(value: Any) -> str:
    """Return a value as profiles write it."""
    return value if type(value) is str else str(getattr(value, "value", value))


_OF_ALL: dict[str, Callable[[list[Any], Any], bool]] = {
    "min_count": lambda values, least: len(values) >= least,
    "max_count": lambda values, most: len(values) <= most,
    "one_has_all": lambda values, paths: any(
        all(_has(value, path) for path in paths) for value in values
    ),
    "includes": lambda values, wanted: any(_plain(value) in wanted for value in values),
}


def _has_words(value: Any, least: int, here: Circumstances) -> bool:
    return len(all_texts(value, here.spoken).split(None, least)) >= least


def _has_characters(value: Any, least: int, here: Circumstances) -> bool:
    return len(all_texts(value, here.spoken).strip()) >= least


def _is_no_placeholder(value: Any, _: bool, __: Circumstances) -> bool:
    return not any(map(_is_placeholder, texts_of(value)))


def _is_placeholder(text: str) -> bool:
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    words = " ".join(text.casefold().split())
    return words in PLACEHOLDERS or words.strip("[](){}<>.!:…* ") in PLACEHOLDERS | {""}


def _is_no_url(value: Any, _: bool, __: Circumstances) -> bool:
    return not any(_ADDRESS.fullmatch(text) for text in texts_of(value))


def _differs(value: Any, paths: tuple[str, ...], here: Circumstances) -> bool:
    others = {_folded(text) for each in values_at(here.subject, paths) for text in texts_of(each)}
    return others.isdisjoint(map(_folded, texts_of(value)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")


def _contains_none(value: Any, words: tuple[str, ...], _: Circumstances) -> bool:
    text = " ".join(texts_of(value)).casefold()
    return not any(re.search(rf"\b{re.escape(word.casefold())}\b", text) for word in words)


def _is_url(value: Any, _: bool, __: Circumstances) -> bool:
    try:
        return isinstance(value, str) and bool(check_url(value))
    except BrokenRuleError:
        return False


def _is_long_enough(value: Any, least: int, _: Circumstances) -> bool:
    found = hours(value)
    return found is None or found >= least


def _has_not_passed(value: Any, _: bool, here: Circumstances) -> bool:
    if here.now is None:
        return True
    moment = value
    if isinstance(value, str):
        try:
            moment = parse_date_time_stamp(value)
        except TestamurError:
            return True
    if isinstance(moment, datetime):
        return moment >= here.now
    return not isinstance(moment, date) or moment >= here.now.astimezone(UTC).date()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_OF_EACH: dict[str, Callable[[Any, Any, Circumstances], bool]] = {
    "min_words": _has_words,
    "min_characters": _has_characters,
    "not_placeholder": _is_no_placeholder,
    "not_url": _is_no_url,
    "differs_from": _differs,
    "not_containing": _contains_none,
    "has_all": lambda value, paths, _: all(_has(value, path) for path in paths),
    "has_any": lambda value, paths, _: any(_has(value, path) for path in paths),
    "only": lambda value, wanted, _: _plain(value) in wanted,
    "starts_with": lambda value, wanted, _: _plain(value).startswith(wanted),
    "url": _is_url,
    "min": lambda value, least, _: not _is_number(value) or value >= least,
    "max": lambda value, most, _: not _is_number(value) or value <= most,
    "min_hours": _is_long_enough,
    "not_passed": _has_not_passed,
}


def _different(values: tuple[Found, ...]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(values))
