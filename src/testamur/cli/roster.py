"""`testamur roster`: an empty roster for an achievement, and what is wrong with a full one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import add_command, new_group
from testamur.cli.exits import ExitCode
from testamur.cli.files import write_output
from testamur.cli.options import Force, Now
from testamur.cli.roster_options import RosterChoice
from testamur.cli.roster_run import accept, load_award, look, open_as_told, say_faults, show_columns
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError
from testamur.roster import csv_template, template_columns, xlsx_template

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = new_group(
        "Prepare rosters: the files with the learners that `testamur issue --batch` reads.",
        "testamur roster check class.xlsx --achievement achievement.json",
    )
    add_command(
        group,
        "template",
        _template,
        "Write an empty roster for an achievement.",
        "testamur roster template achievement.json --out roster.xlsx",
        "testamur roster template achievement.json --out roster.csv --language pl",
    )
    add_command(
        group,
        "check",
        _check,
        "Say all that is wrong with a roster; nothing is issued.",
        "testamur roster check class.xlsx --achievement achievement.json",
        "testamur roster check class.csv --achievement model.json \\",
        '    --column "Faculty=" --faults faults.csv',
    )
    app.add_typer(group, name="roster", short_help="Prepare and check rosters.")


def _template(
    achievement: Annotated[
        Path,
        typer.Argument(
            metavar="ACHIEVEMENT", help="The achievement, or a model credential, as a JSON file."
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where it goes: a .xlsx or a .csv file.")
    ],
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANG",
            help="Of the headings: en, de, fr, es, it, pl, nl or pt. "
            "Testamur's own names unless given.",
        ),
    ] = None,
    now: Now = None,
    force: Force = False,
) -> None:
    """Write an empty roster for an achievement, with what its columns mean.

    A workbook has a second sheet that explains them, and lists to choose results from. In a CSV
    file lines above the headings explain them.
    """
    about = load_award(achievement, clock(now)).achievement
    suffix = out.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise ConfigurationError(f"{out} is neither .xlsx nor .csv; choose one of these names")
    write = xlsx_template if suffix == ".xlsx" else csv_template
    write_output(out, write(about, language=language), force=force)
    columns = template_columns(about, language=language)
    print_line(f"Template  {out} ({len(columns)} columns for {about.name})")


def _check(
    roster: Annotated[
        Path,
        typer.Argument(metavar="ROSTER", help="CSV, a workbook (.xlsx), JSON Lines or Parquet."),
    ],
    achievement: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="The achievement, or a model credential, as a JSON file."
        ),
    ],
    reading: RosterChoice,
    now: Now = None,
) -> None:
    """Show what the columns of a roster are taken for, and say all that is wrong with its rows.

    Exit code: 0 all rows can be issued to; 3 some cannot.
    """
    options = reading.options(roster)
    award = load_award(achievement, clock(now))
    opened = open_as_told(options, award.achievement, accept)
    show_columns(opened)
    found = look(opened, award, options)
    say_faults(found, options)
    if not found.is_clean:
        print_note(f"{len(found.faulty)} of {found.rows} rows cannot be used.")
        raise typer.Exit(ExitCode.USAGE)
    print_line(f"All {found.rows} rows are good.")
