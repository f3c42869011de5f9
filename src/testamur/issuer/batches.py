"""A batch in the register: what its chunks have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from testamur.batch.award import Award
from testamur.batch.learner import Learner
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.issuing import Mechanism
from testamur.register.bulk import last_number
from testamur.register.contents import read_dictionary
from testamur.register.issuer_keys import KeyRecord
from testamur.register.issuers import IssuerRecord
from testamur.register.places import series_by_number
from testamur.register.schema import batches, dictionaries
from testamur.register.writing import Writing

__all__ = ["Batch", "begin_batch", "read_batch"]


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
    dictionary_number = last_number(writing.connection, dictionaries.c.id)
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
        number=last_number(writing.connection, batches.c.id),
        award=award,
        series=series,
        version=version,
        clock=writing.now,
        mechanism=mechanism,
        dictionary=dictionary,
        dictionary_number=dictionary_number,
    )


def read_batch(writing: Writing, number: int) -> Batch:
    """Return a batch that was begun before."""
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
