"""What is measured: a college's badge of about 3.6 KB, and a stream of many colleges' badges."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from testamur import build
from testamur.batch import Award, Learner, LearnerResult, Press, StatusLists
from testamur.issuing import Mechanism
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.model.ob3 import AchievementType

__all__ = ["NOW", "College", "mixed_stream"]

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class College:
    """An issuer that does not exist.

    Attributes:
        number: which one.
    """

    number: int

    @property
    def key(self) -> Ed25519PrivateKey:
        """Its private key: the same in every run, and published; for measuring alone."""
        return Ed25519PrivateKey(sha256(f"testamur bench {self.number}".encode()).digest())

    @property
    def signer(self) -> Ed25519Signer:
        """Signs as the key's own did:key."""
        return Ed25519Signer.for_did_key(self.key)

    @property
    def _lists(self) -> StatusLists:
        return StatusLists(f"https://college-{self.number}.example/status/")

    @property
    def _secret(self) -> bytes:
        # One for all of its courses, so that they share a list; a real batch has its own.
        return sha256(f"testamur bench secret {self.number}".encode()).digest()

    def award(self, course: int) -> Award:
        """An achievement with three alignments and a result; its credentials have a status entry.

        Args:
            course: which one of the college's.
        """
        url = f"https://college-{self.number}.example/achievements/{course}"
        grade = build.result_description(
            id=f"{url}#grade",
            name="Final grade",
            result_type="Percent",
            value_min="0",
            value_max="100",
        )
        achievement = build.achievement(
            id=url,
            name=f"Welding coordination {course}",
            description="Applies the legislative standards for the CE marking of welded items. "
            * 8,
            criteria="A written test of two hours and a practical task, both supervised. " * 8,
            achievement_type=AchievementType.MICRO_CREDENTIAL,
            alignments=[
                build.eqf_level(5),
                build.isced_f("0715", "Mechanics and metal trades"),
                build.esco_skill(
                    "http://data.europa.eu/esco/skill/00735755-adc6-4ea0-b034-b8caff339c9f",
                    "coordinate welding operations",
                ),
            ],
            results=[grade],
        )
        profile = build.profile(id=self.signer.controller, name=f"College {self.number}")
        return Award.of(
            profile, achievement, secret=self._secret, valid_from=NOW, status=self._lists
        )

    def learner(self, course: int, position: int) -> Learner:
        """A learner with a hashed address and a result; some have more of their own."""
        description = f"https://college-{self.number}.example/achievements/{course}#grade"
        result = LearnerResult(description=description, value=str(position % 101))
        return Learner(email=f"learner-{position}@learner.example", results=(result,))

    def press(self, course: int, mechanism: Mechanism) -> Press:
        """Issues one of its achievements."""
        return Press(self.award(course), self.signer, now=NOW, mechanism=mechanism)

    def status_list(self) -> tuple[str, bytes]:
        """The URL and the content of its published status list."""
        place = self._lists.places(self._secret, 0)[0]
        return place.list_url, self._lists.empty(place, signer=self.signer, now=NOW).content


def mixed_stream(colleges: int, courses: int, learners: int) -> Iterator[tuple[int, bytes]]:
    """Yield (college, credential) of many colleges, courses, shapes and suites, shuffled.

    Args:
        colleges: how many. courses: of each college. learners: of each course.
    """
    mechanisms = list(Mechanism)
    chosen = [
        (college, course, learner)
        for college in range(colleges)
        for course in range(courses)
        for learner in range(learners)
    ]
    random.Random(3).shuffle(chosen)
    presses: dict[tuple[int, int], Press] = {}
    for college, course, learner in chosen:
        at = (college, course)
        if at not in presses:
            mechanism = mechanisms[(college + course) % len(mechanisms)]
            presses[at] = College(college).press(course, mechanism)
        yield college, presses[at].issue(_varied(college, course, learner), learner).content


def _varied(college: int, course: int, position: int) -> Learner:
    """A learner whose course decides what the credential has."""
    plain = College(college).learner(course, position)
    return Learner(
        email=plain.email,
        name=f"Learner {position}" if course % 2 else None,
        id=f"urn:uuid:{position}" if course % 3 == 0 else None,
        results=plain.results if course % 5 else (),
        narrative=f"Worked hard, {position}." if course % 4 == 0 else None,
    )
