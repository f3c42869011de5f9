"""`testamur register`: make a register, check it, and finish what was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.canon.strict_json import JsonObject, parse_object
from testamur.cli import register_files
from testamur.cli.commands import Command, show_help
from testamur.cli.exits import ExitCode
from testamur.cli.options import KeyFile, Now, PasswordFile, examples
from testamur.cli.register_options import (
    KeyMethod,
    Reason,
    RegisterUrl,
    Who,
    open_issuer,
    open_or_create_register,
    open_register,
    register_url,
)
from testamur.cli.signing import choose_signer, open_issuer_key
from testamur.cli.terminal import print_error, print_line, print_note, visible
from testamur.errors import ConfigurationError
from testamur.loading import read_file

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Keep the issuer's register: who was awarded what, and what became of it.",
        rich_markup_mode=None,
        epilog=examples("testamur register check register.db"),
    )
    group.command(
        "new",
        cls=Command,
        short_help="Make a register for an issuer.",
        epilog=examples(
            "testamur register new register.db --issuer profile.json --key issuer.pem \\",
            "    --status https://uni.example/status/",
        ),
    )(_new)
    reason = '--reason "backup of last night"'
    for name, command, in_short, example in (
        ("check", _check, "Check a register.", "check register.db"),
        ("resume", _resume, "Finish what was interrupted.", "resume register.db --key issuer.pem"),
        (
            "restored",
            _restored,
            "After a restore: begin new status lists.",
            f"restored register.db {reason}",
        ),
        ("upgrade", _upgrade, "Bring an older register up to date.", "upgrade register.db"),
        (
            "accept-clock",
            _accept_clock,
            "Go on after an entry of a wrong, later time.",
            'accept-clock register.db --reason "the clock was wrong"',
        ),
    ):
        epilog = examples(f"testamur register {example}")
        group.command(name, cls=Command, short_help=in_short, epilog=epilog)(command)
    register_files.register(group)
    app.add_typer(group, name="register", short_help="Keep the issuer's register.")


def _new(
    register: RegisterUrl,
    key: KeyFile,
    issuer: Annotated[
        Path, typer.Option(metavar="FILE", help="The issuer's profile, a JSON file with its id.")
    ],
    status: Annotated[
        str,
        typer.Option(
            metavar="URL", help="The https URL of the folder where status lists are published."
        ),
    ],
    verification_method: KeyMethod = None,
    who: Who = "testamur",
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """Make a register, and record an issuer, its key and where its status lists are published.

    In a register that is there already, a further issuer is recorded, or a further key.
    """
    from testamur.model.ob3 import Profile

    profile = Profile.from_json(_json(issuer))
    private_key = open_issuer_key(key, signer=None, public_key=None, password_file=password_file)
    signer = choose_signer(
        private_key, issuer=str(profile.id), verification_method=verification_method
    )
    with open_or_create_register(register, now=now, who=who) as book:
        book.issuers.add(profile)
        book.keys.add(
            private_key.public_key,
            signer.verification_method,
            signer_hint=key.name if key is not None else None,
        )
        if book.lists.series(str(profile.id)) is None:
            book.lists.open_series(str(profile.id), folder_url=status)
    print_line(f"Done: {visible(str(profile.id))} is in {visible(register)}")
    print_note("Keep the key and the register apart, and make backups of both")


def _check(
    register: RegisterUrl,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER:HASH", help="The head of an earlier check, which must still be there."
        ),
    ] = None,
    now: Now = None,
) -> ExitCode:
    """Check that the register holds together, and say what is unfinished.

    Keep the head that is printed somewhere else: whoever rewrote the trail could not keep it.
    """
    from testamur.register.checking import check_register

    with open_register(register, now=now) as book:
        number, digest = book.trail.check(head=_head(head))
        print_line(f"The trail holds: {number} entries")
        faults = check_register(book).faults
        for fault in faults:
            print_error(fault)
        unfinished = book.credentials.unfinished(limit=1000)
        for each in unfinished[:20]:
            print_line(f"unfinished: {visible(each.id)}, planned {each.planned_at:%Y-%m-%d %H:%M}")
        if unfinished:
            print_note("Finish them with `testamur register resume`")
        print_line(f"Head: {number}:{digest.hex()}")
    if faults:
        return ExitCode.NOT_GENUINE
    return ExitCode.COULD_NOT_TELL if unfinished else ExitCode.GENUINE


def _resume(
    register: RegisterUrl,
    key: KeyFile,
    verification_method: KeyMethod = None,
    who: Who = "testamur",
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """Sign what was recorded and not signed, because a process was interrupted."""
    with open_register(register, now=now, who=who) as book:
        issuer = open_issuer(book, key, password_file=password_file, method=verification_method)
        finished = issuer.resume()
    for each in finished:
        print_line(f"issued: {visible(each.id)}")
    print_line(f"Done: {len(finished)} finished")


def _restored(
    register: RegisterUrl, reason: Reason, who: Who = "testamur", now: Now = None
) -> None:
    """Begin new status lists for every issuer, after a backup was restored.

    The days that the backup does not know may have given places away; in new lists none is given
    twice.
    """
    with open_register(register, now=now, who=who) as book:
        for issuer in book.issuers.all():
            if book.lists.series(issuer.id) is not None:
                book.lists.begin_anew(issuer.id, reason=reason)
                print_line(f"Done: new lists for {visible(issuer.id)}")


def _upgrade(register: RegisterUrl) -> None:
    """Bring the tables of a register that an older testamur made up to date. Back it up first."""
    from testamur.register import Register

    before = Register.upgrade(register_url(register))
    print_line(f"Done: it had version {visible(before)}")


def _accept_clock(
    register: RegisterUrl, reason: Reason, who: Who = "testamur", now: Now = None
) -> None:
    """Go on although the last entry is of a later time, because that entry's time was wrong."""
    with open_register(register, now=now, who=who) as book:
        book.accept_clock(reason=reason)
    print_line("Done: entries go on from the present time")


def _json(path: Path) -> JsonObject:
    return parse_object(read_file(path))


def _head(text: str | None) -> tuple[int, bytes] | None:
    if text is None:
        return None
    number, _, digest = text.partition(":")
    try:
        return int(number), bytes.fromhex(digest)
    except ValueError as error:
        raise ConfigurationError(
            "--head is written as an earlier check printed it: NUMBER:HASH"
        ) from error
