"""`testamur verify`: can these credentials be relied on?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.cli.commands import Command
from testamur.cli.exits import ExitCode, exit_code_for, worst
from testamur.cli.files import STANDARD_INPUT, read_standard_input
from testamur.cli.options import Documents, Network, Now, choose_fetcher, clock, examples
from testamur.cli.terminal import print_error, print_json
from testamur.cli.view import print_report, print_summary
from testamur.errors import ConfigurationError, FetchError, InputError, ParseError
from testamur.loading import read_file
from testamur.protocols import Fetcher, Recognition, Trust
from testamur.secure import ClaimsMode
from testamur.trust import NoTrust, UnsafeAcceptAnyIssuer, parse_allow_list
from testamur.verification import Policy, Report, Verifier

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
        ),
    )(_verify)


def _verify(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCES",
            help="Credentials as JSON, JWT, PNG or SVG files, or presentations; - reads stdin; an "
            "https URL is fetched, with --network.",
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
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the report as a JSON object, with the member `source`; for several "
            "sources an array of them.",
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print no report; the exit code says it.")
    ] = False,
) -> None:
    """Check whether credentials are genuine, current, and by an issuer you know.

    Exit code: 0 genuine and current; 1 not genuine, not valid, withdrawn, suspended, out of date
    or about another person; 2 could not tell: an unknown issuer, a remark, or something that could
    not be checked; 3 wrong usage, or a source that cannot be read. Of several sources the worst
    counts: 3, then 1, then 2.

    What a credential says is shown only once its proof is genuine. Nothing that it points to is
    fetched, unless --network or --documents is given.
    """
    fetcher = choose_fetcher(network=network, documents=documents)
    verifier = Verifier(
        now=clock(now),
        trust=_trust(trust or [], accept_any=unsafe_any_issuer),
        policy=Policy(
            claims=ClaimsMode.STRICT if strict_claims else ClaimsMode.LENIENT,
            recipient_id=recipient,
            recipient_email=email,
            challenge=challenge,
            domain=domain,
        ),
        fetcher=fetcher,
    )
    reports: list[tuple[str, Report]] = []
    codes: list[ExitCode] = []
    for source in sources:
        try:
            report = _examine(source, verifier, fetcher)
        except (InputError, FetchError) as error:
            print_error(error.message)
            codes.append(ExitCode.USAGE)
        else:
            reports.append((source, report))
            codes.append(exit_code_for(report.verdict))
    if not quiet:
        _print(reports, several=len(sources) > 1, json=json)
    raise typer.Exit(worst(codes))


def _examine(source: str, verifier: Verifier, fetcher: Fetcher) -> Report:
    if source == STANDARD_INPUT:
        return verifier.examine(read_standard_input())
    if "://" in source:
        return verifier.examine(fetcher.fetch(source, max_bytes=limits.PRESENTATION_BYTES).content)
    return verifier.examine(Path(source))


def _print(reports: list[tuple[str, Report]], *, several: bool, json: bool) -> None:
    if json:
        objects: list[JsonObject] = [
            {"source": source, **report.model_dump(mode="json")} for source, report in reports
        ]
        if several:
            print_json(list(objects))
        elif objects:
            print_json(objects[0])
    elif several:
        print_summary(reports)
    else:
        for source, report in reports:
            print_report(source, report)


def _trust(files: list[Path], *, accept_any: bool) -> Trust:
    if accept_any and files:
        raise ConfigurationError(
            "--unsafe-any-issuer and --trust exclude each other; prefer --trust"
        )
    if accept_any:
        return UnsafeAcceptAnyIssuer()
    return _AnyOf([_read_list(path) for path in files]) if files else NoTrust()


def _read_list(path: Path) -> Trust:
    try:
        return parse_allow_list(read_file(path))
    except (ConfigurationError, ParseError) as error:
        raise ConfigurationError(f"{path}: {error.message}", path=str(path)) from error


class _AnyOf:
    """Knows whom any of several sources knows; the first that does gives the name."""

    def __init__(self, sources: list[Trust]) -> None:
        self._sources = sources

    def recognize(self, issuer: str) -> Recognition | None:
        found = (source.recognize(issuer) for source in self._sources)
        return next((each for each in found if each is not None), None)
