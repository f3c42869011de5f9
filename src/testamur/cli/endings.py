"""How every command ends: its errors become messages, and each ending an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from testamur.cli.exits import ExitCode
from testamur.cli.terminal import print_error
from testamur.errors import TestamurError

__all__ = ["end"]

_Answer = TypeVar("_Answer")


def end(command: Callable[[], _Answer]) -> _Answer | ExitCode:
    """Run a command to its end, its output written; return its answer, or the code of its error."""
    try:
        answer = command()
        sys.stdout.flush()
    except TestamurError as error:
        print_error(error.message)
        return ExitCode.USAGE
    except BrokenPipeError:
        _abandon_output()
        return ExitCode.BROKEN_PIPE
    except OSError as error:
        # Files are opened under guard elsewhere: this is the output that cannot be written.
        _abandon_output()
        print_error(f"the output cannot be written: {error.strerror or error}")
        return ExitCode.USAGE
    return answer


def _abandon_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
