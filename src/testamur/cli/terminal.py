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
from typing import TextIO

from testamur.canon.strict_json import JsonValue, dumps
from testamur.cli.columns import Columns, Line, Part, Styled, lines

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

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}

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


def render(*parts: Part) -> None:
    """Print parts to standard output, wrapped to the width of the terminal, or to 80 columns."""
    terminal = _is_terminal(sys.stdout)
    width, styled = _width(terminal=terminal), _shows_styles(terminal=terminal)
    for part in parts:
        for line in lines(part, width):
            text = "".join(_painted(each) for each in line) if styled else _joined(line)
            sys.stdout.write(f"{text if terminal else text.rstrip(' ')}\n")


def print_line(text: str, *, style: str = "") -> None:
    """Print one line to standard output, whole, so that it can be copied and searched."""
    line = Styled(visible(text), style)
    styled = style and _shows_styles(terminal=_is_terminal(sys.stdout))
    sys.stdout.write(f"{_painted(line) if styled else line.text}\n")


def print_note(text: str) -> None:
    """Print a line to standard error: what is said beside a result that may be piped away."""
    sys.stdout.flush()  # where both go to one place, they come in order
    sys.stderr.write(f"{visible(text)}\n")


def print_row(answer: str, name: str, reason: str, *, style: str = "") -> None:
    """Print one entry of a list to standard output: one line; for a terminal the reason below.

    Args:
        answer: padded to the width of the longest.
        name: whose answer it is.
        reason: why, in one sentence.
    """
    shown = [Styled(visible(each), style) for each in (answer, name)]
    why = Styled(visible(reason))
    if _is_terminal(sys.stdout):
        render(Columns([((shown[0],), shown[1])], indent=0), Columns([((), why)], indent=4))
    else:
        sys.stdout.write("  ".join(each.text for each in (*shown, why)) + "\n")


def print_error(message: str) -> None:
    """Print an error to standard error; what follows its first line is indented."""
    text = visible_lines(message)
    if not _is_terminal(sys.stderr):
        sys.stderr.write("error: " + text.replace("\n", "\n       ") + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    from testamur.cli.console import new_console

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text("error:", style="bold red"), Text(text))
    new_console(stderr=True).print(grid)


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


def _is_terminal(stream: TextIO) -> bool:
    """Whether a person reads it, or somebody says so: as rich decides, which prints here too."""
    compatible = os.environ.get("TTY_COMPATIBLE")
    if compatible in ("0", "1"):
        return compatible == "1"
    forced = os.environ.get("FORCE_COLOR")
    return stream.isatty() if forced is None else forced != ""


def _is_dumb(*, terminal: bool) -> bool:
    return terminal and os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def _shows_styles(*, terminal: bool) -> bool:
    # Elsewhere NO_COLOR allows bold and dim; here it means no escape sequence at all.
    return (
        terminal
        and not _is_dumb(terminal=terminal)
        and not os.environ.get("NO_COLOR")
        and not _is_legacy_windows()
    )


def _width(*, terminal: bool) -> int:
    """Return the columns of the terminal that any of the standard streams is, or 80."""
    if _is_dumb(terminal=terminal):
        return 80
    width = 0
    for descriptor in (1, 2) if os.name == "nt" else (0, 1, 2):
        try:
            width = os.get_terminal_size(descriptor).columns
            break
        except (AttributeError, ValueError, OSError):  # no terminal
            continue
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit():
        width = int(columns)
    return (width or 80) - _is_legacy_windows()


def _is_legacy_windows() -> bool:
    """Whether it is a console of Windows that shows no escape sequences."""
    if os.name != "nt":
        return False
    from rich.console import detect_legacy_windows

    return detect_legacy_windows()


def _joined(line: Line) -> str:
    return "".join([each.text for each in line])


def _painted(part: Styled) -> str:
    """Write text with its style as escape sequences (ECMA-48, SGR)."""
    if not part.style or not part.text:
        return part.text
    codes = ";".join(_CODES[each] for each in part.style.split())
    return f"\x1b[{codes}m{part.text}\x1b[0m"


def _is_harmless(character: str) -> bool:
    return (
        character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _json_escaped(text: str) -> str:
    return "\n".join(
        line if line.isprintable() else "".join(map(_json_escape, line))
        for line in text.split("\n")
    )


def _json_escape(character: str) -> str:
    if character == "\t" or _is_harmless(character):
        return character
    return json.dumps(character)[1:-1]
