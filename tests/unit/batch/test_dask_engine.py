"""DaskEngine on a real cluster of several processes, one of which is killed at work."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from testamur.batch import DaskEngine, InProcess, issue_many
from testamur.errors import BatchError, ConfigurationError, ModelError
from unit.batch.batches import NOW, SIGNER, Counted, award, learners
from unit.batch.work import die_once, fail_at, square

dask = pytest.importorskip("dask", reason="the extra testamur[dask]")
distributed = pytest.importorskip("distributed", reason="the extra testamur[dask]")

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX"),
    # What Dask does with its sockets when a worker is killed is not ours to mend.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def start_cluster(workers: int) -> Any:
    """Start workers, each a process of its own, reachable from this machine alone."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        # There is no dashboard, but its server is started all the same: on any free port.
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with start_cluster(3) as started:
        yield started


@pytest.fixture
def engine(cluster: Any) -> DaskEngine:
    return DaskEngine(cluster.scheduler_address)


def pids(cluster: Any) -> list[int]:
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_results_come_in_order(engine: DaskEngine) -> None:
    assert list(engine.map(square, range(20))) == [square(n) for n in range(20)]


def test_every_credential_is_issued_exactly_once_although_a_worker_is_killed(
    cluster: Any, engine: DaskEngine
) -> None:
    rows = Counted(60)
    workers = pids(cluster)
    assert len(set(workers)) == 3
    assert os.getpid() not in workers
    issued = issue_many(award(), rows, signer=SIGNER, now=NOW, engine=engine, chunk_rows=2)
    found = [next(issued) for _ in range(8)]
    assert rows.taken < 60  # so the worker is killed in the midst of the run
    os.kill(workers[0], signal.SIGKILL)
    found += issued
    assert workers[0] not in pids(cluster)
    assert [each.position for each in found] == list(range(60))
    assert len({each.id for each in found}) == 60
    assert len({(p.list_url, p.index) for each in found for p in each.places}) == 60
    alone = issue_many(award(), learners(60), signer=SIGNER, now=NOW, engine=InProcess())
    assert found == list(alone)


def test_chunk_over_which_a_worker_died_is_computed_by_another(
    engine: DaskEngine, tmp_path: Path
) -> None:
    assert list(engine.map(partial(die_once, tmp_path), range(9))) == list(range(9))
    assert (tmp_path / "died").exists()


def test_rows_are_read_no_further_ahead_than_chunks_are_under_way(cluster: Any) -> None:
    rows = Counted(30)
    engine = DaskEngine(cluster.scheduler_address, in_flight=4)
    issued = issue_many(award(), rows, signer=SIGNER, now=NOW, engine=engine, chunk_rows=2)
    for done, _ in enumerate(issued):
        assert rows.taken <= done + 2 * (4 + 1)
    assert rows.taken == 30


def test_error_of_a_row_comes_home(engine: DaskEngine) -> None:
    with pytest.raises(ModelError, match="row 4") as caught:
        list(engine.map(partial(fail_at, 4), range(9)))
    assert caught.value.path == "id"


def test_scheduler_that_cannot_be_reached_is_named() -> None:
    with dask.config.set({"distributed.comm.timeouts.connect": "500ms"}):
        for address in ("tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1"):
            with pytest.raises(ConfigurationError, match="Dask scheduler"):
                list(DaskEngine(address).map(square, [1]))


def test_cluster_that_goes_away_ends_the_run() -> None:
    with start_cluster(1) as started:
        results = DaskEngine(started.scheduler_address).map(square, range(1000))
        assert next(results) == 0
    with pytest.raises(BatchError, match="cluster is gone"):
        list(results)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match=r"testamur\[dask\]"):
        list(DaskEngine("tcp://127.0.0.1:1").map(square, [1]))
