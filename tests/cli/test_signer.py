"""`--signer`: issuing with keys that are kept elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.example_issuer import NOW, Issuer, Run, badge, write_json
from key_services import (
    AWS_KEY,
    PIN,
    RFC_8032_PUBLIC,
    RFC_8032_SEED,
    VAULT_TOKEN,
    aws_kms,
    soft_token,
    vault,
)
from testamur.canon.multibase import encode_base58
from testamur.keys.services import open_service_key

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
MULTIKEY = encode_base58(b"\xed\x01" + RFC_8032_PUBLIC)
DID = f"did:key:{MULTIKEY}"
needs_token = pytest.mark.skipif(
    soft_token() is None, reason="SoftHSM2 (Debian: softhsm2) with Ed25519 is not installed"
)

SCRIPT = f"""
import sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex("{RFC_8032_SEED.hex()}"))
print(key.sign(sys.stdin.buffer.read()).hex())
"""


@pytest.fixture(autouse=True)
def nothing_is_open_yet() -> Iterator[None]:
    yield
    open_service_key.cache_clear()


@pytest.fixture
def command(tmp_path: Path) -> str:
    script = tmp_path / "sign it.py"
    script.write_text(SCRIPT)
    return f"command:{sys.executable} '{script}'"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """An unsigned badge of the did:key of the key elsewhere."""
    document = badge().to_json()
    issuer = document["issuer"]
    assert isinstance(issuer, dict)
    return write_json(tmp_path / "mine.json", {**document, "issuer": {**issuer, "id": DID}})


@pytest.fixture
def is_good(run: Run, tmp_path: Path) -> Callable[[Path], bool]:
    trust = tmp_path / "trust-did.yaml"
    trust.write_text(f'"{DID}": Example University\n', encoding="utf-8")
    return lambda path: run("verify", path, "--trust", trust, "--now", NOW).exit_code == 0


def test_badge_is_signed_by_a_command(
    run: Run, mine: Path, command: str, tmp_path: Path, is_good: Callable[[Path], bool]
) -> None:
    out = tmp_path / "out.json"
    result = run(
        "issue", mine, "--signer", command, "--public-key", MULTIKEY, "--now", NOW, "--out", out
    )
    assert result.exit_code == 0, result.output
    assert is_good(out)


def test_public_key_may_be_a_pem_file(
    run: Run, mine: Path, command: str, tmp_path: Path, is_good: Callable[[Path], bool]
) -> None:
    public, out = tmp_path / "public.pem", tmp_path / "out.json"
    public.write_bytes(
        Ed25519PrivateKey.from_private_bytes(RFC_8032_SEED)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    result = run(
        "issue", mine, "--signer", command, "--public-key", public, "--now", NOW, "--out", out
    )
    assert result.exit_code == 0, result.output
    assert is_good(out)


def test_badge_is_signed_by_aws_kms(
    run: Run,
    mine: Path,
    tmp_path: Path,
    is_good: Callable[[Path], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("boto3", reason="boto3 is not installed")
    out = tmp_path / "out.json"
    with aws_kms() as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", service.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        result = run("issue", mine, "--signer", f"awskms:{AWS_KEY}", "--now", NOW, "--out", out)
        service.answers["Sign"] = (400, {"__type": "AccessDeniedException"})
        refused = run("issue", mine, "--signer", f"awskms:{AWS_KEY}", "--now", NOW)
    assert result.exit_code == 0, result.output
    assert is_good(out)
    assert refused.exit_code == 3
    assert refused.stdout == ""
    assert "kms:Sign" in refused.stderr


def test_badge_is_signed_by_vault(
    run: Run,
    mine: Path,
    tmp_path: Path,
    is_good: Callable[[Path], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("hvac", reason="hvac is not installed")
    out = tmp_path / "out.json"
    with vault() as service:
        monkeypatch.setenv("VAULT_ADDR", service.url)
        monkeypatch.setenv("VAULT_TOKEN", VAULT_TOKEN)
        signer = "vault:transit/issuer?version=1"
        result = run("issue", mine, "--signer", signer, "--now", NOW, "--out", out)
        assert service.requests[-1][1]["key_version"] == 1
    assert result.exit_code == 0, result.output
    assert is_good(out)


def with_token(*args: str | Path, pin: str | None) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, which is how long a token stays open."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("TESTAMUR_PKCS11_PIN", None)
    if pin is not None:
        environment["TESTAMUR_PKCS11_PIN"] = pin
    return subprocess.run(
        [sys.executable, "-m", "testamur.cli", *args],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip


def token_uri() -> str:
    token = soft_token()
    assert token is not None
    return f"pkcs11:token={token[1]};object=key-1?module-path={token[0]}"


@needs_token
@pytest.mark.parametrize("pin_from", ["file", "environment"])
def test_badge_is_signed_by_a_token(
    mine: Path, tmp_path: Path, is_good: Callable[[Path], bool], pin_from: str
) -> None:
    out, file = tmp_path / "out.json", tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    uri, pin = f"{token_uri()}&pin-source=file:{file}", None
    if pin_from == "environment":
        uri, pin = token_uri(), PIN
    done = with_token("issue", mine, "--now", NOW, "--out", out, "--signer", uri, pin=pin)
    assert done.returncode == 0, done.stderr
    assert is_good(out)


@needs_token
@pytest.mark.parametrize("pin", [None, "", "98765432"])
def test_token_without_its_pin_is_an_error(mine: Path, pin: str | None) -> None:
    done = with_token("issue", mine, "--signer", token_uri(), "--now", NOW, pin=pin)
    assert done.returncode == 3
    assert done.stdout == b""
    assert b"PIN" in done.stderr
    assert b"98765432" not in done.stderr


@needs_token
@pytest.mark.parametrize("processes", ["1", "2"])
def test_batch_is_signed_by_a_token_that_every_process_opens(
    mine: Path, tmp_path: Path, processes: str
) -> None:
    roster, out = tmp_path / "roster.csv", tmp_path / "class"
    roster.write_text("email\na@uni.example\nb@uni.example\nc@uni.example\n", encoding="utf-8")
    done = with_token(
        "issue", mine, "--batch", roster, "--signer", token_uri(), "--now", NOW, "--out", out,
        "--processes", processes, "--chunk-rows", "2",
        pin=PIN,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    issued = "".join(path.read_text() for path in out.glob("credentials/*.jsonl"))
    assert issued.count(f'"verificationMethod":"{DID}#{MULTIKEY}"') == 3


@pytest.mark.parametrize("processes", ["1", "2"])
def test_batch_is_signed_by_a_command_in_every_process(
    run: Run, mine: Path, command: str, tmp_path: Path, processes: str
) -> None:
    roster, out = tmp_path / "roster.csv", tmp_path / "class"
    rows = [f"learner{number}@uni.example" for number in range(4)]
    roster.write_text("email\n" + "\n".join(rows) + "\n", encoding="utf-8")
    result = run(
        "issue", mine, "--batch", roster, "--signer", command, "--public-key", MULTIKEY,
        "--now", NOW, "--out", out, "--processes", processes, "--chunk-rows", "2",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    issued = "".join(path.read_text() for path in out.glob("credentials/*.jsonl")).splitlines()
    methods = {json.loads(line)["proof"]["verificationMethod"] for line in issued}
    assert len(issued) == len(rows)
    assert methods == {f"{DID}#{MULTIKEY}"}


def test_status_list_is_made_and_changed_with_a_command(
    run: Run, command: str, tmp_path: Path
) -> None:
    out = tmp_path / "list.json"
    key = ("--signer", command, "--public-key", MULTIKEY, "--now", NOW)
    made = run(
        "status", "new", "--id", "https://uni.example/status/1", "--purpose", "revocation",
        "--out", out, *key,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    changed = run("status", "revoke", out, "--index", "7", *key)
    assert changed.exit_code == 0, changed.output
    shown = run("status", "show", out, "--index", "7", "--now", NOW)
    assert shown.exit_code == 0
    assert "1 is set" in shown.stdout


def test_key_show_and_key_did_ask_the_key_elsewhere(run: Run, command: str) -> None:
    key = ("--signer", command, "--public-key", MULTIKEY)
    shown = run("key", "show", *key)
    assert shown.exit_code == 0, shown.output
    assert "which signs" in shown.stdout
    assert DID in shown.stdout
    assert run("key", "did", *key).stdout == f"{DID}\n"


def test_key_show_does_not_believe_a_key_that_cannot_sign(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "mute.py"
    script.write_text("")
    result = run(
        "key", "show", "--signer", f"command:{sys.executable} {script}", "--public-key", MULTIKEY
    )
    assert result.exit_code == 3
    assert result.stdout == ""


def test_key_show_shows_a_key_file(run: Run, issuer: Issuer) -> None:
    result = run("key", "show", issuer.key)
    assert result.exit_code == 0
    assert '"crv":"Ed25519"' in result.stdout
    assert '"d"' not in result.stdout


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ([], "--signer"),
        (["--key", "k.pem", "--signer", "awskms:alias/issuer"], "either"),
        (["--signer", "alias/issuer"], "names no key"),
        (["--signer", "vault:"], "names no key"),
        (["--signer", "vault:transit/issuer?version=two"], "version=2"),
        (["--signer", "vault:transit/"], "names no key"),
        (["--signer", "gcpkms:projects/p/keys/k"], ""),
        (["--signer", "command:sign"], "--public-key"),
        (["--signer", "command:sign 'it", "--public-key", MULTIKEY], "quotation mark"),
        (["--signer", "command:sign", "--public-key", "zero"], "z6Mk"),
        (["--signer", "command:/nowhere/sign", "--public-key", MULTIKEY], "cannot be run"),
        (["--signer", "command:sign", "--password-file", "p"], "--password-file"),
        (["--signer", "pkcs11:token=t;object=k"], "module-path"),
    ],
)
def test_signer_that_cannot_be_is_refused(
    run: Run,
    mine: Path,
    args: list[str],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/credentials.json")
    result = run("issue", mine, "--now", NOW, *args)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "error: " in result.stderr
    assert reason in result.stderr


def test_public_key_goes_with_signer_only(run: Run, mine: Path, issuer: Issuer) -> None:
    result = run("issue", mine, "--key", issuer.key, "--public-key", MULTIKEY)
    assert result.exit_code == 3
    assert "--public-key" in result.stderr


def test_key_that_is_not_the_issuers_does_not_sign(run: Run, unsigned: Path, command: str) -> None:
    result = run("issue", unsigned, "--signer", command, "--public-key", MULTIKEY, "--now", NOW)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "not the one of" in result.stderr


@POSIX
@pytest.mark.parametrize(
    ("mode", "is_warned"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True)]
)
def test_key_file_that_others_can_read_is_used_with_a_warning(
    run: Run, unsigned: Path, issuer: Issuer, mode: int, is_warned: bool
) -> None:
    issuer.key.chmod(mode)
    result = run("issue", unsigned, "--key", issuer.key, "--now", NOW)
    assert result.exit_code == 0
    assert ("Warning: " in result.stderr) is is_warned
    assert (f"chmod 600 {issuer.key}" in result.stderr) is is_warned
