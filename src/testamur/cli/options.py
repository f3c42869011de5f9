r"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from testamur.errors import ConfigurationError
from testamur.fetch import FolderFetcher, HttpFetcher, OfflineFetcher
from testamur.model.dates import parse_date_time_stamp
from testamur.protocols import Fetcher

__all__ = [
    "Documents",
    "Force",
    "KeyFile",
    "Network",
    "Now",
    "PasswordFile",
    "choose_fetcher",
    "clock",
    "examples",
]

Now: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="The clock, as 2026-06-01T00:00:00Z; the current time unless given.",
    ),
]
Network: TypeAlias = Annotated[
    bool,
    typer.Option("--network", help="Allow fetching issuers' keys and status lists over https."),
]
Documents: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Answer every fetch from this folder, which has an index.json; no network.",
    ),
]
KeyFile: TypeAlias = Annotated[
    Path,
    typer.Option(metavar="FILE", help="The issuer's private key, made by `testamur key new`."),
]
PasswordFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A file with the key's password. Otherwise the environment variable "
        "TESTAMUR_KEY_PASSWORD counts, or you are asked.",
    ),
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Overwrite the output file if it is there already.")
]


def clock(now: str | None) -> datetime:
    """Return the instant that --now names, or the current one; aware.

    Raises:
        ModelError: it is not a dateTimeStamp.
    """
    return datetime.now(UTC) if now is None else parse_date_time_stamp(now, path="--now")


def choose_fetcher(*, network: bool, documents: Path | None) -> Fetcher:
    """Return what answers fetches: nothing, unless an option allows it.

    Raises:
        ConfigurationError: both options are given, or what one of them needs is missing.
        ParseError: the folder's index cannot be read.
    """
    if network and documents is not None:
        raise ConfigurationError(
            "--network and --documents exclude each other: give the one that fetches are to be "
            "answered from"
        )
    if documents is not None:
        return FolderFetcher(documents)
    return HttpFetcher() if network else OfflineFetcher("--network or --documents DIR")


def examples(*lines: str) -> str:
    """Write the end of a help text: example calls, each on a line of its own."""
    return "\n".join(
        ["\b", "Examples:" if len(lines) > 1 else "Example:"] + [f"  {each}" for each in lines]
    )
