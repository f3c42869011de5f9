"""`testamur demo`: the folder it leaves, and the commands it suggests."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from cli.example_issuer import Run

COMMANDS = ("verify", "credential", "publish", "register", "check", "convert", "wallet")


def test_commands_to_try_next_do_what_they_say(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("demo", "--out", "demo")
    assert done.exit_code == 0
    lines = done.stdout.split("Try next\n")[1].splitlines()
    commands = {
        purpose.strip(" #"): shlex.split(command)
        for purpose, command in zip(lines[::2], lines[1::2], strict=True)
    }
    codes = {}
    for purpose, words in commands.items():
        start = next(i for i, word in enumerate(words) if word in COMMANDS)
        found = [
            name
            for word in words[start:]
            for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
        ]
        codes[purpose] = run(*found).exit_code
    assert codes == {
        "read one in full": 0,
        "is it Maria Borg's?": 0,
        "look at the withdrawn one": 1,
        "what the register knows of the suspended one": 0,
        "lift the suspension": 0,
        "publish it: one list is rewritten": 0,
        "and verify it again": 0,
        "check the register": 0,
        "see what the micro-credentials leave unsaid, as a page": 1,  # none says everything
        "write one as a European Digital Credential": 0,
        "list the wallet file, which holds all 44 (of different learners)": 0,
    }
