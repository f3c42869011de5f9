"""What every batch on the command line does: look at the rows, sign them, and say how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

import typer

from testamur.batch.award import Award
from testamur.batch.dask_engine import DaskEngine
from testamur.batch.engine import Engine, InProcess, ProcessPool
from testamur.batch.parts import Progress
from testamur.batch.signers import KeyInMemory, SignerFactory
from testamur.cli.batch_options import BatchChoice
from testamur.cli.exits import ExitCode
from testamur.cli.progress import progress_bar
from testamur.cli.roster_options import RosterOptions
from testamur.cli.roster_run import ask, look, open_as_told, say_faults
from testamur.cli.signing import IssuerSigner, KeySource, read_key
from testamur.cli.terminal import print_error, print_line, print_note
from testamur.errors import ConfigurationError, InputError, TestamurError
from testamur.keys import Ed25519Signer
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.roster import DryRun

__all__ = [
    "Issuing",
    "choose_engine",
    "look_at_rows",
    "refuse_rows",
    "require_unchanged",
    "run",
    "state_of",
]

_DASK = "dask="
_LISTED = 20


def look_at_rows(award: Award, roster: RosterOptions, batch: BatchChoice) -> DryRun:
    """Look at every row and say what is wrong; rows that cannot be used are to be left out.

    Raises:
        typer.Exit: with 3: nothing can be issued as it is.
    """
    opened = open_as_told(roster, award.achievement, ask(yes=batch.yes))
    found = look(opened, award, roster)
    say_faults(found, roster)
    if not found.is_clean:
        _leave_out(len(found.faulty), found, batch)
    return found


def refuse_rows(reasons: Mapping[int, str], found: DryRun, batch: BatchChoice) -> None:
    """Say which further rows cannot be used; they are to be left out.

    Args:
        reasons: number of the row → why.
        found: what else was found in the roster.
        batch: whether such rows are left out.

    Raises:
        typer.Exit: with 3: nothing can be issued as it is.
    """
    for number in sorted(reasons)[:_LISTED]:
        print_error(reasons[number])
    if len(reasons) > _LISTED:
        print_note(f"and {len(reasons) - _LISTED} more")
    if reasons:
        _leave_out(len(found.faulty) + len(reasons), found, batch)


def _leave_out(number: int, found: DryRun, batch: BatchChoice) -> None:
    bad = f"{number} of {found.rows} rows cannot be used"
    skips = batch.skip_faulty and not batch.dry_run and found.broken is None
    if not skips or number == found.rows:
        print_note(f"{bad}; nothing was issued.")
        raise typer.Exit(ExitCode.USAGE)
    print_note(f"{bad} and are left out.")


def state_of(path: Path) -> tuple[int, int]:
    """Return what changes when a file does.

    Raises:
        InputError: it cannot be read.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    return state.st_size, state.st_mtime_ns


def require_unchanged(path: Path, state: tuple[int, int]) -> None:
    """Refuse a roster that is not the one that was looked at.

    Raises:
        ConfigurationError: it has changed.
    """
    if state_of(path) != state:
        raise ConfigurationError(f"{path} has changed since it was checked; run the command again")


def choose_engine(
    batch: BatchChoice, source: KeySource, signer: IssuerSigner
) -> tuple[Engine, SignerFactory]:
    """Return where credentials are signed, and what makes the signer there.

    Raises:
        ConfigurationError: --engine names none, or excludes what else is given.
    """
    elsewhere = source.factory(signer)
    if batch.engine is None:
        single = batch.processes == 1
        engine: Engine = InProcess() if single else ProcessPool(batch.processes)
        if isinstance(signer, Ed25519Signer):
            return engine, KeyInMemory.of(signer)
    elif not batch.engine.startswith(_DASK) or batch.processes is not None:
        raise ConfigurationError(
            f"--engine is written {_DASK}tcp://host:port, with the address of a Dask scheduler, "
            "and excludes --processes"
        )
    else:
        engine = DaskEngine(batch.engine.removeprefix(_DASK))
    if elsewhere is not None:
        return engine, elsewhere
    path, public = str((source.file or Path()).resolve()), signer.public_key.public_bytes
    return engine, _KeyFile(path, signer.verification_method, public)


class Issuing(Protocol):
    """Issues to all rows, and says how far it is."""

    def __call__(self) -> Iterator[tuple[Progress, float | None]]:
        """Yield what is done, and which share of the roster is read."""
        ...


def run(issuing: Issuing, folder: Path) -> None:
    """Run a batch, show how far it is, and say what became of it.

    Raises:
        typer.Exit: with 130 after Ctrl-C. TestamurError: what is issued stays.
    """
    began = monotonic()
    done = Progress(0, 0)
    with _said_how_to_go_on(folder) as said, progress_bar("credentials") as show:
        for done, share in issuing():
            said.number = done.issued + done.skipped
            show(said.number, share)
    seconds = monotonic() - began
    print_line(
        f"Issued  {done.issued} credentials into {folder} in {seconds:.1f} s "
        f"({done.issued / max(seconds, 0.001):,.0f} per second)"
    )
    if done.skipped:
        print_line(f"        {done.skipped} were there already")


@dataclass(slots=True)
class _Said:
    number: int = 0


@contextmanager
def _said_how_to_go_on(folder: Path) -> Iterator[_Said]:
    said = _Said()
    try:
        yield said
    except KeyboardInterrupt as error:
        print_note(
            f"Stopped. What was issued is in {folder} and stays; run the same command again to go "
            "on."
        )
        raise typer.Exit(ExitCode.INTERRUPTED) from error
    except TestamurError:
        if said.number:
            print_note(
                f"{said.number} credentials are in {folder} and stay; when it is mended, run the "
                "same command again to go on."
            )
        raise


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
