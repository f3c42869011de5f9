"""Processes that are killed, full disks and databases that go away lose nothing.

A share of it runs by default. All of it, more than 200 kills, runs where TESTAMUR_FAULTS is set:
`make faults`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from faults.own_server import own_server
from registers import new_file, postgresql_schema

ALL = bool(os.environ.get("TESTAMUR_FAULTS"))
TESTS = Path(__file__).parents[1]
needs_all = pytest.mark.skipif(not ALL, reason="takes minutes; set TESTAMUR_FAULTS=1")


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), *sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", "faults.run", "--url", url, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def found_by(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=1200)
    assert process.returncode == 0, err[-2000:] + out
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    assert found["recorded"] == found["handed out"] == found["signatures"]
    return found


@pytest.mark.parametrize("processes", [1, 8])
def test_sqlite_survives_processes_that_are_killed(tmp_path: Path, processes: int) -> None:
    kills = 60 if ALL else 4
    url = f"sqlite:///{new_file(tmp_path)}"
    found = found_by(start(url, "--kills", str(kills), "--processes", str(processes)))
    assert found["killed"] >= kills


@pytest.mark.parametrize("processes", [1, pytest.param(8, marks=needs_all)])
def test_postgresql_survives_processes_that_are_killed(processes: int) -> None:
    kills = 60 if ALL else 3
    with postgresql_schema() as url:
        found = found_by(start(url, "--kills", str(kills), "--processes", str(processes)))
    assert found["killed"] >= kills


@needs_all
def test_full_disk_ends_in_our_error_and_loses_nothing(tmp_path: Path) -> None:
    found = found_by(start(f"sqlite:///{new_file(tmp_path)}", "--full-disk"))
    assert found["full disk"] == 8


@needs_all
def test_postgresql_that_crashes_and_comes_back_loses_nothing() -> None:
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        own_server(Path(folder)) as server,
        postgresql_schema(server.url) as url,
    ):
        process = start(url, "--kills", "20", "--processes", "4")
        for _ in range(4):
            time.sleep(5)
            server.crash()
            time.sleep(1)
            server.start()
        found_by(process)
