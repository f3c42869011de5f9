"""Engines: where the chunks of a batch are computed, in order and a bounded number at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import Generic, Protocol, TypeVar

from testamur.errors import BatchError, Code

__all__ = ["Engine", "InProcess", "ProcessPool", "WorkerLost", "Workers", "in_order"]

T = TypeVar("T")
R = TypeVar("R")
H = TypeVar("H")
_In = TypeVar("_In", contravariant=True)
_Out = TypeVar("_Out", covariant=True)

ATTEMPTS = 3
"""times that an item is tried, where workers die over it."""

WINDOW = 2
"""items under way for each worker: one in work, and one that it finds when it is done."""


class Engine(Protocol):
    """Computes a pure function of many things, somewhere."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield function(item) for each item, in their order.

        Items are taken only as they are needed: a few for each worker are under way, so memory
        does not grow with their number. A worker that dies is replaced, and its items are computed
        again; so `function` must be pure. Function, items and results can be pickled.

        Raises:
            BatchError: workers died over the same item again and again.
            whatever `function` raises, for the first item for which it does.
        """
        ...


class InProcess:
    """Computes one after the other, in the process that asks."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield function(item) for each item: see `Engine`."""
        return map(function, items)


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """Computes in several processes of this machine.

    The processes start anew ("spawn"), so that threads and locks of the program are no matter.
    As with all such pools, a script that uses one keeps its own calls behind
    `if __name__ == "__main__":`.

    Attributes:
        processes: how many; all that the machine offers this program where it is None.
    """

    processes: int | None = None

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield function(item) for each item: see `Engine`."""
        count = self.processes if self.processes is not None else _processors()
        if count < 1:
            raise ValueError("a pool has at least one process")
        pool = _Pool(function, count)
        try:
            yield from in_order(pool, items, window=WINDOW * count)
        finally:
            pool.close()


class WorkerLost(Exception):  # noqa: N818
    """A worker died over an item, or beside it; never seen outside of the engines."""


class Workers(Protocol[_In, H, _Out]):
    """What `in_order` asks of an engine: something to hand items to."""

    def submit(self, item: _In) -> H:
        """Hand an item to a worker, and return what stands for its result."""
        ...

    def result(self, handle: H) -> _Out:
        """Wait for a result.

        Raises:
            WorkerLost: it will never come.
        """
        ...


def in_order(workers: Workers[T, H, R], items: Iterable[T], *, window: int) -> Iterator[R]:
    """Yield the results for all items, in their order.

    Args:
        workers: compute them.
        items: taken no further than `window` ahead of what was yielded.
        window: items under way, at least 1.

    Raises:
        BatchError: workers were lost over the same item `ATTEMPTS` times.
    """
    source = iter(items)
    under_way: deque[tuple[T, H]] = deque()
    while True:
        for item in islice(source, window - len(under_way)):
            under_way.append((item, workers.submit(item)))
        if not under_way:
            return
        yield _result(workers, *under_way.popleft())


def _result(workers: Workers[T, H, R], item: T, handle: H) -> R:
    for _ in range(ATTEMPTS - 1):
        try:
            return workers.result(handle)
        except WorkerLost:
            # Whoever else was lost with it is handed out again when its turn comes: so an item
            # that kills its workers is alone with its guilt.
            handle = workers.submit(item)
    try:
        return workers.result(handle)
    except WorkerLost as error:
        raise BatchError(
            f"workers died {ATTEMPTS} times over the same chunk; perhaps there is too little "
            "memory, or the program starts processes without being guarded by "
            '`if __name__ == "__main__":`',
            code=Code.RESOURCE_LIMIT,
        ) from error


class _Pool(Generic[T, R]):
    """A process pool that starts again when a worker of it died."""

    def __init__(self, function: Callable[[T], R], processes: int) -> None:
        self._function = function
        self._processes = processes
        self._executor = self._start()

    def submit(self, item: T) -> Future[R]:
        try:
            return self._executor.submit(self._function, item)
        except BrokenProcessPool:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = self._start()
            return self._executor.submit(self._function, item)

    def result(self, handle: Future[R]) -> R:
        try:
            return handle.result()
        except (BrokenProcessPool, CancelledError) as error:
            raise WorkerLost from error

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare_worker,
        )


def _prepare_worker() -> None:
    """Let a worker end together with its program, silently."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A program that is killed cannot say good-bye, and its workers would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _processors() -> int:
    """Return how many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
