"""`testamur bake`: put a signed credential into a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.carry import bake_png, bake_svg
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, examples
from testamur.cli.terminal import print_line
from testamur.loading import read_file

__all__ = ["register"]

_PNG = b"\x89PNG"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "bake",
        short_help="Put a signed credential into a picture.",
        epilog=examples("testamur bake signed.json --image badge.png --out baked.png"),
    )(_bake)


def _bake(
    credential: Annotated[
        str,
        typer.Argument(metavar="CREDENTIAL", help="The signed credential; - reads stdin."),
    ],
    image: Annotated[Path, typer.Option(metavar="FILE", help="The picture, PNG or SVG.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the baked picture goes.")],
    force: Force = False,
) -> None:
    """Put a signed credential into a PNG or SVG picture.

    The picture looks as before. A credential that it holds already is replaced. Whether the
    credential is genuine is not checked here.
    """
    secured = load_source(credential)
    picture = read_file(image)
    bake = bake_png if picture.startswith(_PNG) else bake_svg
    write_output(out, bake(picture, secured), force=force)
    print_line(f"Baked  {out}")
