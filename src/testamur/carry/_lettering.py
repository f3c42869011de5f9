"""Lines of text drawn with Pillow: with a given font, or with the one that Pillow brings along.

That one has no letters beyond ASCII. Latin letters with diacritics are put together from the bare
letter and drawn marks, so that a Polish, Czech or Turkish title is written properly on every
machine, whatever fonts it has.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from testamur.errors import Code, ConfigurationError, InputError

__all__ = ["Lettering", "draw_stroke"]

_Point = tuple[float, float]
_Stroke = tuple[_Point, ...]

_MARK_WIDTH = 0.065  # em
_GAP = 0.085  # em: from a letter to the mark above or below it
_X_HEIGHT = 0.53  # em: lower-case letters without ascenders
_ASCENDER = 0.7  # em: d, t, l and capital letters

# Strokes in em, right and up positive. Marks above begin at the letter's middle and top, marks
# below at its middle and the baseline, bars at its middle and the baseline.
_GRAVE, _ACUTE, _CARON = "\u0300", "\u0301", "\u030c"
_COMMA_BELOW, _CEDILLA, _OGONEK = "\u0326", "\u0327", "\u0328"
_ABOVE: dict[str, tuple[_Stroke, ...]] = {
    _GRAVE: (((-0.08, 0.13), (0.04, 0.0)),),
    _ACUTE: (((0.08, 0.13), (-0.04, 0.0)),),
    "\u0302": (((-0.11, 0.0), (0.0, 0.11), (0.11, 0.0)),),  # circumflex
    "\u0303": (((-0.13, 0.03), (-0.06, 0.08), (0.06, 0.03), (0.13, 0.08)),),  # tilde
    "\u0304": (((-0.13, 0.06), (0.13, 0.06)),),  # macron
    "\u0306": (((-0.11, 0.11), (-0.06, 0.03), (0.06, 0.03), (0.11, 0.11)),),  # breve
    "\u0307": (((0.0, 0.05), (0.0, 0.06)),),  # dot
    "\u0308": (((-0.11, 0.05), (-0.11, 0.06)), ((0.11, 0.05), (0.11, 0.06))),  # diaeresis
    "\u030a": (  # ring
        ((0, 0), (0.08, 0.04), (0.08, 0.1), (0, 0.14), (-0.08, 0.1), (-0.08, 0.04), (0, 0)),
    ),
    "\u030b": (((-0.02, 0.13), (-0.12, 0.0)), ((0.14, 0.13), (0.04, 0.0))),  # double acute
    _CARON: (((-0.11, 0.11), (0.0, 0.0), (0.11, 0.11)),),
}
_BELOW: dict[str, tuple[_Stroke, ...]] = {
    _COMMA_BELOW: (((0.02, -0.08), (0.02, -0.13), (-0.03, -0.2)),),
    _CEDILLA: (((0.0, 0.0), (0.0, -0.05), (0.05, -0.09), (0.03, -0.15), (-0.07, -0.16)),),
}
_HOOK: _Stroke = ((0.0, 0.0), (-0.07, -0.06), (-0.06, -0.13), (0.04, -0.14))
_APOSTROPHE: _Stroke = ((0.02, 0.0), (-0.03, -0.14))
_BARRED: dict[str, tuple[str, _Stroke]] = {
    "ł": ("l", ((-0.13, 0.3), (0.13, 0.44))),
    "Ł": ("L", ((-0.27, 0.27), (-0.02, 0.41))),
    "đ": ("d", ((0.0, 0.6), (0.32, 0.6))),
    "Đ": ("D", ((-0.36, 0.35), (-0.06, 0.35))),
    "ð": ("d", ((0.02, 0.54), (0.3, 0.68))),
    "Ð": ("D", ((-0.36, 0.35), (-0.06, 0.35))),
    "ħ": ("h", ((-0.3, 0.6), (0.0, 0.6))),
    "Ħ": ("H", ((-0.36, 0.53), (0.36, 0.53))),
    "ŧ": ("t", ((-0.12, 0.28), (0.12, 0.28))),
    "Ŧ": ("T", ((-0.14, 0.32), (0.14, 0.32))),
    "ø": ("o", ((-0.23, -0.02), (0.23, 0.55))),
    "Ø": ("O", ((-0.3, -0.02), (0.3, 0.71))),
}
_SPELLED = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
    | {"ŋ": "ng", "Ŋ": "Ng", "–": "-", "—": "-", "−": "-", "„": "“", "‚": "‘", "′": "'"}
    | {"″": '"', "×": "x", "•": "·"}
)
"""What is neither in the font nor made of it, as people write it without the proper key."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter of the font, and what is drawn on it."""

    base: str
    mark: str = ""
    bar: _Stroke | None = None
    is_dotless: bool = False


class Lettering:
    """One font, and how text is measured and drawn with it.

    Args:
        font: a TrueType or OpenType font file; None for the font in Pillow.

    Raises:
        ConfigurationError: the font file cannot be used, or Pillow is without FreeType.
    """

    def __init__(self, font: Path | None) -> None:
        self._path = font
        self._fonts: dict[float, ImageFont.FreeTypeFont] = {}
        self._missing = self._ink("\uffff")
        self._known: dict[str, bool] = {}

    def measure(self, text: str, size: float) -> float:
        """Return the width of a line in pixels, at `size` pixels to the em.

        Raises:
            InputError: a character can be neither taken from the font nor put together.
        """
        return self._font(size).getlength("".join(each.base for each in self._letters(text)))

    def draw(
        self, text: str, *, canvas: Image.Image, at: _Point, size: float, weight: float
    ) -> None:
        """Draw a line in white on a black image, which then serves as a mask.

        Args:
            text: what `measure` has accepted.
            canvas: an empty image of mode L, which is drawn on.
            at: the middle of the line on its baseline, in pixels.
            size: pixels to the em.
            weight: pixels by which each stroke is thickened on either side.
        """
        font = self._font(size)
        letters = self._letters(text)
        line = "".join(letter.base for letter in letters)
        pen = ImageDraw.Draw(canvas)
        if line == text:  # in one piece, so that the font's own shaping is kept
            pen.text(at, text, 255, font, "ms", stroke_width=weight)
            return
        left = at[0] - font.getlength(line) / 2
        placed = [
            (letter, left + font.getlength(line[: index + 1]) - font.getlength(letter.base))
            for index, letter in enumerate(letters)
        ]
        # There is no dotless i: such letters come first, and then everything above is wiped away.
        for letter, x in placed:
            if letter.is_dotless:
                pen.text((x, at[1]), letter.base, 255, font, "ls", stroke_width=weight)
        stem_top = at[1] - (_X_HEIGHT + 0.02) * size - weight
        canvas.paste(0, (0, 0, canvas.width, max(0, round(stem_top))))
        for letter, x in placed:
            if not letter.is_dotless:
                pen.text((x, at[1]), letter.base, 255, font, "ls", stroke_width=weight)
            for stroke in _strokes(letter, font):
                points = [(x + right * size, at[1] - up * size) for right, up in stroke]
                draw_stroke(pen, points, _MARK_WIDTH * size + 2 * weight)

    def _font(self, size: float) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            self._fonts[size] = _load(self._path, size)
        return self._fonts[size]

    def _ink(self, character: str) -> bytes:
        return bytes(self._font(32).getmask(character))

    def _letters(self, text: str) -> list[_Letter]:
        whole = unicodedata.normalize("NFC", text)
        if all(self._has(character) for character in whole):
            return [_Letter(character) for character in whole]
        return [self._letter(each) for each in whole.translate(_SPELLED)]

    def _has(self, character: str) -> bool:
        if character not in self._known:
            self._known[character] = self._ink(character) != self._missing
        return self._known[character]

    def _letter(self, character: str) -> _Letter:
        if self._has(character):
            return _Letter(character)
        if character in _BARRED:
            base, bar = _BARRED[character]
            return _Letter(base, bar=bar)
        if character == "ı":
            return _Letter("i", is_dotless=True)
        base, mark = [*unicodedata.normalize("NFD", character), ""][:2]
        if unicodedata.normalize("NFC", base + mark) != character or not self._has(base):
            raise _no_glyph(character)
        if mark not in _ABOVE and mark not in _BELOW and mark != _OGONEK:
            raise _no_glyph(character)
        return _Letter(base, mark, is_dotless=base in "ij" and mark in _ABOVE)


def draw_stroke(pen: ImageDraw.ImageDraw, points: Sequence[_Point], width: float) -> None:
    """Draw a line through points in white, with round joints and ends.

    Args:
        pen: draws on an image of mode L.
        points: where the line goes, in pixels.
        width: pixels.
    """
    half = width / 2
    for (x1, y1), (x2, y2) in pairwise(points):
        length = math.hypot(x2 - x1, y2 - y1)
        across, along = (y2 - y1) / length * half, (x1 - x2) / length * half
        pen.polygon(
            [
                (x1 + across, y1 + along),
                (x2 + across, y2 + along),
                (x2 - across, y2 - along),
                (x1 - across, y1 - along),
            ],
            fill=255,
        )
    for x, y in points:
        pen.ellipse((x - half, y - half, x + half, y + half), fill=255)


def _strokes(letter: _Letter, font: ImageFont.FreeTypeFont) -> Iterator[_Stroke]:
    """Return what is drawn on a letter: strokes in em, from its origin, right and up."""
    width = font.getlength(letter.base) / font.size
    top = -font.getbbox(letter.base, anchor="ls")[1] / font.size
    above = (width / 2, (_X_HEIGHT if letter.is_dotless else top) + _GAP)
    if letter.bar:
        yield _moved(letter.bar, (width / 2, 0.0))
    if letter.mark == _OGONEK:
        yield _moved(_HOOK, (width - 0.1, 0.0))
    elif letter.mark == _CARON and letter.base in "dtlL":
        yield _moved(_APOSTROPHE, (width + 0.02, _ASCENDER))
    elif letter.mark == _CEDILLA and letter.base == "g":  # Latvian, turned and put on top
        yield _moved(_ABOVE[_ACUTE][0], above)
    elif letter.mark == _CEDILLA and letter.base not in "cCsStT":  # Latvian again
        yield _moved(_BELOW[_COMMA_BELOW][0], (width / 2, 0.0))
    else:
        yield from (_moved(stroke, above) for stroke in _ABOVE.get(letter.mark, ()))
        yield from (_moved(stroke, (width / 2, 0.0)) for stroke in _BELOW.get(letter.mark, ()))


def _moved(stroke: _Stroke, origin: _Point) -> _Stroke:
    return tuple((origin[0] + right, origin[1] + up) for right, up in stroke)


def _load(path: Path | None, size: float) -> ImageFont.FreeTypeFont:
    try:
        font = ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size)
    except (OSError, ImportError) as error:
        raise ConfigurationError(
            f"the font {path or 'in Pillow'} cannot be used: {error}; give a TrueType or OpenType "
            "font file, and a Pillow with FreeType"
        ) from error
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise ConfigurationError("this Pillow has no FreeType; install another build of it")
    return font


def _no_glyph(character: str) -> InputError:
    return InputError(
        f"the font cannot write {character!r} (U+{ord(character):04X}, "
        f"{unicodedata.name(character, 'unnamed')}); give a font file that has it, or use the SVG",
        code=Code.CONFIGURATION,
        found=character,
    )
