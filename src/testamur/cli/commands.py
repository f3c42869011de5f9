"""Commands whose help reads like a manual page, and groups that show theirs when asked nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

from testamur.cli.bundles import spread
from testamur.cli.exits import ExitCode
from testamur.cli.options import examples

__all__ = ["Command", "add_command", "new_group", "show_help"]


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


def new_group(description: str, example: str) -> typer.Typer:
    """Return a group of commands, without any yet."""
    return typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help=description,
        rich_markup_mode=None,
        epilog=examples(example),
    )


def add_command(
    group: typer.Typer, name: str, command: Callable[..., Any], in_short: str, *shown: str
) -> None:
    """Add a command, whose parameters may be bundles of options.

    Args:
        group: where it is added.
        name: of the command.
        command: does it.
        in_short: what it does, for the list of commands.
        shown: the lines of its examples.
    """
    add = group.command(name, cls=Command, short_help=in_short, epilog=examples(*shown))
    add(spread(command))
