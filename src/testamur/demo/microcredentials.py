"""Cedefop's table of micro-credentials → descriptions, and back to the table without loss.

The table says what a study found: a sector, a country in words, an example of an outcome. What a
credential needs beyond it (learner, issuer, dates, a country code where several countries stand in
the table) is made up, and each description says so.
"""

from __future__ import annotations

import csv
import importlib.resources
import re
from dataclasses import dataclass
from datetime import datetime

from testamur.model.microcredential import (
    Address,
    Assessment,
    AssessmentType,
    Cost,
    Learner,
    LearningOutcome,
    MicroCredential,
    Organisation,
    PriorLearning,
    QualityAssurance,
    Reusability,
    Stackability,
    Stacking,
)
from testamur.model.vocabularies import Vocabulary, terms

__all__ = ["EXAMPLE_COUNTRY", "Row", "describe", "read_table", "row_of"]

EXAMPLE_COUNTRY = "IE"
"""Where a provider is whose country the table does not name as one; example data."""

_NOT_IN_THE_TABLE = (
    "Described in Cedefop (2023). Not in its table, and made up as example data: learner, issuer, "
    "dates, the provider's name{country}."
)
_SCOPE = "Scope of the skills: "
_ASSESSED = "Assessment: "
_STANDARDS = "Standards: "
_NO_ASSESSMENT = "No assessment"
_NOT_SPECIFIED = "Nothing is specified about how it was assessed."
_SCOPES = {"Specific": Reusability.SECTOR_SPECIFIC, "Transversal": Reusability.TRANSVERSAL}
_ASSESSMENT_WORDS = {
    "writ": AssessmentType.WRITTEN_EXAMINATION,
    "theoretical": AssessmentType.WRITTEN_EXAMINATION,
    "knowledge test": AssessmentType.WRITTEN_EXAMINATION,
    "oral": AssessmentType.ORAL_EXAMINATION,
    "interview": AssessmentType.ORAL_EXAMINATION,
    "practical": AssessmentType.PRACTICAL_ASSESSMENT,
    "observation": AssessmentType.PRACTICAL_ASSESSMENT,
    "portfolio": AssessmentType.PORTFOLIO,
    "project": AssessmentType.PROJECT_WORK,
    "quiz": AssessmentType.QUIZ,
    "multiple-choice": AssessmentType.QUIZ,
    "assignment": AssessmentType.MARKED_ASSIGNMENT,
}


@dataclass(frozen=True, slots=True)
class Row:
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


def read_table() -> list[Row]:
    """Read the 44 rows that ship with testamur (CC BY 4.0, see ATTRIBUTION.md beside the file)."""
    file = importlib.resources.files("testamur.demo") / "cedefop_2023_microcredentials.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return [Row(**row) for row in csv.DictReader(lines)]


def describe(
    row: Row,
    *,
    id: str,  # noqa: A002
    provider_id: str,
    issuer: Organisation,
    learner: Learner,
    issued: datetime,
    image: str | None = None,
) -> MicroCredential:
    """Describe a row, awarded to a learner.

    Args:
        row: what the table says.
        id: the achievement's URL. provider_id: that of who provides it.
        issuer, learner, issued: example data.
        image: the URL of its picture.
    """
    code = _country_code(row.country)
    made_up = "" if code else f", the country code {EXAMPLE_COUNTRY}"
    outcome = LearningOutcome(
        title={"en": row.learning_outcome_example},
        description={"en": f"{_SCOPE}{row.skills_scope}"} if row.skills_scope else None,
        reusability=_SCOPES.get(row.skills_scope),
    )
    return MicroCredential(
        language="en",
        id=id,
        title={"en": row.title},
        criteria={"en": f"{_ASSESSED}{row.assessment}." if row.assessment else _NOT_SPECIFIED},
        category={"en": row.sector},
        learner=learner,
        issuer=issuer,
        awarding_body=Organisation(
            id=provider_id,
            name={"en": f"Provider in {row.country}"},
            address=Address(country=code or EXAMPLE_COUNTRY, country_name=row.country),
        ),
        issued=issued,
        learning_outcomes=(outcome,) if row.learning_outcome_example else (),
        assessments=_assessments(row.assessment),
        stackability=_stackability(row.stackability),
        prior_learning=_prior_learning(row.stackability),
        quality_assurance=_standards(row.standards),
        cost=Cost(text={"en": row.cost}) if row.cost else None,
        further_information={"en": _NOT_IN_THE_TABLE.format(country=made_up)},
        image=image,
    )


def row_of(description: MicroCredential) -> Row:
    """Return the row that was described."""
    body, outcomes = description.awarding_body, description.learning_outcomes
    stacking = [*description.stackability]
    assured = [*description.quality_assurance]
    criteria = (description.criteria or {}).get("en", "")
    assessment = criteria.removeprefix(_ASSESSED).removesuffix(".")
    scope = outcomes[0].description if outcomes else None
    return Row(
        sector=_text(description.category),
        title=_text(description.title),
        country=(body.address.country_name or "") if body and body.address else "",
        skills_scope=_text(scope).removeprefix(_SCOPE),
        learning_outcome_example=_text(outcomes[0].title) if outcomes else "",
        assessment="" if criteria == _NOT_SPECIFIED else assessment,
        stackability=_text(stacking[0].note) if stacking else "",
        standards=_text(assured[0].title).removeprefix(_STANDARDS) if assured else "",
        cost=_text(description.cost.text) if description.cost else "",
    )


def _assessments(text: str) -> tuple[Assessment, ...]:
    if not text or text == _NO_ASSESSMENT:
        return ()
    types = [kind for word, kind in _ASSESSMENT_WORDS.items() if word in text.casefold()]
    return (Assessment(title={"en": text}, types=tuple(dict.fromkeys(types))),)


def _stackability(text: str) -> tuple[Stacking, ...]:
    if not text:
        return ()
    alone = re.match("standalone", text, re.IGNORECASE) is not None
    relation = Stackability.STAND_ALONE if alone else Stackability.PART_OF
    return (Stacking(relation=relation, note={"en": text}),)


def _prior_learning(text: str) -> PriorLearning | None:
    return PriorLearning(recognized=True) if "prior learning" in text else None


def _standards(text: str) -> tuple[QualityAssurance, ...]:
    if not text:
        return ()
    return (QualityAssurance(title={"en": f"{_STANDARDS}{text}"}),)


def _country_code(country: str) -> str | None:
    """Return the code of a country that the table names alone."""
    return next(
        (each.code for each in terms(Vocabulary.COUNTRY) if each.labels["en"] == country), None
    )


def _text(texts: dict[str, str] | None) -> str:
    return (texts or {}).get("en", "")
