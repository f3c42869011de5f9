"""The library's entrance: an iterator of learners in, an iterator of credentials out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from testamur.batch.award import Award
from testamur.batch.chunk import CHUNK_ROWS, Job, chunked, issue_chunk
from testamur.batch.engine import Engine, InProcess
from testamur.batch.learner import Learner
from testamur.batch.press import Issued
from testamur.batch.signers import KeyInMemory, SignerFactory
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer

__all__ = ["issue_many"]


def issue_many(
    award: Award,
    learners: Iterable[Learner],
    *,
    signer: Ed25519Signer | SignerFactory,
    now: datetime,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    engine: Engine | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[Issued]:
    """Issue an award to many learners, in their order and in constant memory.

    A row's credential follows from the award, the row and its position alone, so a second run over
    the same rows gives the same bytes. Nothing is remembered between runs: for a batch that may be
    interrupted, use `testamur.batch.folder`.

    Args:
        award: what is awarded.
        learners: the rows, read no further ahead than the engine has chunks under way.
        signer: holds a key of the award's issuer; or what makes the signer in each process.
        now: the clock, aware; each proof's `created`.
        mechanism: how the credentials are secured.
        engine: where they are issued; in this process where it is None.
        chunk_rows: rows that are issued, sampled and handed on together.

    Raises:
        ModelError, CanonicalizationError: a row breaks a rule, or would not be signed as it is; the
            message begins with its number, from 1.
        BatchError: a sample does not verify, or workers died again and again.
        ConfigurationError: the key is not the issuer's, or a status list is full.
        SigningKeyError: the key cannot sign.
    """
    factory = KeyInMemory.of(signer) if isinstance(signer, Ed25519Signer) else signer
    job = Job(award=award, signer=factory, now=now, mechanism=Mechanism(mechanism))
    engine = engine if engine is not None else InProcess()
    for issued in engine.map(partial(issue_chunk, job), chunked(learners, chunk_rows)):
        yield from issued.credentials
