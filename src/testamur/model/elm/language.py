"""Texts in several languages, as the European Learning Model writes them: language maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from testamur.canon.strict_json import JsonObject, kind
from testamur.model.base import Written
from testamur.model.faults import BrokenRuleError, fault, model_error, shorten
from testamur.model.markers import Plain
from testamur.model.values import check_language_tag

__all__ = ["LanguageMap", "ManyTexts", "OneText", "Texts"]


class LanguageMap(Written, Mapping[str, str]):
    """Texts by language: BCP 47 tag → text. Frozen; equal to any map with the same texts.

    A language may have several texts where the member allows it: `map[tag]` is the first of them,
    `map.all(tag)` all of them.
    """

    __slots__ = ("_texts", "_written")

    def __init__(self, texts: Mapping[str, str | Sequence[str]]) -> None:
        """Hold texts by language. texts: language tag → a text, or several.

        Raises:
            ModelError: it is empty, a key is no language tag, or a value no text.
        """
        try:
            self._fill(texts)
        except BrokenRuleError as error:
            raise model_error(error, "texts", texts) from error

    def _fill(self, texts: Mapping[str, Any]) -> None:
        if not texts:
            raise _fault('is an empty object; write at least one language, as {"en": "Title"}')
        self._written = dict(texts)
        self._texts: dict[str, tuple[str, ...]] = {}
        for tag, value in texts.items():
            if type(value) is str and tag in _USUAL:
                self._texts[tag] = (value,)
            else:
                self._texts[_tag(tag)] = _texts(tag, value)
        if len(self._texts) > 1:
            _refuse_same_tags(self._texts)

    def __getitem__(self, tag: str) -> str:
        return self._texts[tag][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        if type(other) is not LanguageMap:
            return NotImplemented
        return self._texts == other._texts or self._sets() == other._sets()

    def __hash__(self) -> int:
        return hash(frozenset(self._sets().items()))

    def __repr__(self) -> str:
        return f"LanguageMap({self._written!r})"

    def all(self, tag: str) -> tuple[str, ...]:
        """Return every text in a language; none where it has none."""
        return self._texts.get(tag, ())

    @property
    def has_several(self) -> bool:
        """Whether a language has several texts."""
        return any(len(each) > 1 for each in self._texts.values())

    @property
    def is_whole(self) -> bool:
        """Whether no text is blank."""
        for texts in self._texts.values():
            for each in texts:
                if not each or each.isspace():
                    return False
        return True

    def text(self, *tags: str) -> str:
        """Return the text in the first of these languages that there is, else the first text."""
        return next(
            (self[tag] for tag in (*tags, "en") if tag in self._texts), self[next(iter(self))]
        )

    def to_json(self) -> JsonObject:
        """Write the map as it was written: a fresh copy."""
        return {
            tag: value if isinstance(value, str) else list(value)
            for tag, value in self._written.items()
        }

    def _sets(self) -> dict[str, frozenset[str]]:
        return {tag.casefold(): frozenset(texts) for tag, texts in self._texts.items()}


# Those that need no further look; any other tag is checked.
_USUAL = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt"})


def _read(value: object) -> LanguageMap:
    if isinstance(value, LanguageMap):
        return value
    if not isinstance(value, Mapping):
        raise _fault(f'is {kind(value)}; write the text by language, as {{"en": "Title"}}')
    found = LanguageMap.__new__(LanguageMap)
    found._fill(value)
    return found


def _read_unique(value: object) -> LanguageMap:
    found = _read(value)
    if found.has_several:
        tag = next(tag for tag in found if len(found.all(tag)) > 1)
        raise _fault(f"has several texts in {tag!r}; this member takes one text a language")
    return found


def _read_single(value: object) -> LanguageMap:
    found = _read_unique(value)
    if len(found) > 1:
        raise _fault(
            f"has texts in {len(found)} languages ({', '.join(found)}); the data model takes one"
            " here, so keep one"
        )
    return found


Texts: TypeAlias = Annotated[LanguageMap, Plain(_read_unique)]
"""A language map with one text a language."""

ManyTexts: TypeAlias = Annotated[LanguageMap, Plain(_read)]
"""A language map in which a language may have several texts."""

OneText: TypeAlias = Annotated[LanguageMap, Plain(_read_single)]
"""A language map with one text in one language, where the data model takes no more: names of
persons and of agencies."""


def _tag(tag: object) -> str:
    if tag == "@none":
        raise _fault("has a text without a language (@none); name its language", at="@none")
    if not isinstance(tag, str):
        raise _fault(f"has a key that is {kind(tag)}; write language tags")
    try:
        return check_language_tag(tag)
    except BrokenRuleError as error:
        raise _fault(
            f"has the key {shorten(tag)}, which is not a language tag; write one as en, pl or pt-BR"
        ) from error


def _texts(tag: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    what = "an empty array" if value == [] else kind(value)
    raise _fault(f"has {what} in {tag!r}; write a text")


def _refuse_same_tags(texts: Mapping[str, object]) -> None:
    seen: dict[str, str] = {}
    for tag in texts:
        other = seen.setdefault(tag.casefold(), tag)
        if other is not tag:
            raise _fault(f"has {other!r} and {tag!r}, which are one language; keep one of the two")


def _fault(reason: str, *, at: str = "") -> BrokenRuleError:
    return fault(reason, at=at, expected="texts by language")
