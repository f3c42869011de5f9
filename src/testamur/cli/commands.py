"""Commands whose help reads like a manual page, and groups that show theirs when asked nothing."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

from testamur.cli.exits import ExitCode

__all__ = ["Command", "show_help"]


class Command(TyperCommand):
    """A command whose help names arguments as `FILE`, not as `{FILE}` and `FILE <path>`."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Give the words behind the command's name in its first line."""
        return [
            piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)
        ]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options with their explanations."""
        for kind, title in (("argument", "Arguments"), ("option", "Options")):
            shown = [each for each in self.get_params(ctx) if each.param_type_name == kind]
            records = [each.get_help_record(ctx) for each in shown]
            rows = [(record[0].partition(" <")[0], record[1]) for record in records if record]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def show_help(context: typer.Context) -> None:
    """Print a group's help where no command of it was asked for; that is wrong usage."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.USAGE)
