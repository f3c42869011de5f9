"""Texts, people and organizations in a description of a micro-credential."""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, model_validator

from testamur.canon.strict_json import kind
from testamur.model.base import Maybe, Model
from testamur.model.dates import Date
from testamur.model.faults import fault, shorten
from testamur.model.markers import Plain
from testamur.model.ob3.identity import identity_hash
from testamur.model.values import IDENTITY_HASH, Url, check_language_tag

__all__ = [
    "Address",
    "Country",
    "HashedIdentity",
    "Identifier",
    "Learner",
    "Many",
    "Organisation",
    "Part",
    "Reference",
    "Resource",
    "Text",
]

T = TypeVar("T")

_COUNTRY = re.compile("[A-Z]{2}")


def _text(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise fault(
            f'is {kind(value)}; write the language with the text, as {{"en": "…"}}',
            expected="texts by language",
        )
    if not value:
        raise fault("has no text in any language; add one, or leave the member out")
    for language, text in value.items():
        check_language_tag(language)
        if not isinstance(text, str) or not text.strip():
            raise fault(f"[{language}] is no text; write one, or leave the language out")
    return value


def _as_tuple(value: object) -> tuple[object, ...]:
    if not isinstance(value, (list, tuple)):
        raise fault(f"is {kind(value)}; write an array, also of one", expected="array")
    return tuple(value)


def _country(code: str) -> str:
    if not _COUNTRY.fullmatch(code):
        raise fault(
            f"{shorten(code)} is not a country code; write two capital letters, as IE "
            "(ISO 3166-1 alpha-2)",
            expected="ISO 3166-1 alpha-2",
            found=code,
        )
    return code


Text: TypeAlias = Annotated[dict[str, str], Plain(_text)]
"""A text in one or more languages: BCP 47 tag → text; never empty."""

Many: TypeAlias = Annotated[tuple[T, ...], BeforeValidator(_as_tuple)]
"""An array."""

Country: TypeAlias = Annotated[str, AfterValidator(_country)]
"""A country, by two capital letters (ISO 3166-1 alpha-2)."""


class Part(Model):
    """A part of a description; closed: a misspelt member is an error."""

    model_config = ConfigDict(extra="forbid")


class Reference(Part):
    """Something that is kept elsewhere: a skill, a level, a type in a framework of somebody's.

    Attributes:
        url: its IRI, or its page.
        framework: the framework's name, as "ESCO", "DigComp 2.2", "O*NET-SOC", "NZQCF".
        code: what it is called in the framework, as "15-1252.00".
    """

    name: Text
    url: Maybe[Url] = None
    framework: Maybe[str] = None
    code: Maybe[str] = None


class Resource(Part):
    """A page or a file."""

    url: Url
    title: Maybe[Text] = None
    language: Maybe[str] = None


class Identifier(Part):
    """An identifier of an organization or a person.

    Attributes:
        scheme: what kind of identifier it is, in words: "VAT number", "ROR", "Erasmus code".
        country: whose law gave it, for legal identifiers.
    """

    value: str
    scheme: Maybe[str] = None
    country: Maybe[Country] = None


class Address(Part):
    """Where an organization is.

    Attributes:
        country: the country. country_name: what is written where no code fits: "Worldwide".
        region: in words. region_code: NUTS or the EU's administrative units, as "IRL_CTH_DUB".
        full_address: as it is written on a letter, where its parts are not told apart.
    """

    country: Maybe[Country] = None
    country_name: Maybe[str] = None
    region: Maybe[str] = None
    region_code: Maybe[str] = None
    locality: Maybe[str] = None
    postal_code: Maybe[str] = None
    street: Maybe[str] = None
    full_address: Maybe[Text] = None


class Organisation(Part):
    """Who awards, issues, or assures quality.

    Attributes:
        id: its DID or URL.
        logo: by URL or data: URL.
    """

    name: Text
    id: Maybe[Url] = None
    alternative_name: Maybe[Text] = None
    description: Maybe[Text] = None
    address: Maybe[Address] = None
    identifiers: Many[Identifier] = ()
    website: Maybe[Url] = None
    email: Maybe[str] = None
    logo: Maybe[Url] = None


class HashedIdentity(Part):
    """An identifier that is not told, and can be checked by who knows it.

    Attributes:
        kind: what was hashed (Open Badges 3.0, IdentifierTypeEnum), as "emailAddress".
        hash: "sha256$" and the hexadecimal SHA-256 of UTF-8(identifier ‖ salt).
    """

    kind: str
    hash: str
    salt: Maybe[str] = None

    @model_validator(mode="after")
    def _check_hash(self) -> Self:
        if not IDENTITY_HASH.fullmatch(self.hash):
            raise fault(
                f"{shorten(self.hash)} is no hash; write sha256$ and 64 hexadecimal digits, or "
                "use HashedIdentity.of_email()",
                at="hash",
                found=self.hash,
            )
        return self

    @classmethod
    def of_email(cls, email: str, salt: str) -> Self:
        """Hash an e-mail address with a salt, which should be new for every credential."""
        return cls(kind="emailAddress", hash=identity_hash(email, salt), salt=salt)


class Learner(Part):
    """Who learned (European element 1).

    Attributes:
        id: the learner's DID or URL.
        email: in plain; `identities` can hold its hash instead.
    """

    id: Maybe[Url] = None
    full_name: Maybe[str] = None
    given_name: Maybe[str] = None
    family_name: Maybe[str] = None
    date_of_birth: Maybe[Date] = None
    email: Maybe[str] = None
    identifiers: Many[Identifier] = ()
    identities: Many[HashedIdentity] = ()
