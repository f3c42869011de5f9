"""Options of `testamur issue --batch`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["BatchChoice", "BatchFile", "StatusChoice"]


BatchFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        metavar="ROSTER",
        help="Issue to every row of this file: CSV, a workbook (.xlsx), JSON Lines or Parquet. "
        "CREDENTIAL is then the model: its id and recipient play no part.",
    ),
]


@dataclass(frozen=True)
class StatusChoice:
    """Where the status of a batch is published that no register records."""

    status_lists: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="With --batch and without a register: the folder in which the status lists will "
            "be published, as https://uni.example/status/.",
        ),
    ] = None
    status_purpose: Annotated[
        list[str] | None,
        typer.Option(
            metavar="revocation|suspension",
            help="With --status-lists: what a set bit means; revocation unless given. May be "
            "repeated.",
        ),
    ] = None
    status_length: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="With --status-lists: places in each list; 131072 unless given."
        ),
    ] = None


@dataclass(frozen=True)
class BatchChoice:
    """What is done with a roster, and where."""

    processes: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="With --batch: how many; all processors unless given."
        ),
    ] = None
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="dask=ADDRESS",
            help="With --batch: issue on a Dask cluster, whose workers have the key file at the "
            "same path.",
        ),
    ] = None
    chunk_rows: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=100_000,
            metavar="N",
            help="With --batch: rows of each part; 1000 unless given.",
        ),
    ] = None
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="With --batch: check every row, and issue nothing."),
    ] = False
    skip_faulty: Annotated[
        bool,
        typer.Option(
            "--skip-faulty",
            help="With --batch: leave out the rows that cannot be used, and issue to all others.",
        ),
    ] = False
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="With --batch: the roster's columns are what they are recognized as."
        ),
    ] = False
