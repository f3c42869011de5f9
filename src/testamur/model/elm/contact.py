"""Where somebody or something is, and how to reach them."""

from __future__ import annotations

from pydantic import field_validator

from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import AnyConcept, Country
from testamur.model.elm.language import ManyTexts, Texts
from testamur.model.elm.node import Node
from testamur.model.elm.parts import Identified
from testamur.model.faults import fault, shorten
from testamur.model.values import Url

__all__ = ["Address", "ContactPoint", "Location", "Mailbox", "Phone"]


class Address(Identified):
    """A postal address; of it, only the country is a field of its own."""

    default_type = One(("Address",))

    country_code: Country
    full_address: Maybe[kinds.Note] = None


class Location(Identified):
    """A place.

    The data model also has a geometry; the published context has no term for it, so it cannot be
    written.
    """

    default_type = One(("Location",))

    address: AtLeastOne[kinds.Address]
    geographic_name: Maybe[ManyTexts] = None
    spatial_code: OneOrMany[AnyConcept] = ()
    description: Maybe[Texts] = None


class Phone(Node):
    """A telephone number, whole or in parts.

    The published context has `areaDialingCode` for what the shapes call `areaDialing`.
    """

    default_type = One(("Phone",))

    phone_number: Maybe[str] = None
    country_dialing: Maybe[str] = None
    area_dialing_code: Maybe[str] = None
    dial_number: Maybe[str] = None


class Mailbox(Node):
    """An e-mail address: its id, as `mailto:ana@example.org`."""

    default_type = One(("Mailbox",))

    id: Url

    @field_validator("id")
    @classmethod
    def _check_mailto(cls, value: str) -> str:
        if not value.startswith("mailto:"):
            raise fault(f"is {shorten(value)}; write the address as mailto:ana@example.org")
        return value


class ContactPoint(Node):
    """Ways to reach somebody."""

    default_type = One(("ContactPoint",))

    address: OneOrMany[kinds.Address] = ()
    phone: OneOrMany[kinds.Phone] = ()
    email_address: OneOrMany[kinds.Mailbox] = ()
    contact_form: OneOrMany[kinds.WebResource] = ()
    description: Maybe[Texts] = None
    additional_note: OneOrMany[kinds.Note] = ()
