"""`testamur credential`: the life of credentials in a register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.cli import (
    credential_changes,
    credential_documents,
    credential_new,
    credential_pages,
)
from testamur.cli.commands import add_command, new_group
from testamur.cli.exits import ExitCode
from testamur.cli.register_options import AtRegister, records_of
from testamur.cli.terminal import print_line, print_note, visible

if TYPE_CHECKING:
    from testamur.register import CredentialRecord, Register

__all__ = ["register"]

_MOST = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = new_group(
        "Look after the credentials in a register for their life.",
        "testamur credential show urn:uuid:... --register register.db",
    )
    add_command(
        group,
        "show",
        _show,
        "Show a credential, or those of a recipient.",
        "testamur credential show ada@learner.example --register register.db",
    )
    add_command(
        group,
        "list",
        _list,
        "List credentials.",
        "testamur credential list --ending-before 2027-01-01T00:00:00Z",
        "testamur credential list --achievement https://uni.example/a/rust --ids",
    )
    credential_changes.register(group)
    credential_new.register(group)
    credential_pages.register(group)
    credential_documents.register(group)
    app.add_typer(group, name="credential", short_help="Look after credentials in a register.")


def _show(
    what: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the credential, or its recipient.")
    ],
    at: AtRegister,
) -> ExitCode:
    """Show what the register knows of a credential; or of all that a recipient was awarded."""
    with at.open() as book:
        records = records_of(book, what)
        for record in records:
            _print(record)
            for change in book.credentials.history(record):
                reason = "(erased)" if change.reason is None else change.reason
                print_line(
                    f"  {change.at:%Y-%m-%d %H:%M}  {change.action} by {visible(change.actor)}: "
                    f"{visible(reason)}"
                )
            for carrier in book.credentials.carriers(record):
                where = "" if carrier.location is None else f", {visible(carrier.location)}"
                print_line(f"  as {visible(carrier.kind)}{where}: {carrier.sha256.hex()}")
            agreed = book.publications.find(record.id)
            if agreed is not None:
                print_line(f"  public page agreed to on {agreed.agreed_at:%Y-%m-%d %H:%M}")
    if not records:
        print_line("Nothing of that id or recipient is in the register")
        return ExitCode.COULD_NOT_TELL
    return ExitCode.GENUINE


def _list(
    *,
    achievement: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those of this achievement.")
    ] = None,
    ending_before: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only those that end to hold between now and then."),
    ] = None,
    signed_with: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Only those that this key signed: its URL."),
    ] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Only those that are recorded and not signed.")
    ] = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="Print the ids alone, as --list of others takes them.")
    ] = False,
    at: AtRegister,
) -> None:
    """List credentials: one on each line, with its standing, its end, and what it is of."""
    from testamur.model.dates import parse_date_time_stamp

    end = (
        None
        if ending_before is None
        else parse_date_time_stamp(ending_before, path="--ending-before")
    )
    number = 0
    with at.open() as book:
        for record in _chosen(book, at.tick(), achievement, end, unfinished=unfinished):
            if signed_with in (None, record.verification_method):
                number += 1
                print_line(visible(record.id) if ids else _line(record))
    if not ids:
        print_note(f"{number} credentials" if number != 1 else "1 credential")


def _chosen(
    book: Register,
    now: datetime,
    achievement: str | None,
    end: datetime | None,
    *,
    unfinished: bool,
) -> Iterable[CredentialRecord]:
    """Yield the credentials that are asked for, by the shortest way to them."""
    if unfinished:
        found: Iterable[CredentialRecord] = book.credentials.unfinished(limit=_MOST)
    elif end is not None:
        found = book.credentials.expiring(now, end, limit=_MOST)
    else:
        found = book.credentials.all(achievement=achievement)
    for record in found:
        ends = record.valid_until
        if achievement not in (None, record.achievement):
            continue
        if end is None or (ends is not None and now <= ends < end):
            yield record


def _line(record: CredentialRecord) -> str:
    standing = record.standing.value if record.state.value == "issued" else record.state.value
    ends = "without end" if record.valid_until is None else f"{record.valid_until:%Y-%m-%d}"
    what = record.achievement if record.achievement is not None else record.kind.value
    return f"{visible(record.id)}  {standing:9}  {ends:11}  {visible(what)}"


def _print(record: CredentialRecord) -> None:
    print_line(visible(record.id))
    print_line(f"  {record.kind}, {record.state}, {record.standing}")
    if record.achievement is not None:
        version = record.achievement_version
        print_line(f"  achievement: {visible(record.achievement)}, version {version}")
    if record.issued_at is not None:
        method = visible(record.verification_method or "")
        print_line(f"  issued {record.issued_at:%Y-%m-%d %H:%M} with {method}")
    if record.valid_until is not None:
        print_line(f"  valid until {record.valid_until:%Y-%m-%d %H:%M}")
    for place in record.places:
        print_line(f"  {place.purpose}: {visible(place.list_url)}#{place.index}")
    for label, other in (
        (str(record.relation), record.supersedes),
        ("superseded by", record.superseded_by),
    ):
        if other is not None:
            print_line(f"  {label} {visible(other)}")
