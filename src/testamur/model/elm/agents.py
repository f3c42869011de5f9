"""Who: persons, organisations, groups; and what accredits them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import (
    AccreditationType,
    AnyConcept,
    Country,
    EqfLevel,
    Jurisdiction,
    ThematicArea,
)
from testamur.model.elm.language import ManyTexts, OneText, Texts
from testamur.model.elm.node import Link, Node
from testamur.model.elm.parts import Documented, Identified
from testamur.model.elm.values import BirthDate, DateModified, civil_date

__all__ = ["Accreditation", "Agent", "Group", "Organisation", "Person"]


class _AnyAgent(Identified):
    """What agents of all kinds have in common."""

    group_member_of: OneOrMany[kinds.Group] = ()
    contact_point: OneOrMany[kinds.ContactPoint] = ()
    date_modified: Maybe[DateModified] = None


class Agent(_AnyAgent):
    """Somebody or something that acts, where neither Person nor Organisation fits."""

    default_type = One(("Agent",))

    pref_label: Maybe[Texts] = None
    alt_label: Maybe[ManyTexts] = None
    location: OneOrMany[kinds.Location] = ()
    additional_note: OneOrMany[kinds.Note] = ()


class Person(_AnyAgent):
    """A human being. The data model takes each name in one language alone.

    The published context has `nationalID` for what the shapes call `nationalId`.
    """

    default_type = One(("Person",))
    more_types = ("Agent",)

    full_name: Maybe[OneText] = None
    given_name: Maybe[OneText] = None
    family_name: Maybe[OneText] = None
    birth_name: Maybe[ManyTexts] = None
    patronymic_name: Maybe[ManyTexts] = None
    national_id: Maybe[kinds.LegalIdentifier] = Field(default=None, alias="nationalID")
    date_of_birth: Maybe[BirthDate] = None
    place_of_birth: Maybe[kinds.Location] = None
    citizenship_country: OneOrMany[Country] = ()
    gender: Maybe[AnyConcept] = None
    location: Maybe[kinds.Location] = None
    member_of: OneOrMany[Link[kinds.Organisation]] = ()
    has_claim: AtLeastOne[kinds.AnyClaim]
    has_credential: OneOrMany[kinds.EuropeanDigitalCredential] = ()

    @property
    def birthday(self) -> date | None:
        """The day of birth; the midnight of Central Europe in UTC counts as the day it begins."""
        moment = self.date_of_birth
        return civil_date(moment) if isinstance(moment, datetime) else moment


class Organisation(_AnyAgent):
    """An organisation. The issuer's also has an `eIDASIdentifier`, added when it is sealed."""

    default_type = One(("Organisation",))
    more_types = ("Agent",)

    legal_name: Texts
    alt_label: Maybe[ManyTexts] = None
    location: AtLeastOne[kinds.Location]
    eidas_identifier: Maybe[kinds.LegalIdentifier] = Field(default=None, alias="eIDASIdentifier")
    registration: Maybe[kinds.LegalIdentifier] = None
    vat_identifier: OneOrMany[kinds.LegalIdentifier] = ()
    tax_identifier: OneOrMany[kinds.LegalIdentifier] = ()
    dc_type: OneOrMany[AnyConcept] = ()
    homepage: OneOrMany[kinds.WebResource] = ()
    logo: Maybe[kinds.MediaObject] = None
    accreditation: OneOrMany[kinds.Accreditation] = ()
    has_sub_organization: OneOrMany[kinds.Organisation] = ()
    sub_organization_of: Maybe[Link[kinds.Organisation]] = None
    additional_note: OneOrMany[kinds.Note] = ()


class Group(Node):
    """A group of agents, as an alliance of universities."""

    default_type = One(("Group",))

    pref_label: Texts
    alt_label: Maybe[ManyTexts] = None
    dc_type: OneOrMany[AnyConcept] = ()
    location: OneOrMany[kinds.Location] = ()
    contact_point: OneOrMany[kinds.ContactPoint] = ()
    member: OneOrMany[Link[kinds.AnyAgent]] = ()
    additional_note: OneOrMany[kinds.Note] = ()


class Accreditation(Documented):
    """The licence or the quality assurance of an organisation or a qualification."""

    default_type = One(("Accreditation",))

    dc_type: AccreditationType
    accrediting_agent: kinds.Organisation
    homepage: OneOrMany[kinds.WebResource] = ()
    landing_page: OneOrMany[kinds.WebResource] = ()
    report: Maybe[kinds.WebResource] = None
    decision: Maybe[AnyConcept] = None
    status: Maybe[str] = None
    organisation: OneOrMany[Link[kinds.Organisation]] = ()
    limit_qualification: Maybe[Link[kinds.Qualification]] = None
    limit_field: OneOrMany[ThematicArea] = ()
    limit_eqf_level: OneOrMany[EqfLevel] = Field(default=(), alias="limitEQFLevel")
    limit_jurisdiction: OneOrMany[Jurisdiction] = ()
    limit_credential_type: OneOrMany[AnyConcept] = ()
    date_issued: Maybe[DateTime] = None
    review_date: Maybe[DateTime] = None
    expiry_date: Maybe[DateTime] = None
    valid: Maybe[DateTime] = None
    date_modified: Maybe[DateModified] = None
