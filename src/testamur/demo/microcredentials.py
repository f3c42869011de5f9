"""Cedefop's table of micro-credentials → Open Badges achievements, and back without loss.

What Open Badges 3.0 has a member for goes there. For the rest (scope of the skills, type of
assessment, stackability, standards, cost) it has none: those become alignments whose `targetType`
is an extension, so that a reader who knows only the standard still sees them.
"""

from __future__ import annotations

import csv
import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass

from testamur import build
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.model.ob3 import Achievement, AchievementType, Address, Alignment, Profile

__all__ = ["MicroCredential", "read_table", "to_achievement", "to_microcredential"]

_VOCABULARY = "https://credentials.college.example/vocabulary"
_NOT_SPECIFIED = "Nothing is specified about how it was assessed."


@dataclass(frozen=True, slots=True)
class MicroCredential:
    """One row of the table; an empty text means "not specified"."""

    sector: str
    title: str
    country: str
    skills_scope: str
    learning_outcome_example: str
    assessment: str
    stackability: str
    standards: str
    cost: str


_ALIGNED = {
    "skills_scope": ("ext:SkillsScope", "Scope of the skills"),
    "assessment": ("ext:AssessmentType", "Type of assessment"),
    "stackability": ("ext:Stackability", "Stackability"),
    "standards": ("ext:Standard", "Standards"),
    "cost": ("ext:Cost", "Cost"),
}


def read_table() -> list[MicroCredential]:
    """Read the 44 rows that ship with testamur (CC BY 4.0, see ATTRIBUTION.md beside the file)."""
    file = importlib.resources.files("testamur.demo") / "cedefop_2023_microcredentials.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return [MicroCredential(**row) for row in csv.DictReader(lines)]


def to_achievement(row: MicroCredential, *, id: str, provider_id: str, image: str) -> Achievement:  # noqa: A002
    """Describe a row as an achievement.

    Args:
        row: what the table says.
        id: the achievement's URL.
        provider_id: the URL of who provides it: the table names the country alone.
        image: the URL of its picture.
    """
    provider = Profile(
        id=provider_id,
        name=f"Provider in {row.country}",
        address=Address(address_country=row.country),
    )
    return build.achievement(
        id=id,
        name=row.title,
        description=row.learning_outcome_example,
        criteria=f"Assessment: {row.assessment}." if row.assessment else _NOT_SPECIFIED,
        achievement_type=AchievementType.MICRO_CREDENTIAL,
        creator=provider,
        field_of_study=row.sector,
        in_language="en",
        image=image,
        alignments=list(_alignments(row)),
    )


def to_microcredential(credential: JsonObject) -> MicroCredential:
    """Read the row back out of a credential that was made from it."""
    achievement = _member(_member(credential, "credentialSubject"), "achievement")
    address = _member(_member(achievement, "creator"), "address")
    aligned = dict.fromkeys(_ALIGNED, "")
    fields = {target_type: field for field, (target_type, _) in _ALIGNED.items()}
    alignments = achievement.get("alignment")
    for alignment in alignments if isinstance(alignments, list) else []:
        if isinstance(alignment, dict):
            field = fields.get(_text(alignment.get("targetType")))
            if field is not None:
                aligned[field] = _text(alignment.get("targetName"))
    return MicroCredential(
        sector=_text(achievement.get("fieldOfStudy")),
        title=_text(achievement.get("name")),
        country=_text(address.get("addressCountry")),
        learning_outcome_example=_text(achievement.get("description")),
        **aligned,
    )


def _alignments(row: MicroCredential) -> Iterator[Alignment]:
    for field, (target_type, label) in _ALIGNED.items():
        value: str = getattr(row, field)
        if value:
            yield build.alignment(
                name=value,
                url=f"{_VOCABULARY}#{field.replace('_', '-')}",
                framework=f"{label}, Cedefop 2023",
                target_type=target_type,
            )


def _member(value: JsonObject, name: str) -> JsonObject:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
