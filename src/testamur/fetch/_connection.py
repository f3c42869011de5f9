"""One https request to an address that was checked, bounded in time and size.

Kept apart from `http` because it needs the optional packages. The request goes through httpcore2,
httpx2's own transport layer, because only there can the address be chosen and every single read be
bounded: httpx2's timeouts start anew with each read, so a server that sends one byte at a time can
hold a client for days.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

from testamur.errors import Code, FetchError
from testamur.fetch._answers import too_large, unusable_status
from testamur.fetch.url_policy import SplitUrl

__all__ = ["Deadline", "default_ssl_context", "get", "look_up", "post", "resolve"]

_ACCEPT = "application/vc, application/did+json, application/ld+json, application/json, */*;q=0.5"
_LENGTH = re.compile(r"[0-9]{1,19}")


class Deadline:
    """An instant by which the whole fetch must be over.

    Args:
        seconds: from now.
        url: the URL that is fetched, for the message.
    """

    def __init__(self, seconds: float, url: str) -> None:
        self.seconds = seconds
        self.url = url
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, more than zero.

        Raises:
            FetchError: RESOURCE_LIMIT, when there are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchError:
        """Make the error that says the time is over."""
        return FetchError(
            f"{self.url} was given up after {self.seconds:g} seconds; try again later",
            code=Code.RESOURCE_LIMIT,
            url=self.url,
        )


def default_ssl_context() -> ssl.SSLContext:
    """Make a TLS configuration that trusts the system's authorities and no environment variable."""
    return httpx2.create_ssl_context(trust_env=False)


def resolve(host: str, port: int) -> list[str]:
    """Look a host name up and return every address, each once, in the system's order."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def look_up(
    url: SplitUrl, *, resolver: Callable[[str, int], list[str]], deadline: Deadline
) -> list[str]:
    """Run the resolver and stop waiting for it at the deadline.

    Raises:
        FetchError: UNREACHABLE or RESOURCE_LIMIT.
    """
    # The system's look-up cannot be interrupted; a thread that outlives the wait ends by itself.
    executor = ThreadPoolExecutor(max_workers=1)
    try:
        answer = executor.submit(resolver, url.host, url.port)
        return answer.result(timeout=deadline.remaining())
    except TimeoutError as error:
        raise deadline.passed() from error
    except (OSError, UnicodeError) as error:
        raise FetchError(
            f"{url.url} was not fetched: the name {url.host} could not be looked up: {error}",
            code=Code.UNREACHABLE,
            url=url.url,
        ) from error
    finally:
        executor.shutdown(wait=False)


def get(
    url: SplitUrl,
    *,
    addresses: Sequence[str],
    ssl_context: ssl.SSLContext,
    deadline: Deadline,
    max_bytes: int,
) -> tuple[bytes, str]:
    """Send GET to one of the addresses and return the body and its media type.

    The connection goes to the address; TLS and the Host header carry the name, so that the
    certificate must be the name's. No redirect is followed, no proxy used, no encoding accepted.

    Args:
        url: what to get.
        addresses: checked addresses, tried in order.
        ssl_context: how the server's certificate is verified.
        deadline: by when the body must be there.
        max_bytes: the largest body, in bytes.

    Raises:
        FetchError: UNREACHABLE, FETCH_FAILED or RESOURCE_LIMIT.
    """
    with _response(
        "GET", url, [("Accept", _ACCEPT)], b"", addresses, ssl_context, deadline
    ) as response:
        received = _headers(response)
        _check_head(url, response.status, received, max_bytes)
        content = _body(url, response.iter_stream(), max_bytes)
    return content, received.get("content-type", "").partition(";")[0].strip().lower()


def post(
    url: SplitUrl,
    content: bytes,
    *,
    headers: Mapping[str, str],
    addresses: Sequence[str],
    ssl_context: ssl.SSLContext,
    deadline: Deadline,
) -> int:
    """Send POST to one of the addresses, as `get` does, and return the status; no body is read.

    Raises:
        FetchError: UNREACHABLE, FETCH_FAILED or RESOURCE_LIMIT.
    """
    length = ("Content-Length", str(len(content)))
    with _response(
        "POST", url, [*headers.items(), length], content, addresses, ssl_context, deadline
    ) as response:
        return int(response.status)


@contextmanager
def _response(
    method: str,
    url: SplitUrl,
    headers: Sequence[tuple[str, str]],
    content: bytes,
    addresses: Sequence[str],
    ssl_context: ssl.SSLContext,
    deadline: Deadline,
) -> Iterator[httpcore2.Response]:
    address = httpcore2.URL(
        scheme=url.scheme.encode(),
        host=url.host.encode(),
        port=url.port,
        target=url.target.encode(),
    )
    all_headers = [
        ("Host", url.authority),
        *headers,
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        ("User-Agent", "testamur"),
    ]
    backend = _PinnedBackend(addresses, deadline)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=ssl_context, network_backend=backend) as pool,
            pool.stream(method, address, headers=all_headers, content=content or None) as response,
        ):
            yield response
    except httpcore2.TimeoutException as error:
        raise deadline.passed() from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        answered = isinstance(error, httpcore2.ProtocolError)
        raise FetchError(
            f"{url.url} was not fetched: {error or type(error).__name__}",
            code=Code.FETCH_FAILED if answered else Code.UNREACHABLE,
            url=url.url,
        ) from error


def _headers(response: httpcore2.Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }


def _check_head(url: SplitUrl, status: int, headers: Mapping[str, str], max_bytes: int) -> None:
    if status != 200:
        raise unusable_status(url.url, status)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise FetchError(
            f"{url.url} answers with a body encoded as {encoding[:40]!r}, which was not asked for",
            url=url.url,
            found=encoding[:40],
        )
    # A declared length only saves the reading; what counts is what arrives.
    length = headers.get("content-length", "0")
    if _LENGTH.fullmatch(length) and int(length) > max_bytes:
        raise too_large(url.url, max_bytes)


def _body(url: SplitUrl, chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        if len(body) + len(chunk) > max_bytes:
            raise too_large(url.url, max_bytes)
        body += chunk
    return bytes(body)


class _PinnedBackend(httpcore2.NetworkBackend):
    """Connects to the checked addresses, whatever the host name would resolve to by now."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers; `host` and `timeout` are not used."""
        failure: Exception = httpcore2.ConnectError("no address")
        for position, address in enumerate(self._addresses):
            # An address that never answers must leave time for the ones after it.
            share = self._deadline.remaining() / (len(self._addresses) - position)
            try:
                stream = self._sockets.connect_tcp(
                    address,
                    port,
                    share,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore2.NetworkStream):
    """A stream on which each read and write may take what is left until the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            timeout = self._deadline.remaining()
            stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        except FetchError:
            self.close()  # as the inner stream does when its own handshake fails
            raise
        except httpcore2.ConnectError as error:
            if not isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise
            # Somebody answers, but not the one who was asked.
            raise FetchError(
                f"{self._deadline.url} was not fetched: the server's certificate is not accepted: "
                f"{error.__cause__.verify_message}",
                url=self._deadline.url,
            ) from error
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
