"""The small parts that many classes have: identifiers, notes, web pages, files, credit points."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from testamur.model.base import Maybe, One, OneOrMany, StringOr
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import AnyConcept, Country, Language
from testamur.model.elm.language import ManyTexts, OneText, Texts
from testamur.model.elm.node import Node
from testamur.model.elm.values import WholeNumber
from testamur.model.values import Url, check_url

__all__ = [
    "CreditPoint",
    "Described",
    "Documented",
    "Identified",
    "Identifier",
    "LegalIdentifier",
    "MediaObject",
    "Note",
    "PeriodOfTime",
    "WebResource",
]


class Identified(Node):
    """What may have identifiers."""

    identifier: OneOrMany[kinds.AnyIdentifier] = ()


class Described(Node):
    """What has a title and may have a description and documents."""

    title: Texts
    description: Maybe[Texts] = None
    supplementary_document: OneOrMany[kinds.WebResource] = ()


class Documented(Described, Identified):
    """What has a title and may have everything that is common in the data model."""

    additional_note: OneOrMany[kinds.Note] = ()


class Identifier(Node):
    """An identifier that an agency gave; `notation` is the identifier itself."""

    default_type = One(("Identifier",))

    notation: str
    scheme_name: Maybe[str] = None
    scheme_id: Maybe[Url] = None
    scheme_version: Maybe[str] = None
    scheme_agency: Maybe[OneText] = None
    creator: Maybe[Annotated[str | kinds.AnyAgent, StringOr(check_url)]] = None
    date_issued: Maybe[DateTime] = None
    dc_type: OneOrMany[AnyConcept] = ()


class LegalIdentifier(Identifier):
    """An identifier that the law of a country gives, as a VAT number."""

    default_type = One(("LegalIdentifier",))
    more_types = ("Identifier",)

    spatial: Country


class Note(Node):
    """A text, in some languages."""

    default_type = One(("Note",))

    note_literal: ManyTexts
    subject: Maybe[AnyConcept] = None
    note_format: Maybe[AnyConcept] = None


class WebResource(Node):
    """A page on the web."""

    default_type = One(("WebResource",))

    content_url: Url = Field(alias="contentURL")
    title: Maybe[Texts] = None
    language: Maybe[Language] = None


class MediaObject(Node):
    """A file inside the credential, as an image in base64."""

    default_type = One(("MediaObject",))

    content_type: AnyConcept
    content_encoding: AnyConcept
    content: str
    content_size: Maybe[WholeNumber] = None
    content_url: Maybe[Url] = Field(default=None, alias="contentURL")
    title: Maybe[Texts] = None
    description: Maybe[Texts] = None
    attachment_type: Maybe[AnyConcept] = None


class PeriodOfTime(Node):
    """A time from a start to an end, either of which may be open."""

    default_type = One(("PeriodOfTime",))

    pref_label: Maybe[Texts] = None
    start_date: Maybe[DateTime] = None
    end_date: Maybe[DateTime] = None


class CreditPoint(Node):
    """Credits, with the system that they are of, as "2" of ECTS."""

    default_type = One(("CreditPoint",))

    framework: AnyConcept
    point: str
