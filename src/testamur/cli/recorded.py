"""Credentials that a register recorded: written, and said where they are recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.canon.strict_json import JsonObject, parse_object
from testamur.cli.files import require_free, write_output
from testamur.cli.terminal import print_exactly, print_line, print_note, visible
from testamur.loading import read_file

if TYPE_CHECKING:
    from testamur.cli.register_options import AtRegister
    from testamur.issuer import IssuedCredential

__all__ = ["KnownAs", "Out", "Recipient", "check_free", "read_document", "write_issued"]

Out: TypeAlias = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="Where the signed credential is written.")
]
Recipient: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Who it is for, where the file only has a hash."),
]
KnownAs: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="TEXT",
        help="Your key for this award, as the number of a decision; a second try gives the same.",
    ),
]


def read_document(path: Path) -> JsonObject:
    """Read an unsigned credential. Raises: TestamurError: it cannot be read."""
    return parse_object(read_file(path))


def check_free(out: Path | None, *, force: bool) -> None:
    """Refuse to overwrite, before anything is recorded; errors as `require_free`."""
    if out is not None:
        require_free(out, force=force)


def write_issued(
    issued: IssuedCredential, at: AtRegister, *, out: Path | None, force: bool
) -> None:
    """Write what was issued to a file or to standard output, and say where it is recorded.

    Raises:
        RegisterError: its document is not kept. ConfigurationError: it cannot be written; it is
            recorded, and the same command writes it again.
    """
    content = issued.secured.content
    if out is None:
        print_exactly(content)
    else:
        write_output(out, content, force=force)
        print_line(f"Done: {visible(issued.id)}{'' if issued.is_new else ', issued before'}: {out}")
    how = "Recorded" if issued.is_new else "Recorded before"
    print_note(f"{how} in {at.name} as {issued.id}")
