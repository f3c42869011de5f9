"""`testamur issue`: what is signed, what is refused, and where it goes."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.example_issuer import DID, NOW, PUBLIC_KEY_MULTIBASE, Issuer, Run, badge, sign, write_json
from testamur import Verdict, Verifier
from testamur.model.dates import parse_date_time_stamp
from testamur.trust import UnsafeAcceptAnyIssuer

DID_KEY_METHOD = f"{DID}#{PUBLIC_KEY_MULTIBASE}"


def verdict(path: Path) -> Verdict:
    verifier = Verifier(now=parse_date_time_stamp(NOW), trust=UnsafeAcceptAnyIssuer())
    return verifier.examine(path).verdict


@pytest.mark.parametrize(
    ("suite", "members"),
    [
        (None, {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}),
        ("eddsa-jcs-2022", {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}),
    ],
)
def test_credential_is_signed_by_the_suite_that_was_asked_for(
    run: Run,
    issuer: Issuer,
    unsigned: Path,
    tmp_path: Path,
    suite: str | None,
    members: dict[str, str],
) -> None:
    out = tmp_path / "out.json"
    sign(run, issuer, unsigned, out, *(["--suite", suite] if suite else []))
    proof = json.loads(out.read_bytes())["proof"]
    assert members.items() <= proof.items()
    assert proof["verificationMethod"] == DID_KEY_METHOD
    assert proof["created"] == NOW
    assert verdict(out) is Verdict.GENUINE


def test_jwt_names_its_key_and_repeats_the_credential(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jwt"
    sign(run, issuer, unsigned, out, "--suite", "vc-jwt")
    header, payload, _ = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in out.read_text(encoding="ascii").split(".")
    )
    assert json.loads(header) == {"alg": "EdDSA", "typ": "JWT", "kid": DID_KEY_METHOD}
    assert json.loads(payload)["iss"] == DID
    assert verdict(out) is Verdict.GENUINE


def test_signed_credential_goes_to_standard_output_and_comes_from_standard_input(
    run: Run, issuer: Issuer, unsigned: Path
) -> None:
    result = run("issue", "-", "--key", issuer.key, "--now", NOW, input=unsigned.read_bytes())
    assert result.exit_code == 0
    assert result.stderr == ""
    assert json.loads(result.stdout)["proof"]["created"] == NOW


def test_did_jwk_issuer_needs_no_verification_method(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    did = run("key", "did", issuer.key, "--method", "jwk").stdout.strip()
    unsigned = write_json(tmp_path / "jwk.json", badge(issuer=did).to_json())
    out = tmp_path / "out.json"
    sign(run, issuer, unsigned, out)
    assert json.loads(out.read_bytes())["proof"]["verificationMethod"] == f"{did}#0"
    assert verdict(out) is Verdict.GENUINE


def test_did_web_issuer_must_say_which_of_its_keys_this_is(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    unsigned = write_json(tmp_path / "web.json", badge(issuer="did:web:uni.example").to_json())
    refused = run("issue", unsigned, "--key", issuer.key)
    assert refused.exit_code == 3
    assert "--verification-method did:web:uni.example#key-1" in refused.stderr
    out = tmp_path / "out.json"
    sign(run, issuer, unsigned, out, "--verification-method", "did:web:uni.example#key-1")
    assert json.loads(out.read_bytes())["proof"]["verificationMethod"].endswith("#key-1")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--verification-method", DID_KEY_METHOD],
        ["--verification-method", "did:web:uni.example#key-1"],
        ["--verification-method", DID],
        ["--verification-method", "nonsense"],
    ],
)
def test_a_key_that_is_not_the_issuers_does_not_sign(
    run: Run, other_key: Path, unsigned: Path, options: list[str]
) -> None:
    result = run("issue", unsigned, "--key", other_key, *options)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"validFrom": "2026-13-01"}, "credential.validFrom"),
        ({"issuer": None}, "credential.issuer"),
        ({"ectsCredits": 5}, "ectsCredits"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "credential.@context"),
    ],
)
def test_a_faulty_credential_is_refused_with_the_place(
    run: Run, issuer: Issuer, tmp_path: Path, change: dict[str, object], where: str
) -> None:
    unsigned = write_json(tmp_path / "faulty.json", {**badge().to_json(), **change})
    result = run("issue", unsigned, "--key", issuer.key, "--out", tmp_path / "out.json")
    assert result.exit_code == 3
    assert where in result.stderr
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"a":1,"a":2}', b"a.b.c"])
def test_input_that_is_no_credential_is_refused_by_its_name(
    run: Run, issuer: Issuer, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "junk.json"
    path.write_bytes(content)
    result = run("issue", path, "--key", issuer.key)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"error: {path}: ")


def test_missing_files_are_named(run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path) -> None:
    for args in ([tmp_path / "no.json", "--key", issuer.key], [unsigned, "--key", "no.pem"]):
        result = run("issue", *args)
        assert result.exit_code == 3
        assert "cannot be read: No such file or directory" in result.stderr


def test_a_clock_that_is_no_time_is_refused(run: Run, issuer: Issuer, unsigned: Path) -> None:
    result = run("issue", unsigned, "--key", issuer.key, "--now", "yesterday")
    assert result.exit_code == 3
    assert "--now" in result.stderr
    assert "2026-12-01T00:00:00Z" in result.stderr


def test_a_signed_credential_is_signed_again_only_when_asked_for(
    run: Run, issuer: Issuer, signed: Path, tmp_path: Path
) -> None:
    refused = run("issue", signed, "--key", issuer.key)
    assert refused.exit_code == 3
    assert "--add-proof" in refused.stderr
    out = tmp_path / "twice.json"
    sign(run, issuer, signed, out, "--add-proof", "--suite", "eddsa-jcs-2022")
    assert [proof["cryptosuite"] for proof in json.loads(out.read_bytes())["proof"]] == [
        "eddsa-rdfc-2022",
        "eddsa-jcs-2022",
    ]
    assert verdict(out) is Verdict.GENUINE


def test_a_jwt_is_not_signed_again(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    token = tmp_path / "signed.jwt"
    sign(run, issuer, unsigned, token, "--suite", "vc-jwt")
    result = run("issue", token, "--key", issuer.key, "--add-proof")
    assert result.exit_code == 3
    assert "as a JWT" in result.stderr


def test_an_existing_file_is_overwritten_only_with_force(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    out.write_text("precious", encoding="utf-8")
    refused = run("issue", unsigned, "--key", issuer.key, "--out", out)
    assert refused.exit_code == 3
    assert "--force" in refused.stderr
    assert out.read_text(encoding="utf-8") == "precious"
    sign(run, issuer, unsigned, out, "--force")
    assert verdict(out) is Verdict.GENUINE


def test_unwritable_output_leaves_no_half_written_file(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = run("issue", unsigned, "--key", issuer.key, "--out", tmp_path / "no" / "out.json")
    assert missing.exit_code == 3
    assert "check that the folder exists" in missing.stderr
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("issue", unsigned, "--key", issuer.key, "--out", tmp_path / "out.json")
    assert result.exit_code == 3
    assert "No space left on device" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_did_web_issuer_is_told_to_verify_before_handing_out(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    web = write_json(tmp_path / "web.json", badge(issuer="did:web:uni.example").to_json())
    out = tmp_path / "my badge.json"
    args = ("--key", issuer.key, "--out", out, "--now", NOW)
    done = run("issue", web, *args, "--verification-method", "did:web:uni.example#key-1")
    assert done.exit_code == 0
    assert f"testamur verify '{out}' --network" in done.stderr
    assert "verify" not in done.stdout
    assert run("issue", unsigned, *args, "--force").stderr == ""


@pytest.mark.parametrize(("year", "noted"), [(2026, True), (2027, False)])
def test_credential_that_is_out_of_date_already_is_noted(
    run: Run, issuer: Issuer, tmp_path: Path, year: int, noted: bool
) -> None:
    ending = badge(valid_until=datetime(year, 2, 1, tzinfo=UTC)).to_json()
    path = write_json(tmp_path / "ending.json", ending)
    result = run("issue", path, "--key", issuer.key, "--now", NOW)
    assert result.exit_code == 0
    assert ("out of date already" in result.stderr) is noted
