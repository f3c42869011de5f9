"""`testamur bake`: put a signed credential into a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from testamur.carry import bake_png, bake_svg
from testamur.cli.commands import Command
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, examples
from testamur.cli.terminal import print_line
from testamur.errors import ConfigurationError, InputError
from testamur.loading import read_file

__all__ = ["register"]

_PNG = b"\x89PNG"
_NOT_BAKED = {
    rb"\xff\xd8\xff": "a JPEG picture",
    rb"GIF8[79]a": "a GIF picture",
    rb"RIFF[\x00-\xff]{4}WEBP": "a WebP picture",
    rb"%PDF-": "a PDF document",
}
_SUFFIXES = frozenset({".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp", ".pdf"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "bake",
        cls=Command,
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
    is_png = picture.startswith(_PNG)
    _check_names(image, picture, out, suffix=".png" if is_png else ".svg")
    bake = bake_png if is_png else bake_svg
    write_output(out, bake(picture, secured), force=force)
    print_line(f"Baked  {out}")


def _check_names(image: Path, picture: bytes, out: Path, *, suffix: str) -> None:
    """Refuse a picture of another format, and a name that would make it seem one."""
    for beginning, what in _NOT_BAKED.items():
        if re.match(beginning, picture):
            raise InputError(f"{image} is {what}, which cannot hold a credential; use a PNG or SVG")
    if out.suffix.lower() in _SUFFIXES - {suffix}:
        raise ConfigurationError(
            f"--out {out} does not fit {image}, which is a {suffix[1:].upper()} picture and stays "
            f"one; write --out {out.with_suffix(suffix)}",
            path=str(out),
        )
