"""Text for people, laid out in lines: wrapped at spaces, in columns, in a few styles.

A report is short, and what lays out anything at all (rich) takes longer to load than a report to
make. URLs and ids stay whole so they can be copied: one that does not fit sticks out to the right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from testamur._frozen import dataclass

__all__ = ["Columns", "Line", "Part", "Styled", "lines"]

# URLs, ids and names of files. Where a terminal wraps one, it reaches the left edge: therefore
# ASCII without spaces, which forms no sentence there, and not longer than any honest one.
_ADDRESS = r"(?=[!-~]*[:/.])[!-~]{1,300}"
_WORD = r"\s*\S+\s*"
# Characters that take one column each, and the text of most credentials: Latin, Greek, Cyrillic,
# dashes, quotation marks, the ellipsis.
_NARROW = frozenset(
    chr(each)
    for first, last in ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x2010, 0x2026))
    for each in range(first, last + 1)
)
_GAP = 2  # columns
_NARROWEST = 16  # columns


@dataclass(frozen=True, slots=True)
class Styled:
    """Text that has been made visible, in one style: of bold, dim, red, green and yellow."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Styled, ...]
"""What stands on one line, one behind the other."""


class Columns:
    """Rows of a short text and a longer one that is wrapped beside it.

    They are set in, so that nothing in a row can pass for a line of ours. Both texts must have been
    made visible; line breaks in the longer one stay.
    """

    def __init__(
        self, rows: Iterable[tuple[Line, Styled]], *, min_width: int = 0, indent: int = _GAP
    ) -> None:
        """Hold the rows.

        Args:
            rows: short and long texts.
            min_width: columns of the short texts, at least; they take what the longest needs.
            indent: empty columns before them.
        """
        self._rows = list(rows)
        self._indent = indent
        self._width = max([min_width, *(_line_width(short) for short, _ in self._rows)])

    def lines(self, max_width: int) -> Iterator[Line]:
        """Give the lines.

        Args:
            max_width: columns there are.
        """
        indent = self._indent + (self._width + _GAP if self._width else 0)
        for short, long in self._rows:
            lead = (Styled(" " * self._indent), *short)
            lead = (*lead, Styled(" " * (indent - _line_width(lead))))
            for text in _wrapped(long.text, max(max_width - indent, _NARROWEST)):
                yield _without_spaces_at_the_end((*lead, Styled(text, long.style)))
                lead = (Styled(" " * indent),)


Part: TypeAlias = str | Styled | Columns
"""What can be printed: text is wrapped to the width there is, a long word of it folded."""


def lines(part: Part, max_width: int) -> Iterator[Line]:
    """Lay something out.

    Args:
        part: what is to be printed.
        max_width: columns there are.
    """
    if isinstance(part, Columns):
        yield from part.lines(max_width)
        return
    whole = Styled(part) if isinstance(part, str) else part
    for paragraph in whole.text.split("\n"):
        for text in _filled(paragraph, max_width):
            yield (Styled(text, whole.style),)


def _without_spaces_at_the_end(line: Line) -> Line:
    *before, last = line
    text = last.text.rstrip()
    if text or not before:
        return (*before, Styled(text, last.style))
    return _without_spaces_at_the_end(tuple(before))


def _wrapped(text: str, width: int) -> Iterator[str]:
    for paragraph in text.split("\n"):
        if len(paragraph) <= width and _NARROW.issuperset(paragraph):
            yield paragraph.lstrip(" ")
            continue
        line = ""
        for piece in _pieces(paragraph, width):
            longer = f"{line} {piece}" if line else piece
            if line and _width(longer) > width:
                yield line
                longer = piece
            line = longer
        yield line


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    """Give the words, those that fit on no line in parts, unless they are addresses."""
    for word in paragraph.split(" "):
        if _width(word) <= width or re.fullmatch(_ADDRESS, word):
            yield word
        else:
            yield from _chopped(word, width)


def _filled(text: str, width: int) -> Iterator[str]:
    """Wrap text as rich does, long words folded, the spaces between words kept."""
    if _width(text) <= width:
        yield text
        return
    if not _NARROW.issuperset(text):
        from testamur.cli.console import wrapped_by_rich  # knows how wide every character is

        yield from wrapped_by_rich(text, width)
        return
    breaks, used = [0], 0
    for match in re.finditer(_WORD, text):
        word, start = match[0], match.start()
        needed = len(word.rstrip())
        if needed > width:
            breaks += range(start or width, match.end(), width)
            used = (len(word) - 1) % width + 1
        elif needed > width - used:
            breaks.append(start)
            used = len(word)
        else:
            used += len(word)
    for start, end in zip(breaks, [*breaks[1:], len(text)], strict=True):
        line = text[start:end]
        excess = len(line) - width
        spaces = len(line) - len(line.rstrip())
        yield line[: len(line) - min(excess, spaces)][:width] if excess > 0 else line


def _line_width(line: Line) -> int:
    return sum(_width(each.text) for each in line)


def _width(text: str) -> int:
    """Return how many columns a text takes."""
    if _NARROW.issuperset(text):
        return len(text)
    from rich.cells import cell_len  # the tables of Unicode, for texts that need them

    return cell_len(text)


def _chopped(word: str, width: int) -> list[str]:
    if _NARROW.issuperset(word):
        return [word[start : start + width] for start in range(0, len(word), width)]
    from rich.cells import chop_cells

    return chop_cells(word, width)
