"""`testamur issue --batch`: sign a credential for every row of a roster."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
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
from testamur.batch.learner import at_row
from testamur.batch.roster import Roster, RowError, open_roster
from testamur.batch.signers import KeyElsewhere, KeyInMemory, SignerFactory
from testamur.batch.status_lists import StatusLists
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.cli.exits import ExitCode
from testamur.cli.outside_keys import open_outside_key
from testamur.cli.progress import progress_bar
from testamur.cli.signing import IssuerKey, IssuerSigner, choose_signer, read_key
from testamur.cli.terminal import print_error, print_line, print_note
from testamur.errors import ConfigurationError, ModelError, TestamurError
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer, multikey
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["BatchOptions", "KeySource", "choose_lists", "issue_batch"]

_DASK = "dask="


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What the command line says of a batch.

    Attributes:
        roster: the file with the rows.
        out: the folder for the result; None for a dry run.
        lists: the status lists, if any.
        processes: how many; None: as many as there are processors.
        engine: `dask=` and the address of a scheduler; None: this machine.
        chunk_rows: rows of each part; None: as before, or 1000.
        dry_run: whether the rows are only looked at.
    """

    roster: Path
    out: Path | None
    lists: StatusLists | None
    processes: int | None
    engine: str | None
    chunk_rows: int | None
    dry_run: bool


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
    """Issue to every row that has no credential yet, into a folder; or look at every row.

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
        typer.Exit: with 130 after Ctrl-C; with 3 where a dry run finds a bad row.
    """
    sketch = Award.like(document, secret=bytes(SECRET_BYTES), valid_from=now, status=options.lists)
    signer = choose_signer(key, issuer=sketch.issuer_id, verification_method=verification_method)
    if options.dry_run:
        _check_rows(sketch, options)
        return
    if options.out is None:
        raise ConfigurationError("--batch needs --out FOLDER, where the credentials go")
    engine, factory = _engine(options, source, signer)
    plan = _plan(document, options, signer, mechanism)
    with open_folder(
        options.out, plan=plan, now=now, chunk_rows=options.chunk_rows, default_rows=CHUNK_ROWS
    ) as folder:
        began = folder.journal.now
        award = Award.like(
            document, secret=folder.journal.secret, valid_from=began, status=options.lists
        )
        job = Job(award=award, signer=factory, now=began, mechanism=mechanism)
        _run(folder, job, open_roster(options.roster, award.achievement), engine, options)
    if signer.verification_method.startswith("did:web:"):
        name = shlex.quote(str(options.out / "credentials"))
        print_note(f"Verify them before you hand them out: testamur verify {name} --network")


def _check_rows(award: Award, options: BatchOptions) -> None:
    """Look at every row, print what is wrong, and leave with 3 where anything is."""
    roster = open_roster(options.roster, award.achievement)
    faults = rows = 0
    for fault in _faults(roster, award):
        rows += 1
        if fault is not None:
            print_error(fault)
            faults += 1
    if not rows:
        raise _no_rows(options.roster)
    if faults:
        print_note(f"{faults} of {rows} rows cannot be used; nothing was issued.")
        raise typer.Exit(ExitCode.USAGE)
    print_line(f"All {rows} rows are good; nothing was issued.")


def _faults(roster: Roster, award: Award) -> Iterator[str | None]:
    for position, entry in enumerate(roster.entries()):
        if isinstance(entry, RowError):
            yield entry.message
            continue
        try:
            award.credential(entry, position)
        except ModelError as error:
            yield at_row(error, position).message
        else:
            yield None


def _run(
    folder: BatchFolder, job: Job, roster: Roster, engine: Engine, options: BatchOptions
) -> None:
    began = monotonic()
    done = Progress(0, 0)
    try:
        with progress_bar("credentials") as show:
            for done in folder.issue(job, roster.learners(), engine):
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
    if not done.issued + done.skipped:
        raise _no_rows(options.roster)
    seconds = monotonic() - began
    print_line(
        f"Issued  {done.issued} credentials into {folder.path} in {seconds:.1f} s "
        f"({done.issued / max(seconds, 0.001):,.0f} per second)"
    )
    if done.skipped:
        print_line(f"        {done.skipped} were there already")
    if options.lists is not None:
        print_note(
            f"Publish the status lists in {folder.path / 'status'} at {options.lists.folder_url}"
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
        open_outside_key,
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


def _no_rows(path: Path) -> ConfigurationError:
    return ConfigurationError(f"{path} has no rows", path=str(path))
