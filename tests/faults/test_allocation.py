"""Places in status lists, given away by many processes at once: each to one credential, ever.

A share of it runs by default; 16 processes with 5,000 allocations each where TESTAMUR_FAULTS is
set: `make faults`.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import func, select

from faults.allocating import allocate
from registers import Office, registers
from testamur.register.schema import status_entries

ALL = bool(os.environ.get("TESTAMUR_FAULTS"))
PROCESSES, ALLOCATIONS = (16, 5000) if ALL else (3, 20)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_allocate_at_once_never_get_one_place(kind: str, tmp_path: Path) -> None:
    with registers(kind, tmp_path) as url:
        office = Office(url)
        identifier = office.id
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            runs = [pool.submit(allocate, url, identifier, ALLOCATIONS) for _ in range(PROCESSES)]
            given = [place for run in runs for place in run.result()]
        assert len(set(given)) == len(given) == PROCESSES * ALLOCATIONS * 2
        with office.register.reading() as connection:
            entries = connection.execute(select(func.count()).select_from(status_entries)).scalar()
        assert entries == len(given)
        office.close()
