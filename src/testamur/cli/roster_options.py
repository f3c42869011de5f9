"""How a roster is to be read: options that `roster check` and `issue --batch` share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from testamur.errors import ConfigurationError

__all__ = [
    "AllowRepeated",
    "ColumnOption",
    "Encoding",
    "Faults",
    "RosterChoice",
    "RosterOptions",
    "Sheet",
    "TimeZone",
    "roster_options",
]

ColumnOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HEADING=COLUMN",
        help='What a column of the roster is, as "Grade=result"; "Faculty=" leaves it out. May be '
        "repeated.",
    ),
]
Encoding: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Of a CSV file that is neither UTF-8 nor UTF-16, as windows-1252 or windows-1250.",
    ),
]
Sheet: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Of a workbook; the first that is not hidden unless given."),
]
TimeZone: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Of days in the roster, as Europe/Warsaw; UTC unless given.",
    ),
]
Faults: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write all faults of the roster into this CSV file."),
]
AllowRepeated: TypeAlias = Annotated[
    bool,
    typer.Option("--allow-repeated", help="A learner may be in the roster more than once."),
]


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """What the command line says of a roster.

    Attributes:
        path: the file.
        columns: heading → column, or None to leave it out.
        encoding: of a text; None: UTF-8 or UTF-16.
        sheet: of a workbook; None: the first.
        zone: of days.
        faults: where the list of all faults goes; None: nowhere.
        allow_repeated: whether a learner may be there more than once.
    """

    path: Path
    columns: Mapping[str, str | None]
    encoding: str | None
    sheet: str | None
    zone: tzinfo
    faults: Path | None
    allow_repeated: bool


@dataclass(frozen=True)
class RosterChoice:
    """How a roster is read, as options of a command."""

    column: ColumnOption = None
    encoding: Encoding = None
    sheet: Sheet = None
    time_zone: TimeZone = None
    allow_repeated: AllowRepeated = False
    faults: Faults = None

    def options(self, path: Path) -> RosterOptions:
        """Read the options for a roster; errors as `roster_options`."""
        return roster_options(
            path,
            column=self.column,
            encoding=self.encoding,
            sheet=self.sheet,
            time_zone=self.time_zone,
            faults=self.faults,
            allow_repeated=self.allow_repeated,
        )


def roster_options(
    path: Path,
    *,
    column: list[str] | None,
    encoding: str | None,
    sheet: str | None,
    time_zone: str | None,
    faults: Path | None,
    allow_repeated: bool,
) -> RosterOptions:
    """Read the options.

    Raises:
        ConfigurationError: a column is not written as HEADING=COLUMN, or there is no such zone.
    """
    return RosterOptions(
        path=path,
        columns=dict(map(_told, column or ())),
        encoding=encoding,
        sheet=sheet,
        zone=_zone(time_zone),
        faults=faults,
        allow_repeated=allow_repeated,
    )


def _told(text: str) -> tuple[str, str | None]:
    heading, divided, column = text.partition("=")
    if not divided or not heading.strip():
        raise ConfigurationError(
            f'--column {text[:80]!r} is not written as "HEADING=COLUMN", with the heading in the '
            "roster and the name that testamur has for it"
        )
    return heading.strip(), column.strip() or None


def _zone(name: str | None) -> tzinfo:
    if name is None or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"--time-zone {name[:80]!r} is not known on this machine; write it as Europe/Warsaw"
        ) from error
