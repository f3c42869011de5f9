"""Organizations and learners in Open Badges 3.0: profiles and identity objects, both ways."""

from __future__ import annotations

from testamur.canon.strict_json import dumps, parse_object
from testamur.errors import TestamurError
from testamur.model.microcredential.parts import (
    Address,
    HashedIdentity,
    Identifier,
    Learner,
    Organisation,
)
from testamur.model.ob3 import credential as ob3
from testamur.model.ob3.achievement import Image
from testamur.model.ob3.identity import IdentifierEntry, IdentityObject
from testamur.model.ob3.vocabulary import IdentifierType

__all__ = ["learner_of", "organisation_of", "profile_of", "recipient_of"]

_IDENTIFIER = "ext:Identifier"
_NAMES = {"given_name": "ext:givenName", "family_name": "ext:familyName"}
_DATE_OF_BIRTH = "ext:dateOfBirth"


def profile_of(organisation: Organisation, *, language: str, default_id: str) -> ob3.Profile:
    """Write an organization as a profile, whose texts have one language.

    Args:
        language: which texts are taken.
        default_id: a profile has an id; this one, where the organization has none.
    """
    address = organisation.address
    return ob3.Profile(
        id=organisation.id or default_id,
        name=text_in(organisation.name, language),
        description=text_in(organisation.description, language),
        url=organisation.website,
        email=organisation.email,
        image=Image(id=organisation.logo) if organisation.logo else None,
        address=None
        if address is None
        else ob3.Address(
            address_country=address.country_name,
            address_country_code=address.country,
            address_region=address.region,
            address_locality=address.locality,
            postal_code=address.postal_code,
            street_address=address.street or text_in(address.full_address, language),
        ),
        other_identifier=tuple(
            IdentifierEntry(identifier=each.value, identifier_type=IdentifierType.IDENTIFIER)
            for each in organisation.identifiers
        ),
    )


def organisation_of(profile: ob3.Profile | str, *, language: str) -> Organisation:
    """Read a profile; what it says of more than these members stays behind."""
    if isinstance(profile, str):
        return Organisation(id=profile, name={language: profile})
    return Organisation(
        id=profile.id,
        name=_texts(profile.name, language) or {language: profile.id},
        description=_texts(profile.description, language),
        website=profile.url,
        email=profile.email,
        logo=profile.image.id if profile.image is not None else None,
        address=_address(profile.address),
        identifiers=tuple(
            Identifier(value=each.identifier, scheme=_scheme(each.identifier_type))
            for each in profile.other_identifier
        ),
    )


def recipient_of(learner: Learner) -> tuple[IdentityObject, ...]:
    """Write what is known of a learner beside the id."""
    told = [
        (IdentifierType.NAME, learner.full_name),
        *((kind, getattr(learner, name)) for name, kind in _NAMES.items()),
        (_DATE_OF_BIRTH, learner.date_of_birth.isoformat() if learner.date_of_birth else None),
        (IdentifierType.EMAIL_ADDRESS, learner.email),
        *((_IDENTIFIER, dumps(each.to_json())) for each in learner.identifiers),
    ]
    plain = [
        IdentityObject(hashed=False, identity_type=kind, identity_hash=value)
        for kind, value in told
        if value is not None
    ]
    hashed = [
        IdentityObject(
            hashed=True, identity_type=each.kind, identity_hash=each.hash, salt=each.salt
        )
        for each in learner.identities
    ]
    return (*plain, *hashed)


def learner_of(identifier: str | None, identities: tuple[IdentityObject, ...]) -> Learner:
    """Read a learner out of an id and identity objects."""
    fields = {str(IdentifierType.NAME): "fullName", str(IdentifierType.EMAIL_ADDRESS): "email"}
    fields |= {"ext:givenName": "givenName", "ext:familyName": "familyName"}
    fields[_DATE_OF_BIRTH] = "dateOfBirth"
    found: dict[str, object] = {} if identifier is None else {"id": identifier}
    identifiers, hashed = [], []
    for each in identities:
        member = fields.get(str(each.identity_type))
        if each.hashed:
            hashed.append(
                HashedIdentity(
                    kind=str(each.identity_type), hash=each.identity_hash, salt=each.salt
                )
            )
        elif member is not None and member not in found:
            found[member] = each.identity_hash
        else:
            identifiers.append(_identifier(each))
    found["identifiers"] = identifiers
    found["identities"] = hashed
    try:
        return Learner.from_json(found)  # type: ignore[arg-type]
    except TestamurError:  # a date of birth that is none
        found.pop("dateOfBirth", None)
        return Learner.from_json(found)  # type: ignore[arg-type]


def text_in(texts: dict[str, str] | None, language: str) -> str | None:
    """Return a text in a language, or in the first there is."""
    if not texts:
        return None
    return texts.get(language) or next(iter(texts.values()))


def _identifier(identity: IdentityObject) -> Identifier:
    if identity.identity_type == _IDENTIFIER:
        try:
            return Identifier.from_json(parse_object(identity.identity_hash))
        except TestamurError:
            return Identifier(value=identity.identity_hash)
    return Identifier(value=identity.identity_hash, scheme=_scheme(identity.identity_type))


def _scheme(kind: IdentifierType | str) -> str | None:
    if kind == IdentifierType.IDENTIFIER:
        return None
    return str(kind).removeprefix("ext:")


def _texts(value: object, language: str) -> dict[str, str] | None:
    if isinstance(value, str):
        return {language: value} if value.strip() else None
    values = value if isinstance(value, tuple) else ()
    found = {each.language or language: each.value for each in values if each.value.strip()}
    return found or None


def _address(address: ob3.Address | None) -> Address | None:
    if address is None:
        return None
    code = address.address_country_code
    known = code is not None and len(code) == 2 and code.isascii() and code.isalpha()
    return Address(
        country=code.upper() if code is not None and known else None,
        country_name=address.address_country or (None if known else code),
        region=address.address_region,
        locality=address.address_locality,
        postal_code=address.postal_code,
        street=address.street_address,
    )
