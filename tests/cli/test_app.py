"""cli.app: help, usage errors, and endings that are nobody's fault."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from cli.example_issuer import NOW, Issuer, Run
from testamur import __version__
from testamur.cli.app import app

COMMAND = [sys.executable, "-m", "testamur.cli"]
ENVIRONMENT = {**os.environ, "COLUMNS": "80"}
ENVIRONMENT.pop("FORCE_COLOR", None)


def every_command() -> list[list[str]]:
    def below(command: object, path: list[str]) -> Iterator[list[str]]:
        yield path
        for name, each in getattr(command, "commands", {}).items():
            yield from below(each, [*path, name])

    return list(below(get_command(app), []))


def start(*args: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*COMMAND, *map(str, args)],
        capture_output="stdout" not in options,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
        **options,
    )


@pytest.mark.parametrize("path", every_command(), ids=lambda path: "-".join(path) or "testamur")
def test_help_of_every_command_has_an_example_and_fits_80_columns(
    run: Run, path: list[str]
) -> None:
    result = run(*path, "--help", env={"TERMINAL_WIDTH": "80"})
    assert result.exit_code == 0
    assert re.search(rf"Examples?:\n +testamur {' '.join(path)}".rstrip(), result.output)
    assert max(map(len, result.output.splitlines())) <= 80


def test_version_is_shown(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"testamur {__version__}\n")


def test_no_command_shows_the_help_and_is_a_usage_error(run: Run) -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout == run("--help").stdout
    assert "\nCommands:\n" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("group", ["key", "status", "wallet"])
def test_group_without_a_command_shows_its_help_and_is_a_usage_error(run: Run, group: str) -> None:
    result = run(group)
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout == run(group, "--help").stdout
    assert "\nCommands:\n" in result.stdout


@pytest.mark.parametrize("path", every_command(), ids=lambda path: "-".join(path) or "testamur")
def test_help_shows_names_of_values_and_no_types_of_the_program(run: Run, path: list[str]) -> None:
    shown = run(*path, "--help").stdout
    assert not re.search(r"[{}]|<(?:str|path|int|list|key|revocation)", shown)


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"],
        ["--nonsense"],
        ["key", "nonsense"],
        ["verify"],
        ["verify", "--nonsense", "a"],
        ["verify", "a", "--now"],
        ["issue", "a.json"],
        ["issue", "a.json", "--key", "k", "--suite", "none"],
        ["status", "revoke", "list.json", "--index", "-1", "--key", "k"],
        ["status", "revoke", "list.json", "--index", "four", "--key", "k"],
        ["wallet", "add", "w.json"],
    ],
    ids=" ".join,
)
def test_usage_errors_exit_with_3_and_point_to_the_help(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert "--help' for help." in result.stderr


def test_a_usage_error_shows_control_characters_of_the_command_line_as_escapes(run: Run) -> None:
    result = run("verify", "--\x1b[2J")
    assert "\x1b" not in result.output
    assert r"\x1b[2J" in result.output


def test_ctrl_c_exits_with_130_and_without_a_word(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("testamur.cli.verify_run.read_standard_input", interrupt)
    result = run("verify", "-")
    assert (result.exit_code, result.output) == (130, "")


def test_the_installed_command_gives_exit_codes(signed: Path, issuer: Issuer) -> None:
    trusted = start("verify", signed, "--trust", issuer.trust, "--now", NOW)
    assert (trusted.returncode, trusted.stderr) == (0, b"")
    assert b"Genuine and current." in trusted.stdout
    assert start("verify", signed, "--now", NOW).returncode == 2
    assert start("verify", signed.with_name("nowhere")).returncode == 3
    assert start("verify", "--nonsense").returncode == 3
    damaged = signed.with_name("damaged.json")
    damaged.write_bytes(signed.read_bytes().replace(b"Works", b"Shirks"))
    assert start("verify", damaged, "--trust", issuer.trust, "--now", NOW).returncode == 1


def test_output_that_is_piped_has_no_escape_sequences_and_fits_80_columns(
    signed: Path, issuer: Issuer
) -> None:
    done = start("verify", signed, "--trust", issuer.trust, "--now", NOW)
    assert b"\x1b" not in done.stdout
    lines = done.stdout.decode("utf-8").splitlines()
    # Only an id that is longer than its column goes beyond.
    assert all(len(line) <= 80 or "did:key:" in line for line in lines)
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_characters_that_the_output_encoding_lacks_become_escapes(
    tmp_path: Path, encoding: str
) -> None:
    name = tmp_path / "żółć.json"
    name.write_text("{}", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "verify", name],
        capture_output=True,
        env={**ENVIRONMENT, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u017c" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently on Windows")
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_a_reader_that_goes_away_is_no_verdict(
    signed: Path, issuer: Issuer, options: list[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = start(
            "verify",
            signed,
            "--trust",
            issuer.trust,
            *options,
            stdout=writing,
            stderr=subprocess.PIPE,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", ["verify", "inspect", "issue"])
def test_output_to_a_full_disk_is_an_error_and_no_verdict(
    signed: Path, unsigned: Path, issuer: Issuer, command: str
) -> None:
    args: list[str | Path] = [command, unsigned if command == "issue" else signed]
    if command == "issue":
        args += ["--key", issuer.key]
    with Path("/dev/full").open("wb") as full:
        done = start(*args, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr.startswith(b"error: the output cannot be written: ")
    assert b"Traceback" not in done.stderr


def test_the_credential_may_be_piped_in(signed: Path, issuer: Issuer) -> None:
    done = start(
        "verify", "-", "--trust", issuer.trust, "--now", NOW, "--json", input=signed.read_bytes()
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["source"] == "-"


def test_colours_go_to_terminals_only_and_not_with_no_color(signed: Path, run: Run) -> None:
    coloured = run("verify", signed, env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": None})
    assert "\x1b[" in coloured.stdout
    plain = run("verify", signed, env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b" not in plain.stdout
    assert "Genuine signature, but we do not know this issuer." in plain.stdout
