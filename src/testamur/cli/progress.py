"""A bar for long runs, on terminals alone: how far it is, how fast, how long it will take."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["ShowProgress", "progress_bar"]


class ShowProgress(Protocol):
    """Shows how far a run is."""

    def __call__(self, done: int, fraction: float | None) -> None:
        """Show it.

        Args:
            done: things that are done.
            fraction: of the whole, from 0 to 1; None where the whole is not known.
        """
        ...


@contextmanager
def progress_bar(what: str) -> Iterator[ShowProgress]:
    """Show a bar on standard error while the run goes on, where a person watches.

    It moves the cursor, so there is none where NO_COLOR asks for no escape sequences.

    Args:
        what: what is counted, as "credentials".
    """
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR"):
        yield _show_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn(f"{{task.fields[done]:,}} {what}"),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TextColumn("left"),
        Remaining(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0, done=0, rate=0.0)

        def show(done: int, fraction: float | None) -> None:
            elapsed = progress.tasks[0].elapsed or 0.0
            rate = done / elapsed if elapsed else 0.0
            progress.update(task, completed=fraction or 0.0, done=done, rate=rate)

        yield show


def _show_nothing(done: int, fraction: float | None) -> None:
    """Nobody watches."""
