"""Engines: in order, a bounded number at a time, every item once although workers die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from testamur.batch import InProcess, ProcessPool, issue_many
from testamur.batch.engine import ATTEMPTS, WINDOW, WorkerLost, in_order
from testamur.errors import BatchError, ModelError
from testamur.issuing import Mechanism
from unit.batch.batches import NOW, SIGNER, Counted, award, learners
from unit.batch.work import die_always, die_once, fail_at, square


def test_results_come_in_order_from_several_processes() -> None:
    assert list(ProcessPool(2).map(square, range(9))) == [square(n) for n in range(9)]
    assert list(InProcess().map(square, range(9))) == [square(n) for n in range(9)]


def test_lost_worker_is_replaced_and_every_item_computed(tmp_path: Path) -> None:
    assert list(ProcessPool(2).map(partial(die_once, tmp_path), range(9))) == list(range(9))
    assert (tmp_path / "died").exists()


def test_item_that_kills_every_worker_ends_the_run() -> None:
    results = ProcessPool(2).map(die_always, range(9))
    assert next(results) == 0
    with pytest.raises(BatchError, match="workers died 3 times over the same chunk"):
        next(results)


@pytest.mark.parametrize("engine", [InProcess(), ProcessPool(1)])
def test_error_of_an_item_comes_in_its_place(engine: InProcess | ProcessPool) -> None:
    results = engine.map(partial(fail_at, 1), range(3))
    assert next(results) == 0
    with pytest.raises(ModelError, match="row 1") as caught:
        next(results)
    assert caught.value.path == "id"


def test_pool_without_processes_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next(iter(ProcessPool(0).map(square, [1])))


class Desk:
    """Workers in this process; loses what it is told to."""

    def __init__(self, lost: Callable[[int, int], bool] = lambda *_: False) -> None:
        self.lost = lost
        self.attempts: dict[int, int] = {}

    def submit(self, item: int) -> int:
        self.attempts[item] = self.attempts.get(item, 0) + 1
        return item

    def result(self, handle: int) -> int:
        if self.lost(handle, self.attempts[handle]):
            raise WorkerLost
        return handle


@pytest.mark.parametrize("window", [1, 3, 8])
def test_items_are_taken_no_further_ahead_than_the_window(window: int) -> None:
    taken = 0

    def items() -> object:
        nonlocal taken
        for number in range(50):
            taken += 1
            yield number

    for done, _ in enumerate(in_order(Desk(), items(), window=window)):  # type: ignore[arg-type]
        assert taken <= done + window
    assert taken == 50


def test_item_is_tried_again_until_it_was_lost_too_often() -> None:
    desk = Desk(lambda item, attempt: item == 2 and attempt < ATTEMPTS)
    assert list(in_order(desk, range(4), window=2)) == [0, 1, 2, 3]
    assert desk.attempts == {0: 1, 1: 1, 2: ATTEMPTS, 3: 1}
    with pytest.raises(BatchError):
        list(in_order(Desk(lambda item, _: item == 2), range(4), window=2))


def test_memory_is_flat_since_learners_are_read_as_they_are_needed() -> None:
    rows = Counted(60)
    issued = issue_many(
        award(), rows, signer=SIGNER, now=NOW, mechanism=Mechanism.EDDSA_JCS_2022, chunk_rows=2
    )
    for position in range(6):
        assert next(issued).position == position
        assert rows.taken <= position + 2
    pool = Counted(40)
    issued = issue_many(
        award(),
        pool,
        signer=SIGNER,
        now=NOW,
        mechanism=Mechanism.EDDSA_JCS_2022,
        engine=ProcessPool(2),
        chunk_rows=2,
    )
    most = 0
    for done, _ in enumerate(issued):
        most = max(most, pool.taken - done)
    # The chunks under way, and the one that is being handed out.
    assert most <= 2 * (2 * WINDOW + 1)
    assert pool.taken == 40


def test_processes_give_the_same_bytes_as_one() -> None:
    arguments = {"signer": SIGNER, "now": NOW, "chunk_rows": 2}
    here = list(issue_many(award(), learners(7), **arguments))  # type: ignore[arg-type]
    there = list(issue_many(award(), learners(7), engine=ProcessPool(2), **arguments))  # type: ignore[arg-type]
    assert here == there
    assert [each.position for each in here] == list(range(7))
    assert [each.key for each in here] == [f"m{n}" for n in range(7)]


_ORPHANS = """
import os, sys, time
from functools import partial
from testamur.batch import ProcessPool
from unit.batch.work import tell_and_wait
if __name__ == "__main__":
    for _ in ProcessPool(1).map(partial(tell_and_wait, sys.argv[1]), [1]):
        pass
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_workers_end_with_a_program_that_is_killed(tmp_path: Path) -> None:
    script, told = tmp_path / "program.py", tmp_path / "pid"
    script.write_text(_ORPHANS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, script, told], env=environment) as program:
        until = time.monotonic() + 60
        while not (told.exists() and told.read_text("ascii")) and time.monotonic() < until:
            time.sleep(0.02)
        worker = int(told.read_text("ascii"))
        program.kill()
    until = time.monotonic() + 20
    while _is_alive(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_alive(worker)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # a process that ended and that nobody asked about yet still has its number
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
