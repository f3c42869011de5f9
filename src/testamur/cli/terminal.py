r"""What reaches the terminal: everything from a credential is made visible before it is printed.

A credential may hold terminal commands (ANSI escapes), characters that turn the direction of the
text around, or line breaks that imitate our own lines. Here each becomes an escape that one can
see, as `\x1b` or `\u202e`. Styles are only an addition: they go to terminals alone, and not where
NO_COLOR is set; the words say the same.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

from testamur.canon.strict_json import JsonValue, dumps

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = [
    "make_streams_lenient",
    "print_error",
    "print_exactly",
    "print_json",
    "print_json_line",
    "print_line",
    "print_note",
    "print_row",
    "render",
    "visible",
    "visible_lines",
]

# With these, rich writes to a pipe or a file as to a terminal.
_FOR_TERMINALS = {"FORCE_COLOR", "TTY_COMPATIBLE"}

# Without these two, Persian, Hindi and many emoji are misspelt; they move nothing on the screen.
_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    """Return the text on one line, with every control and format character as an escape."""
    if text.isprintable():
        return text
    return "".join(each if _is_harmless(each) else _escape(each) for each in text)


def visible_lines(text: str) -> str:
    """Like `visible`, but line breaks stay; only for text that is printed with an indent."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def render(*parts: RenderableType) -> None:
    """Print parts to standard output, wrapped to the width of the terminal, or to 80 columns."""
    console = _console()
    with console.capture() as captured:
        for part in parts:
            console.print(part, crop=False)  # a URL may stick out
    text = captured.get()
    if not console.is_terminal:  # columns are filled up with spaces, which files do not need
        text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    sys.stdout.write(text)


def print_line(text: str, *, style: str = "") -> None:
    """Print one line to standard output, whole, so that it can be copied and searched."""
    if _is_plain(sys.stdout):
        sys.stdout.write(f"{visible(text)}\n")
        return
    from rich.text import Text

    _console().print(Text(visible(text), style=style), soft_wrap=True)


def print_note(text: str) -> None:
    """Print a line to standard error: what is said beside a result that may be piped away."""
    sys.stdout.flush()  # where both go to one place, they come in order
    if _is_plain(sys.stderr):
        sys.stderr.write(f"{visible(text)}\n")
        return
    from rich.text import Text

    _console(stderr=True).print(Text(visible(text)), soft_wrap=True)


def print_row(answer: str, name: str, reason: str, *, style: str = "") -> None:
    """Print one entry of a list to standard output: one line; for a terminal the reason below.

    Args:
        answer: padded to the width of the longest.
        name: whose answer it is.
        reason: why, in one sentence.
    """
    from rich.text import Text

    from testamur.cli.columns import Columns

    console = _console()
    shown = [Text(visible(each), style=style) for each in (answer, name)]
    why = Text(visible(reason))
    if console.is_terminal:
        console.print(Columns([(shown[0], shown[1])], indent=0), crop=False)
        console.print(Columns([(Text(), why)], indent=4), crop=False)
    else:
        console.print(Text("  ").join([*shown, why]), soft_wrap=True)


def print_error(message: str) -> None:
    """Print an error to standard error; what follows its first line is indented."""
    text = visible_lines(message)
    one_below_the_other = "error: " + text.replace("\n", "\n       ")
    if _is_plain(sys.stderr):
        sys.stderr.write(f"{one_below_the_other}\n")
        return
    from rich.table import Table
    from rich.text import Text

    console = _console(stderr=True)
    if not console.is_terminal:
        console.print(Text(one_below_the_other), soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text("error:", style="bold red"), Text(text))
    console.print(grid)


def print_json(value: JsonValue) -> None:
    """Print JSON to standard output; dangerous characters in strings become JSON escapes."""
    print_exactly((_json_escaped(dumps(value, indent=2)) + "\n").encode("utf-8"))


def print_json_line(text: str) -> None:
    """Print JSON that is on one line to standard output, escaped as by `print_json`."""
    sys.stdout.write(_json_escaped(text) + "\n")


def print_exactly(content: bytes) -> None:
    """Write bytes to standard output as they are, for pipes and files.

    A terminal gets a line break at the end, and JSON escapes for dangerous characters, which in
    JSON mean the same.
    """
    if sys.stdout.isatty():
        text = content.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        content = (_json_escaped(text).removesuffix("\n") + "\n").encode("utf-8")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def make_streams_lenient() -> None:
    """Let output in encodings that lack a character show its escape, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_plain(stream: TextIO) -> bool:
    """Whether lines may be written as they are, without rich, which takes long to load."""
    return not stream.isatty() and _FOR_TERMINALS.isdisjoint(os.environ)


def _console(*, stderr: bool = False) -> Console:
    from testamur.cli.console import BrokenPipeConsole

    return BrokenPipeConsole(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        # rich takes NO_COLOR to allow bold and dim; here it means no escape sequence at all.
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def _is_harmless(character: str) -> bool:
    return (
        character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _json_escaped(text: str) -> str:
    return "".join(
        each if each in "\n\t" or _is_harmless(each) else json.dumps(each)[1:-1] for each in text
    )
