"""The parts of a batch in a folder: what they are called, and who is at work in it.

credentials/part-000001.jsonl   one credential on each line (.jwts: one compact JWS)
index/part-000001.csv           whose they are, one on each line
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testamur.batch.lock import locked
from testamur.carry import harmless_cell, write_atomically
from testamur.errors import ConfigurationError
from testamur.issuing import Mechanism

__all__ = ["IndexRow", "Parts", "Progress", "entered", "index_text", "write_if_changed"]

_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        issued: rows that this run issued.
        skipped: rows that were issued before.
    """

    issued: int
    skipped: int


@dataclass(frozen=True, slots=True)
class IndexRow:
    """Whose a credential is.

    Attributes:
        row: of the roster, from 1.
        key: what the roster calls it.
        id: the credential's id.
        language: of the learner.
        more: further cells, as places in status lists.
    """

    row: int
    key: str | None
    id: str
    language: str | None
    more: Sequence[str | int] = ()


@contextmanager
def entered(path: Path, *, marker: str) -> Iterator[None]:
    """Make the folder of a batch, and keep other runs out of it meanwhile.

    Args:
        path: a folder with a batch that was begun, an empty one, or one that is made.
        marker: the name of the file by which a batch is known.

    Raises:
        ConfigurationError: another run is at work in it, it holds something else, or it cannot be
            written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {each.name for each in path.iterdir() if not _is_left_over(each)}
    except OSError as error:
        raise ConfigurationError(
            f"cannot use {path} as a folder: {error.strerror or error}", path=str(path)
        ) from error
    if marker not in names and names - {_LOCK}:
        raise ConfigurationError(
            f"{path} is not empty and holds no batch of this kind; choose a new folder",
            path=str(path),
        )
    with locked(path / _LOCK):
        yield


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts are.

    Attributes:
        path: the folder.
        mechanism: how the credentials are secured.
    """

    path: Path
    mechanism: Mechanism

    def credentials(self, number: int) -> Path:
        """Return the file with the credentials of a part."""
        suffix = ".jwts" if self.mechanism is Mechanism.VC_JWT else ".jsonl"
        return self.path / "credentials" / f"part-{number:06}{suffix}"

    def index(self, number: int, suffix: str = ".csv") -> Path:
        """Return the file that says whose they are."""
        return self.path / "index" / f"part-{number:06}{suffix}"

    def make(self, *names: str) -> None:
        """Make folders, and remove what a run that was killed left in them.

        Raises:
            ConfigurationError: they cannot be written.
        """
        for name in names:
            folder = self.path / name
            try:
                folder.mkdir(exist_ok=True)
                for path in folder.iterdir():
                    if _is_left_over(path):
                        path.unlink(missing_ok=True)
            except OSError as error:
                raise ConfigurationError(
                    f"cannot write {folder}: {error.strerror or error}", path=str(folder)
                ) from error

    def require_no_more(self, number: int) -> None:
        """Refuse a roster that has become shorter.

        Args:
            number: of the last part that the roster has.

        Raises:
            ConfigurationError: there is a further part.
        """
        beyond = self.credentials(number + 1)
        if beyond.exists():
            raise ConfigurationError(
                f"the roster has fewer rows than before: {beyond} was made of rows that are gone; "
                "go on with the roster as it was",
                path=str(beyond),
            )


def index_text(rows: Iterable[IndexRow], *, more: Sequence[str] = ()) -> bytes:
    """Return the text of an index, in which no spreadsheet finds a formula.

    Args:
        rows: of the part.
        more: the headings of further cells.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "key", "id", "language", *more])
    for each in rows:
        own = (harmless_cell(each.key or ""), each.id, harmless_cell(each.language or ""))
        writer.writerow([each.row, *own, *each.more])
    return text.getvalue().encode("utf-8")


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file, unless it holds that already; errors as `write_atomically`."""
    try:
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return
    except OSError:
        pass
    write_atomically(path, content)


def _is_left_over(path: Path) -> bool:
    """Whether a run that was killed did not come to give this file its name."""
    return path.name.startswith(".") and path.suffix == ".tmp"
