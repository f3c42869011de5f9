"""Keys behind another program, which is a small Python script here."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from key_services import (
    RFC_8032_MESSAGE,
    RFC_8032_PUBLIC,
    RFC_8032_SEED,
    RFC_8032_SIGNATURE,
)
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys import Ed25519PublicKey
from testamur.keys.command import CommandKey
from testamur.keys.outside import OutsideKey, OutsideSigner

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")
PUBLIC = Ed25519PublicKey(RFC_8032_PUBLIC)

SIGN = f"""
import base64, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex("{RFC_8032_SEED.hex()}"))
signature = key.sign(sys.stdin.buffer.read())
"""


def signer(script: str, *args: str, timeout: float = 30.0) -> OutsideSigner:
    key = CommandKey([sys.executable, "-c", script, *args], PUBLIC, timeout=timeout)
    return OutsideSigner(key, "did:web:uni.example#key-1")


@pytest.mark.parametrize(
    "answer",
    [
        "sys.stdout.buffer.write(signature)",
        "print(signature.hex())",
        "print(signature.hex().upper(), end='')",
        "print(base64.b64encode(signature).decode())",
        "print(base64.b64encode(signature).decode().rstrip('='))",
        "print(base64.urlsafe_b64encode(signature).decode(), end='\\r\\n')",
    ],
)
def test_program_signs_what_it_reads(answer: str) -> None:
    signs = signer(SIGN + answer)
    assert isinstance(signs.key, OutsideKey)
    assert signs.sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


def test_long_data_reaches_the_program_whole() -> None:
    data = bytes(range(256)) * 4096  # far more than a pipe holds
    assert PUBLIC.verify(signer(SIGN + "print(signature.hex())").sign(data), data)


@pytest.mark.parametrize(
    "script",
    [
        "print()",
        "print('00' * 64)",
        "print('x' * 128)",
        "print('?' * 88)",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 88)",
        SIGN + "sys.stdout.buffer.write(signature + signature)",
    ],
)
def test_answer_that_is_no_signature_is_refused_by_the_name_of_the_program(script: str) -> None:
    with pytest.raises(SigningKeyError, match=r"the command .* answered") as caught:
        signer(script).sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


def test_program_that_fails_is_not_believed() -> None:
    script = SIGN + "print(signature.hex()); sys.exit('the PIN 4711 is wrong')"
    with pytest.raises(SigningKeyError, match="status 1") as caught:
        signer(script).sign(RFC_8032_MESSAGE)
    assert caught.value.code is Code.SIGNING_KEY
    assert "4711" not in str(caught.value)


@POSIX
@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import sys, time; sys.stdout.close(); time.sleep(60)",
        SIGN + "print(signature.hex(), flush=True); import time; time.sleep(60)",
    ],
    ids=["silent", "closed", "answered and stays"],
)
def test_program_that_is_not_done_in_time_is_ended(script: str) -> None:
    with pytest.raises(SigningKeyError, match="not done after") as caught:
        signer(script, timeout=1.0).sign(RFC_8032_MESSAGE)
    assert caught.value.code is Code.UNREACHABLE


def is_running(process: int) -> bool:
    """Whether a process is there, and no zombie that only waits for init."""
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_what_the_program_started_is_ended_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    with pytest.raises(SigningKeyError, match="not done after"):
        signer(script, timeout=5.0).sign(b"data")
    until = monotonic() + 30
    while is_running(int(note.read_text())) and monotonic() < until:
        sleep(0.01)
    assert not is_running(int(note.read_text()))


@POSIX
def test_endless_answer_is_cut_off() -> None:
    script = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    with pytest.raises(SigningKeyError, match="the command"):
        signer(script).sign(b"data")


def test_program_that_reads_nothing_is_no_fault() -> None:
    script = f"print('{RFC_8032_SIGNATURE.hex()}')"
    with pytest.raises(SigningKeyError, match="answered"):
        signer(script).sign(bytes(1024 * 1024))
    assert signer(script).sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    target = tmp_path / "made-by-a-shell"
    script = SIGN + "assert sys.argv[1].startswith(';'); print(signature.hex())"
    signer(script, f"; touch {target}").sign(b"data")
    assert not target.exists()


@pytest.mark.parametrize("program", ["/nowhere/sign", "null\0byte"])
def test_program_that_cannot_be_run_is_named(program: str) -> None:
    signs = OutsideSigner(CommandKey([program], PUBLIC), "did:web:uni.example#key-1")
    with pytest.raises(SigningKeyError, match="cannot be run") as caught:
        signs.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize("command", [[], [""], "sign --key issuer"])
def test_command_is_a_list_of_strings(command: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        CommandKey(command, PUBLIC)
