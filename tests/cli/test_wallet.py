"""`testamur wallet`: one portable file, kept as it is, and never judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.example_issuer import NOW, Issuer, Run, badge, sign, write_json
from testamur.carry import badge_png


@pytest.fixture
def token(run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path) -> Path:
    path = tmp_path / "signed.jwt"
    sign(run, issuer, unsigned, path, "--suite", "vc-jwt")
    return path


@pytest.fixture
def baked(run: Run, signed: Path, tmp_path: Path) -> Path:
    picture, path = tmp_path / "picture.png", tmp_path / "baked.png"
    picture.write_bytes(badge_png("Teamwork", issuer="Example University"))
    run("bake", signed, "--image", picture, "--out", path)
    return path


def test_new_wallet_is_a_presentation_that_holds_the_credentials(
    run: Run, signed: Path, token: Path, tmp_path: Path
) -> None:
    wallet = tmp_path / "wallet.json"
    result = run("wallet", "add", wallet, token, signed)
    assert result.exit_code == 0
    assert "2 added, 2 in all; none was checked" in result.stdout
    document = json.loads(wallet.read_bytes())
    assert document["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert document["type"] == ["VerifiablePresentation"]
    first, second = document["verifiableCredential"]
    assert first == json.loads(signed.read_bytes())
    # VC Data Model 2.0, Enveloped Verifiable Credentials.
    assert second["type"] == "EnvelopedVerifiableCredential"
    assert second["id"] == f"data:application/vc+jwt,{token.read_text(encoding='ascii')}"


def test_no_credential_is_added_twice_whatever_carries_it(
    run: Run, signed: Path, token: Path, baked: Path, tmp_path: Path
) -> None:
    wallet, pretty = tmp_path / "wallet.json", tmp_path / "pretty.json"
    pretty.write_text(json.dumps(json.loads(signed.read_bytes()), indent=4), encoding="utf-8")
    run("wallet", "add", wallet, signed, token)
    before = wallet.read_bytes()
    again = run("wallet", "add", wallet, signed, token, baked, pretty, wallet)
    assert "0 added, 2 in all" in again.stdout
    assert wallet.read_bytes() == before


def test_what_is_in_the_wallet_stays_as_it_is(
    run: Run, signed: Path, token: Path, tmp_path: Path
) -> None:
    odd = '{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"n":6.50}'
    wallet = tmp_path / "wallet.json"
    wallet.write_text(
        '{"type":"VerifiablePresentation","holder":"did:example:ada","extra":[1.0],'
        f'"verifiableCredential":[{odd}]}}',
        encoding="utf-8",
    )
    assert run("wallet", "add", wallet, token, signed).exit_code == 0
    text = wallet.read_text(encoding="utf-8")
    assert "6.50" in text
    assert "1.0" in text
    document = json.loads(text)
    assert document["holder"] == "did:example:ada"
    assert document["verifiableCredential"][0] == json.loads(odd)
    assert len(document["verifiableCredential"]) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"type":"VerifiableCredential"}',
        b'{"type":"VerifiablePresentation","verifiableCredential":[1]}',
        b'{"type":"VerifiablePresentation","verifiableCredential":[{"type":"Other"}]}',
        b'{"type":"VerifiablePresentation","proof":{},"verifiableCredential":[]}',
    ],
)
def test_a_file_that_is_no_wallet_is_left_alone(
    run: Run, signed: Path, tmp_path: Path, content: bytes
) -> None:
    wallet = tmp_path / "wallet.json"
    wallet.write_bytes(content)
    result = run("wallet", "add", wallet, signed)
    assert result.exit_code == 3
    assert str(wallet) in result.stderr
    assert wallet.read_bytes() == content
    assert not (tmp_path / "wallet.json.lock").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"junk", b'{"type":"Other"}'])
def test_a_file_that_is_no_credential_adds_nothing(
    run: Run, signed: Path, tmp_path: Path, content: bytes
) -> None:
    junk, wallet = tmp_path / "junk.json", tmp_path / "wallet.json"
    junk.write_bytes(content)
    result = run("wallet", "add", wallet, signed, junk)
    assert result.exit_code == 3
    assert str(junk) in result.stderr
    assert not wallet.exists()


def test_wallet_that_cannot_be_written_leaves_no_half_written_file(
    run: Run, signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("wallet", "add", tmp_path / "no" / "wallet.json", signed).exit_code == 3
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("wallet", "add", tmp_path / "wallet.json", signed)
    assert result.exit_code == 3
    assert "No space left on device" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_list_shows_claims_and_says_that_none_was_checked(
    run: Run, signed: Path, token: Path, tmp_path: Path
) -> None:
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed, token)
    result = run("wallet", "list", wallet)
    assert result.exit_code == 0
    assert result.stdout.startswith("2 credentials in ")
    assert "none was checked" in result.stdout
    assert result.stdout.count("Claims to be    Teamwork") == 2
    assert "Signed as       vc-jwt" in result.stdout


def test_export_writes_one_file_for_each_credential(
    run: Run, issuer: Issuer, signed: Path, token: Path, tmp_path: Path
) -> None:
    wallet, out = tmp_path / "wallet.json", tmp_path / "deep" / "folder"
    run("wallet", "add", wallet, signed, token)
    result = run("wallet", "export", wallet, "--out", out)
    assert result.exit_code == 0
    names = sorted(each.name for each in out.iterdir())
    assert [Path(name).suffix for name in names] == [".jwt", ".json"] or [
        Path(name).suffix for name in names
    ] == [".json", ".jwt"]
    assert all(name.startswith("teamwork-") for name in names)
    verified = run("verify", *out.iterdir(), "--trust", issuer.trust, "--now", NOW)
    assert verified.exit_code == 0
    assert run("wallet", "export", wallet, "--out", out).exit_code == 0
    assert sorted(each.name for each in out.iterdir()) == names


def test_export_overwrites_other_content_only_with_force(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    wallet, out = tmp_path / "wallet.json", tmp_path / "out"
    run("wallet", "add", wallet, signed)
    run("wallet", "export", wallet, "--out", out)
    (path,) = out.iterdir()
    path.write_text("precious", encoding="utf-8")
    assert run("wallet", "export", wallet, "--out", out).exit_code == 3
    assert path.read_text(encoding="utf-8") == "precious"
    assert run("wallet", "export", wallet, "--out", out, "--force").exit_code == 0
    assert json.loads(path.read_bytes()) == json.loads(signed.read_bytes())


def test_export_into_a_file_is_refused(run: Run, signed: Path, tmp_path: Path) -> None:
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed)
    result = run("wallet", "export", wallet, "--out", signed)
    assert result.exit_code == 3
    assert str(signed) in result.stderr


def test_credentials_with_one_id_or_none_get_files_of_their_own(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    same = badge().to_json()
    files = []
    for position, name in enumerate(("../../etc/passwd", "CON", "a/b")):
        unsigned = write_json(tmp_path / f"{position}.json", {**same, "name": name})
        files.append(tmp_path / f"signed{position}.json")
        sign(run, issuer, unsigned, files[-1])
    wallet, out = tmp_path / "wallet.json", tmp_path / "out"
    assert run("wallet", "add", wallet, *files).exit_code == 0
    assert run("wallet", "export", wallet, "--out", out).exit_code == 0
    assert len(list(out.iterdir())) == 3


def test_credential_that_is_not_signed_is_refused_alone_and_in_a_wallet(
    run: Run, signed: Path, unsigned: Path, tmp_path: Path
) -> None:
    wallet, other = tmp_path / "wallet.json", tmp_path / "other.json"
    write_json(
        other,
        {
            "type": "VerifiablePresentation",
            "verifiableCredential": [json.loads(unsigned.read_bytes())],
        },
    )
    for source in (unsigned, other):
        result = run("wallet", "add", wallet, signed, source)
        assert result.exit_code == 3
        assert f"{source}: the credential 'Teamwork' cannot be added: it is not signed" in (
            result.stderr
        )
        assert not wallet.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently on Windows")
def test_export_writes_every_file_although_its_reader_goes_away(
    run: Run, signed: Path, token: Path, tmp_path: Path
) -> None:
    wallet, out = tmp_path / "wallet.json", tmp_path / "out"
    run("wallet", "add", wallet, signed, token)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "testamur.cli", "wallet", "export", wallet, "--out", out],
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
    assert len(list(out.iterdir())) == 2


def test_one_credential_is_counted_in_the_singular(run: Run, signed: Path, tmp_path: Path) -> None:
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed)
    assert run("wallet", "list", wallet).stdout.startswith(f"1 credential in {wallet};")
