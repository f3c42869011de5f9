"""`testamur register export`, `import` and `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import Command
from testamur.cli.options import Now, examples
from testamur.cli.settings_options import (
    ConfigFile,
    RegisterUrl,
    find_settings,
    open_register,
    register_clock,
)
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(
        "export",
        cls=Command,
        short_help="Write the whole register as files.",
        epilog=examples(
            "testamur register export backup-2026-06-01 --register sqlite:///register.db"
        ),
    )(_export)
    group.command(
        "import",
        cls=Command,
        short_help="Read an exported register into an empty database.",
        epilog=examples(
            "testamur register import backup-2026-06-01 --register sqlite:///register.db",
            "testamur register import exported --moved \\",
            "    --register postgresql://testamur@db.uni.example/testamur",
        ),
    )(_import)


def _export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    register: RegisterUrl = None,
    config: ConfigFile = None,
) -> None:
    """Write the whole register as files, as it is at one moment; nobody need stop working.

    The folder holds all that the register holds, personal data and its secrets included: keep it
    as safe as the register. Private keys are in neither.
    """
    from testamur.register.export import export_register

    with open_register(register, config) as opened:
        manifest = export_register(opened, folder)
    rows = {each.table: each.rows for each in manifest.tables}
    print_line(
        f"Exported  {folder} ({rows['credentials']} credentials, "
        f"{manifest.audit_head.sequence} entries of the audit trail)"
    )
    print_line(f"Trail     {manifest.audit_head.sequence}:{manifest.audit_head.hash}")
    print_note(
        "Keep the last line elsewhere too: `testamur register check --head` holds it against"
    )


def _import(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the export.")],
    register: RegisterUrl = None,
    moved: Annotated[
        bool,
        typer.Option(
            "--moved",
            help="The old register issued nothing since and never will: go on in its lists. "
            "Without it new lists are begun, for places of the old may have been given away.",
        ),
    ] = False,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Read an exported register into an empty database: all of it, or nothing.

    Every file is checked against the manifest, and the audit trail against itself.
    """
    from testamur.register.export import Reading, import_register

    settings, _path = find_settings(config)
    url = register
    if url is None and settings.register_url is not None:
        url = settings.register_url.get_secret_value()
    if url is None:
        raise ConfigurationError(
            "say into which database, as --register sqlite:///register.db; it must be empty"
        )
    manifest = import_register(
        folder,
        url,
        now=register_clock(now),
        reading=Reading.MOVED if moved else Reading.RESTORED,
        actor=settings.actor,
    )
    rows = {each.table: each.rows for each in manifest.tables}
    print_line(
        f"Imported  {rows['credentials']} credentials, "
        f"{manifest.audit_head.sequence} entries of the audit trail"
    )
    if not moved:
        print_note("New status lists were begun: publish them before anything is issued")
