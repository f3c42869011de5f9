"""A small batch that is the same in every run, and in every process that takes part in it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from testamur import build
from testamur.batch import Award, Job, KeyInMemory, Learner, LearnerResult, StatusLists
from testamur.issuing import Mechanism
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, OutsideKey
from testamur.keys.command import CommandKey
from testamur.model.ob3 import Achievement, Profile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECRET = bytes(range(32))
DID = "did:web:uni.example"
SIGNER = Ed25519Signer(Ed25519PrivateKey(bytes(range(32, 64))), f"{DID}#key-1")
FACTORY = KeyInMemory.of(SIGNER)
GRADE = "https://uni.example/achievements/teamwork#grade"
LISTS = StatusLists("https://uni.example/status/")


def connect(script: str) -> OutsideKey:
    """Open SIGNER's key in another program; here, where every process finds it by this name."""
    return CommandKey([sys.executable, "-c", script], SIGNER.public_key)


def profile(identifier: str = DID) -> Profile:
    return build.profile(id=identifier, name="Example University")


def achievement() -> Achievement:
    grade = build.result_description("Grade", "LetterGrade", id=GRADE, allowed_values=["A", "B"])
    return build.achievement(
        id="https://uni.example/achievements/teamwork",
        name="Teamwork",
        description="Works well in a team.",
        criteria="Nominated by peers.",
        results=[grade],
    )


def award(
    *, secret: bytes = SECRET, status: StatusLists | None = LISTS, issuer: str = DID
) -> Award:
    return Award.of(profile(issuer), achievement(), secret=secret, valid_from=NOW, status=status)


def job(*, mechanism: Mechanism = Mechanism.EDDSA_JCS_2022, **changes: Any) -> Job:
    arguments: dict[str, Any] = {"award": award(), "signer": FACTORY, "now": NOW, **changes}
    return Job(mechanism=mechanism, **arguments)


def learner(number: int) -> Learner:
    """Return a learner who has everything that most rosters have."""
    return Learner(
        key=f"m{number}",
        email=f"ada.{number}@uni.example",
        name=f"Ada the {number}.",
        results=(LearnerResult(description=GRADE, value="AB"[number % 2]),),
    )


def learners(count: int) -> list[Learner]:
    return [learner(number) for number in range(count)]


@dataclass
class Counted:
    """An iterable that knows how much of it was taken."""

    count: int
    taken: int = 0

    def __iter__(self) -> Any:
        for number in range(self.count):
            self.taken += 1
            yield learner(number)
