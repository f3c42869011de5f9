"""Exit codes, in one place: what a script may build upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testamur.verification.report import Verdict

__all__ = ["ExitCode", "exit_code_for", "worst"]


class ExitCode(IntEnum):
    """What the process says to its caller."""

    GENUINE = 0
    """genuine and current; of other commands: done."""

    NOT_GENUINE = 1
    """not genuine, not a valid credential, withdrawn, out of date, or not this person's."""

    COULD_NOT_TELL = 2
    """a person must look: an unknown issuer, a remark, or something that could not be checked."""

    USAGE = 3
    """nothing was judged: wrong usage, an unreadable file, unusable input, unwritable output."""

    INTERRUPTED = 130
    """stopped by Ctrl-C."""

    BROKEN_PIPE = 141
    """the reader of the output went away."""


# By the value of the verdict, so that commands which judge nothing need not load the report.
_BY_VERDICT: Mapping[str, ExitCode] = {
    "genuine": ExitCode.GENUINE,
    "genuine with remarks": ExitCode.COULD_NOT_TELL,
    "unknown issuer": ExitCode.COULD_NOT_TELL,
    "unfinished": ExitCode.COULD_NOT_TELL,
    "wrong recipient": ExitCode.NOT_GENUINE,
    "not yet valid": ExitCode.NOT_GENUINE,
    "expired": ExitCode.NOT_GENUINE,
    "suspended": ExitCode.NOT_GENUINE,
    "revoked": ExitCode.NOT_GENUINE,
    "not valid": ExitCode.NOT_GENUINE,
    "not genuine": ExitCode.NOT_GENUINE,
}
_FROM_BEST = (
    ExitCode.GENUINE,
    ExitCode.COULD_NOT_TELL,
    ExitCode.NOT_GENUINE,
    ExitCode.USAGE,
)


def exit_code_for(verdict: Verdict) -> ExitCode:
    """Return the exit code of one verdict."""
    return _BY_VERDICT[verdict]


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code of several sources: 3 before 1 before 2 before 0.

    Raises:
        ValueError: there are none.
    """
    return max(codes, key=_FROM_BEST.index)
