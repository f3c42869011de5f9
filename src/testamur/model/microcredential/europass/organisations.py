"""Organisations in the European Learning Model, both ways."""

from __future__ import annotations

import re

from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.elm import (
    Accreditation,
    Address,
    Agent,
    Concept,
    LanguageMap,
    Location,
    MediaObject,
    Organisation,
    Person,
)
from testamur.model.microcredential import parts
from testamur.model.microcredential.europass.elements import (
    Json,
    attempt,
    code_of,
    concept_of,
    controlled,
    label_of,
    note,
    note_texts,
    own_concept,
    own_id,
    page,
    set_of,
    subject_of,
    texts_of,
    told,
    url_of,
)
from testamur.model.microcredential.europass.identifiers import (
    identifier_members,
    mailbox,
    read_email,
    read_identifiers,
)
from testamur.model.microcredential.europass.notes import apply_note, element_of, patch_note
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.vocabularies import Vocabulary, by_label

__all__ = ["organisation_of", "read_organisation"]

_ELEMENT = "organisation"


_IMAGES = {"GIF": "gif", "JPEG": "jpeg", "PNG": "png", "SVG": "svg+xml"}
_DATA_URL = re.compile(r"data:image/([a-z+]+);base64,([A-Za-z0-9+/]+={0,2})")
_BASE64 = re.compile("[A-Za-z0-9+/]+={0,2}")


def organisation_of(
    organisation: parts.Organisation,
    *,
    language: str,
    at: str,
    local_id: str | None = None,
    accreditations: tuple[Accreditation, ...] = (),
) -> Organisation:
    """Write an organization.

    Args:
        language: of what has no language of its own.
        at: its path in the description, for messages.
        local_id: its id in the credential, where it has none of its own.
        accreditations: of the organization itself.

    Raises:
        ModelError: its country is not said; the European Learning Model demands it.
    """
    address = organisation.address
    country = controlled(Vocabulary.COUNTRY, address.country if address else None)
    if address is None or country is None:
        raise ModelError(
            f"{at}.address.country is missing; the European Learning Model demands the country of"
            " every organisation, so add it, as IE",
            path=f"{at}.address.country",
            code=Code.ISSUER_INVALID if at.endswith("issuer") else Code.NOT_CONFORMANT,
            expected="ISO 3166-1 alpha-2",
        )
    description = organisation.description
    email = mailbox(organisation.email)
    alternative = organisation.alternative_name
    native = Organisation(
        id=own_id(organisation.id) or local_id,
        legal_name=LanguageMap(organisation.name),
        alt_label=LanguageMap(alternative) if alternative else None,
        location=One((_location(address, country, language),)),
        homepage=set_of([page(organisation.website)] if organisation.website else []),
        contact_point=email,
        logo=_picture(organisation.logo),
        accreditation=set_of(accreditations),
        additional_note=set_of([note(description, _DESCRIPTION)] if description else []),
        **identifier_members(organisation.identifiers),
    )
    kept = read_organisation(Taken(), native)
    more = patch_note(_ELEMENT, kept, organisation.to_json(), language=language)
    if more is None:
        return native
    return native.model_copy(update={"additional_note": set_of([*native.additional_note, more])})


_DESCRIPTION = own_concept(
    "Element", {"en": "Description"}, "https://w3id.org/testamur/microcredential/v1#Description"
)


def _location(address: parts.Address, country: Concept, language: str) -> Location:
    lines = [address.street, " ".join(filter(None, [address.postal_code, address.locality]))]
    text = ", ".join(filter(None, lines))
    full = address.full_address or ({language: text} if text else None)
    region = attempt(
        lambda: (
            concept_of(
                Vocabulary.ATU,
                {"en": str(address.region_code)},
                f"http://publications.europa.eu/resource/authority/atu/{address.region_code}",
            )
            if address.region_code
            else None
        )
    )
    return Location(
        address=One((Address(country_code=country, full_address=note(full) if full else None),)),
        geographic_name=LanguageMap({language: address.region}) if address.region else None,
        spatial_code=set_of(filter(None, [region])),
    )


def _picture(url: str | None) -> MediaObject | None:
    found = _DATA_URL.fullmatch(url or "")
    kind = found and next((kind for kind, name in _IMAGES.items() if name == found[1]), None)
    if not found or kind is None:
        return None
    return MediaObject(
        content=found[2],
        content_type=Concept.by_code(Vocabulary.FILE_TYPE, kind),
        content_encoding=Concept.of(by_label(Vocabulary.ENCODING, "base64")),
    )


# Reading.


def read_organisation(taken: Taken, found: Organisation | Agent | Person) -> Json:
    """Read an organization."""
    if not isinstance(found, Organisation):
        return _read_agent(taken, found)
    alternative = taken.take(found, "alt_label")
    if alternative is not None and alternative.has_several:
        taken.bend(found, "alt_label", "of several names in a language the first is kept")
    members = told(
        id=own_id(found.id),
        name=texts_of(taken.take(found, "legal_name")) or {"en": found.id or "?"},
        alternativeName=texts_of(alternative),
        description=_read_description(taken, found),
        address=_read_address(taken, found),
        identifiers=read_identifiers(taken, found),
        website=url_of(taken, taken.take(found, "homepage")),
        email=read_email(taken, found),
        logo=_read_picture(taken, found),
    )
    for each in found.additional_note:
        if element_of(each) == _ELEMENT:
            return apply_note(taken, each, members)
    return members


def _read_agent(taken: Taken, found: Agent | Person) -> Json:
    """Read who acts, where it is no organisation."""
    name = texts_of(taken.take(found, "pref_label" if isinstance(found, Agent) else "full_name"))
    return told(id=own_id(found.id), name=name or {"en": found.id or "?"})


def _read_description(taken: Taken, found: Organisation) -> dict[str, str] | None:
    texts, noted = None, False
    notes = taken.take(found, "additional_note")
    for each in notes:
        if element_of(each) == _ELEMENT and not noted:
            noted = True
        elif texts is None and (subject_of(each) == "Description" or len(notes) == 1):
            taken.take(each, "subject")
            texts = note_texts(taken, each)
        else:
            taken.leave(each)
    return texts


def _read_address(taken: Taken, found: Organisation) -> Json | None:
    first, *others = taken.take(found, "location")
    for each in others:
        taken.leave(each, "a description has one address of an organization")
    address, *more = taken.take(first, "address")
    for each in more:
        taken.leave(each, "a description has one address of an organization")
    country: Concept = taken.take(address, "country_code")
    code = code_of(Vocabulary.COUNTRY, country)
    known = code is not None and re.fullmatch("[A-Z]{2}", code) is not None
    region = texts_of(taken.take(first, "geographic_name"))
    area: Concept | None = next(iter(taken.take(first, "spatial_code")), None)
    area_code = None
    if area is not None and Vocabulary.ATU in area.schemes:
        area_code = (area.id or "").rpartition("/")[2] or None
    label = label_of(area) if area is not None else None
    if len(first.spatial_code) > 1 or (area is not None and area_code is None):
        taken.bend(first, "spatial_code", "the first is kept")
    return told(
        country=code if known else None,
        countryName=None if known else label_of(country),
        region=next(iter(region.values())) if region else label if label != area_code else None,
        regionCode=area_code,
        fullAddress=note_texts(taken, taken.take(address, "full_address")),
    )


def _read_picture(taken: Taken, found: Organisation) -> str | None:
    logo: MediaObject | None = found.logo
    if logo is None:
        return None
    kind = _IMAGES.get(code_of(Vocabulary.FILE_TYPE, logo.content_type) or "")
    encoding = code_of(Vocabulary.ENCODING, logo.content_encoding)
    if kind is None or encoding is None or not _BASE64.fullmatch(logo.content):
        return None
    for member in ("logo",):
        taken.take(found, member)
    for member in ("content", "content_type", "content_encoding"):
        taken.take(logo, member)
    return f"data:image/{kind};base64,{logo.content}"
