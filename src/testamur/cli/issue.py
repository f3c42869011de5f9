"""`testamur issue`: sign a credential."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from testamur.canon.strict_json import JsonObject
from testamur.cli.commands import Command
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, KeyFile, Now, PasswordFile, clock, examples
from testamur.cli.signing import choose_signer, read_key
from testamur.cli.terminal import print_exactly, print_line, print_note
from testamur.errors import ConfigurationError
from testamur.issuing import Mechanism, issue
from testamur.model.parse import parse_credential
from testamur.model.vcdm import CredentialV1, CredentialV2
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
        ),
    )(_issue)


def _issue(
    credential: Annotated[
        str,
        typer.Argument(
            metavar="CREDENTIAL", help="The unsigned credential as a JSON file; - reads stdin."
        ),
    ],
    key: KeyFile,
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
        Path | None, typer.Option(metavar="FILE", help="Where it goes; stdout unless given.")
    ] = None,
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
    """
    document = _unsigned(credential, add_proof=add_proof)
    model = parse_credential(document)
    signer = choose_signer(
        read_key(key, password_file=password_file),
        issuer=model.issuer_id,
        verification_method=verification_method,
    )
    moment = clock(now)
    secured = issue(document, signer=signer, now=moment, mechanism=suite)
    if out is None:
        print_exactly(secured.content)
    else:
        write_output(out, secured.content, force=force)
        print_line(f"Signed  {out} ({suite.value}, {signer.verification_method})")
    end = model.valid_until if isinstance(model, CredentialV1 | CredentialV2) else None
    if end is not None and end < moment:
        print_note(f"Note: it is out of date already: it was valid until {end.isoformat()}")
    if signer.verification_method.startswith(_DID_WEB):
        # Only what the issuer published tells whether others will find this key there.
        name = shlex.quote(str(out or "FILE"))
        print_note(f"Verify it before you hand it out: testamur verify {name} --network")


def _unsigned(source: str, *, add_proof: bool) -> JsonObject:
    secured = load_source(source)
    if secured.securing is Securing.VC_JWT:
        raise ConfigurationError(f"{source} is signed already, as a JWT; issue from the JSON")
    if secured.securing is not Securing.NONE and not add_proof:
        raise ConfigurationError(
            f"{source} is signed already; remove its proof, or add another one with --add-proof"
        )
    return secured.document
