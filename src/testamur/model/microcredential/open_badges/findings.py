"""What a badge says that a description has no place for, member by member (Open Badges 3.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from testamur.canon.strict_json import JsonValue
from testamur.model.microcredential.open_badges.extension import EXTENSION_MEMBER
from testamur.model.microcredential.open_badges.foreign_members import FOREIGN_MEMBERS
from testamur.model.microcredential.reading import Fate, Finding
from testamur.model.ob3 import credential as ob3
from testamur.model.ob3.vocabulary import AchievementType

__all__ = ["not_placed"]

_PROFILE = frozenset(
    {"id", "type", "name", "description", "url", "email", "image", "address", "otherIdentifier"}
)
_ADDRESS = frozenset(
    {"type", "addressCountry", "addressCountryCode", "addressRegion", "addressLocality",
     "postalCode", "streetAddress"}
)  # fmt: skip
_IMAGE = frozenset({"id", "type"})
_ACHIEVEMENT = "credentialSubject.achievement"
_PLACED: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {"@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "issuanceDate",
         "expirationDate", "awardedDate", "credentialSubject", "evidence", "credentialStatus",
         "proof"}
    ),
    "credentialSubject": frozenset(
        {"id", "type", "identifier", "achievement", "activityStartDate", "activityEndDate",
         "creditsEarned", "result"}
    ),
    _ACHIEVEMENT: frozenset(
        {"id", "type", "name", "description", "criteria", "achievementType", "image", "creator",
         "alignment", "resultDescription", "creditsAvailable", "fieldOfStudy", "inLanguage",
         EXTENSION_MEMBER, *FOREIGN_MEMBERS}
    ),
    "evidence": frozenset({"id", "type", "name", "narrative", "description"}),
    "issuer": _PROFILE,
    "issuer.address": _ADDRESS,
    "issuer.image": _IMAGE,
    "issuer.otherIdentifier": frozenset({"type", "identifier", "identifierType"}),
    f"{_ACHIEVEMENT}.criteria": frozenset({"narrative", "type"}),
    f"{_ACHIEVEMENT}.image": _IMAGE,
    f"{_ACHIEVEMENT}.creator": _PROFILE,
    f"{_ACHIEVEMENT}.creator.address": _ADDRESS,
    f"{_ACHIEVEMENT}.creator.image": _IMAGE,
    f"{_ACHIEVEMENT}.resultDescription": frozenset(
        {"id", "type", "name", "resultType", "valueMin", "valueMax", "requiredValue", "alignment"}
    ),
}  # fmt: skip
"""Place → the members of it that have a place in a description; other places are read whole."""

_NO_PLACE = "a description has no such element"


def not_placed(credential: ob3.AchievementCredential) -> Iterator[Finding]:
    """Yield the members of a badge that a description has no place for, or keeps in part."""
    yield from _within(credential.to_json(), "", "")
    yield from _kept_in_part(credential)


def _within(value: JsonValue, place: str, path: str) -> Iterator[Finding]:
    """Yield what is not placed; place: the path without indexes."""
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from _within(each, place, f"{path}[{position}]")
    elif isinstance(value, dict) and place in _PLACED:
        for name, each in value.items():
            at = f"{path}.{name}" if path else name
            if name not in _PLACED[place]:
                yield Finding(at, Fate.NO_PLACE, _NO_PLACE)
            else:
                yield from _within(each, f"{place}.{name}" if place else name, at)


def _kept_in_part(credential: ob3.AchievementCredential) -> Iterator[Finding]:
    achievement = credential.credential_subject.achievement
    kind = achievement.achievement_type
    if kind is not None and kind != AchievementType.MICRO_CREDENTIAL:
        path, note = f"{_ACHIEVEMENT}.achievementType", f"{str(kind)[:60]} is not kept"
        yield Finding(path, Fate.APPROXIMATED, note)
    name: Any = credential.to_json().get("name")
    if isinstance(name, str) and name.strip() != achievement.name.strip():
        yield Finding("name", Fate.APPROXIMATED, "the name of the achievement is kept")
    awarded = credential.awarded_date
    if awarded is not None and awarded != credential.valid_from:
        yield Finding("awardedDate", Fate.APPROXIMATED, "the beginning of validity is kept")
    for position, each in enumerate(credential.evidence):
        if each.narrative and each.description:
            note = "the narrative is kept"
            yield Finding(f"evidence[{position}].description", Fate.APPROXIMATED, note)
