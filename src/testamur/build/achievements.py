"""Achievements: what is recognized, the same for everyone who earns it."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.build.profiles import as_image, split_endorsements
from testamur.model.ob3 import (
    Achievement,
    AchievementType,
    Alignment,
    Criteria,
    EndorsementCredential,
    IdentifierEntry,
    Image,
    Profile,
    Related,
    ResultDescription,
)

__all__ = ["achievement"]


def achievement(
    *,
    id: str,  # noqa: A002
    name: str,
    description: str,
    criteria: str | None = None,
    criteria_url: str | None = None,
    achievement_type: AchievementType | str | None = None,
    image: str | Image | None = None,
    creator: Profile | None = None,
    alignments: Sequence[Alignment] = (),
    results: Sequence[ResultDescription] = (),
    credits_available: float | None = None,
    field_of_study: str | None = None,
    specialization: str | None = None,
    human_code: str | None = None,
    in_language: str | None = None,
    version: str | None = None,
    tags: Sequence[str] = (),
    other_identifiers: Sequence[IdentifierEntry] = (),
    related: Sequence[Related] = (),
    endorsements: Sequence[EndorsementCredential | str] = (),
) -> Achievement:
    """Define an achievement (Open Badges 3.0, Achievement).

    Args:
        id: an absolute URL that stays the same for all awards of this achievement.
        criteria: what must be done to earn it, in Markdown.
        criteria_url: a page that says so; one of the two is needed to issue the badge.
        achievement_type: a term of the vocabulary, or one of your own that begins with "ext:".
        image: by URL or data: URL.
        creator: who defined the achievement, where that is not the issuer.
        results: what results an award may state.
        credits_available: a number without a unit; say which credits in the criteria.
        in_language: the language of the texts, as "en" or "pt-BR".
        related: other editions, as the same achievement in another language.
        endorsements: signed endorsements of this achievement: credentials, or compact JWS.

    Raises:
        ModelError: an argument breaks the standard.
    """
    embedded, jwts = split_endorsements(endorsements)
    return Achievement(
        id=id,
        name=name,
        description=description,
        criteria=Criteria(id=criteria_url, narrative=criteria),
        achievement_type=achievement_type,
        image=as_image(image),
        creator=creator,
        alignment=tuple(alignments),
        result_description=tuple(results),
        credits_available=credits_available,
        field_of_study=field_of_study,
        specialization=specialization,
        human_code=human_code,
        in_language=in_language,
        version=version,
        tag=tuple(tags),
        other_identifier=tuple(other_identifiers),
        related=tuple(related),
        endorsement=embedded,
        endorsement_jwt=jwts,
    )
