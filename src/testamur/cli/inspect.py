"""`testamur inspect`: read a credential without judging it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.carry.presentation import credentials_in
from testamur.cli.columns import Part, Styled
from testamur.cli.commands import Command
from testamur.cli.describe import Row, contents_rows, indented, two_columns
from testamur.cli.files import load_source
from testamur.cli.options import examples
from testamur.cli.terminal import render, visible, visible_lines
from testamur.errors import TestamurError
from testamur.loading import load_embedded
from testamur.secure import vc_jwt
from testamur.secured import Secured, Securing
from testamur.verification.contents import read_contents

if TYPE_CHECKING:
    from testamur.secure.jades import SealSignature

__all__ = ["register"]

_MAX_ITEMS = 16


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "inspect",
        cls=Command,
        short_help="Read a credential without judging it.",
        epilog=examples("testamur inspect badge.png"),
    )(_inspect)


def _inspect(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="A credential as JSON, JWT, PNG or SVG file; - reads stdin."
        ),
    ],
) -> None:
    """Show what a credential says and how it is secured, without checking anything.

    For finding out what is in a file. Anybody may have written it: rely on `testamur verify`.
    """
    render(
        Styled(visible(source), style="bold"),
        Styled("NOT CHECKED: anybody may have written what follows.", style="bold yellow"),
        *_parts(load_source(source)),
    )


def _parts(secured: Secured) -> Iterator[Part]:
    document = secured.document
    how: list[Row] = [
        ("Arrived as", secured.carrier.value),
        ("Secured by", secured.securing.value),
        ("Type", ", ".join(secured.types) or "none"),
        *(("Odd", sentence) for _, sentence in secured.remarks),
    ]
    yield ""
    yield two_columns(how)
    if secured.is_presentation:
        yield from _members(secured)
    else:
        said = read_contents(document)
        claimed: list[Row] = [
            ("Claims from", said.issuer_name or "an issuer without a name"),
            ("", said.issuer_id or "without an id"),
        ]
        yield two_columns([*claimed, *contents_rows(said)])
    if secured.token is not None:
        token = vc_jwt.parse(secured.token)
        claims = {name: value for name, value in token.payload.items() if name not in document}
        yield from _raw("JWT header", token.header)
        yield from _raw("JWT claims", {**claims, **({"vc": "…"} if "vc" in claims else {})})
    if secured.securing is Securing.JADES:
        from testamur.secure import jades  # most credentials have no certificates

        for signature in jades.parse(secured.content).signatures:
            yield from _raw("Seal", _seal_members(signature))
    for name in ("proof", "credentialStatus", "@context"):
        if name in document:
            yield from _raw(name, document[name])


def _seal_members(signature: SealSignature) -> JsonObject:
    return {
        "alg": signature.algorithm.value,
        "level": signature.level.value,
        "claimed time": signature.signing_time.isoformat(),
        "certificate": signature.certificates[0].subject,
        "parts": ", ".join(each.name for each in signature.components) or "none",
    }


def _members(presentation: Secured) -> Iterator[Part]:
    values = credentials_in(presentation)
    for position, value in enumerate(values, start=1):
        yield ""
        yield Styled(f"Credential {position} of {len(values)} in it", style="bold")
        try:
            member = load_embedded(value)
        except TestamurError as error:
            yield indented(Styled(visible_lines(error.message)))
        else:
            yield from _parts(member)


def _raw(title: str, value: JsonValue | JsonObject) -> Iterator[Part]:
    """Show JSON as it stands: the members of one object or of several, or single values."""
    items = value if isinstance(value, list) else [value]
    yield ""
    yield Styled(title, style="bold")
    for item in items[:_MAX_ITEMS]:
        members = item.items() if isinstance(item, dict) else [("", item)]
        yield two_columns(
            (name, each if isinstance(each, str) else dumps(each)) for name, each in members
        )
    if len(items) > _MAX_ITEMS:
        yield indented(Styled("… and more"))
