"""Keys behind another program: it gets the bytes on its standard input, and answers with 64 bytes.

For what has no other door: a module with a tool of its own, an agent, a key ceremony. No shell is
involved. The answer may be the 64 bytes themselves, or one line of Base64, base64url or hex.
"""

from __future__ import annotations

import base64
import binascii
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from time import monotonic

from testamur import limits
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["CommandKey"]

_SIGNATURE_BYTES = 64
_MAX_ANSWER = 1024


class CommandKey:
    """An Ed25519 key that another program signs with.

    Sign with `OutsideSigner(key, verification_method)`. The program gets this program's
    environment and standard error: what it says there is for the people who run it, and is never
    repeated in an error. It runs in a session of its own, without a terminal to ask at.
    """

    max_bytes: int | None = None

    def __init__(
        self,
        command: Sequence[str],
        public_key: Ed25519PublicKey,
        *,
        timeout: float = limits.KEY_COMMAND_SECONDS,
    ) -> None:
        """Say what is to be run, and whose signature is expected.

        Args:
            command: the program and its arguments, each as one string.
            public_key: the public half of the key.
            timeout: seconds, from start to end.

        Raises:
            ConfigurationError: there is no program.
        """
        if isinstance(command, str) or not command or not command[0]:
            raise ConfigurationError(
                "a command is a list: the program, then each of its arguments by itself"
            )
        self._command = tuple(command)
        self._timeout = timeout
        self.public_key = public_key
        self.service = f"the command {self._command[0][:200]}"

    def request_signature(self, data: bytes) -> bytes:
        """Return what the program answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it cannot be run, fails, or is not done in time.
        """
        end = monotonic() + self._timeout
        try:
            running = subprocess.Popen(  # noqa: S603 - no shell, and the caller's own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "a null byte in it"
            raise SigningKeyError(
                f"{self.service} cannot be run: {reason}; give the full path of a program",
                code=Code.SIGNING_KEY,
            ) from error
        answer = bytearray()
        reader = Thread(target=_read, args=(running, answer), daemon=True)
        try:
            Thread(target=_write, args=(running, data), daemon=True).start()
            reader.start()
            reader.join(max(0.0, end - monotonic()))
            if reader.is_alive():
                raise self._late()
            status = running.wait(max(0.0, end - monotonic()))
        except subprocess.TimeoutExpired as error:
            raise self._late() from error
        finally:
            if reader.is_alive() or running.poll() is None:
                _end(running)
        if status != 0:
            raise SigningKeyError(
                f"{self.service} ended with the status {status}, and signed nothing; see what it "
                "said on standard error",
                code=Code.SIGNING_KEY,
                found=str(status),
            )
        return _decode(bytes(answer))

    def _late(self) -> SigningKeyError:
        return SigningKeyError(
            f"{self.service} was not done after {self._timeout:g} seconds, and was ended; give it "
            "more time if it needs that",
            code=Code.UNREACHABLE,
        )


def _write(running: subprocess.Popen[bytes], data: bytes) -> None:
    if running.stdin is not None:
        try:
            with running.stdin as pipe:
                pipe.write(data)
        except OSError:  # it did not want all of it; what it answers is looked at anyway
            return


def _read(running: subprocess.Popen[bytes], answer: bytearray) -> None:
    if running.stdout is not None:
        with running.stdout as pipe:
            answer += pipe.read(_MAX_ANSWER + 1)


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the program, and what it started and left in its session."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.wait()


def _decode(answer: bytes) -> bytes:
    if len(answer) == _SIGNATURE_BYTES:
        return answer
    text = answer.strip()
    try:
        if len(text) == 2 * _SIGNATURE_BYTES:
            return bytes.fromhex(text.decode("ascii"))
        if len(text) in (86, 88):
            plain = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            return base64.b64decode(plain + b"==", validate=True)
    except (ValueError, binascii.Error):
        return answer
    return answer
