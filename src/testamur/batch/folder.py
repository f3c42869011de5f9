"""A batch in a folder: it can be interrupted at any moment, and goes on where it was.

    journal.json                    the secret, the clock, what is issued; readable by its owner
    credentials/part-000001.jsonl   one credential on each line (.jwts: one compact JWS)
    index/part-000001.csv           whose they are: row, key, id, language, places in status lists
    index/part-000001.json          which rows they were made of
    status/revocation-….json        the status lists, signed and empty, to be published

A part's credentials take their name last: a part that has them is complete, and everything else of
it is on the disk. A part that lacks them was never handed on, and is made again, byte by byte the
same, since everything in it follows from the journal and the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from testamur.batch.chunk import Chunk, IssuedChunk, Job, chunked, issue_chunk
from testamur.batch.engine import Engine
from testamur.batch.journal import Journal, digest_of, read_journal, write_journal
from testamur.batch.learner import Learner, fingerprint
from testamur.batch.parts import IndexRow, Parts, Progress, entered, index_text
from testamur.batch.status_lists import StatusPlace
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.carry import write_atomically
from testamur.errors import ConfigurationError, InputError, ParseError
from testamur.issuing import Mechanism

__all__ = ["BatchFolder", "Progress", "open_folder"]


@contextmanager
def open_folder(
    path: Path, *, plan: JsonValue, now: datetime, chunk_rows: int | None, default_rows: int
) -> Iterator[BatchFolder]:
    """Open the folder of a batch, and keep other runs out of it meanwhile.

    Args:
        path: a folder with a batch that was begun, or an empty one, or one that is made.
        plan: what is issued and how, without the rows, as JSON; it must be the same in every run.
        now: the clock, aware; a batch that was begun keeps its own.
        chunk_rows: rows of each part; None: as before, or `default_rows`.
        default_rows: for a batch that begins.

    Raises:
        ConfigurationError: another run is at work in it; it holds another batch, or something
            else; it cannot be written.
    """
    with entered(path, marker=_JOURNAL):
        yield BatchFolder(path, _journal(path, plan, now, chunk_rows, default_rows))


def _journal(
    path: Path, plan: JsonValue, now: datetime, chunk_rows: int | None, default_rows: int
) -> Journal:
    journal = read_journal(path / _JOURNAL)
    if journal is None:
        rows = chunk_rows if chunk_rows is not None else default_rows
        journal = Journal.new(plan, now=now, chunk_rows=rows)
        write_journal(path / _JOURNAL, journal)
    if journal.plan != digest_of(plan):
        raise ConfigurationError(
            f"{path} holds a batch that was begun with another credential, key, suite or status "
            "list; go on with the same ones, or choose a new folder",
            path=str(path),
        )
    if chunk_rows not in (None, journal.chunk_rows):
        raise ConfigurationError(
            f"{path} was begun with {journal.chunk_rows} rows in each part; leave the number out, "
            "or choose a new folder",
            path=str(path),
        )
    return journal


@dataclass(slots=True)
class BatchFolder:
    """The folder of a batch, open.

    Attributes:
        path: where it is.
        journal: what all runs have in common; make the award and the job with its secret and now.
    """

    path: Path
    journal: Journal
    _lists: set[str] = field(default_factory=set)

    def issue(
        self,
        job: Job,
        learners: Iterable[Learner],
        engine: Engine,
        *,
        row_at: Callable[[int], int] = lambda position: position + 1,
    ) -> Iterator[Progress]:
        """Issue to all rows that were not issued yet, and say how far it is after each part.

        Args:
            job: with the journal's secret and clock.
            learners: all rows, from the first, as in every run.
            engine: where they are issued.
            row_at: gives the number in the roster of the learner at a position, from 0; another
                one where rows of it were left out.

        Raises:
            ConfigurationError: the rows of a part that was issued have changed since, or the folder
                cannot be written.
            ModelError, CanonicalizationError, BatchError: as `testamur.batch.issue_many`; what was
                issued before stays.
        """
        if job.award.secret != self.journal.secret or job.now != self.journal.now:
            raise ValueError("the job has another secret or clock than the batch it goes on with")
        parts = Parts(self.path, job.mechanism)
        parts.make(".", "credentials", "index", "status")
        count = _Count()
        pending = self._pending(chunked(learners, self.journal.chunk_rows), job, count)
        for issued in engine.map(partial(_issue_with_digest, job), pending):
            self._write(issued, job, row_at)
            count.issued += len(issued.chunk.credentials)
            yield Progress(count.issued, count.skipped)
        parts.require_no_more(count.chunks)
        yield Progress(count.issued, count.skipped)

    def _pending(self, chunks: Iterable[Chunk], job: Job, count: _Count) -> Iterator[Chunk]:
        for chunk in chunks:
            count.chunks = chunk.number
            if self._is_done(chunk, job.mechanism):
                count.skipped += len(chunk.learners)
            else:
                yield chunk

    def _is_done(self, chunk: Chunk, mechanism: Mechanism) -> bool:
        """Whether the part of this chunk is there, made of these rows."""
        parts = Parts(self.path, mechanism)
        credentials, record = parts.credentials(chunk.number), parts.index(chunk.number, ".json")
        size = credentials.stat().st_size if credentials.exists() else None
        if size is None and not record.exists():
            return False
        try:
            made_of = parse_object(record.read_bytes())
        except (OSError, ParseError) as error:
            raise ConfigurationError(
                f"{record} is missing or damaged, so it cannot be told which rows {credentials} "
                "was made of; put it back",
                path=str(record),
            ) from error
        if made_of.get("rows") != fingerprint(chunk.learners):
            # Also where the credentials are gone: perhaps they were handed out and moved away.
            raise ConfigurationError(
                f"rows {chunk.first + 1} to {chunk.first + len(chunk.learners)} of the roster are "
                f"not those that {credentials} was made of; go on with the roster as it was, and "
                "issue to new rows in a new folder",
                path=str(credentials),
            )
        if size is not None and made_of.get("bytes") != size:
            raise ConfigurationError(
                f"{credentials} has been changed; put it back, or remove it and it is made again",
                path=str(credentials),
            )
        return size is not None

    def _write(self, issued: _Digested, job: Job, row_at: Callable[[int], int]) -> None:
        credentials = issued.chunk.credentials
        lists = {each.list_name: each for one in credentials for each in one.places}
        for place in lists.values():
            self._publish(place, job)
        content = b"".join(each.content + b"\n" for each in credentials)
        record: JsonObject = {
            "first": row_at(credentials[0].position),
            "count": len(credentials),
            "rows": issued.rows,
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
            "verified": [row_at(position) for position in issued.chunk.inspected],
        }
        number, parts = issued.chunk.number, Parts(self.path, job.mechanism)
        write_atomically(parts.index(number), _csv(issued, row_at))
        write_atomically(parts.index(number, ".json"), dumps(record).encode("utf-8") + b"\n")
        write_atomically(parts.credentials(number), content)

    def _publish(self, place: StatusPlace, job: Job) -> None:
        """Write a status list, unless it is there: by now bits may have been set in it."""
        path = self.path / "status" / place.list_name
        lists = job.award.status
        if path.name not in self._lists and not path.exists() and lists is not None:
            secured = lists.empty(place, signer=job.signer(), now=job.now)
            write_atomically(path, secured.content)
        self._lists.add(path.name)


@dataclass(slots=True)
class _Count:
    issued: int = 0
    skipped: int = 0
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class _Digested:
    chunk: IssuedChunk
    rows: str
    languages: tuple[str | None, ...]


def _issue_with_digest(job: Job, chunk: Chunk) -> _Digested:
    issued = issue_chunk(job, chunk)
    if any(b"\n" in each.content for each in issued.credentials):
        raise InputError("a credential does not fit on one line")
    languages = tuple(learner.language for learner in chunk.learners)
    return _Digested(issued, fingerprint(chunk.learners), languages)


def _csv(issued: _Digested, row_at: Callable[[int], int]) -> bytes:
    purposes = [place.purpose for place in issued.chunk.credentials[0].places]
    rows = [
        IndexRow(
            row_at(each.position),
            each.key,
            each.id,
            language,
            [cell for place in each.places for cell in (place.list_url, place.index)],
        )
        for each, language in zip(issued.chunk.credentials, issued.languages, strict=True)
    ]
    more = [f"{purpose}_{what}" for purpose in purposes for what in ("list", "index")]
    return index_text(rows, more=more)


_JOURNAL = "journal.json"
