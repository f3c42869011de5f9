"""rich's console, as the command line uses it: for tables, and text that is hard to lay out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import NoReturn

from rich.console import Console, RenderableType
from rich.text import Text

from testamur.cli.columns import Columns
from testamur.cli.terminal import render

__all__ = ["BrokenPipeConsole", "new_console", "render_rich", "wrapped_by_rich"]


class BrokenPipeConsole(Console):
    """A console that leaves a broken pipe to the application."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise; rich would exit with 1, which means "not genuine"."""
        raise BrokenPipeError


def new_console(*, stderr: bool = False) -> Console:
    """Make a console that prints text as it is, in styles where the terminal shows them."""
    return BrokenPipeConsole(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        # rich takes NO_COLOR to allow bold and dim; here it means no escape sequence at all.
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def render_rich(*parts: RenderableType | Columns) -> None:
    """Print parts to standard output, as `terminal.render` does, but also what is rich's own."""
    console = new_console()
    for part in parts:
        if isinstance(part, Columns):
            render(part)
            continue
        with console.capture() as captured:
            console.print(part, crop=False)  # a URL may stick out
        text = captured.get()
        if not console.is_terminal:  # columns are filled up with spaces, which files do not need
            text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
        sys.stdout.write(text)


def wrapped_by_rich(text: str, width: int) -> Iterator[str]:
    """Give the lines of a text."""
    return (line.plain for line in Text(text).wrap(new_console(), width))
