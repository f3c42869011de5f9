"""`testamur check`: is everything said that should be said?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from testamur.canon.strict_json import JsonObject, dumps
from testamur.cli.check_view import print_overview, print_profiles, print_report
from testamur.cli.commands import Command
from testamur.cli.exits import ExitCode, worst
from testamur.cli.files import write_output
from testamur.cli.micro_credentials import MicroCredentials, choose_profile
from testamur.cli.options import Force, Now, examples
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_exactly, print_json, print_note
from testamur.completeness import Completeness, check, overview
from testamur.errors import ConfigurationError, ModelError

__all__ = ["Format", "ProfileName", "register", "write_json", "write_page"]

ProfileName: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="A profile that ships with testamur, or a file with one of your own.",
    ),
]


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check",
        cls=Command,
        short_help="Say what a micro-credential leaves unsaid.",
        epilog=examples(
            "testamur check badge.json",
            "testamur check --profile lcw badge.json",
            "testamur check --profile eu --format html --out report.html badges/",
        ),
    )(_check)


def _check(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCES",
            help="Descriptions as JSON, or credentials as JSON, JWT, PNG or SVG; a folder of them; "
            "- reads stdin.",
        ),
    ] = None,
    profile: ProfileName = "eu",
    list_profiles: Annotated[
        bool, typer.Option("--list-profiles", help="List the profiles and leave.")
    ] = False,
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
    """Say which elements a micro-credential has, which are missing, and which are too thin.

    Exit code: 0 everything required is there; 1 something required is missing; 2 something
    required is too thin to be useful; 3 wrong usage, or a source that cannot be read. Of several
    sources the worst counts: 3, then 1, then 2.

    Signatures are not checked here: `testamur verify` does that.
    """
    if list_profiles:
        print_profiles()
        return ExitCode.GENUINE
    if not sources:
        raise ConfigurationError("nothing to check; name a file, or see --help")
    if out is not None and format is Format.TEXT:
        raise ConfigurationError("--out goes with --format json or html; text goes to the screen")
    chosen, moment = choose_profile(profile), clock(now)
    found = MicroCredentials(sources, chosen)
    reports: list[tuple[str, Completeness]] = []
    for source in found:
        try:
            reports.append((source.place, check(source.secured, chosen, now=moment)))
        except ModelError as error:
            found.unusable_one(source.place, error)
    found.note_passed_over()
    if not reports and not found.unusable:
        raise ConfigurationError(f"there is no micro-credential in {', '.join(sources)[:200]}")
    if reports:
        _write(reports, format, out, force=force)
    codes = [_exit_code(report) for _, report in reports]
    return worst([*codes, *[ExitCode.USAGE] * bool(found.unusable)])


def write_page(page: bytes, out: Path | None, *, force: bool) -> None:
    """Write a result to a file, or to standard output."""
    if out is None:
        print_exactly(page)
    else:
        write_output(out, page, force=force)
        print_note(f"written to {out}")


def write_json(value: JsonObject, out: Path | None, *, force: bool) -> None:
    """Write JSON to a file, or to standard output with what is dangerous there escaped."""
    if out is None:
        print_json(value)
    else:
        write_page(dumps(value, indent=2).encode("utf-8") + b"\n", out, force=force)


def _write(
    reports: list[tuple[str, Completeness]], form: Format, out: Path | None, *, force: bool
) -> None:
    if form is Format.HTML:
        from testamur.completeness.pages import report_page  # jinja2 is for pages alone

        write_page(report_page([report for _, report in reports]), out, force=force)
    elif form is Format.JSON:
        write_json(_to_json(reports), out, force=force)
    elif len(reports) == 1:
        print_report(*reports[0])
    else:
        print_overview(reports)


def _to_json(reports: list[tuple[str, Completeness]]) -> JsonObject:
    return {
        "overview": overview([report for _, report in reports]).to_json(),
        "reports": [{"source": place, **report.to_json()} for place, report in reports],
    }


def _exit_code(report: Completeness) -> ExitCode:
    if report.required.missing:
        return ExitCode.NOT_GENUINE
    return ExitCode.COULD_NOT_TELL if report.required.thin else ExitCode.GENUINE
