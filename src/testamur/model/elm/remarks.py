"""What a European Digital Credential may say but probably does not mean to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from testamur.model.base import Model
from testamur.model.dates import LexicalDateTime
from testamur.model.elm.agents import Person
from testamur.model.elm.credential import EuropeanDigitalCredential
from testamur.model.elm.language import LanguageMap
from testamur.model.elm.parts import MediaObject
from testamur.model.elm.profiles import Profile
from testamur.model.elm.values import civil_date, counts_months, is_shifted
from testamur.model.elm.walk import Walk
from testamur.model.faults import Fault, shorten
from testamur.model.vocabularies import Vocabulary, find

__all__ = ["LARGE_CONTENT", "remarks_on"]

LARGE_CONTENT = 100_000
"""characters of all files inside a credential together, from which on carriers refuse it."""

_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"

# How long learning takes; a whole offer may well take months.
_WORK = ("volume_of_learning", "workload")


def remarks_on(credential: EuropeanDigitalCredential, walk: Walk, path: str) -> Iterator[Fault]:
    """Yield the remarks on a credential, each with its path.

    Args:
        credential: what is looked at.
        walk: over the credential.
        path: what the paths begin with.
    """
    yield from _types(credential, path)
    yield from _profiles(credential, path)
    if credential.issuance_date is None and credential.issued is not None:
        yield Fault(
            f"{path}.issuanceDate",
            "is missing, which the VC Data Model 1.1 demands beside issued; add the same moment",
        )
    size = 0
    for where, node in walk.nodes:
        yield from _simple_members(node, where)
        if isinstance(node, Person):
            yield from _birth(node, where)
        elif isinstance(node, MediaObject):
            size += len(node.content)
    if size > LARGE_CONTENT:
        yield Fault(
            path,
            f"holds files of {size} characters; QR codes and some wallets take far less, so make"
            " the images smaller",
        )


def _types(credential: EuropeanDigitalCredential, path: str) -> Iterator[Fault]:
    for each in credential.type:
        if each not in credential.default_type:
            yield Fault(
                f"{path}.type",
                f"names {shorten(each)}, which neither context defines; it is lost on expansion,"
                " and a proof over the graph does not cover it",
                found=each,
            )


def _profiles(credential: EuropeanDigitalCredential, path: str) -> Iterator[Fault]:
    schemas = {each.id for each in credential.credential_schema}
    concepts = {each.id for each in credential.credential_profiles}
    for profile in Profile:
        if profile is Profile.GENERIC:
            continue
        if profile.concept in concepts and profile not in schemas:
            yield Fault(
                f"{path}.credentialSchema",
                f"does not name {profile}, though credentialProfiles does, so Europass checks the"
                " credential by less than it says; name both",
                expected=str(profile),
            )
        elif profile in schemas and profile.concept not in concepts:
            yield Fault(
                f"{path}.credentialProfiles",
                f"does not name {profile.concept}, the profile of its schema; name both",
                expected=profile.concept,
            )


def _birth(person: Person, path: str) -> Iterator[Fault]:
    moment = person.date_of_birth
    if isinstance(moment, datetime) and is_shifted(moment):
        yield Fault(
            f"{path}.dateOfBirth",
            f"is {_text(moment)}, the midnight of Central Europe written in UTC, so it is read as"
            f" {civil_date(moment)}; write {civil_date(moment)}T00:00:00Z",
            found=_text(moment),
        )


def _simple_members(node: Model, path: str) -> Iterator[Fault]:
    for name, value in node.__dict__.items():
        kind = type(value)
        if kind is LanguageMap:
            yield from _texts(value, f"{path}.{_alias(node, name)}")
        elif kind is LexicalDateTime:
            yield from _moment(value, f"{path}.{_alias(node, name)}")
        elif name in _WORK and kind is str and counts_months(value):
            yield Fault(
                f"{path}.{_alias(node, name)}",
                f"is {value}, which counts months; hours are written as PT60H",
                found=value,
            )


def _texts(value: LanguageMap, path: str) -> Iterator[Fault]:
    if not value.is_whole:
        yield Fault(path, "has a blank text; write it, or leave it out")
    for tag in value:
        term = find(Vocabulary.LANGUAGE, _LANGUAGES + tag.upper()) if len(tag) == 3 else None
        if term is not None and len(term.code) < len(tag):
            yield Fault(
                path,
                f"has a text in {tag!r}, a code of another list; texts are in {term.code!r}",
                found=tag,
            )


def _alias(node: Model, name: str) -> str:
    return type(node).model_fields[name].alias or name


def _moment(value: LexicalDateTime, path: str) -> Iterator[Fault]:
    if "T" not in value.lexical:
        yield Fault(
            path,
            f"is {value.lexical}, a day, where the data model has a dateTime; write"
            f" {value.lexical[:10]}T00:00:00Z",
            found=value.lexical,
        )
    elif value.tzinfo is None:
        yield Fault(
            path,
            f"is {value.lexical}, without a time zone, so it is read differently in different"
            " places; end it with Z",
            found=value.lexical,
        )


def _text(moment: object) -> str:
    return moment.lexical if isinstance(moment, LexicalDateTime) else str(moment)
