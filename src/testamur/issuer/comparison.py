"""Which rows of a roster a register knows already, before anything is issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from testamur.batch.award import Award
from testamur.batch.chunk import CHUNK_ROWS, chunked
from testamur.batch.learner import Learner
from testamur.issuer.asked import asked_for_row, pattern_text
from testamur.register import Register
from testamur.register.tags import find_tags

__all__ = ["KnownRow", "known_rows"]


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row under whose key something is recorded.

    Attributes:
        position: of the row, from 0.
        id: the id of the credential that is recorded.
        is_same: whether it says the same as the row; else the row cannot be issued to.
    """

    position: int
    id: str
    is_same: bool


def known_rows(
    register: Register, issuer: str, award: Award, learners: Iterable[Learner]
) -> Iterator[KnownRow]:
    """Yield the rows that `Issuer.issue_many` would not issue to, or would refuse.

    Nothing is written. What others record meanwhile is not seen.

    Args:
        register: the issuer's.
        issuer: the issuer's id.
        award: what is awarded, of the same model.
        learners: the rows.
    """
    pattern, achievement = pattern_text(award.pattern), award.achievement.id
    for part in chunked(learners, CHUNK_ROWS):
        asked = [
            asked_for_row(learner, achievement=achievement, pattern=pattern)
            for learner in part.learners
        ]
        tags = [register.keyed("key", f"{issuer}\0{each.key}") for each in asked]
        with register.reading() as connection:
            found = find_tags(connection, tags)
        for offset, (tag, each) in enumerate(zip(tags, asked, strict=True)):
            known = found.get(tag)
            if known is not None:
                is_same = known.request == register.keyed("request", each.content)
                yield KnownRow(part.first + offset, known.id, is_same)
