"""`testamur bench`: how fast this machine issues and verifies, beside the limit of Ed25519."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from testamur import __version__
from testamur.bench.measure import Figure, StatusFigures, measure, measure_status
from testamur.canon.strict_json import JsonObject
from testamur.cli.commands import Command
from testamur.cli.console import render_rich
from testamur.cli.options import examples
from testamur.cli.terminal import print_json

__all__ = ["register"]

_LIMIT = "raw Ed25519"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "bench",
        cls=Command,
        short_help="Measure how fast this machine issues and verifies.",
        epilog=examples("testamur bench", "testamur bench --rounds 15 --json"),
    )(_bench)


def _bench(
    rounds: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="How often each thing is measured.")
    ] = 7,
    json: Annotated[
        bool, typer.Option("--json", help="Print the figures as a JSON object.")
    ] = False,
) -> None:
    """Measure how many credentials are issued and verified in a second, on one core.

    What counts is the share of the limit: of the rate at which this machine makes and checks raw
    Ed25519 signatures, measured in the same moment. It takes about three seconds a round.

    Issuing is complete: rules, status entry, canonical form, signature, JSON. Verifying is
    complete too, from bytes to a report, with the status list in memory. In batch means many
    credentials of one achievement; the general path is what the fast ones are held against.
    """
    figures = _measured(rounds)
    status = measure_status()
    if json:
        print_json(_as_json(figures, status, rounds))
    else:
        render_rich(_table(figures), "", *_sentences(status))


def _measured(rounds: int) -> list[Figure]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("measuring", total=rounds)
        return measure(
            rounds=rounds,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _table(figures: list[Figure]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for heading in ("issue/s", "of limit", "verify/s", "of limit"):
        table.add_column(heading, justify="right", no_wrap=True)
    by_name: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        by_name.setdefault(figure.name, {})[figure.line] = figure
    for name, lines in by_name.items():
        cells: list[str] = []
        for line in ("issue", "verify"):
            found = lines.get(line)
            cells.append(f"{found.per_second:,.0f}" if found else "")
            cells.append(f"{found.of_limit:.1%}" if found and name != _LIMIT else "")
        table.add_row(name, *cells)
    return table


def _sentences(status: StatusFigures) -> list[str]:
    sentence = (
        "A status list of 1,000,000 entries, 5 % set: "
        f"an entry is set in {status.set:.4f} ms, the list published in {status.publish:.1f} ms, "
        f"verified and asked in {status.first_check:.1f} ms, and asked again in "
        f"{status.next_check:.3f} ms."
    )
    return [sentence]


def _as_json(figures: list[Figure], status: StatusFigures, rounds: int) -> JsonObject:
    return {
        "testamur": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": sys.platform,
        "processors": os.cpu_count(),
        "rounds": rounds,
        "figures": [asdict(figure) for figure in figures],
        "statusListMilliseconds": asdict(status),
    }
