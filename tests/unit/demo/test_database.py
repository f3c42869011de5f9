"""Where the demonstration keeps its register; nobody else's is touched."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from registers import POSTGRESQL, postgresql_schema
from testamur.demo import database
from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.register import Register


def now() -> datetime:
    return datetime(2026, 6, 1, tzinfo=UTC)


def execute(statement: str) -> None:
    url = POSTGRESQL.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def schema(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A name for the schema that no demonstration on this server has."""
    with postgresql_schema():  # skips where no server answers
        name = f"testamur_demo_{secrets.token_hex(6)}"
        monkeypatch.setattr(database, "_SCHEMA", name)
        yield name
        execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def test_file_of_a_former_demonstration_is_replaced(tmp_path: Path) -> None:
    with Register.open_or_create(database.empty_register(tmp_path, None), now=now) as register:
        former = register.id
    with Register.open_or_create(database.empty_register(tmp_path, None), now=now) as register:
        assert register.id != former
    assert database.sqlite_file(tmp_path).is_file()


def test_schema_of_a_former_demonstration_is_replaced(tmp_path: Path, schema: str) -> None:
    url = database.empty_register(tmp_path, POSTGRESQL)
    assert url == f"{POSTGRESQL}?options=-csearch_path%3D{schema}"
    with Register.open_or_create(url, now=now) as register:
        former = register.id
    with Register.open_or_create(database.empty_register(tmp_path, POSTGRESQL), now=now) as again:
        assert again.id != former
    assert list(tmp_path.iterdir()) == []


def test_schema_of_somebody_else_is_left_alone(tmp_path: Path, schema: str) -> None:
    execute(f"CREATE SCHEMA {schema}")
    execute(f"CREATE TABLE {schema}.precious (id INTEGER)")
    with pytest.raises(ConfigurationError, match="no former demonstration"):
        database.empty_register(tmp_path, POSTGRESQL)
    execute(f"SELECT id FROM {schema}.precious")


@pytest.mark.parametrize(
    "url", ["register.db", "sqlite:///x.db", "postgresql://u@h/d?options=-csearch_path%3Dx"]
)
def test_other_databases_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="postgresql://user@host/database"):
        database.empty_register(tmp_path, url)


def test_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(RegisterError) as caught:
        database.empty_register(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    assert caught.value.code is Code.REGISTER_UNAVAILABLE
