"""`testamur register`: the issuer's book."""

from __future__ import annotations

import typer

from testamur.cli import register_files
from testamur.cli.commands import show_help
from testamur.cli.options import examples

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Look after the register: who was awarded what, and where its status is.",
        rich_markup_mode=None,
        epilog=examples("testamur register check --register sqlite:///register.db"),
    )
    register_files.register(group)
    app.add_typer(group, name="register", short_help="Look after the issuer's register.")
