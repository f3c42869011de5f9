"""A register with something in every table, and databases for it on loopback."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256

import psycopg

from simulator import key
from testamur import build
from testamur.canon.strict_json import JsonObject, dumps
from testamur.keys import Ed25519Signer
from testamur.register import Register
from testamur.register.achievements import record_achievement
from testamur.register.issuer_keys import require_key
from testamur.register.issuers import require_issuer
from testamur.register.packing import pack
from testamur.register.places import give, reserve
from testamur.register.schema import (
    batches,
    carriers,
    chunks,
    credentials,
    dictionaries,
    signatures,
)

ISSUER = "did:web:uni.example"
METHOD = f"{ISSUER}#key-1"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIGNER = Ed25519Signer(key("register"), METHOD)
_SERVER = "host=127.0.0.1 port=5432 user=postgres connect_timeout=3"


def clock() -> datetime:
    """Return the time in these registers."""
    return NOW


@contextmanager
def postgresql_database() -> Iterator[str | None]:
    """Make a database of its own and give its URL; None where no server answers on loopback."""
    name = f"testamur_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        server = psycopg.connect(f"{_SERVER} dbname=postgres", autocommit=True)
    except psycopg.OperationalError:
        yield None
        return
    with server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"postgresql://postgres@127.0.0.1:5432/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def fill(register: Register, *, count: int = 3) -> None:
    """Put an issuer, its key, a chunk of signed credentials and changes of their status into it."""
    register.issuers.add(build.profile(id=ISSUER, name="Uniwersytet Przykładowy"))
    register.keys.add(SIGNER.key.public_key, METHOD, signer_hint="slot 2")
    register.lists.open_series(ISSUER, folder_url="https://uni.example/status/")
    with register.writing() as writing:
        connection = writing.connection
        issuer = require_issuer(connection, ISSUER)
        version = record_achievement(
            writing,
            issuer,
            {"id": "https://uni.example/a", "type": ["Achievement"], "name": "A\n😀"},
        )
        signing_key = require_key(connection, METHOD)
        dictionary = connection.execute(
            dictionaries.insert()
            .values(content=b"\x00\xff dictionary")
            .returning(dictionaries.c.id)
        ).scalar_one()
        batch = connection.execute(
            batches.insert()
            .values(
                issuer_id=issuer.number,
                achievement_version_id=version.number,
                key_id=signing_key.number,
                secret=b"\x01" * 32,
                pattern="{}",
                mechanism="eddsa-rdfc-2022",
                dictionary_id=dictionary,
                clock=NOW,
            )
            .returning(batches.c.id)
        ).scalar_one()
        chunk = connection.execute(
            chunks.insert()
            .values(
                batch_id=batch,
                first_position=0,
                first_credential_id=1,
                count=count,
                state="issued",
                planned_at=NOW,
                issued_at=NOW,
            )
            .returning(chunks.c.id)
        ).scalar_one()
        reservation = reserve(writing, issuer, count)
        numbers = list(range(1, count + 1))
        digest = sha256()  # as docs/explanation/register.md says it of a chunk
        for number in numbers:
            connection.execute(
                credentials.insert().values(
                    id=number,
                    uri=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
                    issuer_id=issuer.number,
                    kind="achievement",
                    tag=writing.keyed("key", str(number)),
                    recipient=f"ada{number}@learner.example",
                    achievement_version_id=version.number,
                    mechanism="eddsa-rdfc-2022",
                    valid_from=NOW,
                    planned_at=NOW,
                    chunk_id=chunk if number == 1 else None,
                    supersedes_id=number - 1 or None,
                    relation="renews" if number > 1 else None,
                )
            )
            content = dumps({"id": number}).encode()
            uri = f"urn:uuid:00000000-0000-4000-8000-{number:012}"
            digest.update(uri.encode() + b"\0" + sha256(content).digest())
            connection.execute(
                signatures.insert().values(
                    credential_id=number,
                    key_id=signing_key.number,
                    content_hash=sha256(content).digest(),
                    issued_at=NOW,
                    content=pack(content),
                )
            )
            connection.execute(
                carriers.insert().values(
                    credential_id=number, kind="png", sha256=b"\x02" * 32, recorded_at=NOW
                )
            )
        give(writing, reservation, reservation.first, numbers)
        facts: JsonObject = {
            "first": 1,
            "count": count,
            "sha256": digest.hexdigest(),
            "key": METHOD,
        }
        writing.record("chunk.issued", f"chunk {chunk}", facts)
    register.credentials.revoke(
        "urn:uuid:00000000-0000-4000-8000-000000000002", reason="Ada asked for it: ada@x.example"
    )
