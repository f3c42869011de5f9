"""`testamur wallet`: a learner's credentials in one portable file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from testamur import limits
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry import safe_file_name, write_atomically
from testamur.carry.presentation import build_presentation, credentials_in
from testamur.cli.columns import Styled
from testamur.cli.commands import Command, show_help
from testamur.cli.describe import two_columns
from testamur.cli.files import exclusive, load_file, load_source, write_output
from testamur.cli.options import Force, examples
from testamur.cli.terminal import print_line, render
from testamur.errors import ConfigurationError, InputError, ParseError
from testamur.loading import load_embedded
from testamur.secured import Secured, Securing
from testamur.verification.contents import read_contents

__all__ = ["register"]

_Wallet: TypeAlias = Annotated[
    Path, typer.Argument(metavar="WALLET", help="The wallet file, as learner-wallet.json.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Keep credentials in one portable file, which learner wallets can open. Nothing is "
        "judged here: `testamur verify WALLET` does that.",
        rich_markup_mode=None,
        epilog=examples("testamur wallet add learner-wallet.json badge.png diploma.json"),
    )
    group.command(
        "add",
        cls=Command,
        short_help="Add credentials to a wallet file.",
        epilog=examples("testamur wallet add learner-wallet.json badge.png diploma.json"),
    )(_add)
    group.command("list", cls=Command, epilog=examples("testamur wallet list learner-wallet.json"))(
        _list
    )
    group.command(
        "export",
        cls=Command,
        short_help="Write each credential into its own file.",
        epilog=examples("testamur wallet export learner-wallet.json --out credentials"),
    )(_export)
    app.add_typer(group, name="wallet", short_help="Keep credentials in one file.")


def _add(
    wallet: _Wallet,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="Credentials as JSON, JWT, PNG or SVG, or other wallet files; - reads stdin.",
        ),
    ],
) -> None:
    """Add credentials to a wallet file, which is made if it is not there.

    What is in it stays as it is, and no credential is added twice. One that is not signed is
    refused; whether a signature is genuine is not checked here: `testamur verify` does that.
    """
    new = [each for file in files for each in _signed_members(file)]
    with exclusive(wallet):
        present = _open(wallet)
        kept = [] if present is None else list(_members_of(present, str(wallet)))
        known = {_key(each) for each in kept}
        together = {_key(each): each for each in [*kept, *new]}
        built = build_presentation(together.values())
        if present is not None:
            built = {**present.document, "verifiableCredential": built["verifiableCredential"]}
        write_atomically(wallet, _wallet_bytes(built))
    added = len(together) - len(known)
    print_line(f"{wallet}: {added} added, {len(together)} in all; none was checked")


def _list(wallet: _Wallet) -> None:
    """Show what a wallet file holds; nothing is checked."""
    secured = load_file(wallet)
    members = list(_members_of(secured, str(wallet)))
    noun = "credential" if len(members) == 1 else "credentials"
    print_line(f"{len(members)} {noun} in {wallet}; none was checked", style="bold")
    for position, each in enumerate(members, start=1):
        said = read_contents(each.document)
        rows = [
            ("Claims to be", said.name or "without a name"),
            ("from", said.issuer_name or "an issuer without a name"),
            ("", said.issuer_id or "without an id"),
            ("for", said.recipient or "nobody named openly"),
            ("until", said.valid_until or "no expiry date"),
            ("Signed as", each.securing.value),
        ]
        render("", Styled(f"{position}."), two_columns(rows))


def _export(
    wallet: _Wallet,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder; made if not there.")],
    force: Force = False,
) -> None:
    """Write each credential of a wallet into a file of its own.

    The names are safe on every system, and the same credential always gets the same one. A file
    that holds the same credential already is left alone. Nothing is checked here.
    """
    members = list(_members_of(load_file(wallet), str(wallet)))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"cannot make the folder {out}: {error.strerror or error}", path=str(out)
        ) from error
    paths = [out / _file_name(each) for each in members]
    for path, each in zip(paths, members, strict=True):
        if not _holds(path, each.content):
            write_output(path, each.content, force=force)
    # Only now: a reader that goes away, as `head` does, ends the command.
    for path in paths:
        print_line(str(path))


def _signed_members(source: str) -> Iterator[Secured]:
    for each in _members_of(load_source(source), source):
        if each.securing is Securing.NONE:
            name = read_contents(each.document).name or "without a name"
            raise InputError(
                f"{source}: the credential {name[:80]!r} cannot be added: it is not signed; sign "
                "it with `testamur issue`, or leave it out"
            )
        yield each


def _members_of(secured: Secured, source: str) -> Iterator[Secured]:
    """Give the credentials in what was loaded: itself, or those of a presentation."""
    if not secured.is_presentation:
        yield _credential(secured, source)
        return
    for position, value in enumerate(credentials_in(secured), start=1):
        where = f"{source}, credential {position}"
        try:
            member = load_embedded(value)
        except ParseError as error:
            raise ParseError(f"{where}: {error.message}", code=error.code) from error
        yield _credential(member, where)


def _credential(secured: Secured, where: str) -> Secured:
    if "VerifiableCredential" not in secured.types:
        raise InputError(
            f"{where} is no credential: its type lacks VerifiableCredential; leave it out"
        )
    return secured


def _open(wallet: Path) -> Secured | None:
    """Read a wallet that can be added to; None where there is none yet."""
    if not os.path.lexists(wallet):
        return None
    secured = load_file(wallet)
    if not secured.is_presentation:
        raise InputError(
            f"{wallet} is no wallet file but a single credential; name another wallet, and add it"
        )
    if secured.securing is not Securing.NONE:
        raise InputError(
            f"{wallet} is signed, and adding to it would break its signature; name another wallet, "
            "and add this one to it"
        )
    return secured


def _wallet_bytes(presentation: JsonObject) -> bytes:
    content = (dumps(presentation, indent=2) + "\n").encode("utf-8")
    if len(content) > limits.PRESENTATION_BYTES:
        raise ConfigurationError(
            f"the wallet would have {len(content)} bytes; at most {limits.PRESENTATION_BYTES} can "
            "be read again. Start another wallet"
        )
    return content


def _key(secured: Secured) -> str:
    """What makes a credential the same one, whatever it arrived in."""
    return secured.token or dumps(secured.document)


def _file_name(secured: Secured) -> str:
    said = read_contents(secured.document)
    # Not its id: several credentials may have the same, or none.
    return safe_file_name(
        said.name or "", _key(secured), ".json" if secured.token is None else ".jwt"
    )


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
