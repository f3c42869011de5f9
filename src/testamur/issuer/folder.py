"""A batch that a register recorded, in a folder: the same command fills it again.

    batch.json                      which batch it is
    credentials/part-000001.jsonl   one credential on each line (.jwts: one compact JWS)
    index/part-000001.csv           whose they are: row, key, id, language

The register knows what was issued, and where its status is. The folder follows from it and from
the roster: whatever is missing in it is written again, and nothing is issued twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testamur.batch.chunk import CHUNK_ROWS
from testamur.batch.engine import Engine
from testamur.batch.journal import digest_of
from testamur.batch.learner import Learner
from testamur.batch.parts import (
    IndexRow,
    Parts,
    Progress,
    entered,
    index_text,
    write_if_changed,
)
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.errors import ConfigurationError, InputError, ParseError, RegisterError
from testamur.issuer.issued import IssuedCredential
from testamur.issuer.issuer import Issuer
from testamur.issuing import Mechanism

__all__ = ["RecordedFolder", "open_recorded_folder"]

_MARKER = "batch.json"
_VERSION = 1


@contextmanager
def open_recorded_folder(
    path: Path,
    issuer: Issuer,
    model: JsonObject,
    *,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    chunk_rows: int | None = None,
) -> Iterator[RecordedFolder]:
    """Open the folder of a batch, and keep other runs out of it meanwhile.

    Args:
        path: a folder with this batch, or an empty one, or one that is made.
        issuer: at work in the register.
        model: what is awarded, as for `Issuer.issue_many`.
        mechanism: how it is secured.
        chunk_rows: rows of each part; None: as before, or 1000.

    Raises:
        ConfigurationError: another run is at work in it, it holds another batch or something
            else, or it cannot be written.
    """
    plan = digest_of([issuer.register_id, issuer.id, model, mechanism.value])
    with entered(path, marker=_MARKER):
        rows = _begun(path, plan, chunk_rows)
        yield RecordedFolder(Parts(path, mechanism), issuer, model, rows)


@dataclass(frozen=True, slots=True)
class RecordedFolder:
    """The folder of a batch, open.

    Attributes:
        parts: where its parts are.
        issuer: at work in the register.
        model: what is awarded.
        rows: of each part.
    """

    parts: Parts
    issuer: Issuer
    model: JsonObject
    rows: int

    def issue(
        self,
        learners: Iterable[Learner],
        engine: Engine,
        *,
        row_at: Callable[[int], int] = lambda position: position + 1,
    ) -> Iterator[Progress]:
        """Issue to all rows, each once, and say how far it is after each part.

        Args:
            learners: all rows, from the first.
            engine: where they are signed.
            row_at: gives the number in the roster of the learner at a position, from 0.

        Raises:
            TestamurError: as `Issuer.issue_many`; what was issued before stays.
            ConfigurationError: the folder cannot be written.
            RegisterError: a part is missing of which the register keeps no documents.
        """
        self.parts.make(".", "credentials", "index")
        languages: deque[str | None] = deque()

        def noted() -> Iterator[Learner]:
            for learner in learners:
                languages.append(learner.language)
                yield learner

        issued = self.issuer.issue_many(
            self.model,
            noted(),
            engine=engine,
            mechanism=self.parts.mechanism,
            chunk_rows=self.rows,
        )
        new = known = number = 0
        part: list[tuple[IndexRow, IssuedCredential]] = []
        for position, each in enumerate(issued):
            row = IndexRow(row_at(position), each.key, each.id, languages.popleft())
            part.append((row, each))
            new, known = new + each.is_new, known + (not each.is_new)
            if len(part) == self.rows:
                number += 1
                self._write(number, part)
                part = []
                yield Progress(new, known)
        if part:
            number += 1
            self._write(number, part)
        self.parts.require_no_more(number)
        yield Progress(new, known)

    def _write(self, number: int, part: list[tuple[IndexRow, IssuedCredential]]) -> None:
        index = index_text(row for row, _ in part)
        contents = [issued.content for _, issued in part]
        path, beside = self.parts.credentials(number), self.parts.index(number)
        if None in contents:
            if path.exists() and beside.exists() and beside.read_bytes() == index:
                return  # written when it was issued
            raise RegisterError(
                f"{path} cannot be written again: {contents.count(None)} of its credentials were "
                "issued before, and this register keeps no documents; take the part from where it "
                "was written first"
            )
        lines = [each for each in contents if each is not None]
        if any(b"\n" in each for each in lines):
            raise InputError("a credential does not fit on one line")
        write_if_changed(beside, index)
        write_if_changed(path, b"".join(each + b"\n" for each in lines))


def _begun(path: Path, plan: str, chunk_rows: int | None) -> int:
    """Return the rows of each part of the batch that is begun here, or goes on."""
    marker = path / _MARKER
    try:
        known = parse_object(marker.read_bytes())
        before = int(str(known.get("chunkRows")))
    except FileNotFoundError:
        rows = chunk_rows if chunk_rows is not None else CHUNK_ROWS
        document: JsonObject = {"version": _VERSION, "plan": plan, "chunkRows": rows}
        write_if_changed(marker, dumps(document, indent=2).encode("utf-8") + b"\n")
        return rows
    except (OSError, ValueError, ParseError) as error:
        raise ConfigurationError(
            f"{marker} cannot be read; choose a new folder, and nothing is issued twice",
            path=str(marker),
        ) from error
    if known.get("plan") != plan:
        raise ConfigurationError(
            f"{path} holds a batch of another register, issuer, credential or suite; choose a new "
            "folder",
            path=str(path),
        )
    if chunk_rows not in (None, before):
        raise ConfigurationError(
            f"{path} was begun with {before} rows in each part; leave the number out, or choose a "
            "new folder",
            path=str(path),
        )
    return before
