"""`testamur publish`: once, all day, and what it says."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from simulator import key
from testamur.cli.app import app
from testamur.keys import multikey, pem
from testamur.publish.pictures import Pictures
from testamur.verification import Verdict
from unit.publish.scenes import BASE, DID, College

RUNNER = CliRunner()
WHEN = "2026-09-01T08:00:00Z"
SEED = hashlib.sha256(b"testamur tests: college key-1").digest()  # as the simulator makes it


@pytest.fixture
def college(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[College]:
    """An issuer with its key in a file."""
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    (tmp_path / "issuer.pem").write_bytes(
        pem.encode_private_key(key("college key-1"), password=None)
    )
    made = College(tmp_path)
    with made.register:
        yield made


def arguments(college: College, *more: str) -> list[str]:
    folder = college.web.parent
    return [
        "publish",
        str(college.web),
        "--register",
        f"sqlite:///{folder / 'register.db'}",
        "--key",
        str(folder / "issuer.pem"),
        *more,
    ]


def run(college: College, *more: str) -> Result:
    return RUNNER.invoke(app, arguments(college, "--now", WHEN, *more), prog_name="testamur")


def test_publishes_once_and_says_what_it_wrote(college: College) -> None:
    badge = college.issue()
    result = run(college)
    assert result.exit_code == 0, result.output
    assert ".well-known/did.json" in result.stdout
    assert "page" not in result.stdout  # nobody agreed to one
    assert college.examine(badge.content).verdict is Verdict.GENUINE
    assert "up to date: 2 status lists, 0 pages" in run(college).stdout


def test_page_s_address_is_said_once_and_in_no_log(college: College) -> None:
    badge = college.issue()
    register = ["--register", str(college.web.parent / "register.db"), "--now", WHEN]
    agree = ["credential", "agree", badge.id, *register, "--who", "Ada Nowak, by mail"]
    said = RUNNER.invoke(app, agree, prog_name="testamur")
    assert said.exit_code == 0, said.output
    publication = college.register.publications.find(badge.id)
    assert publication is not None
    assert said.stdout == f"{BASE}c/{publication.token}/\n"
    entry = college.register.trail.read()[-1]
    assert (entry.action, entry.actor) == ("publication.agreed", "Ada Nowak, by mail")
    result = run(college)
    assert "wrote 1 page" in result.stdout
    assert publication.token not in result.output
    disagree = ["credential", "disagree", badge.id, *register]
    assert "has no page any more" in RUNNER.invoke(app, disagree).stdout
    assert "had none" in RUNNER.invoke(app, disagree).stdout
    result = run(college)
    assert "took down 1 page" in result.stdout
    assert publication.token not in result.output


def test_page_of_an_unknown_credential_is_refused(college: College) -> None:
    register = ["--register", str(college.web.parent / "register.db"), "--now", WHEN]
    result = RUNNER.invoke(app, ["credential", "agree", "urn:uuid:0", *register])
    assert result.exit_code == 3
    assert "no credential 'urn:uuid:0' is in the register" in result.stderr


def test_configuration_says_all_of_it(college: College, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = college.web.parent
    (folder / "issuer.pem").chmod(0o600)
    (folder / "testamur.toml").write_text(
        f'register_url = "sqlite:///{folder / "register.db"}"\nactor = "night shift"\n'
        f'[signer]\nkey_file = "issuer.pem"\n[publish]\nfolder = "web"\nurl = "{BASE}"\n'
    )
    monkeypatch.chdir(folder)
    badge = college.issue()
    result = RUNNER.invoke(app, ["publish", "--now", WHEN], prog_name="testamur")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert college.examine(badge.content).verdict is Verdict.GENUINE
    assert {each.actor for each in college.register.trail.read()[-2:]} == {"night shift"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--base-url", "http://college.example/"], "is not the URL of a web site"),
        (["--watch"], "leave out --now"),
        (
            ["--verification-method", f"{DID}#key-7"],
            f"does not know this key as {DID}#key-7; it knows {DID}#key-1",
        ),
        (["--ttl", "99999999"], "shorten the ttl"),
        (["--after-restore", " "], "say why"),
    ],
)
def test_what_cannot_be_done_is_said(college: College, more: list[str], said: str) -> None:
    result = run(college, *more)
    assert result.exit_code == 3
    assert said in result.stderr


def test_key_that_the_register_does_not_know_is_refused(college: College) -> None:
    path = college.web.parent / "issuer.pem"
    path.write_bytes(pem.encode_private_key(key("college key-2"), password=None))
    result = run(college)
    assert result.exit_code == 3
    assert "the register does not know this key" in result.stderr
    assert "register keys add" in result.stderr


def test_restored_register_is_told_how_to_go_on(college: College) -> None:
    import json

    badge = college.issue()
    run(college)
    manifest = college.web / "manifest/site.json"
    said = json.loads(manifest.read_bytes())
    for entry in said["lists"].values():
        entry["sequence"] += 5
    manifest.write_text(json.dumps(said))
    college.register.credentials.revoke(badge.id, reason="mistaken")
    result = run(college)
    assert result.exit_code == 3
    assert "--after-restore" in result.stderr
    assert run(college, "--after-restore", "the disk failed").exit_code == 0
    assert college.examine(badge.content).verdict is Verdict.REVOKED


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does; the test fails where it takes too long."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM that can be handled")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_watch_publishes_what_happens_outlives_errors_and_ends_on_a_signal(
    college: College, number: int
) -> None:
    badge = college.issue()
    log, options = college.web.parent / "log", ("--watch", "--interval", "1")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "testamur.cli",
                *arguments(college, *options),
            ],
            stderr=stream,
            stdout=stream,
        )
    try:
        until(lambda: b"wrote" in log.read_bytes())
        manifest = college.web / "manifest/site.json"
        kept = manifest.read_bytes()
        manifest.write_bytes(b"{")
        college.now = datetime.now(UTC)  # the watch goes by the real clock
        college.register.credentials.revoke(badge.id, reason="mistaken")
        until(lambda: b"put it back" in log.read_bytes())
        manifest.write_bytes(kept)
        until(lambda: log.read_bytes().count(b"wrote") == 2)
        process.send_signal(number)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert log.read_bytes().rstrip().endswith(b"ended")
    assert b"Traceback" not in log.read_bytes()


def test_key_that_is_kept_elsewhere_signs_the_lists(college: College) -> None:
    badge = college.issue()
    private = key("college key-1")
    program = college.web.parent / "sign.py"
    program.write_text(
        "import sys\n"
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\n"
        f"key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex({SEED.hex()!r}))\n"
        "print(key.sign(sys.stdin.buffer.read()).hex())\n"
    )
    chosen = arguments(college, "--now", WHEN)
    at = chosen.index("--key")
    chosen[at : at + 2] = [
        "--signer",
        f"command:{sys.executable} {program}",
        "--public-key",
        multikey.encode_public_key(private.public_key),
    ]
    result = RUNNER.invoke(app, chosen, prog_name="testamur")
    assert result.exit_code == 0, result.output
    assert college.examine(badge.content).verdict is Verdict.GENUINE
