"""A chunk of a batch: the unit that is computed anywhere, any number of times, with one result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from threading import Lock

from testamur.batch.award import Award
from testamur.batch.derived import choose
from testamur.batch.learner import Learner, at_row
from testamur.batch.press import Issued, Press
from testamur.batch.sample import Inspector
from testamur.batch.signers import SignerFactory
from testamur.errors import CanonicalizationError, ModelError
from testamur.issuing import Mechanism

__all__ = ["CHUNK_ROWS", "Chunk", "IssuedChunk", "Job", "chunked", "issue_chunk"]

CHUNK_ROWS = 1000
"""rows: a chunk unless something else is asked for, about 4 MB of credentials."""

_AT_ONCE = 1000  # rows: more at once need more memory, and are no faster


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is the same for all chunks of a batch; it is sent to whoever computes one.

    Attributes:
        award: what is awarded.
        signer: makes the signer there.
        now: the clock, aware; each proof's `created`. A batch that resumes keeps the first.
        mechanism: how the credentials are secured.
    """

    award: Award
    signer: SignerFactory
    now: datetime
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a roster, one behind the other.

    Attributes:
        number: of the chunk, from 1.
        first: position of its first row, from 0.
        learners: the rows, at least one.
        row: of its first row in the caller's roster, from 0, for messages; `first` where it is
            None.
    """

    number: int
    first: int
    learners: tuple[Learner, ...]
    row: int | None = None


@dataclass(frozen=True, slots=True)
class IssuedChunk:
    """The credentials of a chunk, in the order of its rows.

    Attributes:
        number: of the chunk, from 1.
        credentials: one for each row.
        inspected: positions of those that were verified in full.
    """

    number: int
    credentials: tuple[Issued, ...]
    inspected: tuple[int, ...]


def chunked(learners: Iterable[Learner], rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Cut a roster into chunks, reading no further than the chunk that is asked for.

    Args:
        learners: the rows.
        rows: of each chunk but the last, at least 1.
    """
    if rows < 1:
        raise ValueError("a chunk has at least one row")
    remaining = iter(learners)
    number, first = 1, 0
    while part := tuple(islice(remaining, rows)):
        yield Chunk(number, first, part)
        number, first = number + 1, first + len(part)


def issue_chunk(job: Job, chunk: Chunk) -> IssuedChunk:
    """Issue to every learner of a chunk: all of them, or an error and nothing.

    Pure: the same arguments give the same bytes, in any process on any machine, as Ed25519 is
    deterministic and everything random is derived. So an engine may run it again, after a worker
    was lost or beside a slow one, and whichever result comes first is the one.

    Its first credential and one that nobody can foresee are verified before it returns: what that
    covers is said in `testamur.batch.sample.Inspector`.

    Args:
        job: what is the same for all chunks.
        chunk: the rows.

    Raises:
        ModelError, CanonicalizationError: a row breaks a rule, or would not be signed as it is; the
            message begins with its number, from 1.
        BatchError: a sample does not verify.
        ConfigurationError: the key is not the issuer's. SigningKeyError: it cannot sign.
    """
    workshop = _workshop(job)
    credentials = _issue_rows(workshop.press, chunk)
    samples = [0]
    if len(credentials) > 1:
        samples.append(1 + choose(job.award.secret, chunk.number, len(credentials) - 1))
    with workshop.inspecting:
        for sample in samples:
            workshop.inspector.inspect(credentials[sample], chunk.learners[sample])
    return IssuedChunk(
        number=chunk.number,
        credentials=credentials,
        inspected=tuple(chunk.first + sample for sample in samples),
    )


def _issue_rows(press: Press, chunk: Chunk) -> tuple[Issued, ...]:
    """Issue to every row: as many at once as are like others, and the rest one by one."""
    credentials: list[Issued] = []
    for at in range(0, len(chunk.learners), _AT_ONCE):
        learners, first = chunk.learners[at : at + _AT_ONCE], chunk.first + at
        for number, printed in enumerate(press.print_all(learners, first)):
            if printed is None:
                row = first + number if chunk.row is None else chunk.row + at + number
                printed = _issue_row(press, learners[number], first + number, row)
            credentials.append(printed)
    return tuple(credentials)


def _issue_row(press: Press, learner: Learner, position: int, row: int) -> Issued:
    try:
        return press.issue(learner, position)
    except (ModelError, CanonicalizationError) as error:
        raise at_row(error, row) from error


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What a process keeps from one chunk of a job to the next."""

    press: Press
    inspector: Inspector
    inspecting: Lock


@lru_cache(maxsize=4)
def _workshop(job: Job) -> _Workshop:
    signer = job.signer()
    return _Workshop(
        press=Press(job.award, signer, now=job.now, mechanism=job.mechanism),
        inspector=Inspector(job.award, signer, public_key=job.signer.public_key, now=job.now),
        inspecting=Lock(),
    )
