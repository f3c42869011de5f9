r"""Options that several commands share; what they stand for is in `surroundings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "Documents",
    "Force",
    "KeyFile",
    "Network",
    "Now",
    "PasswordFile",
    "PublicKey",
    "SignerName",
    "examples",
]

Now: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="The clock, as 2026-06-01T00:00:00Z; the current time unless given.",
    ),
]
Network: TypeAlias = Annotated[
    bool,
    typer.Option("--network", help="Allow fetching issuers' keys and status lists over https."),
]
Documents: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Answer every fetch from this folder, which has an index.json; no network.",
    ),
]
KeyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="The issuer's private key, made by `testamur key new`."
    ),
]
SignerName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--signer",
        metavar="SERVICE:KEY",
        help="In the place of --key, a key that is kept elsewhere: pkcs11:URI, awskms:KEY, "
        "gcpkms:KEY, vault:MOUNT/KEY, or command:PROGRAM.",
    ),
]
PublicKey: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--public-key",
        metavar="KEY",
        help="With --signer: the public key that must have signed, as z6Mk…, or a PEM file. "
        "Needed for command: alone.",
    ),
]
PasswordFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A file with the key's password. Otherwise the environment variable "
        "TESTAMUR_KEY_PASSWORD counts, or you are asked.",
    ),
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Overwrite the output file if it is there already.")
]


def examples(*lines: str) -> str:
    """Write the end of a help text: example calls, each on a line of its own."""
    return "\n".join(
        ["\b", "Examples:" if len(lines) > 1 else "Example:"] + [f"  {each}" for each in lines]
    )
