"""A badge from a description of a micro-credential."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from testamur.build.credentials import contexts_for, one_or_many
from testamur.build.identifiers import mint_id
from testamur.build.profiles import split_endorsements
from testamur.model.microcredential import Convention, MicroCredential, to_open_badge
from testamur.model.ob3 import (
    AchievementCredential,
    CredentialStatus,
    EndorsementCredential,
    RefreshService,
    check_for_issue,
)

__all__ = ["open_badge"]


def open_badge(
    description: MicroCredential,
    *,
    id: str | None = None,  # noqa: A002
    status: Sequence[CredentialStatus] = (),
    endorsements: Sequence[EndorsementCredential | str] = (),
    refresh_service: RefreshService | None = None,
    convention: Convention = Convention.ALIGNMENTS,
    new_id: Callable[[], str] = mint_id,
) -> AchievementCredential:
    """Build a badge that says everything a description says; not yet signed.

    Open Badges 3.0, AchievementCredential.

    Args:
        description: with learner, issuer, date of issuing, and the achievement's id.
        id: an absolute URL; a new, unguessable urn:uuid where it is None.
        status: where the credential's status will be published.
        endorsements: signed endorsements of the achievement, as its accreditation: credentials, or
            compact JWS.
        convention: where the elements go that the standard has no member for.
        new_id: where new ids come from.

    Raises:
        ModelError: the description lacks one of these, or `check_for_issue` objects.
    """
    badge = to_open_badge(description, id=id or new_id(), convention=convention)
    embedded, jwts = split_endorsements(endorsements)
    subject = badge.credential_subject
    achievement = subject.achievement.model_copy(
        update={"endorsement": embedded, "endorsement_jwt": jwts}
    )
    refreshing = () if refresh_service is None else (refresh_service,)
    built = badge.model_copy(
        update={
            "context": tuple(dict.fromkeys((*badge.context, *contexts_for(status, refreshing)))),
            "credential_subject": subject.model_copy(update={"achievement": achievement}),
            "credential_status": one_or_many(status),
            "refresh_service": one_or_many(refreshing),
        }
    )
    check_for_issue(built)
    return built
