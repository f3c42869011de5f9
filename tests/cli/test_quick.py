"""cli.quick: plain arguments of `verify` are read without typer, and mean what they mean to it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.example_issuer import NOW, Issuer
from testamur.cli import main
from testamur.cli.quick import read_verify

PLAIN = (
    "BADGE",
    "BADGE --quiet",
    "BADGE --json --trust TRUST",
    "BADGE --trust=TRUST",
    "--trust TRUST BADGE",
    "--trust TRUST BADGE --trust=TRUST",
    "BADGE BADGE",
    "BADGE nowhere.json --json",
    "./nowhere/../nowhere.json",
    "BADGE --trust ./nowhere",
    "BADGE --trust BADGE",
    "BADGE --unsafe-any-issuer",
    "BADGE --unsafe-any-issuer --trust TRUST",
    "BADGE --email ada@uni.example",
    "BADGE --email=eve@uni.example --trust TRUST",
    "BADGE --recipient did:example:ada",
    "BADGE --challenge a=b --domain uni.example",
    "BADGE --strict-claims",
    "BADGE --seal-anchors TRUST",
    "BADGE --seal-anchors nowhere --seal-anchors=TRUST",
    "BADGE --timestamp-anchors TRUST",
    "BADGE --revocation-list TRUST",
    "BADGE --documents nowhere",
    "BADGE --network --documents nowhere",
    "BADGE --now 2031-01-01T00:00:00Z",
    "BADGE --now yesterday",
    "https://uni.example/badge.json",
    "FOLDER --json",
)
LEFT_TO_TYPER = (
    "",
    "--help",
    "BADGE --help",
    "BADGE -h",
    "BADGE --jso",
    "BADGE --nonsense",
    "BADGE --json=yes",
    "BADGE --json --json",
    "BADGE --trust",
    "BADGE --trust=",
    "BADGE --trust --json",
    "BADGE --email ada@uni.example --email eve@uni.example",
    "BADGE --now -1",
    "BADGE -q",
    "-- BADGE",
    "BADGE -- --json",
    "BADGE --lines",
    "BADGE --processes 1",
    "BADGE --processes zero",
    "--trust TRUST",
)


def outcome(
    line: list[str], capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
) -> tuple[object, str, str]:
    patch.setattr(sys, "argv", ["testamur", *line])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    return code if code is None else int(code), *capsys.readouterr()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


def written(line: str, signed: Path, issuer: Issuer, folder: Path) -> list[str]:
    stand_for = {"BADGE": str(signed), "TRUST": str(issuer.trust), "FOLDER": str(folder)}
    for name, path in stand_for.items():
        line = line.replace(name, path)
    return ["verify", *line.split()]


@pytest.mark.parametrize("line", PLAIN)
def test_both_ways_in_give_the_same(
    line: str,
    signed: Path,
    issuer: Issuer,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = written(line, signed, issuer, folder)
    if "--now" not in line:
        arguments += ["--now", NOW]
    capsys.readouterr()
    quick = outcome(arguments, capsys, monkeypatch)
    monkeypatch.setattr("testamur.cli.quick.read_verify", lambda _arguments: None)
    assert quick == outcome(arguments, capsys, monkeypatch)


@pytest.mark.parametrize("line", PLAIN)
def test_plain_lines_are_read_without_typer(line: str) -> None:
    assert read_verify(["verify", *line.split()]) is not None


@pytest.mark.parametrize("line", LEFT_TO_TYPER)
def test_whatever_is_in_doubt_is_left_to_typer(line: str) -> None:
    assert read_verify(["verify", *line.split()]) is None


@pytest.mark.parametrize("line", [[], ["--version"], ["inspect", "a"], ["verify", ""]])
def test_other_commands_and_empty_names_are_left_to_typer(line: list[str]) -> None:
    assert read_verify(line) is None


def test_values_are_read_as_they_are_written() -> None:
    assert read_verify(
        ["verify", "a", "--trust", "x", "-", "--trust=y=z", "--strict-claims", "--now=1"]
    ) == {"sources": ["a", "-"], "trust": ["x", "y=z"], "strict_claims": True, "now": "1"}
