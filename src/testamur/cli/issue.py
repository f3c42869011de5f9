"""`testamur issue`: sign a credential, through a register or by itself."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.canon.strict_json import JsonObject
from testamur.cli.batch_options import BatchChoice, BatchFile, StatusChoice
from testamur.cli.bundles import given_names
from testamur.cli.commands import add_command
from testamur.cli.files import load_source, write_output
from testamur.cli.key_options import KeyChoice, open_issuer, open_key
from testamur.cli.options import Force
from testamur.cli.recorded import KnownAs, Recipient, check_free, write_issued
from testamur.cli.register_options import Recording
from testamur.cli.roster_options import RosterChoice
from testamur.cli.settings_options import names_a_key, names_a_register
from testamur.cli.signing import KeySource, choose_signer
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_exactly, print_line, print_note
from testamur.errors import ConfigurationError
from testamur.issuing import Mechanism, issue
from testamur.model.parse import parse_credential
from testamur.secured import Securing

if TYPE_CHECKING:
    from testamur.model.base import Model

__all__ = ["register"]

_DID_WEB = "did:web:"


@dataclass(frozen=True)
class RecordChoice:
    """Whether it goes through a register, and what is recorded of it."""

    work: Recording
    known_as: KnownAs = None
    recipient: Recipient = None
    unrecorded: Annotated[
        bool,
        typer.Option("--unrecorded", help="Sign it by itself, though a register is configured."),
    ] = False

    def goes_through_register(self) -> bool:
        """Whether it is recorded.

        Raises:
            ConfigurationError: the command line asks for both.
        """
        named = self.work.at.register is not None
        if self.unrecorded and named:
            raise ConfigurationError("--unrecorded and --register exclude each other: give one")
        return not self.unrecorded and (named or names_a_register(self.work.at.config))

    def only_recorded(self) -> list[str]:
        """Return the given options that mean something in a register alone."""
        given = {
            "--as": self.known_as,
            "--recipient": self.recipient,
            "--who": self.work.who,
        }
        return [name for name, value in given.items() if value is not None]


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "issue",
        _issue,
        "Check and sign a credential.",
        "testamur issue badge.json --key issuer.pem --out signed.json",
        "testamur issue badge.json --register register.db --key issuer.pem \\",
        '    --as "award 2026/117" --out signed.json',
        "testamur issue badge.json --batch roster.csv --out class",
        "testamur issue badge.json --signer awskms:alias/issuer --out signed.json \\",
        "    --verification-method did:web:uni.example#key-1",
    )


def _issue(
    credential: Annotated[
        str,
        typer.Argument(
            metavar="CREDENTIAL", help="The unsigned credential as a JSON file; - reads stdin."
        ),
    ],
    *,
    suite: Annotated[
        Mechanism, typer.Option(metavar="SUITE", help=f"How it is signed: {', '.join(Mechanism)}.")
    ] = Mechanism.EDDSA_RDFC_2022,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where it goes; stdout unless given. With --batch a folder."
        ),
    ] = None,
    choice: KeyChoice,
    record: RecordChoice,
    roster: BatchFile = None,
    batch: BatchChoice,
    reading: RosterChoice,
    status: StatusChoice,
    add_proof: Annotated[
        bool, typer.Option("--add-proof", help="Sign it although it is signed already.")
    ] = False,
    force: Force = False,
) -> None:
    """Check a credential, record it in the issuer's register, and sign it with the issuer's key.

    The credential must be complete: nothing is filled in. What breaks a rule of the standard, or
    would not be covered by the signature, is refused with its place and the remedy.

    With --register, or where the configuration names a register, it is recorded before it is
    signed, gets its place in the status lists, and is issued once, however often it is asked for.

    With --batch every row is checked first, and nothing is issued where one cannot be used. Then a
    folder is filled, and the same command goes on where an earlier run was stopped.
    """
    choice.require(record.work.at.config)
    moment = clock(record.work.at.now)
    is_recorded = record.goes_through_register()
    _check_usable(record, status, is_recorded=is_recorded, add_proof=add_proof)
    document = _unsigned(credential, add_proof=add_proof)
    if roster is not None:
        _check_usable_with_batch(record, add_proof=add_proof, force=force)
        # Loaded here, so that signing one credential does not wait for what many need.
        from testamur.cli import batch_issue

        order = batch_issue.BatchOrder(document, reading.options(roster), out, batch, suite, moment)
        if is_recorded:
            batch_issue.issue_recorded_batch(order, record.work, choice)
        else:
            lists = batch_issue.choose_lists(status)
            batch_issue.issue_batch(order, _source(choice, record.work), lists)
        return
    names = [name for bundle in (status, batch, reading) for name in given_names(bundle)]
    if names:
        raise ConfigurationError(f"{', '.join(names)} can be used together with --batch only")
    model = parse_credential(document)
    if model.issuer_id is None:
        raise ConfigurationError(
            "the credential's issuer has no id, so no key can be shown to be the issuer's; set "
            "issuer.id to the did:key or did:web of the key"
        )
    if is_recorded:
        check_free(out, force=force)
        with record.work.open() as book:
            issued = open_issuer(book, record.work.at, choice, issuer=model.issuer_id).issue(
                document, key=record.known_as, recipient=record.recipient, mechanism=suite
            )
        write_issued(issued, record.work.at, out=out, force=force)
    else:
        source = _source(choice, record.work)
        _sign(document, model.issuer_id, source, suite, moment, out=out, force=force)
    _say_more(model, moment, out)


def _sign(
    document: JsonObject,
    issuer: str,
    source: KeySource,
    suite: Mechanism,
    now: datetime,
    *,
    out: Path | None,
    force: bool,
) -> None:
    """Sign a credential that nobody records."""
    signer = choose_signer(
        open_key(source), issuer=issuer, verification_method=source.verification_method
    )
    secured = issue(document, signer=signer, now=now, mechanism=suite)
    if out is None:
        print_exactly(secured.content)
    else:
        write_output(out, secured.content, force=force)
        print_line(f"Signed  {out} ({suite.value}, {signer.verification_method})")


def _say_more(model: Model, now: datetime, out: Path | None) -> None:
    end = getattr(model, "valid_until", None) or getattr(model, "expiration_date", None)
    if end is not None and end < now:
        print_note(f"Note: it is out of date already: it was valid until {end.isoformat()}")
    issuer = getattr(model, "issuer_id", None)
    if issuer is not None and issuer.startswith(_DID_WEB):
        # Only what the issuer published tells whether others will find this key there.
        name = shlex.quote(str(out or "FILE"))
        print_note(f"Verify it before you hand it out: testamur verify {name} --network")


def _source(choice: KeyChoice, work: Recording) -> KeySource:
    """Say where the key is; the configuration is read only where it says anything of it."""
    reads = not choice.is_named and names_a_key(work.at.config)
    return choice.source(work.at.settings if reads else None)


def _check_usable(
    record: RecordChoice, status: StatusChoice, *, is_recorded: bool, add_proof: bool
) -> None:
    if not is_recorded:
        names = record.only_recorded()
        if names:
            raise ConfigurationError(
                f"{', '.join(names)} can be used together with a register only: name it with "
                "--register, or register_url in the configuration"
            )
        return
    names = [*given_names(status), *(["--add-proof"] if add_proof else [])]
    if names:
        raise ConfigurationError(
            f"{', '.join(names)} cannot be used together with a register, which gives each "
            "credential its place and one proof; leave it out, or sign without the register by "
            "--unrecorded"
        )


def _check_usable_with_batch(record: RecordChoice, *, add_proof: bool, force: bool) -> None:
    if add_proof or force:
        raise ConfigurationError(
            "--batch excludes --add-proof and --force: it begins with an unsigned model, and never "
            "overwrites what it issued"
        )
    if record.known_as is not None or record.recipient is not None:
        raise ConfigurationError(
            "--batch excludes --as and --recipient: each row of the roster says its own key and "
            "recipient"
        )


def _unsigned(source: str, *, add_proof: bool) -> JsonObject:
    secured = load_source(source)
    if secured.securing is Securing.VC_JWT:
        raise ConfigurationError(f"{source} is signed already, as a JWT; issue from the JSON")
    if secured.securing is Securing.JADES:
        raise ConfigurationError(f"{source} is sealed already; issue from the unsigned credential")
    if secured.securing is not Securing.NONE and not add_proof:
        raise ConfigurationError(
            f"{source} is signed already; remove its proof, or add another one with --add-proof"
        )
    return secured.document
