"""`testamur register`: make a register, check it, and finish what was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.canon.strict_json import parse_object
from testamur.cli import register_files, register_keys
from testamur.cli.commands import add_command, new_group
from testamur.cli.exits import ExitCode
from testamur.cli.key_options import KeyChoice, open_issuer, open_key
from testamur.cli.register_options import AtRegister, ReasonAtLarge, Recording
from testamur.cli.signing import choose_signer
from testamur.cli.terminal import print_error, print_line, print_note, visible
from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.loading import read_file

if TYPE_CHECKING:
    from testamur.model.ob3 import Profile

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = new_group(
        "Keep the issuer's register: who was awarded what, and what became of it.",
        "testamur register check --register register.db",
    )
    add_command(
        group,
        "new",
        _new,
        "Make a register for an issuer.",
        "testamur register new --register register.db --issuer profile.json \\",
        "    --key issuer.pem --status https://uni.example/status/",
    )
    for name, command, in_short, example in (
        ("profile", _profile, "Record a new profile of an issuer.", "profile.json"),
        ("check", _check, "Check a register.", "--register register.db"),
        ("resume", _resume, "Finish what was interrupted.", "--key issuer.pem"),
        (
            "restored",
            _restored,
            "After a restore: begin new status lists.",
            '--reason "backup of last night"',
        ),
        ("upgrade", _upgrade, "Bring an older register up to date.", "--register register.db"),
        (
            "accept-clock",
            _accept_clock,
            "Go on after an entry of a wrong, later time.",
            '--reason "the clock was wrong"',
        ),
    ):
        add_command(group, name, command, in_short, f"testamur register {name} {example}")
    register_files.register(group)
    register_keys.register(group)
    app.add_typer(group, name="register", short_help="Keep the issuer's register.")


def _new(
    issuer: Annotated[
        Path, typer.Option(metavar="FILE", help="The issuer's profile, a JSON file with its id.")
    ],
    status: Annotated[
        str,
        typer.Option(
            metavar="URL", help="The https URL of the folder where status lists are published."
        ),
    ],
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Make a register, and record an issuer, its first key and where its lists are published.

    In a register that is there already, a further issuer is recorded. Of the key only the public
    half and its URL are recorded; further keys come with `testamur register keys add`.
    """
    profile = _profile_in(issuer)
    source = choice.source(work.at.settings)
    key = open_key(source)
    signer = choose_signer(
        key, issuer=str(profile.id), verification_method=source.verification_method
    )
    if signer.controller != str(profile.id):
        raise ConfigurationError(
            f"the key {signer.verification_method[:160]} is none of {str(profile.id)[:160]}; its "
            "URL is the issuer's id, # and a name"
        )
    with work.at.open_or_create(who=work.who) as book:
        known = book.keys.find(signer.verification_method)
        if known is None and book.keys.of(str(profile.id)):
            raise RegisterError(
                f"{str(profile.id)[:160]} is in the register with its first key; record a further "
                "one with `testamur register keys add`",
                code=Code.REGISTER_CONFLICT,
            )
        book.issuers.add(profile)
        book.keys.add(
            key.public_key,
            signer.verification_method,
            signer_hint=source.service if source.file is None else source.file.name,
        )
        series = book.lists.series(str(profile.id))
        if series is None:
            book.lists.open_series(str(profile.id), folder_url=status)
        elif series.lists.folder_url != status:
            print_note(f"Its lists are published at {series.lists.folder_url}, as before")
    print_line(f"Done: {visible(str(profile.id))} is in {visible(work.at.name)}")
    print_note("Keep the key and the register apart, and make backups of both")


def _profile(
    issuer: Annotated[
        Path, typer.Argument(metavar="FILE", help="The issuer's profile, a JSON file with its id.")
    ],
    work: Recording,
) -> None:
    """Record a new profile of an issuer that is in the register, known by its id."""
    with work.open() as book:
        record = book.issuers.update(_profile_in(issuer))
    print_line(f"Done: the profile of {visible(record.id)} is as in {issuer}")


def _check(
    *,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER:HASH", help="The head of an earlier check, which must still be there."
        ),
    ] = None,
    at: AtRegister,
) -> ExitCode:
    """Check that the register holds together, and say what is unfinished.

    Keep the head that is printed somewhere else: whoever rewrote the trail could not keep it.
    """
    from testamur.register.checking import check_register

    with at.open() as book:
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


def _resume(work: Recording, choice: KeyChoice) -> None:
    """Sign what was recorded and not signed, because a process was interrupted."""
    with work.open() as book:
        finished = open_issuer(book, work.at, choice).resume()
    for each in finished:
        print_line(f"issued: {visible(each.id)}")
    print_line(f"Done: {len(finished)} finished")


def _restored(reason: ReasonAtLarge, work: Recording) -> None:
    """Begin new status lists for every issuer, after a backup was restored.

    The days that the backup does not know may have given places away; in new lists none is given
    twice.
    """
    with work.open() as book:
        for issuer in book.issuers.all():
            if book.lists.series(issuer.id) is not None:
                book.lists.begin_anew(issuer.id, reason=reason)
                print_line(f"Done: new lists for {visible(issuer.id)}")


def _upgrade(at: AtRegister) -> None:
    """Bring the tables of a register that an older testamur made up to date. Back it up first."""
    print_line(f"Done: it had version {visible(at.upgrade())}")


def _accept_clock(reason: ReasonAtLarge, work: Recording) -> None:
    """Go on although the last entry is of a later time, because that entry's time was wrong."""
    with work.open() as book:
        book.accept_clock(reason=reason)
    print_line("Done: entries go on from the present time")


def _profile_in(path: Path) -> Profile:
    from testamur.model.ob3 import Profile

    return Profile.from_json(parse_object(read_file(path)))


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
