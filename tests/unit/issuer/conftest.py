"""An office on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registers import Office, new_file, registers


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with registers(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    office = Office(url)
    yield office
    office.close()


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Office]:
    """An office on SQLite alone, for what does not depend on the database."""
    office = Office(f"sqlite:///{new_file(tmp_path)}")
    yield office
    office.close()
