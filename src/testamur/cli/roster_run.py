"""A roster on the command line: its columns are shown, its rows looked at, its faults listed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import typer

from testamur import build, limits
from testamur.batch.award import Award
from testamur.batch.derived import SECRET_BYTES
from testamur.canon.strict_json import JsonObject, parse_object
from testamur.cli.describe import two_columns
from testamur.cli.files import write_output
from testamur.cli.progress import progress_bar
from testamur.cli.roster_options import RosterOptions
from testamur.cli.terminal import print_error, print_note, render
from testamur.errors import ConfigurationError, InputError, ParseError
from testamur.model.ob3 import Achievement
from testamur.roster import (
    ColumnMatch,
    Confirm,
    DryRun,
    How,
    Repeated,
    Roster,
    dry_run,
    fault_list,
    open_roster,
)
from testamur.roster.columns import COLUMN_NAMES
from testamur.roster.listing import is_fault_list

__all__ = ["accept", "ask", "load_award", "look", "open_as_told", "say_faults", "show_columns"]

_LISTED = 20


def load_award(source: Path, now: datetime) -> Award:
    """Read what a roster is for: an achievement, or a model credential; of no learner.

    Raises:
        InputError: it cannot be read, or is neither.
    """
    document = _document(source)
    types = document.get("type")
    if "Achievement" not in (types if isinstance(types, list) else [types]):
        return Award.like(document, secret=bytes(SECRET_BYTES), valid_from=now)
    achievement = Achievement.from_json(document, path="achievement")
    # Who issues it plays no part in what a roster says.
    issuer = build.profile(id="https://issuer.invalid", name="Issuer")
    return Award.of(issuer, achievement, secret=bytes(SECRET_BYTES), valid_from=now)


def open_as_told(options: RosterOptions, achievement: Achievement, confirm: Confirm) -> Roster:
    """Open the roster as the options say; errors are those of `testamur.roster.open_roster`."""
    try:
        return open_roster(
            options.path,
            achievement,
            columns=options.columns,
            confirm=confirm,
            encoding=options.encoding,
            sheet=options.sheet,
            zone=options.zone,
        )
    except ParseError as error:
        if error.expected == COLUMN_NAMES:
            print_note('--column "HEADING=COLUMN" says what a column is, "HEADING=" leaves it out.')
        raise


def accept(_: tuple[ColumnMatch, ...]) -> bool:
    """Take columns for what they were recognized as: where nothing is issued, or all was asked."""
    return True


def ask(*, yes: bool) -> Confirm:
    """Return what asks the person at the terminal. yes: whether --yes has answered already."""

    def confirm(matches: tuple[ColumnMatch, ...]) -> bool:
        print_note("These columns were recognized by what people call them:")
        for match in matches:
            print_note(f"  {match.heading} = {match.column}")
        if yes or (
            sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm("Is that right?", err=True)
        ):
            return True
        print_note(
            'If that is right, say so with --yes; otherwise name them with --column "HEADING='
            'COLUMN".'
        )
        return False

    return confirm


def show_columns(roster: Roster) -> None:
    """Print what the file and its columns are taken for."""
    render(f"Read as {roster.read_as}.")
    rows = [(each.heading, _taken_for(each)) for each in roster.columns]
    if rows:
        render(two_columns(rows))


def look(roster: Roster, award: Award, options: RosterOptions) -> DryRun:
    """Look at every row, while a bar shows how far it is.

    Raises:
        ConfigurationError: it has no rows.
    """
    repeated = Repeated.ALLOWED if options.allow_repeated else Repeated.REFUSED
    with progress_bar("rows checked") as show:
        found = dry_run(roster, award, repeated=repeated, progress=show)
    if not found.rows and found.broken is None:
        raise ConfigurationError(f"{options.path} has no rows", path=str(options.path))
    if not found.all_compared:
        print_note("The roster is long: not every learner could be compared with all the others.")
    return found


def say_faults(found: DryRun, options: RosterOptions) -> None:
    """Print the first faults, and write all of them where the options ask for it."""
    for fault in found.faults[:_LISTED]:
        print_error(str(fault))
    if found.broken is not None:
        print_error(found.broken)
    more = len(found.faults) - _LISTED
    if options.faults is not None and found.faults:
        force = _is_fault_list(options.faults)  # of an earlier run
        write_output(options.faults, fault_list(found.faults), force=force)
        print_note(f"All {len(found.faults)} faults are in {options.faults}.")
    elif more > 0:
        print_note(f"and {more} more faults; --faults FILE writes all of them into a file.")


def _is_fault_list(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_fault_list(file.read(100))
    except OSError:
        return False


def _document(source: Path) -> JsonObject:
    try:
        with source.open("rb") as file:
            content = file.read(limits.CREDENTIAL_BYTES + 1)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}") from error
    return parse_object(content, max_bytes=limits.CREDENTIAL_BYTES)


def _taken_for(match: ColumnMatch) -> str:
    if match.column is None:
        return "left out"
    return match.column if match.how is How.EXACT else f"{match.column} ({match.how.value})"
