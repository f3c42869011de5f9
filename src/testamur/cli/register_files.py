"""`testamur register export` and `import`: a whole register as files, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import add_command
from testamur.cli.register_options import AtRegister, Recording
from testamur.cli.terminal import print_line, print_note

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    add_command(
        group,
        "export",
        _export,
        "Write the whole register as files.",
        "testamur register export backup-2026-06-01 --register register.db",
    )
    add_command(
        group,
        "import",
        _import,
        "Read an exported register into an empty database.",
        "testamur register import backup-2026-06-01 --register register.db",
        "testamur register import exported --moved \\",
        "    --register postgresql://testamur@db/testamur",
    )


def _export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    at: AtRegister,
) -> None:
    """Write the whole register as files, as it is at one moment; nobody need stop working.

    The folder holds all that the register holds, personal data and its secrets included: keep it
    as safe as the register. Private keys are in neither.
    """
    from testamur.register.export import export_register

    with at.open() as book:
        manifest = export_register(book, folder)
    rows = {each.table: each.rows for each in manifest.tables}
    head = manifest.audit_head
    print_line(f"Exported: {rows['credentials']} credentials, {head.sequence} entries of the trail")
    print_line(f"Head: {head.sequence}:{head.hash}")
    print_note("Keep the head elsewhere too, for `testamur register check --head`")


def _import(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the export.")],
    *,
    moved: Annotated[
        bool,
        typer.Option(
            "--moved",
            help="The old register issued nothing since and never will: go on in its lists. "
            "Without it new lists are begun, for places of the old may have been given away.",
        ),
    ] = False,
    work: Recording,
) -> None:
    """Read an exported register into an empty database: all of it, or nothing.

    Every file is checked against the manifest, and the audit trail against itself.
    """
    from testamur.register.export import Reading, import_register

    manifest = import_register(
        folder,
        work.at.url,
        now=work.at.tick,
        reading=Reading.MOVED if moved else Reading.RESTORED,
        actor=work.at.settings.actor if work.who is None else work.who,
    )
    rows = {each.table: each.rows for each in manifest.tables}
    print_line(
        f"Imported: {rows['credentials']} credentials, "
        f"{manifest.audit_head.sequence} entries of the trail"
    )
    if not moved:
        print_note("New status lists were begun: publish them before anything is issued")
