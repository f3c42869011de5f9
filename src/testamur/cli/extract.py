"""`testamur extract`: take the credential out of a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import Command
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, examples
from testamur.cli.terminal import print_exactly, print_line, print_note
from testamur.errors import InputError
from testamur.secured import Carrier

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "extract",
        cls=Command,
        short_help="Take the credential out of a picture.",
        epilog=examples(
            "testamur extract badge.png --out badge.json",
            "testamur extract badge.svg | testamur verify -",
        ),
    )(_extract)


def _extract(
    image: Annotated[
        str, typer.Argument(metavar="IMAGE", help="A baked PNG or SVG; - reads stdin.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where it goes; stdout unless given.")
    ] = None,
    force: Force = False,
) -> None:
    """Take the credential out of a baked picture, byte for byte.

    Whether it is genuine is not checked: `testamur verify` does that, also on the picture itself.
    """
    secured = load_source(image)
    if secured.carrier not in (Carrier.PNG, Carrier.SVG):
        raise InputError(f"{image} is no picture but a credential itself; there is nothing to do")
    if out is None:
        print_exactly(secured.content)
    else:
        write_output(out, secured.content, force=force)
        print_line(f"Extracted  {out} (not checked)")
    for _, sentence in secured.remarks:
        print_note(f"Note: {sentence}")
