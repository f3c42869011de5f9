"""`testamur status revoke`, `suspend` and `reinstate`: one bit of one's own list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from testamur.carry import write_atomically
from testamur.cli.commands import Command
from testamur.cli.files import exclusive, load_file, load_source
from testamur.cli.options import (
    KeyFile,
    Now,
    PasswordFile,
    PublicKey,
    SignerName,
    examples,
)
from testamur.cli.signing import IssuerKey, open_issuer_key
from testamur.cli.status_file import OwnStatusList, find_index, open_list, require_list
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError

__all__ = ["register"]

_List: TypeAlias = Annotated[
    Path, typer.Argument(metavar="LIST", help="Your signed status list, a JSON file.")
]
_Index: TypeAlias = Annotated[
    int | None,
    typer.Option(min=0, metavar="N", help="The credential's place, its statusListIndex."),
]
_Credential: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The credential itself; its status entry says its place."),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    for name, command, in_short in (
        ("revoke", _revoke, "Withdraw a credential for good."),
        ("suspend", _suspend, "Suspend a credential for now."),
        ("reinstate", _reinstate, "End the suspension of a credential."),
    ):
        group.command(
            name,
            cls=Command,
            short_help=in_short,
            epilog=examples(
                f"testamur status {name} list.json --index 94567 --key issuer.pem",
                f"testamur status {name} list.json --credential badge.json --key issuer.pem",
            ),
        )(command)


def _revoke(
    list_file: _List,
    key: KeyFile = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    index: _Index = None,
    credential: _Credential = None,
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """Withdraw a credential for good: set its bit in a revocation list, and sign the list again.

    This cannot be undone. A Bitstring Status List carries no reasons: keep them in your own
    records. Publish the list afterwards.
    """
    opened = open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file)
    change = _Change("revocation", is_set=True, state="revoked")
    _apply(change, list_file, opened, index=index, credential=credential, now=now)


def _suspend(
    list_file: _List,
    key: KeyFile = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    index: _Index = None,
    credential: _Credential = None,
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """Suspend a credential for now: set its bit in a suspension list, and sign the list again.

    `testamur status reinstate` undoes it. A Bitstring Status List carries no reasons: keep them in
    your own records. Publish the list afterwards.
    """
    opened = open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file)
    change = _Change("suspension", is_set=True, state="suspended")
    _apply(change, list_file, opened, index=index, credential=credential, now=now)


def _reinstate(
    list_file: _List,
    key: KeyFile = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    index: _Index = None,
    credential: _Credential = None,
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """End a suspension: clear a credential's bit in a suspension list, and sign the list again.

    A revocation cannot be undone: a revocation list is refused. Publish the list afterwards.
    """
    opened = open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file)
    change = _Change("suspension", is_set=False, state="not suspended")
    _apply(change, list_file, opened, index=index, credential=credential, now=now)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is done to a bit.

    Attributes:
        purpose: the list's statusPurpose.
        is_set: whether the bit is to be 1.
        state: what the credential then is.
    """

    purpose: str
    is_set: bool
    state: str


def _apply(
    change: _Change,
    list_file: Path,
    key: IssuerKey,
    *,
    index: int | None,
    credential: str | None,
    now: str | None,
) -> None:
    moment = clock(now)
    with exclusive(list_file):
        own = open_list(
            require_list(load_file(list_file), str(list_file)), key, purpose=change.purpose
        )
        place = _place(own, index, credential)
        changed = own.with_value(place, is_set=change.is_set, now=moment)
        if changed is not None:
            write_atomically(list_file, changed.content)
    if changed is None:
        print_line(f"Nothing to do: {place} is {change.state} already")
    else:
        print_line(f"Done: {place} is {change.state} in {list_file}")
        print_note(f"Publish the list again, at {own.view.id}")


def _place(own: OwnStatusList, index: int | None, credential: str | None) -> int:
    if index is not None and credential is None:
        return index
    if credential is not None and index is None:
        return find_index(load_source(credential), own)
    raise ConfigurationError(
        "say which credential: by its place, with --index, or by its file, with --credential"
    )
