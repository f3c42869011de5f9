"""Registers for tests: on SQLite in a folder, and on PostgreSQL in a schema of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from simulator import NOW, key
from testamur import build
from testamur.issuer import Issuer, Policy
from testamur.keys import Ed25519Signer
from testamur.model.ob3 import Achievement, AchievementCredential, Profile
from testamur.register import Register

__all__ = ["EMAIL", "POSTGRESQL", "STATUS", "Office", "new_file", "postgresql_schema", "registers"]

POSTGRESQL = "postgresql://127.0.0.1:5432/test"
STATUS = "https://uni.example/status/"
EMAIL = "ada@uni.example"


@contextmanager
def postgresql_schema(server: str = POSTGRESQL) -> Iterator[str]:
    """Make a schema of a random name, give the URL of a register in it, and drop it."""
    pytest.importorskip("psycopg")
    engine = create_engine(
        server.replace("postgresql:", "postgresql+psycopg:"),
        connect_args={"connect_timeout": 3},
        poolclass=NullPool,  # the server may have been restarted meanwhile
    )
    name = f"testamur_{secrets.token_hex(6)}"
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
    except Exception as error:  # noqa: BLE001
        pytest.skip(f"no PostgreSQL answers at {server}: {type(error).__name__}")
    try:
        yield f"{server}?options=-csearch_path%3D{name}"
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


@contextmanager
def registers(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a new register, of this kind of database."""
    if kind == "sqlite":
        yield f"sqlite:///{new_file(folder)}"
    else:
        with postgresql_schema() as url:
            yield url


@lru_cache
def _new_register() -> bytes:
    """An empty register, made once by the migrations: making one for each test takes long."""
    with TemporaryDirectory() as folder:
        Register.open_or_create(f"sqlite:///{folder}/new.db", now=lambda: NOW).close()
        return Path(folder, "new.db").read_bytes()


def new_file(folder: Path) -> Path:
    """Put an empty register into a folder."""
    path = folder / f"{secrets.token_hex(4)}.db"
    path.write_bytes(_new_register())
    return path


class Office:
    """An issuer's office: its register, its key, its clock, and what it awards.

    Attributes:
        now: the clock; move it with `advance`.
    """

    def __init__(
        self,
        url: str,
        *,
        policy: Policy | None = None,
        clock: Callable[[], datetime] | None = None,
        **options: Any,
    ) -> None:
        self.url = url
        self.now: datetime = NOW if clock is None else clock()
        now = clock if clock is not None else lambda: self.now
        self.register = Register.open_or_create(url, now=now, actor="registrar", **options)
        self.signer = Ed25519Signer.for_did_key(key("office"))
        self.profile: Profile = build.profile(id=self.signer.controller, name="Example University")
        self.achievement: Achievement = build.achievement(
            id="https://uni.example/achievements/rust",
            name="Rust",
            description="Writes programs in Rust",
            criteria="Passed the examination",
        )
        self.register.issuers.add(self.profile)
        self.register.keys.add(
            self.signer.key.public_key,
            self.signer.verification_method,
            valid_from=self.now - timedelta(days=30),
        )
        if self.register.lists.series(self.signer.controller) is None:
            self.register.lists.open_series(self.signer.controller, folder_url=STATUS)
        self.issuer = Issuer(self.register, self.signer, policy=policy)

    @property
    def id(self) -> str:
        return self.signer.controller

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def credential(self, email: str = EMAIL, **details: Any) -> AchievementCredential:
        return build.credential(
            self.profile,
            self.achievement,
            recipient=build.recipient_by_email(email),
            valid_from=self.now,
            **details,
        )

    def close(self) -> None:
        self.register.close()
