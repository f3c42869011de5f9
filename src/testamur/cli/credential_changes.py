"""`testamur credential revoke`, `suspend`, `reinstate` and `erase`: what becomes of credentials."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from testamur.cli.commands import add_command
from testamur.cli.register_options import ListFile, Reason, Recording, named_credentials
from testamur.cli.terminal import print_line, print_note, visible
from testamur.errors import RegisterError

__all__ = ["register"]

_Ids: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of credentials.")
]
_DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    for name, command, in_short, example in (
        ("revoke", _revoke, "Withdraw credentials for good.", 'urn:uuid:... --reason "by mistake"'),
        ("suspend", _suspend, "Withdraw credentials for now.", "--list ids.txt --reason audit"),
        ("reinstate", _reinstate, "End suspensions.", "urn:uuid:... --reason cleared"),
        ("erase", _erase, "Erase what names the person.", 'urn:uuid:... --reason "asked for"'),
    ):
        add_command(group, name, command, in_short, f"testamur credential {name} {example}")


def _revoke(
    ids: _Ids = None,
    *,
    list_file: ListFile = None,
    reason: Reason,
    dry_run: _DryRun = False,
    work: Recording,
) -> None:
    """Withdraw credentials for good: all that are named, or, if one cannot be, none."""
    _change("revoke", named_credentials(ids, list_file), reason, work, is_dry_run=dry_run)


def _suspend(
    ids: _Ids = None,
    *,
    list_file: ListFile = None,
    reason: Reason,
    dry_run: _DryRun = False,
    work: Recording,
) -> None:
    """Withdraw credentials for now: all that are named, or, if one cannot be, none."""
    _change("suspend", named_credentials(ids, list_file), reason, work, is_dry_run=dry_run)


def _reinstate(
    ids: _Ids = None,
    *,
    list_file: ListFile = None,
    reason: Reason,
    dry_run: _DryRun = False,
    work: Recording,
) -> None:
    """End suspensions: of all that are named, or, if one cannot be, of none."""
    _change("reinstate", named_credentials(ids, list_file), reason, work, is_dry_run=dry_run)


def _erase(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of the credential.")],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; it is kept for ever and names nobody.")
    ],
    work: Recording,
) -> None:
    """Erase what names the person of a credential; its id, places, hash and trail are kept."""
    with work.open() as book:
        book.credentials.erase(identifier, reason=reason)
    print_line(f"Done: {visible(identifier)} names nobody any more")
    print_note("Backups of before still do")


def _change(
    action: str, named: list[str], reason: str, work: Recording, *, is_dry_run: bool
) -> None:
    with work.open() as book:
        from testamur.issuer import change_many
        from testamur.issuer.changes import RowOutcome
        from testamur.register import Action

        report = change_many(book, named, Action(action), reason=reason, is_dry_run=is_dry_run)
    for row in report.rows:
        if row.outcome is RowOutcome.REFUSED:
            print_line(f"{row.row}: {visible(row.id)}: {row.reason}")
    changed, refused = report.count(RowOutcome.CHANGED), report.count(RowOutcome.REFUSED)
    if refused:
        raise RegisterError(f"{refused} of {len(named)} cannot be done, so nothing was changed")
    if is_dry_run:
        print_line(f"Nothing was changed: {changed} of {len(named)} would be")
    else:
        print_line(f"Done: {changed} changed, {len(named) - changed} were so already")
        print_note("It counts when the status lists are published: testamur publish")
