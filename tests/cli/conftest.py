"""A command runner, and an issuer whose key is printed in a specification."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from testamur import build
from testamur.cli.app import app
from testamur.keys import Ed25519PrivateKey, pem
from testamur.keys.multikey import decode_secret_key
from testamur.model.ob3 import AchievementCredential, CredentialStatus

# Data Integrity EdDSA Cryptosuites v1.0, B.1 Representation: eddsa-rdfc-2022.
SECRET_KEY_MULTIBASE = "z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq"
PUBLIC_KEY_MULTIBASE = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQXJPt4swbTQ2"
DID = f"did:key:{PUBLIC_KEY_MULTIBASE}"

NOW = "2026-06-01T00:00:00Z"
Run = Callable[..., Result]


@dataclass(frozen=True)
class Issuer:
    """What a test has of the issuer.

    Attributes:
        key: the private key in clear, PEM. trust: a list that knows the issuer.
    """

    key: Path
    trust: Path
    did: str = DID


@pytest.fixture
def run() -> Run:
    """Run a command in this process; a traceback is a failure of the test."""

    def invoke(
        *args: str | Path,
        input: bytes | str | None = None,  # noqa: A002
        env: Mapping[str, str | None] | None = None,
    ) -> Result:
        runner = CliRunner(env={"COLUMNS": "80", "TESTAMUR_KEY_PASSWORD": None, **(env or {})})
        result = runner.invoke(app, [str(each) for each in args], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    key, trust = tmp_path / "issuer.pem", tmp_path / "trust.yaml"
    key.write_bytes(pem.encode_private_key(decode_secret_key(SECRET_KEY_MULTIBASE), password=None))
    trust.write_text(f'"{DID}": Example University\n', encoding="utf-8")
    return Issuer(key, trust)


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    path = tmp_path / "other.pem"
    path.write_bytes(pem.encode_private_key(Ed25519PrivateKey.generate(), password=None))
    return path


@pytest.fixture
def unsigned(tmp_path: Path) -> Path:
    """A credential about ada@uni.example, not signed yet."""
    return write_json(tmp_path / "unsigned.json", badge().to_json())


@pytest.fixture
def signed(run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path) -> Path:
    """The same, signed."""
    path = tmp_path / "signed.json"
    sign(run, issuer, unsigned, path)
    return path


def sign(run: Run, issuer: Issuer, unsigned: Path, out: Path, *options: str) -> None:
    result = run("issue", unsigned, "--key", issuer.key, "--out", out, "--now", NOW, *options)
    assert result.exit_code == 0, result.output


def badge(
    *,
    name: str = "Teamwork",
    description: str = "Works well in a team.",
    issuer: str = DID,
    issuer_name: str = "Any Name It Likes",
    valid_until: datetime | None = None,
    status: tuple[CredentialStatus, ...] = (),
) -> AchievementCredential:
    grade = build.result_description("Grade", "LetterGrade", allowed_values=["A", "B"])
    return build.credential(
        build.profile(id=issuer, name=issuer_name),
        build.achievement(
            id="https://uni.example/achievements/teamwork",
            name=name,
            description=description,
            criteria="Nominated by peers.",
            achievement_type="MicroCredential",
            alignments=[build.eqf_level(6)],
            credits_available=2.5,
            in_language="en",
            results=[grade],
        ),
        recipient=build.recipient_by_email("ada@uni.example", salt="Kosher"),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=valid_until,
        results=[build.result(grade, value="A")],
        evidence=[build.evidence(id="https://uni.example/essay", name="Essay")],
        status=status,
    )


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
