"""Identifiers and e-mail addresses in the European Learning Model, both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from testamur.model.base import One
from testamur.model.elm import (
    ContactPoint,
    Identifier,
    LegalIdentifier,
    Mailbox,
    Organisation,
    Person,
)
from testamur.model.microcredential import parts
from testamur.model.microcredential.europass.elements import (
    Json,
    attempt,
    code_of,
    controlled,
    set_of,
    told,
)
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.vocabularies import Vocabulary

__all__ = [
    "identifier_members",
    "identifier_of",
    "legal_identifier",
    "mailbox",
    "read_email",
    "read_identifier",
    "read_identifiers",
]

_SEALED, _OTHER = "eidas_identifier", "identifier"
_SCHEMES: Mapping[str, str] = {
    _SEALED: "eIDAS identifier",
    "vat_identifier": "VAT number",
    "registration": "registration number",
    "tax_identifier": "tax number",
}
_MANY = frozenset({"vat_identifier", "tax_identifier", _OTHER})
# ETSI EN 319 412-1, 5.1.4: how a certificate names the organization.
_SEMANTIC = re.compile("(?:VAT|NTR|PSD|LEI|GOV|EXC)([A-Z]{2})-.+", re.DOTALL)


def identifier_members(identifiers: tuple[parts.Identifier, ...]) -> dict[str, Any]:
    """Write identifiers of an organization, each where the European Learning Model has its place.

    One in the form in which certificates of seals name organizations is also its `eIDASIdentifier`.
    """
    members: dict[str, list[Identifier]] = {}
    for each in identifiers:
        slot, written = _placed(each)
        if slot in members and slot not in _MANY:
            slot, written = _OTHER, identifier_of(each)
        members.setdefault(slot, []).append(written)
    if _SEALED not in members:
        named = (legal_identifier(e.value, _country(e)) for e in identifiers if _is_semantic(e))
        sealed = next(filter(None, named), None)
        if sealed is not None:
            members[_SEALED] = [sealed]
    return {
        slot: set_of(values) if slot in _MANY else values[0] for slot, values in members.items()
    }


def identifier_of(identifier: parts.Identifier) -> Identifier:
    """Write an identifier of any scheme; one with a country is a legal identifier."""
    country = controlled(Vocabulary.COUNTRY, identifier.country)
    if country is None:
        return Identifier(notation=identifier.value, scheme_name=identifier.scheme)
    return LegalIdentifier(
        notation=identifier.value, scheme_name=identifier.scheme, spatial=country
    )


def legal_identifier(value: str, country: str | None) -> LegalIdentifier | None:
    """Write an identifier whose scheme is told by its place; None where no country is known."""
    spatial = controlled(Vocabulary.COUNTRY, country)
    return None if spatial is None else LegalIdentifier(notation=value, spatial=spatial)


def _placed(identifier: parts.Identifier) -> tuple[str, Identifier]:
    """Return the member in which an identifier has its place, and write it."""
    slot = next((slot for slot, name in _SCHEMES.items() if name == identifier.scheme), _OTHER)
    country = _country(identifier) if slot == _SEALED else identifier.country
    legal = legal_identifier(identifier.value, country) if slot != _OTHER else None
    return (_OTHER, identifier_of(identifier)) if legal is None else (slot, legal)


def _is_semantic(identifier: parts.Identifier) -> bool:
    return _SEMANTIC.fullmatch(identifier.value) is not None


def _country(identifier: parts.Identifier) -> str | None:
    """Return the country of an identifier, which may stand in the identifier itself."""
    found = _SEMANTIC.fullmatch(identifier.value)
    return identifier.country or (found[1] if found is not None else None)


def mailbox(email: str | None) -> tuple[ContactPoint, ...]:
    """Write an e-mail address; nothing where it is none."""
    if email is None:
        return ()
    found = attempt(lambda: ContactPoint(email_address=One((Mailbox(id=f"mailto:{email}"),))))
    return set_of(filter(None, [found]))


def read_identifiers(taken: Taken, found: Organisation) -> list[Json]:
    """Read the identifiers of an organization; `eIDASIdentifier` unless it is another's copy."""
    identifiers: list[Json] = []
    for slot, scheme in _SCHEMES.items():
        value = taken.take(found, slot)
        values = value if isinstance(value, tuple) else (value,) if value is not None else ()
        identifiers += (read_identifier(taken, each, scheme) for each in values)
    identifiers += (read_identifier(taken, each) for each in taken.take(found, "identifier"))
    if found.eidas_identifier is None:
        return identifiers
    sealed, *others = identifiers
    is_copy = any(
        each["value"] == sealed["value"] and each.get("country") in (None, sealed.get("country"))
        for each in others
    )
    return others if is_copy else identifiers


def read_identifier(taken: Taken, found: Identifier, scheme: str | None = None) -> Json:
    """Read an identifier. scheme: what its place tells of it."""
    name = taken.take(found, "scheme_name")
    spatial = found.__dict__.get("spatial")
    if spatial is not None:
        taken.take(found, "spatial")
    return told(
        value=taken.take(found, "notation"),
        scheme=name or scheme,
        country=code_of(Vocabulary.COUNTRY, spatial),
    )


def read_email(taken: Taken, found: Organisation | Person) -> str | None:
    """Read the first e-mail address of all points of contact."""
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
