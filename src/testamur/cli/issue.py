"""`testamur issue`: sign a credential."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from testamur.canon.strict_json import JsonObject
from testamur.cli.commands import Command
from testamur.cli.files import load_source, write_output
from testamur.cli.options import (
    Force,
    KeyFile,
    Now,
    PasswordFile,
    PublicKey,
    SignerName,
    examples,
)
from testamur.cli.signing import check_one_key, choose_signer, open_issuer_key
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_exactly, print_line, print_note
from testamur.errors import ConfigurationError
from testamur.issuing import Mechanism, issue
from testamur.model.parse import parse_credential
from testamur.secured import Securing

__all__ = ["register"]

_DID_WEB = "did:web:"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "issue",
        cls=Command,
        short_help="Check and sign a credential.",
        epilog=examples(
            "testamur issue badge.json --key issuer.pem --out signed.json",
            "testamur issue badge.json --key issuer.pem --suite vc-jwt --out signed.jwt",
            "testamur issue badge.json --batch roster.csv --key issuer.pem --out class \\",
            "    --status-lists https://uni.example/status/",
            "testamur issue badge.json --signer awskms:alias/issuer --out signed.json \\",
            "    --verification-method did:web:uni.example#key-1",
        ),
    )(_issue)


def _issue(
    credential: Annotated[
        str,
        typer.Argument(
            metavar="CREDENTIAL", help="The unsigned credential as a JSON file; - reads stdin."
        ),
    ],
    key: KeyFile = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    verification_method: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the issuer publishes the key, as did:web:uni.example#key-1. Not needed "
            "where issuer.id is the did:key or did:jwk of the key.",
        ),
    ] = None,
    suite: Annotated[
        Mechanism, typer.Option(metavar="SUITE", help=f"How it is signed: {', '.join(Mechanism)}.")
    ] = Mechanism.EDDSA_RDFC_2022,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where it goes; stdout unless given. With --batch a folder."
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER",
            help="Issue to every row of this file: CSV, JSON Lines or Parquet. CREDENTIAL is then "
            "the model: its id and recipient play no part.",
        ),
    ] = None,
    status_lists: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="With --batch: the folder in which the status lists will be published, as "
            "https://uni.example/status/.",
        ),
    ] = None,
    status_purpose: Annotated[
        list[str] | None,
        typer.Option(
            metavar="revocation|suspension",
            help="With --status-lists: what a set bit means; revocation unless given. May be "
            "repeated.",
        ),
    ] = None,
    status_length: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="With --status-lists: places in each list; 131072 unless given."
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="With --batch: how many; all processors unless given."
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="dask=ADDRESS",
            help="With --batch: issue on a Dask cluster, whose workers have the key file at the "
            "same path.",
        ),
    ] = None,
    chunk_rows: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=100_000,
            metavar="N",
            help="With --batch: rows of each part; 1000 unless given.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="With --batch: check every row, and issue nothing."),
    ] = False,
    add_proof: Annotated[
        bool, typer.Option("--add-proof", help="Sign it although it is signed already.")
    ] = False,
    now: Now = None,
    force: Force = False,
    password_file: PasswordFile = None,
) -> None:
    """Check a credential and sign it with the issuer's key.

    The credential must be complete: nothing is filled in. What breaks a rule of the standard, or
    would not be covered by the signature, is refused with its place and the remedy.

    With --batch a folder is filled, and the same command goes on where an earlier run was stopped.
    """
    check_one_key(key, signer)
    moment = clock(now)
    document = _unsigned(credential, add_proof=add_proof)
    given = {
        "--status-lists": status_lists,
        "--status-purpose": status_purpose,
        "--status-length": status_length,
        "--processes": processes,
        "--engine": engine,
        "--chunk-rows": chunk_rows,
        "--dry-run": dry_run or None,
    }
    if batch is not None:
        _check_usable_with_batch(add_proof=add_proof, force=force)
        # Loaded here, so that signing one credential does not wait for what many need.
        from testamur.cli.batch_issue import BatchOptions, KeySource, choose_lists, issue_batch

        options = BatchOptions(
            roster=batch,
            out=out,
            lists=choose_lists(status_lists, status_purpose, status_length),
            processes=processes,
            engine=engine,
            chunk_rows=chunk_rows,
            dry_run=dry_run,
        )
        issue_batch(
            document,
            options,
            source=KeySource(key, signer, public_key),
            key=open_issuer_key(
                key, signer=signer, public_key=public_key, password_file=password_file
            ),
            verification_method=verification_method,
            now=moment,
            mechanism=suite,
        )
        return
    _check_usable_without_batch(given)
    model = parse_credential(document)
    if model.issuer_id is None:
        raise ConfigurationError(
            "the credential's issuer has no id, so no key can be shown to be the issuer's; set "
            "issuer.id to the did:key or did:web of the key"
        )
    chosen = choose_signer(
        open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file),
        issuer=model.issuer_id,
        verification_method=verification_method,
    )
    secured = issue(document, signer=chosen, now=moment, mechanism=suite)
    if out is None:
        print_exactly(secured.content)
    else:
        write_output(out, secured.content, force=force)
        print_line(f"Signed  {out} ({suite.value}, {chosen.verification_method})")
    end = getattr(model, "valid_until", None) or getattr(model, "expiration_date", None)
    if end is not None and end < moment:
        print_note(f"Note: it is out of date already: it was valid until {end.isoformat()}")
    if chosen.verification_method.startswith(_DID_WEB):
        # Only what the issuer published tells whether others will find this key there.
        name = shlex.quote(str(out or "FILE"))
        print_note(f"Verify it before you hand it out: testamur verify {name} --network")


def _check_usable_with_batch(*, add_proof: bool, force: bool) -> None:
    if add_proof or force:
        raise ConfigurationError(
            "--batch excludes --add-proof and --force: it begins with an unsigned model, and never "
            "overwrites what it issued"
        )


def _check_usable_without_batch(given: Mapping[str, object]) -> None:
    names = [name for name, value in given.items() if value is not None]
    if names:
        raise ConfigurationError(f"{', '.join(names)} can be used together with --batch only")


def _unsigned(source: str, *, add_proof: bool) -> JsonObject:
    secured = load_source(source)
    if secured.securing is Securing.VC_JWT:
        raise ConfigurationError(f"{source} is signed already, as a JWT; issue from the JSON")
    if secured.securing is Securing.JADES:
        raise ConfigurationError(f"{source} is sealed already; issue from the unsigned credential")
    if secured.securing is not Securing.NONE and not add_proof:
        raise ConfigurationError(
            f"{source} is signed already; remove its proof, or add another one with --add-proof"
        )
    return secured.document
