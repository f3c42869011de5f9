"""HttpFetcher against a real https server on loopback."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

import testamur.fetch
from testamur.errors import Code, ConfigurationError, FetchError
from testamur.fetch import HttpFetcher
from testamur.protocols import Fetcher
from unit.fetch.conftest import HOST, Server

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def loopback(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


def fetcher(server: Server, *, timeout: float = 5.0) -> HttpFetcher:
    return HttpFetcher(
        resolver=loopback,
        ssl_context=server.ssl_context,
        timeout=timeout,
        clock=lambda: NOW,
        unsafe_origins={server.origin},
    )


def refusal(fetching: Fetcher, url: str, *, max_bytes: int = 1000) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetching.fetch(url, max_bytes=max_bytes)
    assert caught.value.url is not None
    assert caught.value.url in str(caught.value)
    return caught.value


def test_answer_is_returned_with_its_media_type_and_the_instant(server: Server) -> None:
    url = server.says(
        "/did.json",
        b"HTTP/1.1 200 OK\r\nContent-Type: Application/DID+json; charset=utf-8\r\n",
        b"Content-Length: 2\r\n\r\n{}",
    )
    fetched = fetcher(server).fetch(url, max_bytes=2)
    assert fetched.content == b"{}"
    assert fetched.content_type == "application/did+json"
    assert fetched.fetched_at == NOW
    assert fetched.url == url


def test_chunked_answer_without_media_type_is_returned(server: Server) -> None:
    url = server.says(
        "/c",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    )
    fetched = fetcher(server).fetch(url, max_bytes=5)
    assert fetched.content == b"abcde"
    assert fetched.content_type == ""


def test_http_fetcher_is_a_fetcher(server: Server) -> None:
    assert isinstance(fetcher(server), Fetcher)


def test_connection_goes_to_the_looked_up_address_under_the_host_name(server: Server) -> None:
    url = server.says("/a?b=c", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    fetcher(server).fetch(f"{url}#fragment", max_bytes=0)
    request = server.requests[0].decode().lower()
    assert request.startswith("get /a?b=c http/1.1\r\n")
    assert f"\r\nhost: {HOST}:{server.port}\r\n" in request
    assert "\r\naccept-encoding: identity\r\n" in request
    assert "cookie" not in request
    assert "authorization" not in request
    assert server.server_names == [HOST]


def test_name_is_looked_up_once(server: Server) -> None:
    asked: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    HttpFetcher(
        resolver=resolver, ssl_context=server.ssl_context, unsafe_origins={server.origin}
    ).fetch(url, max_bytes=0)
    assert asked == [(HOST, server.port)]


def test_next_address_is_tried_when_one_refuses(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!")
    fetching = HttpFetcher(
        resolver=lambda _, __: ["::1", "127.0.0.1"],
        ssl_context=server.ssl_context,
        unsafe_origins={server.origin},
    )
    assert fetching.fetch(url, max_bytes=1).content == b"!"


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"]]
)
def test_no_connection_is_made_when_any_address_is_private(
    server: Server, addresses: list[str]
) -> None:
    fetching = HttpFetcher(resolver=lambda _, __: addresses, ssl_context=server.ssl_context)
    error = refusal(fetching, f"{server.origin}/a")
    assert error.code == Code.URL_BLOCKED
    assert server.connections == 0


def test_only_the_named_origin_is_unsafe(server: Server) -> None:
    error = refusal(fetcher(server), f"https://other.test:{server.port}/a")
    assert error.code == Code.URL_BLOCKED
    assert server.connections == 0


def test_blocked_url_is_not_even_looked_up() -> None:
    def resolver(host: str, _: int) -> list[str]:
        raise AssertionError(host)

    error = refusal(HttpFetcher(resolver=resolver), "https://127.0.0.1/")
    assert error.code == Code.URL_BLOCKED


def test_plain_http_works_for_an_unsafe_origin_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://localhost:{listener.getsockname()[1]}"

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        thread = threading.Thread(target=answer)
        thread.start()
        assert refusal(HttpFetcher(resolver=loopback), f"{origin}/").code == Code.URL_BLOCKED
        unsafe = HttpFetcher(resolver=loopback, unsafe_origins={origin})
        assert unsafe.fetch(f"{origin}/", max_bytes=2).content == b"ok"
        thread.join(5)


def test_redirect_is_refused_and_not_followed(server: Server) -> None:
    target = server.says("/b", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    location = f"Location: {target}\r\n".encode()
    url = server.says("/a", b"HTTP/1.1 302 Found\r\n", location, b"Content-Length: 0\r\n\r\n")
    error = refusal(fetcher(server), url)
    assert error.code == Code.FETCH_FAILED
    assert "redirect" in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (204, Code.FETCH_FAILED),
        (404, Code.FETCH_FAILED),
        (410, Code.FETCH_FAILED),
        (429, Code.UNREACHABLE),
        (503, Code.UNREACHABLE),
    ],
)
def test_status_other_than_200_is_refused(server: Server, status: int, code: Code) -> None:
    url = server.says("/a", f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
    error = refusal(fetcher(server), url)
    assert error.code == code
    assert error.found == str(status)


def test_declared_oversize_body_is_refused_before_it_is_read(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    assert refusal(fetcher(server), url).code == Code.RESOURCE_LIMIT


def test_endless_body_is_cut_off(server: Server) -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(65_536))

    error = refusal(fetcher(server), server.does("/a", pour), max_bytes=100_000)
    assert error.code == Code.RESOURCE_LIMIT


def test_body_one_byte_too_long_is_refused(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\n\r\n", bytes(11))
    assert refusal(fetcher(server), url, max_bytes=10).code == Code.RESOURCE_LIMIT


def test_encoded_body_is_refused_without_decoding(server: Server) -> None:
    bomb = gzip.compress(bytes(1_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    url = server.says("/a", head.encode(), bomb)
    error = refusal(fetcher(server), url, max_bytes=10_000)
    assert error.code == Code.FETCH_FAILED
    assert "gzip" in str(error)


def test_truncated_body_is_refused(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    assert refusal(fetcher(server), url).code == Code.FETCH_FAILED


def test_answer_that_is_not_http_is_refused(server: Server) -> None:
    assert refusal(fetcher(server), server.says("/a", b"220 mail\r\n")).code == Code.FETCH_FAILED


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["headers", "body"],
)
def test_slow_server_is_given_up_at_the_deadline(server: Server, start: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        # One byte at a time: each arrives well within any timeout for a single read.
        connection.sendall(start)
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    url = server.does("/a", answer)
    began = time.monotonic()
    error = refusal(fetcher(server, timeout=0.4), url, max_bytes=200_000)
    assert error.code == Code.RESOURCE_LIMIT
    assert time.monotonic() - began < 3


def test_silent_server_is_given_up_at_the_deadline(server: Server) -> None:
    url = server.does("/a", lambda _: time.sleep(2))
    assert refusal(fetcher(server, timeout=0.3), url).code == Code.RESOURCE_LIMIT


def test_handshake_that_never_ends_is_given_up_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"https://{HOST}:{listener.getsockname()[1]}"
        fetching = HttpFetcher(resolver=loopback, timeout=0.3, unsafe_origins={origin})
        assert refusal(fetching, f"{origin}/").code == Code.RESOURCE_LIMIT


def test_look_up_that_never_ends_is_given_up_at_the_deadline() -> None:
    release = threading.Event()

    def resolver(_: str, __: int) -> list[str]:
        release.wait(10)
        return []

    try:
        fetching = HttpFetcher(resolver=resolver, timeout=0.2)
        assert refusal(fetching, "https://issuer.example/").code == Code.RESOURCE_LIMIT
    finally:
        release.set()


def test_certificate_of_an_unknown_authority_is_refused(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    fetching = HttpFetcher(resolver=loopback, unsafe_origins={server.origin})
    error = refusal(fetching, url)
    assert error.code == Code.FETCH_FAILED
    assert "certificate" in str(error).lower()
    assert server.requests == []


def test_certificate_of_another_name_is_refused(server: Server) -> None:
    origin = f"https://other.test:{server.port}"
    fetching = HttpFetcher(
        resolver=loopback, ssl_context=server.ssl_context, unsafe_origins={origin}
    )
    error = refusal(fetching, f"{origin}/a")
    assert error.code == Code.FETCH_FAILED
    assert server.requests == []


def test_refused_connection_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"https://{HOST}:{listener.getsockname()[1]}"
    fetching = HttpFetcher(resolver=loopback, unsafe_origins={origin})
    assert refusal(fetching, f"{origin}/").code == Code.UNREACHABLE


def test_name_that_does_not_exist_is_unreachable() -> None:
    def resolver(_: str, __: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = refusal(HttpFetcher(resolver=resolver), "https://issuer.example/")
    assert error.code == Code.UNREACHABLE
    assert "issuer.example" in str(error)


def test_name_without_addresses_is_unreachable() -> None:
    fetching = HttpFetcher(resolver=lambda _, __: [])
    assert refusal(fetching, "https://issuer.example/").code == Code.UNREACHABLE


def test_environment_does_not_add_proxies_or_authorities(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert fetcher(server).fetch(url, max_bytes=0).content == b""


def test_certificates_are_verified_by_default() -> None:
    from testamur.fetch import _connection

    context = _connection.default_ssl_context()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_system_look_up_gives_each_address_once() -> None:
    from testamur.fetch import _connection

    addresses = _connection.resolve("localhost", 443)
    assert len(set(addresses)) == len(addresses)
    assert set(addresses) <= {"127.0.0.1", "::1"}


def test_nothing_is_begun_when_the_time_is_over(server: Server) -> None:
    url = server.says("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert refusal(fetcher(server, timeout=0.0), url).code == Code.RESOURCE_LIMIT
    assert server.requests == []


def test_missing_packages_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(testamur.fetch, "_connection", raising=False)
    monkeypatch.delitem(sys.modules, "testamur.fetch._connection", raising=False)
    monkeypatch.setitem(sys.modules, "httpcore2", None)
    with pytest.raises(ConfigurationError, match=r"pip install testamur\[http\]"):
        HttpFetcher()


def test_fetch_room_is_imported_without_the_optional_packages() -> None:
    code = "import sys, testamur.fetch; sys.exit('httpcore2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
