"""`testamur compare`: micro-credentials side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.check import Format, ProfileName, write_json, write_page
from testamur.cli.check_view import print_comparison
from testamur.cli.commands import Command
from testamur.cli.exits import ExitCode
from testamur.cli.micro_credentials import MicroCredentials, choose_profile
from testamur.cli.options import Force, Now, examples
from testamur.cli.surroundings import clock
from testamur.completeness import check, compare
from testamur.errors import ConfigurationError, ModelError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "compare",
        cls=Command,
        short_help="Put micro-credentials side by side.",
        epilog=examples(
            "testamur compare ours.json theirs.json",
            "testamur compare --format html --out table.html a.json b.png c.jwt",
        ),
    )(_compare)


def _compare(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCES",
            help="Two or more descriptions as JSON, or credentials as JSON, JWT, PNG or SVG; "
            "folders of them.",
        ),
    ],
    profile: ProfileName = "eu",
    format: Annotated[  # noqa: A002
        Format, typer.Option(help="text for people, json for programs, html for a page.")
    ] = Format.TEXT,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where it goes; standard output unless given."),
    ] = None,
    force: Force = False,
    now: Now = None,
) -> ExitCode:
    """Put two or more micro-credentials side by side, element by element.

    The elements are those of a profile, as for `testamur check`. Nothing is judged: exit code 0
    where there is a comparison, 3 for wrong usage or a source that cannot be read.
    """
    if out is not None and format is Format.TEXT:
        raise ConfigurationError("--out goes with --format json or html; text goes to the screen")
    chosen, moment = choose_profile(profile), clock(now)
    found = MicroCredentials(sources, chosen)
    reports, places = [], []
    for source in found:
        try:
            reports.append(check(source.secured, chosen, now=moment))
            places.append(source.place)
        except ModelError as error:
            found.unusable_one(source.place, error)
    found.note_passed_over()
    if found.unusable:
        return ExitCode.USAGE
    comparison = compare(reports)
    if format is Format.HTML:
        from testamur.completeness.pages import comparison_page  # jinja2 is for pages alone

        write_page(comparison_page(comparison), out, force=force)
    elif format is Format.JSON:
        write_json({**comparison.to_json(), "sources": [*places]}, out, force=force)
    else:
        print_comparison(comparison)
    return ExitCode.GENUINE
