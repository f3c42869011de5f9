"""HttpPoster against a real https server on loopback."""

from __future__ import annotations

import socket
import threading

import pytest

from testamur.errors import Code, FetchError
from testamur.fetch import HttpPoster
from unit.fetch.conftest import HOST, Server


def poster(
    server: Server, *, address: str = "127.0.0.1", timeout: float = 5.0, allowed: bool = True
) -> HttpPoster:
    return HttpPoster(
        resolver=lambda _host, _port: [address],
        ssl_context=server.ssl_context,
        timeout=timeout,
        loopback_origins={server.origin} if allowed else frozenset(),
    )


def test_body_and_headers_are_sent_and_a_2xx_is_enough(server: Server) -> None:
    url = server.says("/hook?a=b", b"HTTP/1.1 204 No Content\r\n\r\n")
    poster(server).post(url, b'{"a":1}', headers={"webhook-id": "7"})
    head, _, _body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /hook?a=b http/1.1"
    assert {f"host: {HOST}:{server.port}", "webhook-id: 7", "content-length: 7"} <= set(lines)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "400 Bad", "404 No", "410 G", "500 E"]
)
def test_other_status_is_no_acceptance(server: Server, status: str) -> None:
    url = server.says(
        "/hook", f"HTTP/1.1 {status}\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".encode()
    )
    with pytest.raises(FetchError) as refused:
        poster(server).post(url, b"{}", headers={})
    assert refused.value.found == status[:3]
    assert len(server.requests) == 1


def test_loopback_is_refused_unless_allowed(server: Server) -> None:
    url = server.says("/hook", b"HTTP/1.1 204 No Content\r\n\r\n")
    with pytest.raises(FetchError) as refused:
        poster(server, allowed=False).post(url, b"{}", headers={})
    assert refused.value.code is Code.URL_BLOCKED
    assert server.connections == 0


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.0.2.1", "::ffff:10.0.0.1"])
def test_allowed_origin_that_leads_off_this_machine_is_refused(
    server: Server, address: str
) -> None:
    with pytest.raises(FetchError) as refused:
        poster(server, address=address).post(f"{server.origin}/hook", b"{}", headers={})
    assert refused.value.code is Code.URL_BLOCKED


def test_plain_http_is_refused(server: Server) -> None:
    with pytest.raises(FetchError) as refused:
        poster(server).post("http://lms.example/hook", b"{}", headers={})
    assert refused.value.code is Code.URL_BLOCKED


def test_receiver_that_never_answers_is_given_up(server: Server) -> None:
    release = threading.Event()

    def wait(_connection: socket.socket) -> None:
        release.wait(10)

    url = server.does("/hook", wait)
    try:
        with pytest.raises(FetchError) as refused:
            poster(server, timeout=0.3).post(url, b"{}", headers={})
        assert refused.value.code is Code.RESOURCE_LIMIT
    finally:
        release.set()
