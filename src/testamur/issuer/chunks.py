"""A chunk of a batch in the register: planned in one transaction, marked as issued in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import select

from testamur.batch.award import Award
from testamur.batch.chunk import Chunk, Job
from testamur.batch.derived import row_secrets
from testamur.batch.learner import Learner
from testamur.batch.signers import SignerFactory
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.issuer.batches import Batch, read_batch
from testamur.issuer.learners import pack_learners, unpack_learners
from testamur.issuer.packed import PackedChunk, Task
from testamur.issuer.policy import Documents, Policy
from testamur.issuer.single import keep_recipient, usable_key
from testamur.model.dates import check_date_time
from testamur.register.bulk import insert_rows, last_number
from testamur.register.credentials import Kind, State, next_number
from testamur.register.issuers import IssuerRecord
from testamur.register.places import give, reserve
from testamur.register.schema import (
    chunks,
    credentials,
    instant_text,
    signatures,
)
from testamur.register.trail_and_plans import require_chunk_as_planned
from testamur.register.trail_and_tables import digest_of_chunk
from testamur.register.writing import Writing

__all__ = [
    "ChunkPlan",
    "Row",
    "abandon_chunk",
    "conclude_chunk",
    "plan_chunk",
    "read_chunk",
]

_COLUMNS = (
    "id",
    "uri",
    "issuer_id",
    "kind",
    "tag",
    "request",
    "recipient",
    "achievement_version_id",
    "mechanism",
    "valid_from",
    "valid_until",
    "planned_at",
    "chunk_id",
)
_SIGNATURE = ("credential_id", "key_id", "content_hash", "issued_at", "dictionary_id", "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPlan:
    """A chunk that is recorded and not signed yet.

    Attributes:
        number: the register's own.
        batch: of which it is.
        work: its rows.
        first_credential: the number of the first credential; the others follow.
    """

    number: int
    batch: Batch
    work: Chunk
    first_credential: int

    def task(self, factory: SignerFactory, policy: Policy) -> Task:
        """Return what a worker needs."""
        batch = self.batch
        job = Job(award=batch.award, signer=factory, now=batch.clock, mechanism=batch.mechanism)
        keeps = policy.documents is Documents.KEPT
        return Task(job, batch.dictionary if keeps else None, self.work)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a roster, with the keyed hashes under which it is known."""

    learner: Learner
    tag: bytes = field(repr=False)
    request: bytes = field(repr=False)


def plan_chunk(
    writing: Writing,
    issuer: IssuerRecord,
    batch: Batch,
    rows: Sequence[Row],
    *,
    policy: Policy,
    number: int,
    first_row: int,
) -> ChunkPlan:
    """Record the credentials of a chunk, with their places, before anything is signed.

    Args:
        writing: the transaction.
        issuer: who issues.
        batch: of which it is.
        rows: none of which was recorded before.
        policy: what is kept.
        number: of the chunk in this run, from 1.
        first_row: of its first row in the roster, from 0.

    Raises:
        RegisterError: the issuer's series was closed meanwhile.
    """
    reservation = reserve(writing, issuer, len(rows))
    if reservation.series.number != batch.series:
        raise RegisterError("the series of status lists was closed meanwhile; do it again")
    first, first_credential = reservation.first, next_number(writing.connection)
    learners = tuple(row.learner for row in rows)
    packed = pack_learners(learners)
    writing.connection.execute(
        chunks.insert().values(
            batch_id=batch.number,
            first_position=first,
            first_credential_id=first_credential,
            count=len(rows),
            state=State.PLANNED.value,
            rows=packed,
            planned_at=writing.now,
        )
    )
    plan = ChunkPlan(
        number=last_number(writing.connection, chunks.c.id),
        batch=batch,
        work=Chunk(number, first, learners, first_row),
        first_credential=first_credential,
    )
    _insert_credentials(writing, issuer, plan, rows, policy)
    give(writing, reservation, first, range(first_credential, first_credential + len(rows)))
    facts: JsonObject = {
        "batch": batch.number,
        "first": first_credential,
        "count": len(rows),
        "rows": _keyed_rows(writing, packed),
    }
    writing.record("chunk.planned", f"chunk {plan.number}", facts)
    return plan


def read_chunk(writing: Writing, number: int) -> ChunkPlan | None:
    """Return a chunk that was planned before; None where it is not open any more.

    Raises:
        RegisterError: REGISTER_DAMAGED, where its rows were changed since.
    """
    row = writing.connection.execute(select(chunks).where(chunks.c.id == number)).one()
    if row.state != State.PLANNED.value:
        return None
    rows = _keyed_rows(writing, bytes(row.rows))
    require_chunk_as_planned(writing.connection, number, rows)
    return ChunkPlan(
        number=number,
        batch=read_batch(writing, row.batch_id),
        work=Chunk(1, row.first_position, unpack_learners(bytes(row.rows)), 0),
        first_credential=row.first_credential_id,
    )


def _keyed_rows(writing: Writing, packed: bytes) -> str:
    return writing.keyed("rows", sha256(packed).hexdigest()).hex()


def conclude_chunk(
    writing: Writing, plan: ChunkPlan, made: PackedChunk, *, verification_method: str
) -> bool:
    """Write down what was signed, all of the chunk; return whether another process was faster.

    Raises:
        RegisterError: the key must not sign any more; the chunk was abandoned.
    """
    state = writing.connection.execute(
        select(chunks.c.state).where(chunks.c.id == plan.number)
    ).scalar_one()
    if state == State.ISSUED.value:
        return True
    if state == State.ABANDONED.value:
        raise RegisterError(
            f"chunk {plan.number} was abandoned while it was signed", code=Code.REGISTER_CONFLICT
        )
    key, _issuer = usable_key(writing, verification_method)
    now, dictionary = instant_text(writing.now), plan.batch.dictionary_number
    rows = [
        (number, key.number, digest, now, None if packed is None else dictionary, packed)
        for number, (digest, packed) in enumerate(
            zip(made.digests, made.packed, strict=True), plan.first_credential
        )
    ]
    insert_rows(writing.connection, signatures, _SIGNATURE, rows)
    _close(writing, plan.number, State.ISSUED)
    digest = digest_of_chunk(
        (issued.id, content) for issued, content in zip(made.credentials, made.digests, strict=True)
    )
    facts: JsonObject = {
        "first": plan.first_credential,
        "count": len(rows),
        "sha256": digest,
        "key": verification_method,
    }
    writing.record("chunk.issued", f"chunk {plan.number}", facts)
    writing.announce(
        "credentials.issued",
        f"chunk {plan.number}",
        {"ids": [each.id for each in made.credentials]},
    )
    return False


def abandon_chunk(writing: Writing, number: int, *, reason: str, who: str | None = None) -> None:
    """Give up a chunk that is planned; its places stay taken, its keys are free again."""
    _close(writing, number, State.ABANDONED)
    writing.connection.execute(
        credentials.update()
        .where(credentials.c.chunk_id == number)
        .values(tag=None, request=None, recipient=None, abandoned_at=writing.now)
    )
    writing.record("chunk.abandoned", f"chunk {number}", {"reason": reason}, who=who)


def _insert_credentials(
    writing: Writing, issuer: IssuerRecord, plan: ChunkPlan, rows: Sequence[Row], policy: Policy
) -> None:
    award, first = plan.batch.award, plan.work.first
    now, kind = instant_text(writing.now), Kind.ACHIEVEMENT.value
    mechanism = plan.batch.mechanism.value
    begins, ends = (_common(award, name) for name in ("validFrom", "validUntil"))
    values = [
        (
            plan.first_credential + offset,
            row_secrets(award.secret, first + offset).id,
            issuer.number,
            kind,
            row.tag,
            row.request,
            keep_recipient(
                writing, row.learner.email or row.learner.id or row.learner.name, policy
            ),
            plan.batch.version,
            mechanism,
            begins if row.learner.valid_from is None else instant_text(row.learner.valid_from),
            ends if row.learner.valid_until is None else instant_text(row.learner.valid_until),
            now,
            plan.number,
        )
        for offset, row in enumerate(rows)
    ]
    insert_rows(writing.connection, credentials, _COLUMNS, values)


def _close(writing: Writing, number: int, state: State) -> None:
    # The learners were kept to be issued to; now the credentials say who they are.
    writing.connection.execute(
        chunks.update()
        .where(chunks.c.id == number)
        .values(
            state=state.value,
            rows=None,
            issued_at=writing.now if state is State.ISSUED else None,
        )
    )


def _common(award: Award, name: str) -> str | None:
    value = award.pattern.get(name)
    return instant_text(check_date_time(value)) if isinstance(value, str) else None
