"""`testamur register keys`: the keys of an issuer over the years, in its register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.commands import add_command, new_group
from testamur.cli.key_options import KeyChoice, open_key
from testamur.cli.register_options import AtRegister, Recording
from testamur.cli.signing import check_self_contained, self_contained_method
from testamur.cli.terminal import print_line, print_note, visible
from testamur.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    from testamur.keys.ed25519 import Ed25519PublicKey
    from testamur.register import KeyRecord, Register

__all__ = ["register"]

_SHOWN = "did:web:uni.example#key-1"
_Url: TypeAlias = Annotated[
    str, typer.Argument(metavar="URL", help="The URL of the key, as did:web:uni.example#key-1.")
]
_Why: TypeAlias = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept for ever.")]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    keys = new_group(
        "Keep the issuers' keys: their public halves and their dates.",
        "testamur register keys list --register register.db",
    )
    for name, command, in_short, example in (
        ("list", _list, "List the keys, those of old included.", "--register register.db"),
        (
            "add",
            _add,
            "Record a further key.",
            "--key new.pem \\\n      --verification-method did:web:uni.example#key-2",
        ),
        (
            "retire",
            _retire,
            "A key signs nothing any more.",
            f'{_SHOWN} \\\n      --reason "yearly rotation"',
        ),
        (
            "compromise",
            _compromise,
            "A key may be in other hands.",
            f'{_SHOWN} \\\n      --since 2026-06-01T00:00:00Z --reason "stolen"',
        ),
    ):
        add_command(keys, name, command, in_short, f"testamur register keys {name} {example}")
    group.add_typer(keys, name="keys", short_help="Keep the issuers' keys.")


def _list(at: AtRegister) -> None:
    """List the keys of all issuers, those of old included, and how many credentials each signed."""
    with at.open() as book:
        for issuer in book.issuers.all():
            print_line(visible(issuer.id))
            for key in book.keys.of(issuer.id):
                print_line(f"  {visible(key.verification_method)}  {visible(key.public_key)}")
                print_line(f"    {_dates(key)}; signed {book.keys.count_signed(key)}")
                if key.signer_hint is not None:
                    print_line(f"    kept in {visible(key.signer_hint)}")


def _add(
    *,
    begins: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="When it comes into use; now unless given."),
    ] = None,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Record a further key of an issuer: its public half, its URL, and from when it signs.

    With --public-key alone, the private half need not be here.
    """
    public_key, hint, method = _public_half(work, choice)
    if method is None:
        method = self_contained_method(public_key, work.at.settings.issuer)
    if method is None:
        raise ConfigurationError(
            "say under which URL the key is going to be published, as in --verification-method "
            "did:web:uni.example#key-2: each key of an issuer has a name of its own"
        )
    check_self_contained(public_key, method)
    with work.open() as book:
        known = book.keys.find(method)
        key = book.keys.add(
            public_key, method, valid_from=_moment(begins, "--from"), signer_hint=hint
        )
    said = "is" if known is None else "was in the register already, and is"
    print_line(f"Done: {visible(key.verification_method)} {said} {_dates(key)}")
    print_note("Publish the DID document before it signs: testamur publish")


def _retire(
    url: _Url,
    *,
    reason: _Why,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="From when; from now unless given."),
    ] = None,
    work: Recording,
) -> None:
    """Record from when on a key signs nothing any more. What it signed before still verifies.

    Destroy its private half: whoever has it could date a signature back.
    """
    with work.open() as book:
        key = book.keys.retire(url, at=_moment(at, "--at"), reason=reason)
        signed = book.keys.count_signed(key)
        print_line(f"Done: {visible(key.verification_method)} is {_dates(key)}")
        print_note(f"What it signed before, {_credentials(signed)}, still verifies")
        _say_what_is_left(book, key, work.at.tick())


def _compromise(
    url: _Url,
    reason: _Why,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Since when it may be in other hands.")
    ],
    work: Recording,
) -> None:
    """Record since when a key may be in other hands. Nothing that it signed verifies any more.

    That holds for what it signed before, too: nobody can tell whether a date was written back. It
    is never taken back.
    """
    from testamur.model.dates import parse_date_time_stamp

    with work.open() as book:
        key = book.keys.mark_compromised(
            url, since=parse_date_time_stamp(since, path="--since"), reason=reason
        )
        signed = book.keys.count_signed(key)
        print_line(f"Done: {visible(key.verification_method)} is {_dates(key)}")
        print_note(
            f"What it signed, {_credentials(signed)}, verifies no more once you publish; renew "
            f"it: testamur credential list --signed-with {url}"
        )
        _say_what_is_left(book, key, work.at.tick())


def _public_half(
    work: Recording, choice: KeyChoice
) -> tuple[Ed25519PublicKey, str | None, str | None]:
    """Return the public key that is meant, where its private half is, and its URL if it is said."""
    if choice.public_key is not None and not choice.is_named:
        from testamur.keys.services import read_public_key

        return read_public_key(choice.public_key), None, choice.verification_method
    source = choice.source(work.at.settings)
    hint = source.service if source.file is None else source.file.name
    return open_key(source).public_key, hint, source.verification_method


def _say_what_is_left(book: Register, key: KeyRecord, now: datetime) -> None:
    left = [
        each.verification_method
        for each in book.keys.of(key.issuer)
        if each.compromised_at is None
        and each.valid_from <= now
        and (each.retired_at is None or each.retired_at > now)
    ]
    if left:
        print_note(
            f"Sign and publish with {', '.join(left)}: by --key, or [signer] of the configuration"
        )
    else:
        print_note(
            "No key of the issuer is in use now: record one with `testamur register keys add`, and "
            "publish with it"
        )


def _dates(key: KeyRecord) -> str:
    said = [f"in use from {key.valid_from:%Y-%m-%d %H:%M}"]
    if key.retired_at is not None:
        said.append(f"retired from {key.retired_at:%Y-%m-%d %H:%M}")
    if key.compromised_at is not None:
        said.append(f"compromised since {key.compromised_at:%Y-%m-%d %H:%M}")
    return ", ".join(said)


def _credentials(number: int) -> str:
    return f"{number} credential{'' if number == 1 else 's'}"


def _moment(text: str | None, option: str) -> datetime | None:
    from testamur.model.dates import parse_date_time_stamp

    return None if text is None else parse_date_time_stamp(text, path=option)
