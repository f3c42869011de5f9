"""JSON texts with slots: credentials that differ in a few strings, recognized and written.

A text that equals another, byte for byte, but for what stands between the quotes of some strings
parses to the same document with other strings there. So a text is read without a parser, as long
as these strings hold no escapes, and written without an encoder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, TypeAlias

from testamur._lazy import lazy_pattern
from testamur.canon.marks import Path, find, split_at_marks
from testamur.canon.strict_json import JsonObject, JsonValue

__all__ = ["DocumentTemplate", "JsonTemplate"]

_TOKEN = lazy_pattern(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_ESCAPED = lazy_pattern('[\x00-\x1f\\\\"]')
_UNUSUAL = lazy_pattern("[\x00-\x1f\\\\\ud800-\udfff]")


class JsonTemplate:
    """A JSON text with slots inside its strings. Immutable; safe to share between threads."""

    def __init__(self, constants: Sequence[str], slots: Sequence[int]) -> None:
        """Hold the constant pieces, and the number of the slot behind each but the last."""
        *self._before, self._last = constants
        self._slots = list(slots)
        self._constants = list(constants)
        behind = len(set(slots))  # of the values, for `fill`
        positions = [behind]
        for number, slot in enumerate(slots, start=behind + 1):
            positions += (slot, number)
        self._pick = itemgetter(*positions) if slots else itemgetter(slice(0, 1))

    @classmethod
    def from_marked(cls, text: str) -> JsonTemplate:
        """Make a template of a text that has marks as strings; slots go by their numbers."""
        return cls(*split_at_marks(text))

    @classmethod
    def from_text(cls, text: str, paths: Sequence[Path]) -> JsonTemplate | None:
        """Make a template of a JSON text whose strings at `paths` may vary.

        None where one of them is not there. The text is one that `strict_json.parse` accepts.
        """
        numbers = {path: slot for slot, path in enumerate(paths)}
        constants: list[str] = []
        slots: list[int] = []
        end = 0
        for path, start, stop in _strings(text):
            if path in numbers:
                constants.append(text[end:start])
                slots.append(numbers[path])
                end = stop
        constants.append(text[end:])
        return cls(constants, slots) if len(slots) == len(numbers) else None

    def match(self, text: str) -> list[str] | None:
        """Return the values of the slots if `text` is this text with others; else None.

        None as well where a value holds an escape, which takes a parser.
        """
        values = [""] * len(self._slots)
        end = 0
        for slot, constant in zip(self._slots, self._before, strict=True):
            if not text.startswith(constant, end):
                return None
            start = end + len(constant)
            end = text.find('"', start)
            if end < 0:
                return None
            values[slot] = text[start:end]
        if len(text) - end != len(self._last) or not text.endswith(self._last):
            return None
        return None if _UNUSUAL.search("".join(values)) else values

    def fill_all(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """Return many texts. columns: for each slot its values, one for each text."""
        if _ESCAPED.search("".join(["".join(column) for column in columns])):
            columns = [[encode_basestring(value)[1:-1] for value in column] for column in columns]
        count = len(columns[0])
        strings: list[Iterable[str]] = [
            *columns,
            *(repeat(each, count) for each in self._constants),
        ]
        return list(map("".join, zip(*self._pick(strings), strict=True)))

    def fill(self, values: Sequence[str]) -> str:
        """Return the text with `values` in its slots, escaped where JSON asks for it."""
        if _ESCAPED.search("".join(values)):
            values = [encode_basestring(value)[1:-1] for value in values]
        return "".join(self._pick([*values, *self._constants]))


_Spine: TypeAlias = "tuple[JsonValue, list[tuple[str | int, int | _Spine]]]"
"""A container with slots somewhere inside, and its members with slots: the slot, or a container."""


class DocumentTemplate:
    """A parsed document with slots; what has none inside is shared by all that are filled."""

    def __init__(self, document: JsonObject, paths: Sequence[Path]) -> None:
        """Make a template of a document whose strings at `paths` may vary."""
        self._spine = _spine(document, list(enumerate(paths)))

    def fill(self, values: Sequence[str]) -> JsonObject:
        """Return the document with `values` in its slots."""
        filled: JsonObject = _filled(self._spine, values)
        return filled


def _spine(container: JsonValue, paths: Sequence[tuple[int, Path]]) -> _Spine:
    inside: dict[str | int, list[tuple[int, Path]]] = {}
    for slot, path in paths:
        inside.setdefault(path[0], []).append((slot, path[1:]))
    members: list[tuple[str | int, int | _Spine]] = []
    for step, rest in inside.items():
        slot, path = rest[0]
        members.append((step, _spine(find(container, (step,)), rest) if path else slot))
    return container, members


def _filled(spine: Any, values: Sequence[str]) -> Any:
    container, members = spine
    copied: Any = container.copy()
    for step, inside in members:
        copied[step] = values[inside] if type(inside) is int else _filled(inside, values)
    return copied


def _strings(text: str) -> Iterator[tuple[Path, int, int]]:
    """Yield the path of each string value of a JSON text, and where it stands in its quotes."""
    path: list[str | int] = []
    expects_name = False
    for match in _TOKEN.finditer(text):
        found = match[0]
        if found == "{":
            path.append("")
            expects_name = True
        elif found == "[":
            path.append(0)
        elif found in "]}":
            path.pop()
            expects_name = False
        elif found == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
            else:
                expects_name = True
        elif found[0] == '"' and expects_name:
            path[-1] = found[1:-1]
            expects_name = False
        elif found[0] == '"':
            yield tuple(path), match.start() + 1, match.end() - 1
