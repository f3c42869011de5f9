"""A chunk of a batch in the register: planned in one transaction, marked as issued in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Column, func, select

from testamur.batch.award import Award
from testamur.batch.chunk import Chunk, Job, issue_chunk
from testamur.batch.derived import row_secrets
from testamur.batch.learner import Learner
from testamur.batch.press import Issued
from testamur.batch.signers import SignerFactory
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.errors import Code, RegisterError
from testamur.issuer.learners import pack_learners, unpack_learners
from testamur.issuer.policy import Documents, Policy
from testamur.issuer.single import keep_recipient, usable_key
from testamur.issuing import Mechanism
from testamur.model.dates import check_date_time
from testamur.register.bulk import insert_rows
from testamur.register.chunk_digests import digest_of_chunk
from testamur.register.contents import read_dictionary
from testamur.register.credentials import Kind, State, next_number
from testamur.register.issuer_keys import KeyRecord
from testamur.register.issuers import IssuerRecord
from testamur.register.packing import Packer
from testamur.register.places import give, reserve, series_by_number
from testamur.register.schema import (
    batches,
    chunks,
    credentials,
    dictionaries,
    instant_text,
    signatures,
)
from testamur.register.writing import Writing

__all__ = [
    "Batch",
    "ChunkPlan",
    "PackedChunk",
    "Task",
    "abandon_chunk",
    "begin_batch",
    "conclude_chunk",
    "issue_and_pack",
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
class Batch:
    """What the chunks of a batch have in common, as the register keeps it.

    Attributes:
        number: the register's own.
        award: with its secret and its lists.
        series: the number of the series of its places.
        version: the number of the achievement's version.
        clock: each proof's `created`.
        mechanism: how the credentials are secured.
        dictionary: what the documents have in common.
        dictionary_number: the register's own.
    """

    number: int
    award: Award
    series: int
    version: int
    clock: datetime
    mechanism: Mechanism
    dictionary: bytes = field(repr=False)
    dictionary_number: int


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
class Task:
    """What a worker needs to issue a chunk; `dictionary` is None where documents are not kept."""

    job: Job
    dictionary: bytes | None = field(repr=False)
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """What a worker made: the credentials, their SHA-256, and the documents packed."""

    credentials: tuple[Issued, ...]
    digests: tuple[bytes, ...]
    packed: tuple[bytes | None, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a roster, with the keyed hashes under which it is known."""

    learner: Learner
    tag: bytes = field(repr=False)
    request: bytes = field(repr=False)


def begin_batch(
    writing: Writing,
    issuer: IssuerRecord,
    key: KeyRecord,
    *,
    award: Award,
    version: int,
    series: int,
    mechanism: Mechanism,
) -> Batch:
    """Record what the chunks of a batch have in common."""
    dictionary = _dictionary(award, key)
    writing.connection.execute(dictionaries.insert().values(content=dictionary))
    dictionary_number = _last(writing, dictionaries.c.id)
    writing.connection.execute(
        batches.insert().values(
            issuer_id=issuer.number,
            achievement_version_id=version,
            series_id=series,
            key_id=key.number,
            secret=award.secret,
            pattern=dumps(award.pattern),
            mechanism=mechanism.value,
            dictionary_id=dictionary_number,
            clock=writing.now,
        )
    )
    return Batch(
        number=_last(writing, batches.c.id),
        award=award,
        series=series,
        version=version,
        clock=writing.now,
        mechanism=mechanism,
        dictionary=dictionary,
        dictionary_number=dictionary_number,
    )


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
    writing.connection.execute(
        chunks.insert().values(
            batch_id=batch.number,
            first_position=first,
            first_credential_id=first_credential,
            count=len(rows),
            state=State.PLANNED.value,
            rows=pack_learners(learners),
            planned_at=writing.now,
        )
    )
    chunk = _last(writing, chunks.c.id)
    now, kind, mechanism = (
        instant_text(writing.now),
        Kind.ACHIEVEMENT.value,
        batch.mechanism.value,
    )
    begins, ends = (_common(batch.award, name) for name in ("validFrom", "validUntil"))
    values = [
        (
            first_credential + offset,
            row_secrets(batch.award.secret, first + offset).id,
            issuer.number,
            kind,
            row.tag,
            row.request,
            keep_recipient(
                writing, row.learner.email or row.learner.id or row.learner.name, policy
            ),
            batch.version,
            mechanism,
            begins if row.learner.valid_from is None else instant_text(row.learner.valid_from),
            ends if row.learner.valid_until is None else instant_text(row.learner.valid_until),
            now,
            chunk,
        )
        for offset, row in enumerate(rows)
    ]
    insert_rows(writing.connection, credentials, _COLUMNS, values)
    give(writing, reservation, first, range(first_credential, first_credential + len(rows)))
    facts: JsonObject = {"batch": batch.number, "first": first_credential, "count": len(rows)}
    writing.record("chunk.planned", f"chunk {chunk}", facts)
    work = Chunk(number, first, learners, first_row)
    return ChunkPlan(number=chunk, batch=batch, work=work, first_credential=first_credential)


def read_chunk(writing: Writing, number: int) -> ChunkPlan | None:
    """Return a chunk that was planned before; None where it is not open any more."""
    row = writing.connection.execute(select(chunks).where(chunks.c.id == number)).one()
    if row.state != State.PLANNED.value:
        return None
    return ChunkPlan(
        number=number,
        batch=_read_batch(writing, row.batch_id),
        work=Chunk(1, row.first_position, unpack_learners(bytes(row.rows)), 0),
        first_credential=row.first_credential_id,
    )


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


def issue_and_pack(task: Task) -> PackedChunk:
    """Issue a chunk in a worker: pure, as `testamur.batch.issue_chunk`."""
    made = issue_chunk(task.job, task.chunk).credentials
    contents = [each.content for each in made]
    packer = None if task.dictionary is None else _packer(task.dictionary)
    return PackedChunk(
        made,
        tuple(sha256(each).digest() for each in contents),
        tuple(None if packer is None else packer(each) for each in contents),
    )


@lru_cache(maxsize=4)
def _packer(dictionary: bytes) -> Packer:
    return Packer(dictionary)


def _dictionary(award: Award, key: KeyRecord) -> bytes:
    """Return what the signed documents of an award have in common; it names nobody."""
    nobody = Learner(name="-", email="nobody@example.org")
    document = award.document(nobody, 0)
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": key.verification_method,
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "proofValue": "z",
    }
    return dumps({**document, "proof": proof}).encode("utf-8")


def _read_batch(writing: Writing, number: int) -> Batch:
    row = writing.connection.execute(select(batches).where(batches.c.id == number)).one()
    series = series_by_number(writing.connection, row.series_id)
    award = Award(pattern=parse_object(row.pattern), secret=bytes(row.secret), status=series.lists)
    return Batch(
        number=number,
        award=award,
        series=series.number,
        version=row.achievement_version_id,
        clock=row.clock,
        mechanism=Mechanism(row.mechanism),
        dictionary=read_dictionary(writing.connection, row.dictionary_id),
        dictionary_number=row.dictionary_id,
    )


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


def _last(writing: Writing, column: Column[int]) -> int:
    """Return the number of the row that was written last; writers come one by one."""
    return int(writing.connection.execute(select(func.max(column))).scalar() or 0)
