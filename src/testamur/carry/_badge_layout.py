"""What a plain badge looks like: shapes and lines of text on a square, whatever draws them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from testamur.errors import InputError

__all__ = [
    "UNITS",
    "Drawing",
    "Measure",
    "Polygon",
    "Stroke",
    "Text",
    "clean",
    "estimate",
    "lay_out",
]

_Point = tuple[float, float]
Measure = Callable[[str, float], float]
"""Says how wide a text is at a type size, in the unit of the size."""

UNITS = 600
"""units per side of the square on which everything is laid out."""

_TEXT_CHARACTERS = 300  # of each text; what follows is left out
_LEADING = 1.18  # from line to line, for each unit of type size
_CAPITAL = 0.7  # height of a capital letter, likewise

_WHITE, _GOLD, _PALE = "#ffffff", "#f0c66b", "#e6ebf2"
_COLOURS = (
    ("#14273f", "#1c3557", "#213d63"),  # navy
    ("#0e3836", "#144c49", "#185754"),  # teal
    ("#38193a", "#4b234d", "#562a58"),  # plum
    ("#173422", "#20472f", "#275337"),  # forest
    ("#242f3b", "#313f4f", "#39495b"),  # slate
    ("#45161f", "#5c1f2c", "#692634"),  # burgundy
    ("#231f4f", "#312c69", "#393377"),  # indigo
    ("#3a2616", "#4d3320", "#5a3d28"),  # umber
)
"""Rim, right half and left half of the hexagon, dark enough for white text."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled area; `rounding` is the width of an outline with round corners around it."""

    points: tuple[_Point, ...]
    colour: str
    rounding: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round ends and joints."""

    points: tuple[_Point, ...]
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, centred on the square."""

    text: str
    baseline: float
    size: float
    colour: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a text goes, and how it looks: sizes from the largest to the smallest."""

    top: float
    foot: float
    width: float
    sizes: range
    colour: str
    is_bold: bool = False

    def most_lines(self, size: float) -> int:
        return int((self.foot - self.top) / (_LEADING * size))


Drawing = list[Polygon | Stroke | Text]


def lay_out(title: str, issuer: str, subtitle: str, measure: Measure) -> Drawing:
    """Return what is to be drawn, from the back to the front.

    Raises:
        InputError: title or issuer holds nothing that can be shown.
    """
    title, issuer, subtitle = clean(title), clean(issuer), clean(subtitle)
    for name, text in (("title", title), ("issuer", issuer)):
        if not text:
            raise InputError(
                f"the badge's {name} holds no character that can be shown; give its {name}",
                path=name,
            )
    colours = _COLOURS[hashlib.sha256(title.encode()).digest()[0] % len(_COLOURS)]
    return [
        *_ground(*colours),
        *_mortarboard(colours[0]),
        *_texts(title, issuer, subtitle, measure),
    ]


def _ground(rim: str, right: str, left: str) -> Drawing:
    field = _hexagon(246)
    return [
        Polygon(_hexagon(252), rim, rounding=40),
        Polygon(field, left),
        Polygon(field[:4], right),
        Stroke((*field, field[0]), _GOLD, 4),
    ]


def _hexagon(radius: float) -> tuple[_Point, ...]:
    """Return the corners of a hexagon that stands on one, clockwise from the top."""
    middle, across = UNITS / 2, radius * 3**0.5 / 2
    return (
        (middle, middle - radius),
        (middle + across, middle - radius / 2),
        (middle + across, middle + radius / 2),
        (middle, middle + radius),
        (middle - across, middle + radius / 2),
        (middle - across, middle - radius / 2),
    )


def _mortarboard(ground: str) -> Drawing:
    return [
        Polygon(((264, 144), (300, 160), (336, 144), (336, 162), (300, 176), (264, 162)), _GOLD, 4),
        Polygon(((300, 102), (362, 128), (300, 154), (238, 128)), ground, 12),
        Polygon(((300, 102), (362, 128), (300, 154), (238, 128)), _GOLD, 4),
        Stroke(((362, 128), (362, 164)), _GOLD, 4),
        Stroke(((362, 164), (362, 170)), _GOLD, 9),
    ]


def _texts(title: str, issuer: str, subtitle: str, measure: Measure) -> Drawing:
    foot = 342 if subtitle else 384
    boxes = [(title, _Box(194, foot, 370, range(60, 21, -2), _WHITE, is_bold=True))]
    if subtitle:
        boxes.append((subtitle, _Box(352, 384, 370, range(22, 15, -1), _GOLD)))
    boxes.append((issuer, _Box(412, 466, 262, range(24, 14, -1), _PALE)))
    rule = Stroke(((266, 400), (334, 400)), _GOLD, 3)
    return [rule, *(line for text, box in boxes for line in _paragraph(text, box, measure))]


def _paragraph(text: str, box: _Box, measure: Measure) -> list[Text]:
    """Set a text in the middle of its box."""
    size, lines = _fit(text.split(" "), box, measure)
    leading = _LEADING * size
    middle = (box.top + box.foot) / 2
    first = middle + _CAPITAL / 2 * size - (len(lines) - 1) / 2 * leading
    return [
        Text(line, first + index * leading, size, box.colour, box.is_bold)
        for index, line in enumerate(lines)
    ]


def _fit(words: list[str], box: _Box, measure: Measure) -> tuple[int, list[str]]:
    """Return the largest size that leaves all words whole, and the lines at that size."""
    for size in box.sizes:
        if all(measure(word, size) <= box.width for word in words):
            lines = _wrap(words, box.width, size, measure)
            if len(lines) <= box.most_lines(size):
                return size, _balanced(lines, words, box.width, size, measure)
    size = box.sizes[-1]
    pieces = [piece for word in words for piece in _broken(word, box.width, size, measure)]
    return size, _shortened(_wrap(pieces, box.width, size, measure), box, size, measure)


def _wrap(words: list[str], width: float, size: float, measure: Measure) -> list[str]:
    lines = words[:1]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(
    lines: list[str], words: list[str], width: float, size: float, measure: Measure
) -> list[str]:
    """Make the lines about equally long, by wrapping as narrowly as their number allows."""
    for narrower in range(int(width), 0, -10):
        wrapped = _wrap(words, narrower, size, measure)
        if len(wrapped) > len(lines):
            break
        lines = wrapped
    return lines


def _broken(word: str, width: float, size: float, measure: Measure) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and measure(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shortened(lines: list[str], box: _Box, size: float, measure: Measure) -> list[str]:
    kept = lines[: box.most_lines(size)]
    if len(kept) < len(lines):
        last = kept[-1]
        while last and measure(f"{last}…", size) > box.width:
            last = last[:-1]
        kept[-1] = f"{last.rstrip()}…"
    return kept


def estimate(text: str, size: float) -> float:
    """Return about how wide a text is in a wide bold sans serif, whichever font a viewer has."""
    return size * sum(map(_estimate_character, text))


def _estimate_character(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "iljtfrIJ.,:;'|!()[]- ":
        return 0.42
    if character in "mwMW@%&—…":
        return 0.98
    return 0.77 if character.isupper() else 0.66


def clean(text: str) -> str:
    """Return what can be shown of a text: no controls, no half characters, single spaces."""
    shown = (
        " " if character.isspace() else character
        for character in text[:_TEXT_CHARACTERS]
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return unicodedata.normalize("NFC", " ".join("".join(shown).split()))
