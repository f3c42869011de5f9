"""`testamur issue --batch`: a credential for every row of a roster, through a register or not."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from testamur import limits
from testamur.batch.award import Award
from testamur.batch.chunk import CHUNK_ROWS, Job
from testamur.batch.derived import SECRET_BYTES
from testamur.batch.folder import open_folder
from testamur.batch.parts import Progress
from testamur.batch.status_lists import StatusLists
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.cli.batch_options import BatchChoice, StatusChoice
from testamur.cli.batch_run import (
    choose_engine,
    look_at_rows,
    refuse_rows,
    require_unchanged,
    run,
    state_of,
)
from testamur.cli.key_options import KeyChoice, open_key, open_signer
from testamur.cli.register_options import Recording
from testamur.cli.roster_options import RosterOptions
from testamur.cli.roster_run import accept, open_as_told
from testamur.cli.signing import IssuerSigner, KeySource, choose_signer
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError
from testamur.issuer import Issuer
from testamur.issuer.comparison import known_rows
from testamur.issuer.folder import open_recorded_folder
from testamur.issuing import Mechanism
from testamur.keys import multikey
from testamur.register import Register
from testamur.roster import DryRun, good_learners, row_numbers

__all__ = ["BatchOrder", "choose_lists", "issue_batch", "issue_recorded_batch"]


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What the command line says of a batch.

    Attributes:
        model: the credential that is issued to each row.
        roster: the file with the rows, and how it is read.
        out: the folder for the result; None for a dry run.
        batch: what is done with the rows, and where.
        mechanism: how the credentials are secured.
        now: the clock, aware.
    """

    model: JsonObject
    roster: RosterOptions
    out: Path | None
    batch: BatchChoice
    mechanism: Mechanism
    now: datetime

    def sketch(self, lists: StatusLists | None = None) -> Award:
        """Return the award as it is looked at, before anything is issued."""
        return Award.like(self.model, secret=bytes(SECRET_BYTES), valid_from=self.now, status=lists)

    def folder(self) -> Path:
        """Return the folder for the result.

        Raises:
            ConfigurationError: none is named.
        """
        if self.out is None:
            raise ConfigurationError("--batch needs --out FOLDER, where the credentials go")
        return self.out


def choose_lists(choice: StatusChoice) -> StatusLists | None:
    """Return the status lists that the options describe; None where no URL is given.

    Raises:
        ConfigurationError: they cannot work like this.
    """
    if choice.status_lists is None:
        if choice.status_purpose or choice.status_length is not None:
            raise ConfigurationError("--status-purpose and --status-length need --status-lists URL")
        return None
    length = choice.status_length
    return StatusLists(
        choice.status_lists,
        tuple(choice.status_purpose or ("revocation",)),
        limits.STATUS_LIST_MINIMUM_ENTRIES if length is None else length,
    )


def issue_batch(order: BatchOrder, source: KeySource, lists: StatusLists | None) -> None:
    """Look at every row; then sign for each that has no credential yet, into a folder.

    Args:
        order: what the command line says of the batch.
        source: where the key is.
        lists: the status lists, if any.

    Raises:
        TestamurError: as `testamur.batch.folder`; what was issued before stays.
        typer.Exit: with 130 after Ctrl-C; with 3 where there is a bad row, before anything is
            issued.
    """
    sketch = order.sketch(lists)
    signer = choose_signer(
        open_key(source), issuer=sketch.issuer_id, verification_method=source.verification_method
    )
    if _only_looked(order, sketch):
        return
    out = order.folder()
    engine, factory = choose_engine(order.batch, source, signer)
    state = state_of(order.roster.path)
    left_out = look_at_rows(sketch, order.roster, order.batch).faulty
    with open_folder(
        out,
        plan=_plan(order, signer, lists),
        now=order.now,
        chunk_rows=order.batch.chunk_rows,
        default_rows=CHUNK_ROWS,
    ) as folder:
        began = folder.journal.now
        award = Award.like(
            order.model, secret=folder.journal.secret, valid_from=began, status=lists
        )
        job = Job(award=award, signer=factory, now=began, mechanism=order.mechanism)
        roster = open_as_told(order.roster, award.achievement, accept)
        require_unchanged(order.roster.path, state)

        def issuing() -> Iterator[tuple[Progress, float | None]]:
            learners = good_learners(roster, left_out)
            for done in folder.issue(job, learners, engine, row_at=row_numbers(left_out)):
                yield done, roster.read

        run(issuing, out)
    if lists is not None:
        print_note(f"Publish the status lists in {out / 'status'} at {lists.folder_url}")
    _say_how_to_verify(signer, out)


def issue_recorded_batch(order: BatchOrder, work: Recording, choice: KeyChoice) -> None:
    """Look at every row; then issue to each through the register, once, into a folder.

    Args:
        order: what the command line says of the batch.
        work: the register.
        choice: the key.

    Raises:
        TestamurError: as `testamur.issuer.folder`; what was issued before stays.
        typer.Exit: as `issue_batch`.
    """
    sketch, settings = order.sketch(), work.at.settings
    source = choice.source(settings)
    with work.open() as book:
        signer = open_signer(book, source, issuer=sketch.issuer_id)
        engine, factory = choose_engine(order.batch, source, signer)
        issuer = Issuer(book, signer, policy=settings.issuer_policy(), factory=factory)
        if issuer.id != sketch.issuer_id:
            raise ConfigurationError(
                f"the issuer of the model is {sketch.issuer_id[:160]}, and the key is one of "
                f"{issuer.id[:160]}; sign with a key of that issuer"
            )
        out = None if order.batch.dry_run else order.folder()
        state = state_of(order.roster.path)
        found = look_at_rows(sketch, order.roster, order.batch)
        left_out = _compared(book, issuer.id, order, sketch, found)
        if out is None:
            print_line(f"All {found.rows} rows are good; nothing was issued.")
            return
        with open_recorded_folder(
            out,
            issuer,
            order.model,
            mechanism=order.mechanism,
            chunk_rows=order.batch.chunk_rows,
        ) as folder:
            roster = open_as_told(order.roster, sketch.achievement, accept)
            require_unchanged(order.roster.path, state)

            def issuing() -> Iterator[tuple[Progress, float | None]]:
                learners = good_learners(roster, left_out)
                for done in folder.issue(learners, engine, row_at=row_numbers(left_out)):
                    yield done, roster.read

            run(issuing, out)
    print_note(f"Recorded in {work.at.name}")
    _say_how_to_verify(signer, out)


def _compared(
    register: Register, issuer: str, order: BatchOrder, sketch: Award, found: DryRun
) -> frozenset[int]:
    """Compare the rows with the register; return those that are left out.

    Raises:
        typer.Exit: with 3: a row's key was used for something else.
    """
    roster = open_as_told(order.roster, sketch.achievement, accept)
    row_at, known, refused = row_numbers(found.faulty), 0, dict[int, str]()
    learners = good_learners(roster, found.faulty)
    for row in known_rows(register, issuer, sketch, learners):
        if row.is_same:
            known += 1
        else:
            refused[row_at(row.position)] = row.id
    if known and order.batch.dry_run:
        print_note(f"{known} of them were issued before, and would be handed out again")
    refuse_rows(
        {
            number: f"row {number}: under its key another content was recorded before, as "
            f"{identifier}; to correct that credential, replace it; for a further one, use "
            "another key"
            for number, identifier in refused.items()
        },
        found,
        order.batch,
    )
    return found.faulty | refused.keys()


def _only_looked(order: BatchOrder, sketch: Award) -> bool:
    """Look at the rows and no more, where only that is asked for."""
    if not order.batch.dry_run:
        return False
    found = look_at_rows(sketch, order.roster, order.batch)
    print_line(f"All {found.rows} rows are good; nothing was issued.")
    return True


def _plan(order: BatchOrder, signer: IssuerSigner, lists: StatusLists | None) -> JsonValue:
    return {
        "credential": order.model,
        "verificationMethod": signer.verification_method,
        "key": multikey.encode_public_key(signer.public_key),
        "mechanism": order.mechanism.value,
        "status": None if lists is None else [lists.folder_url, *lists.purposes, str(lists.length)],
    }


def _say_how_to_verify(signer: IssuerSigner, out: Path) -> None:
    if signer.verification_method.startswith("did:web:"):
        name = shlex.quote(str(out / "credentials"))
        print_note(f"Verify them before you hand them out: testamur verify {name} --network")
