"""DaskEngine: the chunks of a batch on a Dask cluster (extra `testamur[dask]`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from testamur.batch.engine import WINDOW, WorkerLost, in_order
from testamur.errors import BatchError, Code, ConfigurationError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["DaskEngine"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class DaskEngine:
    """Computes on a Dask cluster, whose workers have the same version of testamur.

    Whoever can reach the scheduler can run programs on the cluster and sees the roster and the
    batch's secret: use `tls://`, configured as Dask documents it, wherever the wire leaves the
    machine, and a signer factory that names a key instead of holding it.

    Attributes:
        address: of the scheduler, as "tls://scheduler.uni.example:8786".
        in_flight: chunks under way; two for each thread of the cluster where it is None.
    """

    address: str
    in_flight: int | None = None

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Yield function(item) for each item: see `testamur.batch.engine.Engine`.

        Raises:
            ConfigurationError: Dask is not installed, or the scheduler does not answer.
            BatchError: workers died over the same item again and again, or the cluster is gone.
        """
        client = _connect(self.address)
        try:
            window = self.in_flight if self.in_flight is not None else _window(client)
            yield from in_order(_Cluster(client, function), items, window=window)
        finally:
            client.close()


class _Cluster(Generic[T, R]):
    def __init__(self, client: Client, function: Callable[[T], R]) -> None:
        self._client = client
        self._function = function

    def submit(self, item: T) -> Any:
        if self._client.status != "running":
            raise _gone()
        # Not `pure`: Dask would hash the whole chunk to find equal ones, and there are none.
        return self._client.submit(self._function, item, pure=False)

    def result(self, handle: Any) -> R:
        from distributed import KilledWorker

        try:
            result: R = handle.result()
        except KilledWorker as error:
            raise WorkerLost from error
        except (OSError, CancelledError) as error:
            raise _gone() from error
        finally:
            handle.release()
        return result


def _gone() -> BatchError:
    return BatchError(
        "the Dask cluster is gone; start it again, and run the same command to go on",
        code=Code.UNREACHABLE,
    )


def _connect(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigurationError(
            "Dask is not installed; install testamur[dask]", expected="testamur[dask]"
        ) from error
    try:
        return Client(address, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(
            f"the Dask scheduler at {address[:160]!r} cannot be used: {error}; write its address "
            "as tcp://host:port or tls://host:port"
        ) from error


def _window(client: Client) -> int:
    threads: int = sum(client.nthreads().values())
    return WINDOW * max(threads, 2)
