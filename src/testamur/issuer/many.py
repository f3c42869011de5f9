"""Many learners through the register: chunk by chunk, each recorded, signed, marked as issued."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from testamur.batch.award import Award
from testamur.batch.chunk import Chunk, chunked
from testamur.batch.derived import SECRET_BYTES
from testamur.batch.engine import Engine
from testamur.batch.learner import Learner, at_row
from testamur.batch.signers import SignerFactory
from testamur.canon.strict_json import JsonObject
from testamur.errors import BatchError, CanonicalizationError, ModelError, RegisterError
from testamur.issuer.asked import asked_for_row, pattern_text
from testamur.issuer.batches import Batch, begin_batch
from testamur.issuer.chunks import (
    ChunkPlan,
    Row,
    abandon_chunk,
    conclude_chunk,
    plan_chunk,
    read_chunk,
)
from testamur.issuer.issued import IssuedCredential
from testamur.issuer.packed import PackedChunk, Task, issue_and_pack
from testamur.issuer.policy import Policy
from testamur.issuer.single import keyed_request, require_same, usable_key
from testamur.issuing import Mechanism
from testamur.register import Register
from testamur.register.achievements import record_achievement
from testamur.register.contents import read_contents
from testamur.register.issuer_keys import KeyRecord
from testamur.register.issuers import IssuerRecord
from testamur.register.places import require_series
from testamur.register.tags import find_tags
from testamur.register.writing import Writing

__all__ = ["BatchRun", "finish_chunk"]


def finish_chunk(
    register: Register, plan: ChunkPlan, made: PackedChunk, verification_method: str
) -> None:
    """Mark a chunk as issued, if no other process did."""
    with register.writing() as writing:
        conclude_chunk(writing, plan, made, verification_method=verification_method)


@dataclass(slots=True)
class _Waiting:
    """A part of the roster whose credentials are asked for: made now, or known from before.

    Attributes:
        keys: what the caller calls its rows.
        plan: of the rows that are new; None where none is.
        fresh: row → its place in the plan.
        known: row → number and id of a credential that was recorded before.
        chunks: chunks of those before, that were not signed when they were looked up.
    """

    keys: Sequence[str | None]
    plan: ChunkPlan | None = None
    fresh: dict[int, int] = field(default_factory=dict)
    known: dict[int, tuple[int, str]] = field(default_factory=dict)
    chunks: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Begun:
    """What is awarded in this run, and the batch as which it is recorded, if anything was new."""

    award: Award
    series: int
    achievement: str
    pattern: str
    batch: Batch | None = None


class BatchRun:
    """A run over a roster.

    Args:
        register: where it is recorded.
        model: what is awarded, as an unsigned badge.
        verification_method: of the key.
        factory: makes the signer where credentials are signed.
        engine: where that is.
        mechanism: how they are secured.
        policy: what is kept.
    """

    def __init__(
        self,
        register: Register,
        model: JsonObject,
        *,
        verification_method: str,
        factory: SignerFactory,
        engine: Engine,
        mechanism: Mechanism,
        policy: Policy,
    ) -> None:
        """Prepare a run; nothing is recorded yet."""
        self._register = register
        self._model = model
        self._method = verification_method
        self._factory = factory
        self._engine = engine
        self._mechanism = mechanism
        self._policy = policy
        self._begun_with: _Begun | None = None
        self._waiting: deque[_Waiting] = deque()
        self._is_reading = False

    def issue(self, learners: Iterable[Learner], rows: int) -> Iterator[IssuedCredential]:
        """Issue to all rows, in their order; those that were issued to before are handed out again.

        Args:
            learners: the rows.
            rows: of each chunk.
        """
        made = self._engine.map(issue_and_pack, self._tasks(chunked(learners, rows)))
        while True:
            try:
                packed = next(made, None)
            except (ModelError, CanonicalizationError, BatchError) as error:
                # Its rows cannot be issued to as they are: their keys are free for better ones.
                if not self._is_reading:
                    self._abandon(f"{type(error).__name__}: {error.code}")
                raise
            yield from self._ready()
            if packed is None:
                return
            yield from self._conclude(packed)
            yield from self._ready()

    def _tasks(self, parts: Iterable[Chunk]) -> Iterator[Task]:
        self._is_reading = True
        for part in parts:
            waiting = self._plan(part)
            self._waiting.append(waiting)
            if waiting.plan is not None:
                self._is_reading = False
                yield waiting.plan.task(self._factory, self._policy)
                self._is_reading = True
        self._is_reading = False

    def _plan(self, part: Chunk) -> _Waiting:
        """Record the rows of a part that are new, and find the others."""
        waiting = _Waiting([learner.key for learner in part.learners])
        with self._register.writing() as writing:
            key, issuer = usable_key(writing, self._method)
            begun = self._begun(writing, issuer)
            rows = _rows(writing, issuer, begun, part)
            known = find_tags(writing.connection, [row.tag for row in rows])
            new: dict[bytes, int] = {}
            for number, row in enumerate(rows):
                before = known.get(row.tag)
                if before is None:
                    waiting.fresh[number] = new.setdefault(row.tag, len(new))
                    continue
                try:
                    require_same(before, row.request)
                except RegisterError as error:
                    raise at_row(error, part.first + number) from error
                waiting.known[number] = before.number, before.id
                if not before.is_signed and before.chunk is not None:
                    waiting.chunks.add(before.chunk)
            if new:
                first = {row.tag: row for row in reversed(rows)}
                waiting.plan = plan_chunk(
                    writing,
                    issuer,
                    self._recorded(writing, issuer, key, begun),
                    [first[tag] for tag in new],
                    policy=self._policy,
                    number=part.number,
                    first_row=part.first,
                )
        return waiting

    def _conclude(self, made: PackedChunk) -> Iterator[IssuedCredential]:
        waiting = self._waiting.popleft()
        if waiting.plan is None:
            raise RuntimeError("a chunk was made that nobody waits for")
        finish_chunk(self._register, waiting.plan, made, self._method)
        contents = self._contents(waiting)
        for number, key in enumerate(waiting.keys):
            if number in waiting.fresh:
                issued = made.credentials[waiting.fresh[number]]
                yield IssuedCredential(issued.id, key, issued.content, is_new=True)
            else:
                yield self._again(waiting, number, key, contents)

    def _ready(self) -> Iterator[IssuedCredential]:
        """Yield what stands first and needs nothing to be made."""
        while self._waiting and self._waiting[0].plan is None:
            waiting = self._waiting.popleft()
            contents = self._contents(waiting)
            for number, key in enumerate(waiting.keys):
                yield self._again(waiting, number, key, contents)

    def _again(
        self, waiting: _Waiting, number: int, key: str | None, contents: dict[int, bytes]
    ) -> IssuedCredential:
        credential, identifier = waiting.known[number]
        return IssuedCredential(identifier, key, contents.get(credential), is_new=False)

    def _contents(self, waiting: _Waiting) -> dict[int, bytes]:
        for chunk in sorted(waiting.chunks):
            # Planned by a run that was interrupted, or by one that is at work at this moment.
            with self._register.writing() as writing:
                plan = read_chunk(writing, chunk)
            if plan is not None:
                made = issue_and_pack(plan.task(self._factory, self._policy))
                finish_chunk(self._register, plan, made, self._method)
        numbers = [number for number, _ in waiting.known.values()]
        if not numbers:
            return {}
        with self._register.reading() as connection:
            return read_contents(connection, numbers)

    def _abandon(self, reason: str) -> None:
        waiting = next((each for each in self._waiting if each.plan is not None), None)
        if waiting is not None and waiting.plan is not None:
            with self._register.writing() as writing:
                abandon_chunk(writing, waiting.plan.number, reason=reason)

    def _begun(self, writing: Writing, issuer: IssuerRecord) -> _Begun:
        """Return what is awarded, in the open series of the issuer."""
        series = require_series(writing.connection, issuer)
        if self._begun_with is None or self._begun_with.series != series.number:
            award = Award.like(
                self._model,
                secret=secrets.token_bytes(SECRET_BYTES),
                valid_from=writing.now,
                status=series.lists,
            )
            pattern = pattern_text(award.pattern)
            self._begun_with = _Begun(award, series.number, award.achievement.id, pattern)
        return self._begun_with

    def _recorded(
        self, writing: Writing, issuer: IssuerRecord, key: KeyRecord, begun: _Begun
    ) -> Batch:
        if begun.batch is None:
            document = begun.award.achievement.to_json()
            begun.batch = begin_batch(
                writing,
                issuer,
                key,
                award=begun.award,
                version=record_achievement(writing, issuer, document).number,
                series=begun.series,
                mechanism=self._mechanism,
            )
        return begun.batch


def _rows(writing: Writing, issuer: IssuerRecord, begun: _Begun, part: Chunk) -> list[Row]:
    rows = []
    for learner in part.learners:
        asked = asked_for_row(learner, achievement=begun.achievement, pattern=begun.pattern)
        rows.append(Row(learner, *keyed_request(writing, issuer, asked)))
    return rows
