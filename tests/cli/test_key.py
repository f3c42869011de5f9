"""`testamur key`: new keys, and the identifiers of a key."""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cli.example_issuer import DID, PUBLIC_KEY_MULTIBASE, Issuer, Run

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal or file mode")

# RFC 8037, appendix A.1 and A.2.
RFC_8037_D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_8037_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


def opened(path: Path, password: bytes | None) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password)
    assert isinstance(key, Ed25519PrivateKey)
    return key


@pytest.fixture
def rfc_8037_key(tmp_path: Path) -> Path:
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(RFC_8037_D + "="))
    path = tmp_path / "rfc8037.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path


def test_new_key_is_encrypted_with_the_password_from_a_file(run: Run, tmp_path: Path) -> None:
    out, password = tmp_path / "issuer.pem", tmp_path / "password.txt"
    password.write_bytes("Zażółć 1\n".encode())
    result = run("key", "new", "--out", out, "--password-file", password)
    assert result.exit_code == 0
    assert b"ENCRYPTED" in out.read_bytes()
    opened(out, "Zażółć 1".encode())
    with pytest.raises(TypeError):
        opened(out, None)
    assert "did:key:z6Mk" in result.stdout
    assert "encrypted" in result.stdout


def test_new_key_is_encrypted_with_the_password_from_the_environment(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "issuer.pem"
    assert run("key", "new", "--out", out, env={"TESTAMUR_KEY_PASSWORD": "s3cret"}).exit_code == 0
    opened(out, b"s3cret")


def test_new_key_in_clear_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    refused = run("key", "new", "--out", out)
    assert refused.exit_code == 3
    assert "--no-password" in refused.stderr
    assert not out.exists()
    assert run("key", "new", "--out", out, "--no-password").exit_code == 0
    opened(out, None)


@POSIX
def test_new_key_is_readable_by_its_owner_alone(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    mask = os.umask(0)
    try:
        run("key", "new", "--out", out, "--no-password")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_new_key_never_overwrites_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    out.write_text("precious", encoding="utf-8")
    result = run("key", "new", "--out", out, "--no-password")
    assert result.exit_code == 3
    assert "never overwritten" in result.stderr
    assert out.read_text(encoding="utf-8") == "precious"


def test_new_key_that_cannot_be_written_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("key", "new", "--out", tmp_path / "no" / "key", "--no-password").exit_code == 3

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("key", "new", "--out", tmp_path / "issuer.pem", "--no-password")
    assert result.exit_code == 3
    assert "No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("password", [b"", b"\n", b"x" * 1024], ids=["empty", "line", "long"])
def test_a_password_that_cannot_be_used_is_refused(
    run: Run, tmp_path: Path, password: bytes
) -> None:
    file = tmp_path / "password.txt"
    file.write_bytes(password)
    result = run("key", "new", "--out", tmp_path / "issuer.pem", "--password-file", file)
    assert result.exit_code == 3
    assert "a password has 1 to 1023" in result.stderr
    assert not (tmp_path / "issuer.pem").exists()


def test_password_options_that_contradict_are_refused(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    result = run("key", "new", "--out", out, "--no-password", "--password-file", "p")
    assert result.exit_code == 3
    assert not out.exists()


def test_did_key_is_that_of_the_specification(run: Run, issuer: Issuer) -> None:
    result = run("key", "did", issuer.key)
    assert (result.exit_code, result.stdout) == (0, f"{DID}\n")


def test_did_key_document_lists_the_key_for_assertions(run: Run, issuer: Issuer) -> None:
    document = json.loads(run("key", "did", issuer.key, "--document").stdout)
    method = f"{DID}#{PUBLIC_KEY_MULTIBASE}"
    assert document["id"] == DID
    assert document["assertionMethod"] == [method]
    assert document["verificationMethod"][0]["publicKeyMultibase"] == PUBLIC_KEY_MULTIBASE


def test_did_jwk_holds_the_public_key_of_rfc_8037(run: Run, rfc_8037_key: Path) -> None:
    did = run("key", "did", rfc_8037_key, "--method", "jwk").stdout.strip()
    encoded = did.removeprefix("did:jwk:")
    jwk = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert jwk == {"kty": "OKP", "crv": "Ed25519", "x": RFC_8037_X}


# did:web Method, 2.5.2 Read.
@pytest.mark.parametrize(
    ("options", "did", "url"),
    [
        (["--host", "uni.example"], "did:web:uni.example", "uni.example/.well-known/did.json"),
        (
            ["--host", "Uni.example:8443"],
            "did:web:uni.example%3A8443",
            "uni.example:8443/.well-known/did.json",
        ),
        (
            ["--host", "uni.example", "--path", "/user/alice/"],
            "did:web:uni.example:user:alice",
            "uni.example/user/alice/did.json",
        ),
    ],
)
def test_did_web_says_where_its_document_is_published(
    run: Run, issuer: Issuer, options: list[str], did: str, url: str
) -> None:
    result = run("key", "did", issuer.key, "--method", "web", *options)
    assert (result.exit_code, result.stdout) == (0, f"{did}\n")
    assert f"https://{url}\n" in result.stderr
    assert f"{did}#key-1" in result.stderr
    document = json.loads(
        run("key", "did", issuer.key, "--method", "web", *options, "--document").stdout
    )
    assert document["id"] == did
    assert document["assertionMethod"] == [f"{did}#key-1"]


@pytest.mark.parametrize(
    "options",
    [
        ["--method", "web"],
        ["--host", "uni.example"],
        ["--method", "web", "--host", "localhost"],
        ["--method", "web", "--host", "127.0.0.1"],
        ["--method", "web", "--host", "uni.example:"],
        ["--method", "web", "--host", "uni.example:" + "9" * 5000],
        ["--method", "web", "--host", "uni.example:99999"],
        ["--method", "web", "--host", "uni.example", "--path", "../x"],
        ["--method", "web", "--host", "uni.example", "--fragment", "a b"],
        ["--method", "web", "--host", "uni.example", "--fragment", ""],
        ["--method", "web", "--host", "\x1b[31m.example"],
    ],
)
def test_identifiers_that_cannot_be_are_refused(
    run: Run, issuer: Issuer, options: list[str]
) -> None:
    result = run("key", "did", issuer.key, *options)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert "\x1b" not in result.stderr


def test_an_encrypted_key_opens_with_its_password_only(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    made = run("key", "new", "--out", out, env={"TESTAMUR_KEY_PASSWORD": "right"})
    did = made.stdout.split("DID")[1].split()[0]
    assert run("key", "did", out, env={"TESTAMUR_KEY_PASSWORD": "right"}).stdout == f"{did}\n"
    wrong = run("key", "did", out, env={"TESTAMUR_KEY_PASSWORD": "wrong"})
    assert wrong.exit_code == 3
    assert "the password is wrong" in wrong.stderr
    missing = run("key", "did", out)
    assert missing.exit_code == 3
    assert "--password-file" in missing.stderr


def test_a_key_in_clear_opens_although_a_password_is_in_the_environment(
    run: Run, issuer: Issuer
) -> None:
    assert run("key", "did", issuer.key, env={"TESTAMUR_KEY_PASSWORD": "x"}).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_is_no_key_is_named(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nokey.pem"
    path.write_bytes(content)
    result = run("key", "did", path)
    assert result.exit_code == 3
    assert str(path) in result.stderr


# Public key of RFC 8410, 10.1; the private key is not needed for anything here.
RFC_8410_PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (RFC_8410_PUBLIC, "is a public key, which cannot sign"),
        (b"MCowBQYDK2VwAyEA", "is no key file: it is not PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged"),
    ],
)
def test_what_is_wrong_with_a_key_file_is_told_apart(
    run: Run, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    result = run("key", "did", path)
    assert result.exit_code == 3
    assert str(path) in result.stderr
    assert reason in result.stderr
    assert "password" not in result.stderr


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        (["--method", "web"], "--method web needs a host, as in --host college.example"),
        (["--host", "college.example"], "--method key takes no --host"),
        (
            ["--method", "web", "--host", "https://college.example"],
            "give the host alone, as college.example",
        ),
        (
            ["--method", "web", "--host", "college.example/units"],
            "--host college.example --path units",
        ),
    ],
)
def test_wrong_host_is_answered_with_what_to_write(
    run: Run, issuer: Issuer, options: list[str], remedy: str
) -> None:
    result = run("key", "did", issuer.key, *options)
    assert result.exit_code == 3
    assert remedy in result.stderr


@POSIX
def test_a_terminal_is_asked_for_the_password_twice_and_ctrl_c_stops_it(tmp_path: Path) -> None:
    out = tmp_path / "issuer.pem"
    status, shown = in_terminal(["key", "new", "--out", str(out)], ["s3cret\n", "s3cret\n"])
    assert status == 0
    assert "s3cret" not in shown
    opened(out, b"s3cret")
    status, shown = in_terminal(["key", "did", str(out)], ["\x03"])
    assert status == 130
    assert "Traceback" not in shown


def in_terminal(args: list[str], answers: list[str]) -> tuple[int, str]:
    """Run the command in a terminal of its own; type an answer whenever it asks for one."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("TESTAMUR_KEY_PASSWORD", None)
        os.execv(sys.executable, [sys.executable, "-m", "testamur.cli", *args])  # noqa: S606
    shown = ""
    prompts = 0
    while True:
        try:
            shown += os.read(terminal, 1024).decode("utf-8", "replace")
        except OSError:  # the terminal is closed
            break
        if shown.count(": ") > prompts and prompts < len(answers) and shown.endswith(": "):
            time.sleep(0.2)  # until the echo is off
            os.write(terminal, answers[prompts].encode())
            prompts = shown.count(": ")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown
