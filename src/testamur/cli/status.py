"""`testamur status`: make a status list, and withdraw credentials with it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from testamur import limits
from testamur.cli import status_change
from testamur.cli.columns import Styled
from testamur.cli.commands import Command, show_help
from testamur.cli.describe import Row, indented, two_columns
from testamur.cli.exits import ExitCode, exit_code_for
from testamur.cli.files import load_source, write_output
from testamur.cli.options import (
    Documents,
    Force,
    Network,
    Now,
    PasswordFile,
    PublicKey,
    SignerName,
    examples,
)
from testamur.cli.signing import choose_signer, open_issuer_key
from testamur.cli.status_file import require_list
from testamur.cli.surroundings import choose_fetcher, clock
from testamur.cli.terminal import print_line, print_note, render, visible
from testamur.errors import ConfigurationError
from testamur.issuing import issue
from testamur.keys.controller import split_url
from testamur.keys.did_key import did_key
from testamur.model.dates import parse_date_time_stamp
from testamur.status import BitString
from testamur.status.bitstring_status_list import build_list_credential, parse_list
from testamur.trust import UnsafeAcceptAnyIssuer
from testamur.verification import Verdict, Verifier

__all__ = ["register"]


class _Purpose(StrEnum):
    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Make status lists (Bitstring Status List 1.0), and withdraw credentials with them.",
        rich_markup_mode=None,
        epilog=examples("testamur status show revocations.json"),
    )
    group.command(
        "new",
        cls=Command,
        epilog=examples(
            "testamur status new --id https://uni.example/revocations --key issuer.pem \\",
            "    --purpose revocation --out revocations.json",
        ),
    )(_new)
    status_change.register(group)
    group.command(
        "show",
        cls=Command,
        short_help="Show a status list and its proof.",
        epilog=examples("testamur status show revocations.json --index 94567 --network"),
    )(_show)
    app.add_typer(group, name="status", short_help="Withdraw credentials by a status list.")


def _new(
    id: Annotated[  # noqa: A002
        str, typer.Option(metavar="URL", help="The https URL at which the list will be published.")
    ],
    purpose: Annotated[
        _Purpose, typer.Option(metavar="revocation|suspension", help="What a set bit means.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the list goes.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            "--issuer-key",
            metavar="FILE",
            help="The issuer's private key, made by `testamur key new`.",
        ),
    ] = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    length: Annotated[
        int,
        typer.Option(
            min=limits.STATUS_LIST_MINIMUM_ENTRIES,
            max=limits.STATUS_LIST_BITS,
            metavar="N",
            help="Entries, a multiple of 8.",
        ),
    ] = limits.STATUS_LIST_MINIMUM_ENTRIES,
    verification_method: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the issuer publishes the key, as did:web:uni.example#key-1; the did:key "
            "of the key unless given.",
        ),
    ] = None,
    valid_until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="When the list ends, as 2026-12-01T00:00:00Z; never unless given. No credential "
            "in it can be checked afterwards.",
        ),
    ] = None,
    now: Now = None,
    force: Force = False,
    password_file: PasswordFile = None,
) -> None:
    """Make and sign an empty status list.

    Publish the file at its URL, and publish it again after every change. Give each credential a
    place of its own, chosen at random and never given twice.
    """
    if length % 8:
        raise ConfigurationError(f"--length {length} is no multiple of 8, so it fills no bytes")
    opened = open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file)
    issuer = (
        did_key(opened.public_key)
        if verification_method is None
        else split_url(verification_method)[0]
    )
    chosen = choose_signer(opened, issuer=issuer, verification_method=verification_method)
    moment = clock(now)
    end = None if valid_until is None else parse_date_time_stamp(valid_until, path="--valid-until")
    if end is not None and end <= moment:
        raise ConfigurationError(
            f"--valid-until {valid_until} is over already; name a time that is still to come"
        )
    document = build_list_credential(
        list_url=id,
        issuer=issuer,
        purposes=(purpose.value,),
        bits=BitString(length),
        valid_from=moment,
        valid_until=end,
    )
    write_output(out, issue(document, signer=chosen, now=moment).content, force=force)
    print_line(f"Status list  {out} ({length} entries for {purpose.value})")
    print_note(f"Publish it at {id}")


def _show(
    list_file: Annotated[
        str, typer.Argument(metavar="LIST", help="The status list, a file; - reads stdin.")
    ],
    index: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Also show the bit at this place.")
    ] = None,
    network: Network = False,
    documents: Documents = None,
    now: Now = None,
) -> None:
    """Show what a status list says, and whether its proof holds.

    Exit code: 0 its proof holds and it is in force; 1 not; 2 that could not be checked, as where
    the issuer's key must be fetched: allow that with --network.
    """
    secured = require_list(load_source(list_file), list_file)
    view = parse_list(secured.document)
    bits = BitString.decode(view.encoded_list, status_size=view.status_size or 1)
    # Whom to trust is not asked here: a list counts only for credentials of its own issuer.
    verifier = Verifier(
        now=clock(now),
        trust=UnsafeAcceptAnyIssuer(),
        fetcher=choose_fetcher(network=network, documents=documents),
    )
    report = verifier.examine(secured)
    set_bits = bits.count_set()
    rows: list[Row] = [
        ("Issuer", view.issuer),
        ("Purpose", ", ".join(view.purposes)),
        ("Entries", f"{len(bits)}, of which {set_bits} {'is' if set_bits == 1 else 'are'} set"),
        ("Valid from", view.valid_from or "not said"),
        ("Valid until", view.valid_until or "no expiry date"),
        ("Id", view.id or "none"),
    ]
    if index is not None:
        rows.append((f"Entry {index}", "set" if bits.get(index) else "not set"))
    # One remark is always there: that a status list is nobody's achievement.
    in_force = report.verdict in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
    answer = (
        "The proof holds, and the list is in force."
        if in_force
        else f"{report.headline} {report.reason}"
    )
    proven = report.contents is not None
    render(
        Styled(visible(list_file), style="bold"),
        indented(Styled(visible(answer))),
        "",
        Styled("What it says" if proven else "What it says (not checked)", style="bold"),
        two_columns(rows),
    )
    raise typer.Exit(ExitCode.GENUINE if in_force else exit_code_for(report.verdict))
