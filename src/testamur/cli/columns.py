"""Text in columns that is wrapped at spaces, while URLs and ids stay whole so they can be copied.

rich folds a word that is longer than its column, or cuts it; a link folded like that is of no use.
Here a URL or an id that does not fit sticks out to the right instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

__all__ = ["Columns"]

# URLs, ids and names of files. Where a terminal wraps one, it reaches the left edge: therefore
# ASCII without spaces, which forms no sentence there, and not longer than any honest one.
_ADDRESS = re.compile(r"(?=[!-~]*[:/.])[!-~]{1,300}")
_GAP = 2  # columns
_NARROWEST = 16  # columns


class Columns:
    """Rows of a short text and a longer one that is wrapped beside it.

    They are set in, so that nothing in a row can pass for a line of ours. Both texts must have been
    made visible; line breaks in the longer one stay.
    """

    def __init__(
        self, rows: Iterable[tuple[Text, Text]], *, min_width: int = 0, indent: int = _GAP
    ) -> None:
        """Hold the rows.

        Args:
            rows: short and long texts; a long one has one style throughout.
            min_width: columns of the short texts, at least; they take what the longest needs.
            indent: empty columns before them.
        """
        self._rows = list(rows)
        self._indent = indent
        self._width = max([min_width, *(short.cell_len for short, _ in self._rows)])

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines."""
        indent = self._indent + (self._width + _GAP if self._width else 0)
        for short, long in self._rows:
            lead = Text.assemble(" " * self._indent, short)
            lead.pad_right(indent - lead.cell_len)
            for line in _wrapped(long.plain, max(options.max_width - indent, _NARROWEST)):
                text = Text.assemble(lead, (line, long.style))
                text.rstrip()
                text.no_wrap, text.overflow = True, "ignore"
                yield text
                lead = Text(" " * indent)


def _wrapped(text: str, width: int) -> Iterator[str]:
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph, width):
            longer = f"{line} {piece}" if line else piece
            if line and cell_len(longer) > width:
                yield line
                longer = piece
            line = longer
        yield line


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    """Give the words, those that fit on no line in parts, unless they are addresses."""
    for word in paragraph.split(" "):
        if cell_len(word) <= width or _ADDRESS.fullmatch(word):
            yield word
        else:
            yield from chop_cells(word, width)
