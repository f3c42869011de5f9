"""rich's console, as the command line uses it."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console

__all__ = ["BrokenPipeConsole"]


class BrokenPipeConsole(Console):
    """A console that leaves a broken pipe to the application."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise; rich would exit with 1, which means "not genuine"."""
        raise BrokenPipeError
