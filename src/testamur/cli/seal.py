"""`testamur seal`: seal a European Digital Credential with its issuer's certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.canon.strict_json import JsonObject
from testamur.cli.commands import Command
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, Now, PasswordFile, examples
from testamur.cli.signing import read_seal
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_exactly, print_line
from testamur.errors import ConfigurationError
from testamur.keys import SealAlgorithm
from testamur.sealing import issuer_from_certificate, seal
from testamur.secured import Securing

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "seal",
        cls=Command,
        short_help="Seal a European Digital Credential with a certificate.",
        epilog=examples(
            "testamur seal credential.json --certificate chain.pem --key key.pem \\",
            "    --out sealed.jsonld",
            "testamur seal credential.json --certificate chain.pem --key key.pem \\",
            "    --issuer-from-certificate --out sealed.jsonld",
        ),
    )(_seal)


def _seal(
    credential: Annotated[
        str,
        typer.Argument(
            metavar="CREDENTIAL",
            help="The unsigned credential as a JSON file, or an upload to Europass; - reads stdin.",
        ),
    ],
    certificate: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="The seal's certificate, and those that lead to its authority, as PEM.",
        ),
    ],
    key: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The certificate's private key, as PEM."),
    ],
    issuer_from: Annotated[
        bool,
        typer.Option(
            "--issuer-from-certificate",
            help="Write what the certificate says into the issuer, as Europass does: number, "
            "names, country.",
        ),
    ] = False,
    algorithm: Annotated[
        SealAlgorithm | None,
        typer.Option(metavar="ALG", help="For an RSA key: PS256 or RS256; PS256 unless given."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where it goes; stdout unless given."),
    ] = None,
    now: Now = None,
    force: Force = False,
    password_file: PasswordFile = None,
) -> None:
    """Check a European Digital Credential and seal it (JAdES, baseline B-B).

    Its dates of issue become the current time. The issuer must be the organization that the
    certificate names. The file says when it was sealed, but nobody vouches for that: once the
    certificate has expired, a timestamp is needed, which Europass can add.
    """
    moment = clock(now)
    signer = read_seal(key, certificate, password_file=password_file, algorithm=algorithm)
    document = _unsigned(credential)
    if issuer_from:
        document = {
            **document,
            "issuer": issuer_from_certificate(document, signer.certificates[0]),
        }
    secured = seal(document, signer=signer, now=moment)
    if out is None:
        print_exactly(secured.content)
    else:
        write_output(out, secured.content, force=force)
        print_line(f"Sealed  {out} ({signer.algorithm.value}, {signer.certificates[0].subject})")


def _unsigned(source: str) -> JsonObject:
    secured = load_source(source)
    if secured.securing is not Securing.NONE:
        raise ConfigurationError(f"{source} is signed already; seal the unsigned credential")
    return secured.document
