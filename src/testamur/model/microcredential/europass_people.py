"""Learners and organisations in the European Learning Model, both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.elm import (
    Accreditation,
    Address,
    Agent,
    Concept,
    ContactPoint,
    Identifier,
    LanguageMap,
    LegalIdentifier,
    Location,
    Mailbox,
    MediaObject,
    Organisation,
    Person,
)
from testamur.model.microcredential import parts
from testamur.model.microcredential.europass_parts import (
    Json,
    attempt,
    code_of,
    concept_of,
    controlled,
    day_of,
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
from testamur.model.microcredential.taken import Taken
from testamur.model.vocabularies import Vocabulary, by_label

__all__ = ["name_members", "organisation_of", "read_learner", "read_organisation"]

_NATIONAL_ID = "national identifier"
_EIDAS = "eIDAS identifier"
_SCHEMES: Mapping[str, str] = {
    "eidas_identifier": _EIDAS,
    "vat_identifier": "VAT number",
    "registration": "registration number",
    "tax_identifier": "tax number",
}
_MANY = frozenset({"vat_identifier", "tax_identifier"})
# ETSI EN 319 412-1, 5.1.4: how a certificate names the organization.
_SEMANTIC = re.compile("(?:VAT|NTR|PSD|LEI|GOV|EXC)([A-Z]{2})-.+", re.DOTALL)
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
    email = _mailbox(organisation.email)
    alternative = organisation.alternative_name
    return Organisation(
        id=own_id(organisation.id) or local_id,
        legal_name=LanguageMap(organisation.name),
        alt_label=LanguageMap(alternative) if alternative else None,
        location=One((_location(address, country, language),)),
        homepage=set_of([page(organisation.website)] if organisation.website else []),
        contact_point=email,
        logo=_picture(organisation.logo),
        accreditation=set_of(accreditations),
        additional_note=set_of([note(description, _DESCRIPTION)] if description else []),
        **_identifiers(organisation.identifiers),
    )


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


def _identifiers(identifiers: tuple[parts.Identifier, ...]) -> dict[str, Any]:
    """Write identifiers, each where the European Learning Model has its place."""
    members: dict[str, list[Any]] = {}
    for each in identifiers:
        slot = next((slot for slot, name in _SCHEMES.items() if name == each.scheme), "identifier")
        written: Identifier | None = _identifier(each)
        legal = isinstance(written, LegalIdentifier)
        if slot == "eidas_identifier" and not legal and (found := _SEMANTIC.fullmatch(each.value)):
            written = _legal(each.value, found[1])
            legal = written is not None
        if slot != "identifier" and (not legal or (slot not in _MANY and slot in members)):
            slot, written = "identifier", _identifier(each)
        if slot != "identifier" and isinstance(written, LegalIdentifier):
            written = LegalIdentifier(notation=each.value, spatial=written.spatial)
        members.setdefault(slot, []).append(written)
    if "eidas_identifier" not in members:
        for each in identifiers:
            found = _SEMANTIC.fullmatch(each.value)
            legal_one = _legal(each.value, each.country or found[1]) if found else None
            if legal_one is not None:
                members["eidas_identifier"] = [legal_one]
                break
    return {
        slot: set_of(values) if slot in _MANY or slot == "identifier" else values[0]
        for slot, values in members.items()
    }


def _identifier(identifier: parts.Identifier) -> Identifier:
    country = controlled(Vocabulary.COUNTRY, identifier.country)
    if country is None:
        return Identifier(notation=identifier.value, scheme_name=identifier.scheme)
    return LegalIdentifier(
        notation=identifier.value, scheme_name=identifier.scheme, spatial=country
    )


def _legal(value: str, country: str) -> LegalIdentifier | None:
    spatial = controlled(Vocabulary.COUNTRY, country)
    return None if spatial is None else LegalIdentifier(notation=value, spatial=spatial)


def _mailbox(email: str | None) -> tuple[ContactPoint, ...]:
    if email is None:
        return ()
    found = attempt(lambda: ContactPoint(email_address=One((Mailbox(id=f"mailto:{email}"),))))
    return set_of(filter(None, [found]))


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


def name_members(learner: parts.Learner, *, language: str) -> dict[str, Any]:
    """Write a learner: the members of a Person beside the claim."""
    names = {
        name: LanguageMap({language: text})
        for name in ("full_name", "given_name", "family_name")
        if (text := getattr(learner, name)) and text.strip()
    }
    national: LegalIdentifier | None = None
    others: list[Identifier] = []
    for each in learner.identifiers:
        if each.scheme == _NATIONAL_ID and each.country is not None and national is None:
            national = _legal(each.value, each.country)
            if national is not None:
                continue
        others.append(_identifier(each))
    return {
        **names,
        "id": own_id(learner.id),
        "date_of_birth": learner.date_of_birth,
        "national_id": national,
        "identifier": set_of(others),
        "contact_point": _mailbox(learner.email),
    }


# Reading.


def read_organisation(taken: Taken, found: Organisation | Agent | Person) -> Json:
    """Read an organization."""
    if not isinstance(found, Organisation):
        return _read_agent(taken, found)
    alternative = taken.take(found, "alt_label")
    if alternative is not None and alternative.has_several:
        taken.bend(found, "alt_label", "of several names in a language the first is kept")
    logo = _read_picture(taken, found)
    return told(
        id=own_id(found.id),
        name=texts_of(taken.take(found, "legal_name")) or {"en": found.id or "?"},
        alternativeName=texts_of(alternative),
        description=_read_description(taken, found),
        address=_read_address(taken, found),
        identifiers=_read_identifiers(taken, found),
        website=url_of(taken, taken.take(found, "homepage")),
        email=_read_email(taken, found),
        logo=logo,
    )


def read_learner(taken: Taken, person: Person) -> Json:
    """Read a learner."""
    names = {}
    for name, alias in (
        ("full_name", "fullName"),
        ("given_name", "givenName"),
        ("family_name", "familyName"),
    ):
        texts = texts_of(taken.take(person, name))
        names[alias] = next(iter(texts.values())) if texts else None
    identifiers = []
    national: LegalIdentifier | None = taken.take(person, "national_id")
    if national is not None:
        identifiers.append(_read_identifier(taken, national, _NATIONAL_ID))
    identifiers += [_read_identifier(taken, each) for each in taken.take(person, "identifier")]
    return told(
        id=own_id(person.id),
        dateOfBirth=day_of(taken, person, "date_of_birth"),
        email=_read_email(taken, person),
        identifiers=identifiers,
        **names,
    )


def _read_agent(taken: Taken, found: Agent | Person) -> Json:
    """Read who acts, where it is no organisation."""
    name = texts_of(taken.take(found, "pref_label" if isinstance(found, Agent) else "full_name"))
    return told(id=own_id(found.id), name=name or {"en": found.id or "?"})


def _read_description(taken: Taken, found: Organisation) -> dict[str, str] | None:
    notes = taken.take(found, "additional_note")
    texts = None
    for each in notes:
        if texts is None and (subject_of(each) == "Description" or len(notes) == 1):
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


def _read_identifiers(taken: Taken, found: Organisation) -> list[Json]:
    identifiers: list[Json] = []
    for slot, scheme in _SCHEMES.items():
        value = taken.take(found, slot)
        values = value if isinstance(value, tuple) else (value,) if value is not None else ()
        identifiers += (_read_identifier(taken, each, scheme) for each in values)
    identifiers += (_read_identifier(taken, each) for each in taken.take(found, "identifier"))
    if found.eidas_identifier is not None and any(
        all(each.get(name) == identifiers[0].get(name) for name in ("value", "country"))
        for each in identifiers[1:]
    ):
        del identifiers[0]  # said once more, for the seal
    elif found.eidas_identifier is not None and any(
        each.get("value") == identifiers[0]["value"] and "country" not in each
        for each in identifiers[1:]
    ):
        del identifiers[0]
    return identifiers


def _read_identifier(taken: Taken, found: Identifier, scheme: str | None = None) -> Json:
    name = taken.take(found, "scheme_name")
    spatial = found.__dict__.get("spatial")
    if spatial is not None:
        taken.take(found, "spatial")
    return told(
        value=taken.take(found, "notation"),
        scheme=name or scheme,
        country=code_of(Vocabulary.COUNTRY, spatial),
    )


def _read_email(taken: Taken, found: Organisation | Person) -> str | None:
    email = None
    for point in found.contact_point:
        for box in point.email_address:
            if email is None:
                taken.take(found, "contact_point")
                taken.take(point, "email_address")
                email = box.id.removeprefix("mailto:")
            else:
                taken.leave(box, "a description has one e-mail address here")
    return email


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
