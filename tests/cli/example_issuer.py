"""An issuer whose key is printed in a specification, and what it issues."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer.testing import Result

from testamur import build
from testamur.model.ob3 import AchievementCredential, CredentialStatus

__all__ = [
    "DID",
    "NOW",
    "PUBLIC_KEY_MULTIBASE",
    "SECRET_KEY_MULTIBASE",
    "Issuer",
    "Run",
    "badge",
    "sign",
    "write_json",
]

# Data Integrity EdDSA Cryptosuites v1.0, B.1 Representation: eddsa-rdfc-2022.
SECRET_KEY_MULTIBASE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC_KEY_MULTIBASE = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
DID = f"did:key:{PUBLIC_KEY_MULTIBASE}"

NOW = "2026-06-01T00:00:00Z"
Run = Callable[..., Result]


@dataclass(frozen=True)
class Issuer:
    """What a test has of the issuer.

    Attributes:
        key: the private key in clear, PEM.
        trust: a list that knows the issuer as Example University.
    """

    key: Path
    trust: Path


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
