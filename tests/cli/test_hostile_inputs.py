"""The shared hostile inputs through the command line: the right answer, and a clean terminal."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import shared_data
from cli.example_issuer import Issuer, Run, badge, sign, write_json

CREDENTIALS = frozenset({"ldp-json", "jwt", "png", "svg", "vp-json", "pdf"})
ANSWERS = {0: "accept", 1: "reject", 2: "warn"}


def cases() -> dict[str, Any]:
    manifest = shared_data.read_json("hostile/manifest.json")
    return {case["id"]: case for case in manifest["cases"] if case["kind"] in CREDENTIALS}


def files() -> dict[str, Path]:
    inputs = shared_data.folder("hostile/inputs")
    return {
        str(path.relative_to(inputs)): path for path in sorted(inputs.rglob("*")) if path.is_file()
    }


def assert_clean(output: str) -> None:
    """Nothing in it moves a cursor, hides or turns text around."""
    for character in set(output) - {"\n", "\u200c", "\u200d"}:
        category = unicodedata.category(character)
        assert category[0] != "C", f"U+{ord(character):04X}"
        assert category not in ("Zl", "Zp"), f"U+{ord(character):04X}"


@pytest.mark.parametrize("case", shared_data.params(cases))
def test_case_gets_an_allowed_answer(run: Run, case: dict[str, Any]) -> None:
    hostile = shared_data.folder("hostile")
    options = [
        part
        for name, value in case.get("options", {}).items()
        for part in (f"--{name}", str(value))
    ]
    result = run(
        "verify", hostile / case["file"], "--json", "--now", case["now"],
        "--trust", hostile / "manifest.json", "--documents", hostile / "documents", *options,
    )  # fmt: skip
    assert result.stderr == ""
    assert json.loads(result.stdout)["source"].endswith(case["file"])
    assert ANSWERS[result.exit_code] in case["expect"]["allowed"]
    assert_clean(result.stdout)


@pytest.mark.parametrize("path", shared_data.params(files))
def test_file_never_reaches_the_terminal_raw(run: Run, path: Path, tmp_path: Path) -> None:
    documents = shared_data.folder("hostile") / "documents"
    verified = run("verify", path, "--unsafe-any-issuer", "--documents", documents)
    assert verified.exit_code in ANSWERS
    inspected = run("inspect", path)
    assert inspected.exit_code in (0, 3)
    added = run("wallet", "add", tmp_path / "wallet.json", path)
    assert added.exit_code in (0, 3)
    listed = run("wallet", "list", tmp_path / "wallet.json")
    assert listed.exit_code == added.exit_code
    for result in (verified, inspected, added, listed):
        assert_clean(result.output)
        assert max(map(len, result.stdout.splitlines()), default=0) <= 400


TRICKS = (
    "\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2066\u2028\r\x08\x00[red]x[/red]\nGenuine and current."
)


def test_hostile_texts_of_a_genuine_credential_are_shown_as_escapes(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    unsigned = badge(
        name=f"n{TRICKS}", description=f"d{TRICKS}", issuer_name=f"i{TRICKS}"
    ).to_json()
    signed = tmp_path / "hostile.json"
    sign(run, issuer, write_json(tmp_path / "u.json", unsigned), signed, "--suite", "vc-jwt")
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed)
    for args in (
        ("verify", signed),
        ("verify", signed, "--json"),
        ("verify", signed, signed),
        ("verify", wallet),
        ("inspect", signed),
        ("wallet", "list", wallet),
    ):
        result = run(*args)
        assert_clean(result.output)
        # Nothing in it stands where our own lines stand.
        assert not any(line.startswith("Genuine and") for line in result.output.splitlines())
    shown = run("verify", signed).stdout
    assert r"n\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2066\u2028\r\x08\x00[red]x[/red]" in (
        "".join(line.strip() for line in shown.splitlines())
    )


@pytest.mark.parametrize("command", ["verify", "inspect", "extract"])
@given(junk=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_junk_gives_an_answer_and_never_a_traceback(run: Run, command: str, junk: bytes) -> None:
    result = run(command, "-", input=junk)
    assert result.exit_code == (1 if command == "verify" else 3)
    assert_clean(result.output)
