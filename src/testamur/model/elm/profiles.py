"""The application profiles of European Digital Credentials, and what each asks beyond the classes.

The rules are those of the published shapes: a rule about persons is one about every person in the
credential, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from testamur.model.base import Model, One
from testamur.model.elm.agents import Person
from testamur.model.elm.claims import LearningAchievement
from testamur.model.elm.credential import EuropeanDigitalCredential
from testamur.model.elm.evidence import Evidence
from testamur.model.elm.specifications import Qualification
from testamur.model.elm.walk import Walk
from testamur.model.faults import Fault, shorten

__all__ = ["Profile", "profile_faults", "profiles_of", "schema_faults"]

_AP = "http://data.europa.eu/snb/model/ap/edc-"
_LIST = "http://data.europa.eu/snb/credential/"


class Profile(StrEnum):
    """A kind of European Digital Credential; the value is the IRI of its shapes."""

    GENERIC = f"{_AP}generic-full"
    ACCREDITED = f"{_AP}accredited"
    DIPLOMA_SUPPLEMENT = f"{_AP}diploma-supplement"
    CONVERTED = f"{_AP}converted"
    ISSUED_BY_MANDATE = f"{_AP}issued-by-mandate"

    @property
    def concept(self) -> str:
        """The IRI that `credentialProfiles` names it by."""
        return _LIST + _CONCEPTS[self]


_CONCEPTS: Mapping[Profile, str] = {
    Profile.GENERIC: "e34929035b",
    Profile.ACCREDITED: "c_ae121a00",
    Profile.DIPLOMA_SUPPLEMENT: "6dff8a0f87",
    Profile.CONVERTED: "c_7e400154",
    Profile.ISSUED_BY_MANDATE: "c_9a31f32a",
}
_NO_VOCABULARIES = f"{_AP}generic-no-cv"


def profiles_of(credential: EuropeanDigitalCredential) -> frozenset[Profile]:
    """Return the profiles that a credential says it is of, by its schema or by its profiles."""
    schemas = {each.id for each in credential.credential_schema}
    concepts = {each.id for each in credential.credential_profiles}
    return frozenset(each for each in Profile if each in schemas or each.concept in concepts)


def profile_faults(
    credential: EuropeanDigitalCredential, walk: Walk, profiles: Iterable[Profile], path: str
) -> Iterator[Fault]:
    """Yield what the profiles ask and the credential lacks.

    Args:
        credential: what is checked.
        walk: over the credential.
        profiles: which are asked; a diploma supplement is also an accredited credential.
        path: what the path of a fault begins with.
    """
    asked = set(profiles)
    if Profile.DIPLOMA_SUPPLEMENT in asked:
        asked.add(Profile.ACCREDITED)
    for profile in Profile:
        rules = _RULES.get(profile, ())
        if profile not in asked:
            continue
        if profile is not Profile.DIPLOMA_SUPPLEMENT and rules and not credential.evidence:
            yield _missing(f"{path}.evidence", profile, "is missing; add an Evidence")
        for where, node in walk.nodes:
            for model, member, rule in rules:
                if isinstance(node, model):
                    yield from _broken(node, member, rule, where, profile)


def schema_faults(credential: EuropeanDigitalCredential, path: str) -> Iterator[Fault]:
    """Yield the schemas that are none of the published shapes."""
    known = {str(each) for each in Profile} | {_NO_VOCABULARIES}
    schemas = credential.credential_schema
    for position, each in enumerate(schemas):
        if each.id not in known:
            https = each.id.replace("https:", "http:", 1)
            remedy = f"it with http: {https}" if https in known else Profile.GENERIC
            index = "" if isinstance(schemas, One) else f"[{position}]"
            yield Fault(
                f"{path}.credentialSchema{index}.id",
                f"{shorten(each.id)} is none of the published profiles; write {remedy}",
                found=each.id,
            )


_Rule: TypeAlias = tuple[str, Callable[[tuple[Any, ...]], bool]]

_ONE: _Rule = ("is missing; add it", lambda values: len(values) == 1)
_SOME: _Rule = ("is missing; add at least one", lambda values: bool(values))
_ONE_ALONE: _Rule = ("must have exactly one value; write one", lambda values: len(values) == 1)
_ONE_ACHIEVEMENT: _Rule = (
    "must be exactly one LearningAchievement; write that, with the others as its parts",
    lambda values: len(values) == 1 and isinstance(values[0], LearningAchievement),
)

_RULES: Mapping[Profile, tuple[tuple[type[Model], str, _Rule], ...]] = {
    Profile.ACCREDITED: (
        (Evidence, "accreditation", _ONE),
        (Person, "has_claim", _ONE_ACHIEVEMENT),
    ),
    Profile.DIPLOMA_SUPPLEMENT: (
        (Person, "full_name", _ONE),
        (Person, "date_of_birth", _ONE),
        (LearningAchievement, "credit_received", _ONE_ALONE),
        (LearningAchievement, "proven_by", _ONE_ALONE),
        (Qualification, "language", _SOME),
        (Qualification, "mode", _SOME),
        (Qualification, "thematic_area", _SOME),
        (Qualification, "maximum_duration", _ONE),
        (Qualification, "learning_outcome", _SOME),
        (Qualification, "awarding_opportunity", _SOME),
        (Qualification, "has_part", _SOME),
        (Qualification, "nqf_level", _SOME),
    ),
    Profile.CONVERTED: ((Evidence, "embedded_evidence", _SOME),),
    Profile.ISSUED_BY_MANDATE: ((Evidence, "evidence_statement", _ONE),),
}


def _broken(node: Model, member: str, rule: _Rule, where: str, profile: Profile) -> Iterator[Fault]:
    value = getattr(node, member)
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    reason, holds = rule
    if not holds(values):
        alias = type(node).model_fields[member].alias or member
        yield _missing(f"{where}.{alias}", profile, reason)


def _missing(path: str, profile: Profile, reason: str) -> Fault:
    name = profile.name.lower().replace("_", " ")
    return Fault(path, f"{reason} (the profile {name} asks for it)", expected=str(profile))
