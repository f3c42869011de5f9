"""`testamur convert`: one micro-credential in another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.build import mint_id
from testamur.canon.strict_json import JsonObject, dumps
from testamur.cli.commands import Command
from testamur.cli.exits import ExitCode
from testamur.cli.files import load_source, write_output
from testamur.cli.options import Force, examples
from testamur.cli.terminal import print_error, print_exactly, print_note
from testamur.errors import ConfigurationError
from testamur.loading import read_file
from testamur.model.microcredential.documents import Format, format_of
from testamur.model.microcredential.reading import Fate
from testamur.secured import Secured

if TYPE_CHECKING:
    from testamur.model.microcredential import MicroCredential
    from testamur.model.microcredential.conversion import Conversion

__all__ = ["register"]

_NEW_STATEMENT = (
    "A converted credential is a new statement of whoever signs it: the source was not verified, "
    "and no signature of it is left."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "convert",
        cls=Command,
        short_help="Write a micro-credential in another format.",
        epilog=examples(
            "testamur convert badge.json --to elm --out edc.json",
            "testamur convert sealed.jsonld --to open-badge --report report.json",
            "testamur convert badge.json --to description --out description.json",
        ),
    )(_convert)


def _convert(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="An Open Badge or a European Digital Credential in any carrier, or a description "
            "as JSON; - reads stdin.",
        ),
    ],
    to: Annotated[
        Format, typer.Option(metavar="FORMAT", help=f"What to write: {', '.join(Format)}.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the result goes; stdout unless given."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where the report of every member goes, as JSON; a summary is always printed.",
        ),
    ] = None,
    id: Annotated[  # noqa: A002
        str | None,
        typer.Option(metavar="URL", help="Its id; a random one unless given."),
    ] = None,
    image: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG",
            help="With --to elm: what wallets show; a plain picture is drawn unless given.",
        ),
    ] = None,
    embed_source: Annotated[
        bool,
        typer.Option(
            "--embed-source",
            help="With --to elm: embed the source as evidence; the credential is then of the "
            "profile converted.",
        ),
    ] = False,
    force: Force = False,
) -> ExitCode:
    """Write a micro-credential in another format, unsigned, and say what became of each member.

    A converted credential is a new statement of whoever signs it. The source is not verified here:
    `testamur verify` does that. What the target needs and the source does not say is named and
    never invented: write a description, add it there, and convert the description.

    Exit code: 0 done; 1 the target needs what the source does not say; 3 wrong usage, or a source
    that cannot be read.
    """
    if to is not Format.ELM and (image is not None or embed_source):
        raise ConfigurationError("--image and --embed-source go with --to elm")
    secured = load_source(source)
    conversion = _converted(secured, to, id or mint_id(), image, embed_source=embed_source)
    if report is not None:
        text = dumps(conversion.to_json(), indent=2)
        write_output(report, f"{text}\n".encode(), force=force)
    _print_summary(conversion, "alignments" if to is Format.OPEN_BADGE else "notes")
    found = conversion.credential
    if to is not Format.DESCRIPTION and found is None:
        for need in conversion.needs:
            print_error(f"{need.path} is needed, since {need.reason}; {need.remedy}")
        print_note("Write a description (--to description), add it there, and convert that.")
        return ExitCode.NOT_GENUINE
    document = conversion.description.to_json() if found is None else found.to_json()
    _write(document, out, force=force)
    if format_of(secured.document) is not Format.DESCRIPTION:
        print_note(_NEW_STATEMENT)
    return ExitCode.GENUINE


def _converted(
    secured: Secured, to: Format, identifier: str, image: Path | None, *, embed_source: bool
) -> Conversion:
    from testamur.model.microcredential import conversion

    document = secured.document
    if to is Format.OPEN_BADGE:
        return conversion.elm_to_open_badge(document, id=identifier)
    if to is Format.DESCRIPTION:
        return conversion.to_description(document)
    description = conversion.to_description(document).description
    return conversion.open_badge_to_elm(
        document,
        id=identifier,
        pages={description.language: _picture(description, image)},
        source=secured.content if embed_source else None,
    )


def _picture(description: MicroCredential, image: Path | None) -> bytes:
    """Return what wallets show: a file, or a plain badge with title and issuer."""
    if image is not None:
        return read_file(image)
    from testamur.carry import badge_png

    language, who = description.language, description.awarding_body or description.issuer
    name = who.name.get(language) or next(iter(who.name.values())) if who is not None else "?"
    return badge_png(description.title[language], issuer=name, size=300)


def _write(document: JsonObject, out: Path | None, *, force: bool) -> None:
    content = f"{dumps(document, indent=2)}\n".encode()
    if out is None:
        print_exactly(content)
    else:
        write_output(out, content, force=force)
        print_note(f"written to {out}")


def _print_summary(conversion: Conversion, form: str) -> None:
    carried = sum(each.fate is Fate.CARRIED for each in conversion.members)
    print_note(f"carried: {carried} members")
    for fate in (Fate.APPROXIMATED, Fate.NO_PLACE):
        for each in conversion.members:
            if each.fate is fate:
                print_note(f"{fate.value}: {each.path}: {each.note}")
    if conversion.noted:
        print_note(f"as {form}, for want of a slot: {', '.join(conversion.noted)}")
