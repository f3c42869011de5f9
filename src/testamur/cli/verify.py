"""`testamur verify`: can these credentials be relied on?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import Command
from testamur.cli.exits import ExitCode
from testamur.cli.options import Documents, Network, Now, examples
from testamur.cli.verify_run import verify

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify",
        cls=Command,
        short_help="Check whether credentials can be relied on.",
        epilog=examples(
            "testamur verify badge.png --trust issuers.yaml",
            "testamur verify *.json --trust issuers.yaml --network --json",
            "testamur verify badge.json --trust issuers.yaml --email ada@uni.example",
            "testamur verify sealed.jsonld --trust issuers.yaml --seal-anchors ca.pem",
            "testamur verify backlog/ --trust issuers.yaml --network --processes 4",
        ),
    )(_verify)


def _verify(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCES",
            help="Credentials as JSON, JWT, sealed JSON, PNG or SVG files, or presentations; a "
            "folder of them; "
            "a .jsonl file with one on each line; - reads stdin; an https URL is fetched, with "
            "--network.",
        ),
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Issuers you know, as YAML or JSON: one `id: name` for each. May be repeated.",
        ),
    ] = None,
    unsafe_any_issuer: Annotated[
        bool,
        typer.Option(
            "--unsafe-any-issuer",
            help="DANGEROUS: take every issuer for known. Anybody can make such a credential.",
        ),
    ] = False,
    network: Network = False,
    documents: Documents = None,
    now: Now = None,
    recipient: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Ask whether it is about the person with this id."),
    ] = None,
    email: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Ask whether it is about this e-mail address."),
    ] = None,
    seal_anchors: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Of sealed credentials: certificates of the authorities that you believe, as PEM "
            "or DER. May be repeated.",
        ),
    ] = None,
    timestamp_anchors: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Of sealed credentials: root certificates of those whom you trust to tell the "
            "time. May be repeated.",
        ),
    ] = None,
    revocation_list: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Of sealed credentials: a revocation list of these authorities, as PEM or DER. "
            "May be repeated.",
        ),
    ] = None,
    challenge: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What you asked the presenter to repeat."),
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="For whom a presentation must be made: you."),
    ] = None,
    strict_claims: Annotated[
        bool,
        typer.Option(
            "--strict-claims", help="Refuse a JWT that lacks a claim Open Badges 3.0 asks for."
        ),
    ] = False,
    lines: Annotated[
        bool,
        typer.Option("--lines", help="Every source holds one credential on each line."),
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Verify many credentials in N processes."),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the report as a JSON object, with the member `source`; for several "
            "sources an array of them; for folders and lines one object on each line.",
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print no report; the exit code says it.")
    ] = False,
) -> ExitCode:
    """Check whether credentials are genuine, current, and by an issuer you know.

    Exit code: 0 genuine and current; 1 not genuine, not valid, withdrawn, suspended, out of date
    or about another person; 2 could not tell: an unknown issuer, a remark, or something that could
    not be checked; 3 wrong usage, or a source that cannot be read. Of several sources the worst
    counts: 3, then 1, then 2.

    Of a folder, of a file with a credential on each line, and with --processes, only those that
    are not genuine are listed, the first of them, and all are counted.

    What a credential says is shown only once its proof is genuine. Nothing that it points to is
    fetched, unless --network or --documents is given.
    """
    return verify(
        sources,
        trust=trust or (),
        unsafe_any_issuer=unsafe_any_issuer,
        network=network,
        documents=documents,
        now=now,
        recipient=recipient,
        email=email,
        seal_anchors=seal_anchors or (),
        timestamp_anchors=timestamp_anchors or (),
        revocation_list=revocation_list or (),
        challenge=challenge,
        domain=domain,
        strict_claims=strict_claims,
        lines=lines,
        processes=processes,
        json=json,
        quiet=quiet,
    )
