"""`testamur register export` and `import`: a whole register as files, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import Command
from testamur.cli.options import Now, examples
from testamur.cli.register_options import RegisterUrl, Who, open_register, register_url
from testamur.cli.settings_options import register_clock
from testamur.cli.terminal import print_line, print_note

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(
        "export",
        cls=Command,
        short_help="Write the whole register as files.",
        epilog=examples("testamur register export register.db backup-2026-06-01"),
    )(_export)
    group.command(
        "import",
        cls=Command,
        short_help="Read an exported register into an empty database.",
        epilog=examples(
            "testamur register import register.db backup-2026-06-01",
            "testamur register import postgresql://testamur@db/testamur exported --moved",
        ),
    )(_import)


def _export(
    register: RegisterUrl,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
) -> None:
    """Write the whole register as files, as it is at one moment; nobody need stop working.

    The folder holds all that the register holds, personal data and its secrets included: keep it
    as safe as the register. Private keys are in neither.
    """
    from testamur.register.export import export_register

    with open_register(register, now=None) as book:
        manifest = export_register(book, folder)
    rows = {each.table: each.rows for each in manifest.tables}
    head = manifest.audit_head
    print_line(f"Exported: {rows['credentials']} credentials, {head.sequence} entries of the trail")
    print_line(f"Head: {head.sequence}:{head.hash}")
    print_note("Keep the head elsewhere too, for `testamur register check --head`")


def _import(
    register: RegisterUrl,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the export.")],
    moved: Annotated[
        bool,
        typer.Option(
            "--moved",
            help="The old register issued nothing since and never will: go on in its lists. "
            "Without it new lists are begun, for places of the old may have been given away.",
        ),
    ] = False,
    who: Who = "testamur",
    now: Now = None,
) -> None:
    """Read an exported register into an empty database: all of it, or nothing.

    Every file is checked against the manifest, and the audit trail against itself.
    """
    from testamur.register.export import Reading, import_register

    manifest = import_register(
        folder,
        register_url(register),
        now=register_clock(now),
        reading=Reading.MOVED if moved else Reading.RESTORED,
        actor=who,
    )
    rows = {each.table: each.rows for each in manifest.tables}
    print_line(
        f"Imported: {rows['credentials']} credentials, "
        f"{manifest.audit_head.sequence} entries of the trail"
    )
    if not moved:
        print_note("New status lists were begun: publish them before anything is issued")
