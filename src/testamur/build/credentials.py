"""Credentials: an achievement of a recipient, and endorsements, ready to be signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from testamur.build.identifiers import mint_id
from testamur.build.profiles import as_image, split_endorsements
from testamur.build.recipients import Recipient
from testamur.errors import ModelError
from testamur.model.base import One, TypedModel
from testamur.model.ob3 import (
    OPEN_BADGES_CONTEXT,
    OPEN_BADGES_EXTENSIONS,
    Achievement,
    AchievementCredential,
    AchievementSubject,
    CredentialSchema,
    CredentialStatus,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    IdentityObject,
    Image,
    Profile,
    RefreshService,
    Result,
    TermsOfUse,
    check_for_issue,
)
from testamur.model.vcdm import CREDENTIALS_V2

__all__ = ["credential", "endorsement"]

T = TypeVar("T")


def credential(
    issuer: Profile,
    achievement: Achievement,
    *,
    recipient: Recipient | Sequence[Recipient],
    valid_from: datetime,
    valid_until: datetime | None = None,
    id: str | None = None,  # noqa: A002
    name: str | None = None,
    description: str | None = None,
    image: str | Image | None = None,
    awarded_date: datetime | None = None,
    evidence: Sequence[Evidence] = (),
    results: Sequence[Result] = (),
    narrative: str | None = None,
    activity_start_date: datetime | None = None,
    activity_end_date: datetime | None = None,
    credits_earned: float | None = None,
    license_number: str | None = None,
    role: str | None = None,
    source: Profile | None = None,
    term: str | None = None,
    endorsements: Sequence[EndorsementCredential | str] = (),
    status: Sequence[CredentialStatus] = (),
    schemas: Sequence[CredentialSchema] = (),
    refresh_service: RefreshService | None = None,
    terms_of_use: Sequence[TermsOfUse] = (),
    new_id: Callable[[], str] = mint_id,
) -> AchievementCredential:
    """Build a badge: `achievement`, awarded by `issuer` to `recipient`; not yet signed.

    Open Badges 3.0, AchievementCredential, under the VC Data Model 2.0 and context 3.0.3.

    Args:
        recipient: one or several things said of the one recipient.
        valid_from: aware; when the credential begins to hold, to the second.
        valid_until: aware; when it ends to hold; None: never.
        id: an absolute URL; a new, unguessable urn:uuid where it is None.
        name: what wallets show; the achievement's name where it is None.
        awarded_date: aware; when it was earned, where that is not `valid_from`.
        results: of result descriptions of the achievement.
        narrative: what connects the pieces of evidence, in Markdown.
        source: who assessed the recipient, where that is not the issuer.
        endorsements: signed endorsements of this credential: credentials, or compact JWS.
        status: where the credential's status will be published.
        new_id: where new ids come from.

    Raises:
        ModelError: an argument breaks the standard, or `check_for_issue` objects.
    """
    embedded, jwts = split_endorsements(endorsements)
    recipient_id, identifiers = _recipient(recipient)
    subject = AchievementSubject(
        id=recipient_id,
        identifier=tuple(identifiers),
        achievement=achievement,
        activity_start_date=activity_start_date,
        activity_end_date=activity_end_date,
        credits_earned=credits_earned,
        license_number=license_number,
        narrative=narrative,
        result=tuple(results),
        role=role,
        source=source,
        term=term,
    )
    refreshing = () if refresh_service is None else (refresh_service,)
    built = AchievementCredential(
        context=contexts_for(status, schemas, refreshing),
        id=id or new_id(),
        name=name if name is not None else achievement.name,
        description=description,
        image=as_image(image),
        issuer=issuer,
        valid_from=valid_from.replace(microsecond=0),
        valid_until=valid_until,
        awarded_date=awarded_date,
        credential_subject=subject,
        evidence=tuple(evidence),
        endorsement=embedded,
        endorsement_jwt=jwts,
        credential_status=one_or_many(status),
        credential_schema=tuple(schemas),
        refresh_service=one_or_many(refreshing),
        terms_of_use=tuple(terms_of_use),
    )
    check_for_issue(built)
    return built


def endorsement(
    issuer: Profile,
    endorsed_id: str,
    comment: str | None = None,
    *,
    valid_from: datetime,
    valid_until: datetime | None = None,
    id: str | None = None,  # noqa: A002
    name: str | None = None,
    status: Sequence[CredentialStatus] = (),
    new_id: Callable[[], str] = mint_id,
) -> EndorsementCredential:
    """Build an endorsement by `issuer` (Open Badges 3.0, EndorsementCredential); not yet signed.

    Args:
        endorsed_id: the id of the credential, achievement or profile that is endorsed.
        comment: what the endorser says of it, in Markdown.
        name: what wallets show; "Endorsement by" and the issuer's name where it is None.

    Raises:
        ModelError: an argument breaks the standard, or `check_for_issue` objects.
    """
    built = EndorsementCredential(
        context=contexts_for(status),
        id=id or new_id(),
        name=name if name is not None else f"Endorsement by {issuer.name}",
        issuer=issuer,
        valid_from=valid_from,
        valid_until=valid_until,
        credential_subject=EndorsementSubject(id=endorsed_id, endorsement_comment=comment),
        credential_status=one_or_many(status),
    )
    check_for_issue(built)
    return built


def _recipient(
    recipient: Recipient | Sequence[Recipient],
) -> tuple[str | None, tuple[IdentityObject, ...]]:
    if isinstance(recipient, str):
        raise TypeError("recipient is a str; use recipient_by_email(), _by_id() or _by_name()")
    parts = [recipient] if isinstance(recipient, Recipient) else recipient
    ids = [each.id for each in parts if each.id is not None]
    if len(ids) > 1:
        raise ModelError(
            "recipient: has two ids; a badge is for one recipient, who has one id",
            path="recipient",
        )
    identifiers = tuple(entry for each in parts for entry in each.identifiers)
    return (ids[0] if ids else None), identifiers


def contexts_for(*methods: Iterable[TypedModel]) -> tuple[str, ...]:
    """Return the contexts that define Open Badges 3.0 and the types of these methods."""
    contexts = (CREDENTIALS_V2, OPEN_BADGES_CONTEXT)
    types = (name for group in methods for method in group for name in method.type)
    if any(name.startswith("1EdTech") for name in types):
        return (*contexts, OPEN_BADGES_EXTENSIONS)
    return contexts


def one_or_many(values: Sequence[T]) -> tuple[T, ...]:
    """Return a set that is written without its array where it has one value.

    The 1EdTech schemas take one status and one refresh service, as an object.
    """
    return One(values) if len(values) == 1 else tuple(values)
