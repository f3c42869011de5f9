"""`testamur credential write`: the documents that a register keeps, as files again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.cli.commands import add_command
from testamur.cli.document_folder import DocumentFolder
from testamur.cli.exits import ExitCode
from testamur.cli.register_options import AtRegister, records_of
from testamur.cli.terminal import print_line, print_note
from testamur.errors import Code, ConfigurationError, RegisterError

if TYPE_CHECKING:
    from testamur.register import CredentialRecord, Register

__all__ = ["register"]

_AT_ONCE = 500


def register(group: typer.Typer) -> None:
    """Add the command."""
    add_command(
        group,
        "write",
        _write,
        "Write credentials into files again, as they were issued.",
        "testamur credential write ada@learner.example --out again",
        "testamur credential write --all --out every-night",
    )


def _write(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of credentials, or their recipients."),
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder; made for you alone if missing.")
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="All that the register keeps; those there are left.")
    ] = False,
    at: AtRegister,
) -> ExitCode:
    """Write credentials into files again, byte for byte as they were issued.

    For a learner who lost theirs, and for other software that verifies all of them every night. A
    withdrawn one is written too: whoever verifies it reads that. Exit code: 0 all are written; 2
    some are not, because they are not issued, or their documents are not kept.
    """
    if everything == bool(what):
        raise ConfigurationError("name credentials or recipients, or say --all")
    written = there = missing = 0
    with at.open() as book:
        records = book.credentials.all() if everything else _named(book, what or ())
        folder = DocumentFolder.open(out)
        while part := list(islice(records, _AT_ONCE)):
            contents = book.credentials.contents([each.number for each in part])
            for record in part:
                content = contents.get(record.number)
                if content is None:
                    missing += 1
                elif folder.put(record.id, content):
                    written += 1
                else:
                    there += 1
    print_line(f"Done: {written} written into {out}, {there} were there")
    if missing:
        print_note(f"{missing} are not issued, or their documents are not kept")
    return ExitCode.COULD_NOT_TELL if missing else ExitCode.GENUINE


def _named(book: Register, names: Iterable[str]) -> Iterator[CredentialRecord]:
    for name in names:
        records = records_of(book, name)
        if not records:
            raise RegisterError(
                f"nothing of the id or recipient {name[:160]!r} is in the register",
                code=Code.REGISTER_UNKNOWN,
            )
        yield from records
