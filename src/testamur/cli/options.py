r"""Options that several commands share; what they stand for is in `surroundings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "Documents",
    "Force",
    "KeyFile",
    "Network",
    "Now",
    "PasswordFile",
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


def examples(*lines: str) -> str:
    """Write the end of a help text: example calls, each on a line of its own."""
    return "\n".join(
        ["\b", "Examples:" if len(lines) > 1 else "Example:"] + [f"  {each}" for each in lines]
    )
