"""`testamur credential`: the life of credentials in a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.commands import Command, show_help
from testamur.cli.exits import ExitCode
from testamur.cli.files import write_output
from testamur.cli.options import Force, Now, PasswordFile, RequiredKeyFile, examples
from testamur.cli.register_options import (
    KeyMethod,
    Reason,
    RegisterUrl,
    Who,
    open_issuer,
    open_register,
)
from testamur.cli.terminal import print_line, print_note, visible
from testamur.errors import ConfigurationError, RegisterError
from testamur.loading import read_file

if TYPE_CHECKING:
    from testamur.issuer import IssuedCredential
    from testamur.register import Action, CredentialRecord

__all__ = ["register"]

_ID = "urn:uuid:..."
_Ids: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of credentials.")
]
_List: TypeAlias = Annotated[
    Path | None,
    typer.Option("--list", metavar="FILE", help="A text file with one id on each line."),
]
_DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
_Id: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The id of the credential.")]
_Document: TypeAlias = Annotated[
    Path, typer.Argument(metavar="FILE", help="The credential, JSON, unsigned, without status.")
]
_Out: TypeAlias = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="Where the signed credential is written.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Issue credentials through a register, and look after them for their life.",
        rich_markup_mode=None,
        epilog=examples("testamur credential show register.db urn:uuid:..."),
    )
    signed = "--key issuer.pem --out signed.json"
    for name, command, in_short, example in (
        ("issue", _issue, "Issue a credential, once.", f"badge.json {signed}"),
        ("show", _show, "Show a credential, or those of a recipient.", "ada@learner.example"),
        ("revoke", _revoke, "Withdraw credentials for good.", f'{_ID} --reason "by mistake"'),
        ("suspend", _suspend, "Withdraw credentials for now.", "--list ids.txt --reason audit"),
        ("reinstate", _reinstate, "End suspensions.", f"{_ID} --reason cleared"),
        (
            "replace",
            _replace,
            "Issue a corrected credential, and revoke the old one.",
            f"{_ID} b.json --reason name {signed}",
        ),
        (
            "renew",
            _renew,
            "Issue the same credential for a further time.",
            f"{_ID} --key issuer.pem --from 2027-06-01T00:00:00Z --out new.json",
        ),
        ("erase", _erase, "Erase what names the person.", f'{_ID} --reason "asked for"'),
    ):
        first, *more = example.split(" --key", 1)
        words = f"testamur credential {name} register.db {first}"
        epilog = examples(f"{words} \\", f"    --key{more[0]}") if more else examples(words)
        group.command(name, cls=Command, short_help=in_short, epilog=epilog)(command)
    app.add_typer(group, name="credential", short_help="Issue and withdraw through a register.")


def _issue(
    register: RegisterUrl,
    document: _Document,
    key: RequiredKeyFile,
    out: _Out,
    known_as: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="TEXT", help="Your key for this award; a second try gives the same."
        ),
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Who it is for, where the file only has a hash."),
    ] = None,
    verification_method: KeyMethod = None,
    who: Who = "testamur",
    now: Now = None,
    password_file: PasswordFile = None,
    force: Force = False,
) -> None:
    """Record a credential, sign it, and write it; asked again, the same one is written again."""
    from testamur.canon.strict_json import parse_object

    with open_register(register, now=now, who=who) as book:
        issuer = open_issuer(book, key, password_file=password_file, method=verification_method)
        credential = parse_object(read_file(document))
        issued = issuer.issue(credential, key=known_as, recipient=recipient)
    _write(issued, out, force=force)


def _show(register: RegisterUrl, what: _Id, now: Now = None) -> ExitCode:
    """Show what the register knows of a credential; or of all that a recipient was awarded."""
    with open_register(register, now=now) as book:
        found = book.credentials.find(what)
        records = book.credentials.of_recipient(what) if found is None else [found]
        for record in records:
            _print(record)
            for change in book.credentials.history(record):
                reason = "(erased)" if change.reason is None else change.reason
                print_line(
                    f"  {change.at:%Y-%m-%d %H:%M}  {change.action} by {visible(change.actor)}: "
                    f"{visible(reason)}"
                )
    if not records:
        print_line("Nothing of that id or recipient is in the register")
        return ExitCode.COULD_NOT_TELL
    return ExitCode.GENUINE


def _revoke(
    register: RegisterUrl,
    reason: Reason,
    ids: _Ids = None,
    list_file: _List = None,
    who: Who = "testamur",
    dry_run: _DryRun = False,
    now: Now = None,
) -> ExitCode:
    """Withdraw credentials for good: all that are named, or, if one cannot be, none."""
    return _change(register, "revoke", ids, list_file, reason, who, now, is_dry_run=dry_run)


def _suspend(
    register: RegisterUrl,
    reason: Reason,
    ids: _Ids = None,
    list_file: _List = None,
    who: Who = "testamur",
    dry_run: _DryRun = False,
    now: Now = None,
) -> ExitCode:
    """Withdraw credentials for now: all that are named, or, if one cannot be, none."""
    return _change(register, "suspend", ids, list_file, reason, who, now, is_dry_run=dry_run)


def _reinstate(
    register: RegisterUrl,
    reason: Reason,
    ids: _Ids = None,
    list_file: _List = None,
    who: Who = "testamur",
    dry_run: _DryRun = False,
    now: Now = None,
) -> ExitCode:
    """End suspensions: of all that are named, or, if one cannot be, of none."""
    return _change(register, "reinstate", ids, list_file, reason, who, now, is_dry_run=dry_run)


def _replace(
    register: RegisterUrl,
    old: _Id,
    document: _Document,
    key: RequiredKeyFile,
    reason: Reason,
    out: _Out,
    recipient: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Who it is for, where the file only has a hash."),
    ] = None,
    verification_method: KeyMethod = None,
    who: Who = "testamur",
    now: Now = None,
    password_file: PasswordFile = None,
    force: Force = False,
) -> None:
    """Issue a corrected credential; the old one is revoked, and points to it in the register."""
    from testamur.canon.strict_json import parse_object

    with open_register(register, now=now, who=who) as book:
        issuer = open_issuer(book, key, password_file=password_file, method=verification_method)
        credential = parse_object(read_file(document))
        issued = issuer.replace(old, credential, reason=reason, recipient=recipient)
    _write(issued, out, force=force)


def _renew(
    register: RegisterUrl,
    old: _Id,
    key: RequiredKeyFile,
    out: _Out,
    begins: Annotated[
        str, typer.Option("--from", metavar="TIME", help="When the new one begins to hold.")
    ],
    ends: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="When it ends; or never."),
    ] = None,
    verification_method: KeyMethod = None,
    who: Who = "testamur",
    now: Now = None,
    password_file: PasswordFile = None,
    force: Force = False,
) -> None:
    """Issue a credential that says the same for a further time; the old one runs out by itself."""
    from testamur.model.dates import parse_date_time_stamp

    with open_register(register, now=now, who=who) as book:
        issuer = open_issuer(book, key, password_file=password_file, method=verification_method)
        issued = issuer.renew(
            old,
            valid_from=parse_date_time_stamp(begins, path="--from"),
            valid_until=None if ends is None else parse_date_time_stamp(ends, path="--until"),
        )
    _write(issued, out, force=force)


def _erase(
    register: RegisterUrl,
    old: _Id,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; it is kept for ever and names nobody.")
    ],
    who: Who = "testamur",
    now: Now = None,
) -> None:
    """Erase what names the person of a credential; its id, places, hash and trail are kept."""
    with open_register(register, now=now, who=who) as book:
        book.credentials.erase(old, reason=reason)
    print_line(f"Done: {visible(old)} names nobody any more")
    print_note("Backups of before still do")


def _change(
    register: str,
    action: str,
    ids: list[str] | None,
    list_file: Path | None,
    reason: str,
    who: str,
    now: str | None,
    *,
    is_dry_run: bool,
) -> ExitCode:
    named = _named(ids, list_file)
    with open_register(register, now=now, who=who) as book:
        from testamur.issuer import change_many
        from testamur.issuer.changes import RowOutcome
        from testamur.register import Action

        done: Action = Action(action)
        report = change_many(book, named, done, reason=reason, is_dry_run=is_dry_run)
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
        print_note("Publish the status lists again")
    return ExitCode.GENUINE


def _named(ids: list[str] | None, list_file: Path | None) -> list[str]:
    if bool(ids) == (list_file is not None):
        raise ConfigurationError("name the credentials: by their ids, or by a file with --list")
    if list_file is None:
        return list(ids or ())
    text = read_file(list_file).decode("utf-8", "replace")
    return [line.strip() for line in text.splitlines() if line.strip()]


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


def _write(issued: IssuedCredential, out: Path, *, force: bool) -> None:
    write_output(out, issued.secured.content, force=force)
    again = "" if issued.is_new else ", issued before"
    print_line(f"Done: {visible(issued.id)}{again}, in {out}")
