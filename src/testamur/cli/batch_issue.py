"""`testamur issue --batch`: sign a credential for every row of a roster."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

import typer

from testamur import limits
from testamur.batch.award import Award
from testamur.batch.chunk import CHUNK_ROWS, Job
from testamur.batch.dask_engine import DaskEngine
from testamur.batch.derived import SECRET_BYTES
from testamur.batch.engine import Engine, InProcess, ProcessPool
from testamur.batch.folder import BatchFolder, Progress, open_folder
from testamur.batch.signers import KeyElsewhere, KeyInMemory, SignerFactory
from testamur.batch.status_lists import StatusLists
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.cli.exits import ExitCode
from testamur.cli.progress import progress_bar
from testamur.cli.roster_options import RosterOptions
from testamur.cli.roster_run import accept, ask, look, open_as_told, say_faults
from testamur.cli.signing import (
    IssuerKey,
    IssuerSigner,
    choose_signer,
    open_key_elsewhere,
    read_key,
)
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError, InputError, TestamurError
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer, multikey
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.roster import DryRun, Roster, good_learners, row_numbers

__all__ = ["BatchOptions", "KeySource", "choose_lists", "issue_batch"]

_DASK = "dask="


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What the command line says of a batch.

    Attributes:
        roster: the file with the rows, and how it is read.
        out: the folder for the result; None for a dry run.
        lists: the status lists, if any.
        processes: how many; None: as many as there are processors.
        engine: `dask=` and the address of a scheduler; None: this machine.
        chunk_rows: rows of each part; None: as before, or 1000.
        dry_run: whether the rows are only looked at.
        skip_faulty: whether rows that cannot be used are left out, and all others issued to.
        yes: whether columns are what they are recognized as.
    """

    roster: RosterOptions
    out: Path | None
    lists: StatusLists | None
    processes: int | None
    engine: str | None
    chunk_rows: int | None
    dry_run: bool
    skip_faulty: bool
    yes: bool


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the issuer's key is, as the command line says it: in a file, or elsewhere.

    Attributes:
        file: the key file, or None.
        signer: what `--signer` says, or None.
        public_key: what `--public-key` says, or None.
    """

    file: Path | None
    signer: str | None
    public_key: str | None


def choose_lists(
    url: str | None, purposes: list[str] | None, length: int | None
) -> StatusLists | None:
    """Return the status lists that the options describe; None where no URL is given.

    Raises:
        ConfigurationError: they cannot work like this.
    """
    if url is None:
        if purposes or length is not None:
            raise ConfigurationError("--status-purpose and --status-length need --status-lists URL")
        return None
    return StatusLists(
        url,
        tuple(purposes or ("revocation",)),
        limits.STATUS_LIST_MINIMUM_ENTRIES if length is None else length,
    )


def issue_batch(
    document: JsonObject,
    options: BatchOptions,
    *,
    source: KeySource,
    key: IssuerKey,
    verification_method: str | None,
    now: datetime,
    mechanism: Mechanism,
) -> None:
    """Look at every row; then issue to each that has no credential yet, into a folder.

    Args:
        document: the model credential.
        options: what the command line says of the batch.
        source: where the key is.
        key: the issuer's key, which was found there.
        verification_method: the URL under which it is published; may be None, as for one.
        now: the clock, aware.
        mechanism: how the credentials are secured.

    Raises:
        TestamurError: as `testamur.batch.folder`; what was issued before stays.
        typer.Exit: with 130 after Ctrl-C; with 3 where there is a bad row, before anything is
            issued.
    """
    sketch = Award.like(document, secret=bytes(SECRET_BYTES), valid_from=now, status=options.lists)
    signer = choose_signer(key, issuer=sketch.issuer_id, verification_method=verification_method)
    if options.dry_run:
        print_line(f"All {_look(sketch, options).rows} rows are good; nothing was issued.")
        return
    if options.out is None:
        raise ConfigurationError("--batch needs --out FOLDER, where the credentials go")
    engine, factory = _engine(options, source, signer)
    state = _state(options.roster.path)
    left_out = _look(sketch, options).faulty
    plan = _plan(document, options, signer, mechanism)
    with open_folder(
        options.out, plan=plan, now=now, chunk_rows=options.chunk_rows, default_rows=CHUNK_ROWS
    ) as folder:
        began = folder.journal.now
        award = Award.like(
            document, secret=folder.journal.secret, valid_from=began, status=options.lists
        )
        job = Job(award=award, signer=factory, now=began, mechanism=mechanism)
        roster = open_as_told(options.roster, award.achievement, accept)
        if _state(options.roster.path) != state:
            raise ConfigurationError(
                f"{options.roster.path} has changed since it was checked; run the command again"
            )
        _run(folder, job, roster, engine, left_out=left_out)
    if signer.verification_method.startswith("did:web:"):
        name = shlex.quote(str(options.out / "credentials"))
        print_note(f"Verify them before you hand them out: testamur verify {name} --network")


def _look(award: Award, options: BatchOptions) -> DryRun:
    """Look at every row and say what is wrong; rows that cannot be used are to be left out.

    Raises:
        typer.Exit: with 3: nothing can be issued as it is.
    """
    roster = open_as_told(options.roster, award.achievement, ask(yes=options.yes))
    found = look(roster, award, options.roster)
    say_faults(found, options.roster)
    if found.is_clean:
        return found
    bad = f"{len(found.faulty)} of {found.rows} rows cannot be used"
    skips = options.skip_faulty and not options.dry_run and found.broken is None
    if not skips or len(found.faulty) == found.rows:
        print_note(f"{bad}; nothing was issued.")
        raise typer.Exit(ExitCode.USAGE)
    print_note(f"{bad} and are left out.")
    return found


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file does."""
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    return state.st_size, state.st_mtime_ns


def _run(
    folder: BatchFolder, job: Job, roster: Roster, engine: Engine, *, left_out: frozenset[int]
) -> None:
    began = monotonic()
    done = Progress(0, 0)
    try:
        with progress_bar("credentials") as show:
            learners = good_learners(roster, left_out)
            for done in folder.issue(job, learners, engine, row_at=row_numbers(left_out)):
                show(done.issued + done.skipped, roster.read)
    except KeyboardInterrupt as error:
        print_note(
            f"Stopped. What was issued is in {folder.path} and stays; run the same "
            "command again to go on."
        )
        raise typer.Exit(ExitCode.INTERRUPTED) from error
    except TestamurError:
        if done.issued + done.skipped:
            print_note(
                f"{done.issued + done.skipped} credentials are in {folder.path} and stay; when it "
                "is mended, run the same command again to go on."
            )
        raise
    seconds = monotonic() - began
    print_line(
        f"Issued  {done.issued} credentials into {folder.path} in {seconds:.1f} s "
        f"({done.issued / max(seconds, 0.001):,.0f} per second)"
    )
    if done.skipped:
        print_line(f"        {done.skipped} were there already")
    if job.award.status is not None:
        print_note(
            f"Publish the status lists in {folder.path / 'status'} at {job.award.status.folder_url}"
        )


def _plan(
    document: JsonObject, options: BatchOptions, signer: IssuerSigner, mechanism: Mechanism
) -> JsonValue:
    lists = options.lists
    return {
        "credential": document,
        "verificationMethod": signer.verification_method,
        "key": multikey.encode_public_key(signer.public_key),
        "mechanism": mechanism.value,
        "status": None if lists is None else [lists.folder_url, *lists.purposes, str(lists.length)],
    }


def _engine(
    options: BatchOptions, source: KeySource, signer: IssuerSigner
) -> tuple[Engine, SignerFactory]:
    if options.engine is None:
        single = options.processes == 1
        engine: Engine = InProcess() if single else ProcessPool(options.processes)
        if isinstance(signer, Ed25519Signer):
            return engine, KeyInMemory.of(signer)
        return engine, _elsewhere(source, signer)
    if not options.engine.startswith(_DASK) or options.processes is not None:
        raise ConfigurationError(
            f"--engine is written {_DASK}tcp://host:port, with the address of a Dask scheduler, "
            "and excludes --processes"
        )
    engine = DaskEngine(options.engine.removeprefix(_DASK))
    if source.file is None:
        return engine, _elsewhere(source, signer)
    path, public = str(source.file.resolve()), signer.public_key.public_bytes
    return engine, _KeyFile(path, signer.verification_method, public)


def _elsewhere(source: KeySource, signer: IssuerSigner) -> KeyElsewhere:
    """Each worker opens the key by itself, with the credentials that it has."""
    return KeyElsewhere(
        open_key_elsewhere,
        (source.signer, source.public_key),
        signer.verification_method,
        signer.public_key.public_bytes,
    )


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """The key is read by each worker from its own disk, and never goes over the wire."""

    path: str
    verification_method: str
    public_bytes: bytes

    @property
    def public_key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey(self.public_bytes)

    def __call__(self) -> Ed25519Signer:
        key = read_key(Path(self.path), password_file=None)
        if key.public_key != self.public_key:
            raise ConfigurationError(f"{self.path} is another key on this worker")
        return Ed25519Signer(key, self.verification_method)
