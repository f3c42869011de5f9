"""The `testamur` command: its subcommands, and how every ending becomes an exit code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from testamur import __version__
from testamur.cli.commands import show_help
from testamur.cli.endings import end
from testamur.cli.exits import ExitCode
from testamur.cli.options import examples
from testamur.cli.terminal import make_streams_lenient, print_error, print_line, print_note

__all__ = ["app"]

# In the order of the help; each is the name of its module too, with underscores for hyphens.
_NAMES = (
    "issue",
    "roster",
    "seal",
    "bake",
    "extract",
    "verify",
    "inspect",
    "check",
    "compare",
    "convert",
    "import-badges",
    "demo",
    "bench",
    "config",
    "key",
    "status",
    "register",
    "credential",
    "wallet",
    "publish",
    "webhooks",
)


class _OnDemand(Mapping[str, Any]):
    """The commands by name. A command's module is imported when it is asked for, and no other."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in _NAMES:
            raise KeyError(name)
        if name not in self._loaded:
            alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
            importlib.import_module(f"testamur.cli.{name.replace('-', '_')}").register(alone)
            self._loaded[name] = typer.main.get_group(alone).commands[name]
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


class _Commands(TyperGroup):
    """The root of the commands, with our exit codes: typer's own 2 and 1 mean something else."""

    commands: Any

    def __init__(self, **settings: Any) -> None:
        """Build the root; it has no command yet."""
        super().__init__(**settings)
        self.commands = _OnDemand()

    def main(self, *args: Any, **options: Any) -> None:
        """Run one command and leave."""
        make_streams_lenient()
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except typer.TyperException as error:
            _print_usage_error(error)
            code = ExitCode.USAGE
        except typer.Abort:  # Ctrl-C or end of input while a password is typed
            code = ExitCode.INTERRUPTED
        sys.exit(code or ExitCode.GENUINE)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for; its errors become messages."""
        invoke = super().invoke
        return end(lambda: invoke(ctx))


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Issue, carry and verify Open Badges 3.0 and other verifiable credentials.\n\n"
        "Exit codes: 0 genuine and current, or done; 1 not genuine, withdrawn or out of date; "
        "2 could not tell; 3 wrong usage or unusable input. Nothing is fetched over the network "
        "unless --network is given."
    ),
    epilog=examples("testamur verify badge.png --trust issuers.yaml"),
)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    if version:
        print_line(f"testamur {__version__}")
    else:
        show_help(context)


def _print_usage_error(error: typer.TyperException) -> None:
    print_error(error.format_message())
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "testamur"
    print_note(f"Try '{command} --help' for help.")
