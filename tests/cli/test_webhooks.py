"""`testamur webhooks`, with a receiver on loopback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.example_issuer import Run
from filled_register import fill
from testamur.register import Register
from testamur.webhooks import check_delivery, decode_secret


class Receiver(HTTPServer):
    """Keeps what it is sent, and answers with its `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def config(run: Run, receiver: Receiver, tmp_path: Path) -> Path:
    secret = tmp_path / "lms.secret"
    assert run("webhooks", "secret", "--out", secret).exit_code == 0
    url = f"sqlite:///{tmp_path / 'r.db'}"
    with Register.open_or_create(url, now=lambda: datetime.now(UTC), has_outbox=True) as register:
        fill(register)
    path = tmp_path / "testamur.toml"
    path.write_text(
        f'register_url = "{url}"\n[[webhooks]]\n'
        f'url = "http://127.0.0.1:{receiver.server_port}/hook"\nsecret_file = "{secret}"\n'
        'events = ["credential.revoked"]\nallow_loopback = true\n'
    )
    return path


def test_events_are_sent_signed(run: Run, config: Path, receiver: Receiver, tmp_path: Path) -> None:
    result = run("webhooks", "send", "--config", config)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "0 waiting" in result.stdout
    [(headers, body)] = receiver.got
    secret = decode_secret((tmp_path / "lms.secret").read_text())
    check_delivery(secret, headers, body, now=datetime.now(UTC))
    assert run("webhooks", "send", "--config", config).exit_code == 0
    assert len(receiver.got) == 1


def test_events_that_are_not_accepted_wait(
    run: Run, config: Path, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 503
    result = run("webhooks", "send", "--config", config)
    assert result.exit_code == 2
    assert "1 not accepted, 1 waiting" in result.stdout
    assert f"http://127.0.0.1:{receiver.server_port}/hook answers with status 503" in caplog.text


def test_loopback_needs_to_be_allowed(run: Run, config: Path, receiver: Receiver) -> None:
    config.write_text(config.read_text().replace("allow_loopback = true", ""))
    assert run("webhooks", "send", "--config", config).exit_code == 2
    assert receiver.got == []


def test_allow_loopback_is_for_loopback_alone(run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace("http://127.0.0.1", "http://10.0.0.1"))
    result = run("webhooks", "send", "--config", config)
    assert result.exit_code == 3
    assert "allow_loopback" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_secret_is_for_its_owner_alone_and_is_not_shown(run: Run, tmp_path: Path) -> None:
    result = run("webhooks", "secret", "--out", tmp_path / "s")
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
    assert (tmp_path / "s").read_text().strip() not in result.output


def test_secret_that_is_none_is_named_by_its_file(run: Run, config: Path, tmp_path: Path) -> None:
    (tmp_path / "lms.secret").write_text("hunter2")
    result = run("webhooks", "send", "--config", config)
    assert result.exit_code == 3
    assert "lms.secret" in result.stderr
    assert "hunter2" not in result.stderr


def test_configuration_without_webhooks_sends_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text('register_url = "sqlite://"\n')
    assert run("webhooks", "send", "--config", tmp_path / "t.toml").exit_code == 3


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM that can be handled")
def test_watch_ends_on_a_signal(config: Path, receiver: Receiver) -> None:
    command = [sys.executable, "-m", "testamur.cli", "webhooks", "send", "--watch"]
    process = subprocess.Popen([*command, "--every", "600", "--config", str(config)])
    try:
        end = time.monotonic() + 60
        while not receiver.got:
            assert time.monotonic() < end
            time.sleep(0.05)
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
