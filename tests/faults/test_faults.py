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

from faults.own_server import OwnServer, own_server
from registers import new_file, postgresql_schema, registers

ALL = bool(os.environ.get("TESTAMUR_FAULTS"))
TESTS = Path(__file__).parents[1]
needs_all = pytest.mark.skipif(not ALL, reason="takes minutes; set TESTAMUR_FAULTS=1")


def start(url: str, *arguments: str, module: str = "faults.run") -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), *sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", module, "--url", url, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def found_by(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=1200)
    assert process.returncode == 0, err[-2000:] + out
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    print(found)
    return found


def issued_by(process: subprocess.Popen[str]) -> dict[str, Any]:
    found = found_by(process)
    assert found["recorded"] == found["handed out"] == found["signatures"]
    return found


@pytest.mark.parametrize("processes", [1, 8])
def test_sqlite_survives_processes_that_are_killed(tmp_path: Path, processes: int) -> None:
    kills = 60 if ALL else 4
    url = f"sqlite:///{new_file(tmp_path)}"
    found = issued_by(start(url, "--kills", str(kills), "--processes", str(processes)))
    assert found["killed"] >= kills


@pytest.mark.parametrize("processes", [1, pytest.param(8, marks=needs_all)])
def test_postgresql_survives_processes_that_are_killed(processes: int) -> None:
    kills = 60 if ALL else 3
    with postgresql_schema() as url:
        found = issued_by(start(url, "--kills", str(kills), "--processes", str(processes)))
    assert found["killed"] >= kills


@needs_all
def test_full_disk_ends_in_our_error_and_loses_nothing(tmp_path: Path) -> None:
    found = issued_by(start(f"sqlite:///{new_file(tmp_path)}", "--full-disk"))
    assert found["full disk"] == 8


@needs_all
def test_postgresql_that_crashes_and_comes_back_loses_nothing() -> None:
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        own_server(Path(folder)) as server,
        postgresql_schema(server.url) as url,
    ):
        process = start(url, "--kills", "40", "--processes", "4")
        crash_again_and_again(server)
        issued_by(process)


@pytest.mark.parametrize("processes", [pytest.param(1, marks=needs_all), 8])
def test_folder_is_whole_whenever_publishers_and_issuers_are_killed(
    tmp_path: Path, processes: int
) -> None:
    check_killed_publishers(f"sqlite:///{new_file(tmp_path)}", tmp_path / "web", processes)


@needs_all
@pytest.mark.parametrize("processes", [1, 8])
def test_folder_is_whole_whenever_publishers_from_postgresql_are_killed(
    tmp_path: Path, processes: int
) -> None:
    with postgresql_schema() as url:
        check_killed_publishers(url, tmp_path / "web", processes)


def check_killed_publishers(url: str, web: Path, processes: int) -> None:
    kills = 60 if ALL else 4
    arguments = ("--web", str(web), "--kills", str(kills), "--processes", str(processes))
    found = found_by(start(url, *arguments, module="faults.publishing"))
    assert min(found["publishers killed"], found["issuers killed"]) >= kills
    assert found["rounds"] > 0
    assert not ALL or found["refused"] > 0


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=needs_all)])
def test_reader_finds_the_folder_whole_through_a_thousand_publications(
    tmp_path: Path, kind: str
) -> None:
    times = 1000 if ALL else 30
    with registers(kind, tmp_path) as url:
        arguments = ("--web", str(tmp_path / "web"), "--publications", str(times))
        found = found_by(start(url, *arguments, module="faults.publishing"))
    assert found["publications"] == times
    assert found["lists read"] > 2


@needs_all
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_folder_is_whole_when_the_disk_of_a_publisher_is_full(tmp_path: Path, kind: str) -> None:
    with registers(kind, tmp_path) as url:
        process = start(
            url, "--web", str(tmp_path / "web"), "--full-disk", module="faults.publishing"
        )
        assert found_by(process)["full disk"] == 12


@needs_all
def test_folder_is_whole_when_postgresql_crashes_and_comes_back(tmp_path: Path) -> None:
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        own_server(Path(folder)) as server,
        postgresql_schema(server.url) as url,
    ):
        arguments = ("--web", str(tmp_path / "web"), "--kills", "40", "--processes", "4")
        process = start(url, *arguments, module="faults.publishing")
        crash_again_and_again(server)
        assert found_by(process)["publishers killed"] >= 40


def crash_again_and_again(server: OwnServer) -> None:
    for _ in range(4):
        time.sleep(5)
        server.crash()
        time.sleep(1)
        server.start()
