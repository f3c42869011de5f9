"""cli.exits: the promise to scripts."""

from __future__ import annotations

import pytest

from testamur.cli.exits import ExitCode, exit_code_for, worst
from testamur.verification import Verdict


def test_every_verdict_has_the_exit_code_that_the_help_promises() -> None:
    promised = {
        "genuine": 0,
        "not genuine": 1,
        "not valid": 1,
        "revoked": 1,
        "suspended": 1,
        "expired": 1,
        "not yet valid": 1,
        "wrong recipient": 1,
        "genuine with remarks": 2,
        "unknown issuer": 2,
        "unfinished": 2,
    }
    assert {each.value: int(exit_code_for(each)) for each in Verdict} == promised


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([0], 0), ([0, 2], 2), ([2, 1, 0], 1), ([0, 3, 1, 2], 3), ([2, 2], 2), ([1, 2], 1)],
)
def test_worst_of_several_is_unreadable_then_not_genuine_then_unclear(
    codes: list[int], expected: int
) -> None:
    assert worst(map(ExitCode, codes)) == expected
