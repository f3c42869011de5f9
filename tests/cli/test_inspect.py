"""`testamur inspect`: reading without judging, and saying so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.example_issuer import DID, PUBLIC_KEY_MULTIBASE, Issuer, Run, sign


def test_shows_what_a_credential_claims_and_how_it_is_secured(run: Run, signed: Path) -> None:
    result = run("inspect", signed)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[1] == "NOT CHECKED: anybody may have written what follows."
    assert "  Secured by      data-integrity" in lines
    assert "  Claims from     Any Name It Likes" in lines
    assert f"                  {DID}" in lines
    assert "  cryptosuite         eddsa-rdfc-2022" in lines
    assert all(len(line) <= 80 or "did:key:" in line for line in lines)
    assert f"  verificationMethod  {DID}#{PUBLIC_KEY_MULTIBASE}" in lines


def test_shows_the_header_and_the_claims_of_a_jwt(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    token = tmp_path / "signed.jwt"
    sign(run, issuer, unsigned, token, "--suite", "vc-jwt")
    shown = run("inspect", token).stdout
    assert "JWT header" in shown
    assert "alg             EdDSA" in shown
    assert "JWT claims" in shown
    assert "nbf             1767225600" in shown  # 2026-01-01T00:00:00Z


def test_does_not_judge_a_credential_that_was_changed(run: Run, signed: Path) -> None:
    signed.write_bytes(signed.read_bytes().replace(b"Works well", b"Works hard"))
    result = run("inspect", signed)
    assert result.exit_code == 0
    assert "Works hard" in result.stdout


def test_shows_every_credential_of_a_presentation(run: Run, signed: Path, tmp_path: Path) -> None:
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed)
    document = json.loads(wallet.read_bytes())
    document["verifiableCredential"].append(1)
    wallet.write_text(json.dumps(document), encoding="utf-8")
    shown = run("inspect", wallet).stdout
    assert "Credential 1 of 2 in it" in shown
    assert "Teamwork" in shown
    assert "an embedded credential is a number" in shown


@pytest.mark.parametrize("content", [b"", b"junk", b"[]", b"\x89PNG\r\n\x1a\n"])
def test_input_without_a_credential_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "junk"
    path.write_bytes(content)
    result = run("inspect", path)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"error: {path}: ")


def test_long_texts_and_long_lists_are_cut(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    document = {
        "type": ["VerifiableCredential"],
        "name": "x" * 1_000_000,
        "proof": [{"type": f"Proof {number}"} for number in range(1000)],
        "evidence": [{"name": f"Evidence {number}"} for number in range(1000)],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    shown = run("inspect", path).stdout
    assert "998000 more characters" in shown
    assert len(shown) < 20_000
