"""Profiles of issuers, and the images and evidence that go with a badge."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.model.ob3 import (
    Address,
    EndorsementCredential,
    Evidence,
    IdentifierEntry,
    Image,
    Profile,
)

__all__ = ["as_image", "evidence", "image", "profile", "split_endorsements"]


def profile(
    *,
    id: str,  # noqa: A002
    name: str,
    url: str | None = None,
    email: str | None = None,
    image: str | Image | None = None,
    description: str | None = None,
    phone: str | None = None,
    address: Address | None = None,
    official: str | None = None,
    parent_org: Profile | None = None,
    other_identifiers: Sequence[IdentifierEntry] = (),
    endorsements: Sequence[EndorsementCredential | str] = (),
) -> Profile:
    """Build the profile of an organization, as an issuer or a creator (Open Badges 3.0, Profile).

    Args:
        id: the URL that identifies the issuer, best a DID: "did:web:uni.example".
        name: what the organization calls itself; it proves nothing.
        image: a logo, by URL or data: URL.
        endorsements: signed endorsements of this organization: credentials, or compact JWS.

    Raises:
        ModelError: an argument breaks the standard.
    """
    embedded, jwts = split_endorsements(endorsements)
    return Profile(
        id=id,
        name=name,
        url=url,
        email=email,
        image=as_image(image),
        description=description,
        phone=phone,
        address=address,
        official=official,
        parent_org=parent_org,
        other_identifier=tuple(other_identifiers),
        endorsement=embedded,
        endorsement_jwt=jwts,
    )


def image(id: str, caption: str | None = None) -> Image:  # noqa: A002
    """Build an image from its URL or data: URL; the caption is for those who do not see it."""
    return Image(id=id, caption=caption)


def evidence(
    *,
    id: str | None = None,  # noqa: A002
    name: str | None = None,
    description: str | None = None,
    narrative: str | None = None,
    genre: str | None = None,
    audience: str | None = None,
) -> Evidence:
    """Build a piece of evidence (Open Badges 3.0, Evidence).

    Args:
        id: the URL of a page that shows the evidence, or the evidence itself as a data: URL.
        narrative: Markdown.
    """
    return Evidence(
        id=id,
        name=name,
        description=description,
        narrative=narrative,
        genre=genre,
        audience=audience,
    )


def as_image(value: str | Image | None) -> Image | None:
    """Return an Image for a URL; the standard never lets an image be a bare string."""
    return Image(id=value) if isinstance(value, str) else value


def split_endorsements(
    endorsements: Sequence[EndorsementCredential | str],
) -> tuple[tuple[EndorsementCredential, ...], tuple[str, ...]]:
    """Return the embedded endorsements, and those that are compact JWS."""
    embedded = tuple(each for each in endorsements if not isinstance(each, str))
    return embedded, tuple(each for each in endorsements if isinstance(each, str))
