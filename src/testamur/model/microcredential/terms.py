"""The words in which a micro-credential is described, and the European concept behind each.

A description is written by people, so its controlled values are words; the European Learning Model
names the same things by opaque IRIs. `iri` gives a word's IRI, `word` the word of an IRI.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from testamur.model.vocabularies import Cycle, Term, Vocabulary, find

__all__ = [
    "OWN_VOCABULARY",
    "AssessmentType",
    "CreditSystem",
    "Cycle",
    "GradeStatus",
    "LearningSetting",
    "Mode",
    "OutcomeType",
    "QualityAssuranceType",
    "Reusability",
    "Stackability",
    "Supervision",
    "iri",
    "term",
    "word",
    "words",
]

E = TypeVar("E", bound=StrEnum)


class OutcomeType(StrEnum):
    """What kind of learning outcome it is."""

    KNOWLEDGE = "knowledge"
    SKILL = "skill"


class Reusability(StrEnum):
    """How widely a learning outcome can be used."""

    TRANSVERSAL = "transversal"
    CROSS_SECTOR = "cross-sector"
    SECTOR_SPECIFIC = "sector-specific"
    OCCUPATION_SPECIFIC = "occupation-specific"


class CreditSystem(StrEnum):
    """A credit system that Europe has a concept for; others are named in words."""

    ECTS = "ECTS"
    ECVET = "ECVET"


class Mode(StrEnum):
    """A form of participation, or how an assessment is taken."""

    ONLINE = "online"
    BLENDED = "blended"
    ON_SITE = "on-site"
    WORK_BASED = "work-based"
    PROJECT_BASED = "project-based"
    RESEARCH = "research"


class LearningSetting(StrEnum):
    """Whether the learning is formal."""

    FORMAL = "formal"
    NON_FORMAL = "non-formal"


class AssessmentType(StrEnum):
    """A type of assessment of the European list; others are named in words."""

    ARTEFACT = "artefact-assessment"
    ATTENDANCE = "attendance"
    CONTINUOUS_EVALUATION = "continuous-evaluation"
    GROUP_PERFORMANCE = "group-performance"
    MARKED_ASSIGNMENT = "marked-assignment"
    ORAL_EXAMINATION = "oral-examination"
    PEER_ASSESSMENT = "peer-assessment"
    PEER_REVIEW = "peer-review"
    PORTFOLIO = "portfolio"
    PRACTICAL_ASSESSMENT = "practical-assessment"
    PROBLEM_BASED = "problem-based-learning"
    PROJECT_WORK = "project-work"
    QUIZ = "quiz"
    WRITTEN_EXAMINATION = "written-examination"


class Supervision(StrEnum):
    """Whether an assessment was supervised, and whether the learner's identity was checked."""

    SUPERVISED_WITH_IDENTITY_CHECK = "supervised-with-identity-check"
    SUPERVISED = "supervised-without-identity-check"
    UNSUPERVISED_WITH_IDENTITY_CHECK = "unsupervised-with-identity-check"
    UNSUPERVISED = "unsupervised-without-identity-check"


class GradeStatus(StrEnum):
    """Whether the assessment was passed."""

    PASSED = "passed"
    FAILED = "failed"


class QualityAssuranceType(StrEnum):
    """What was assured or licensed: the institution, or the programme."""

    INSTITUTION_LICENSED = "institution-licensed"
    INSTITUTION_ASSURED = "institution-quality-assured"
    PROGRAMME_LICENSED = "programme-licensed"
    PROGRAMME_ASSURED = "programme-quality-assured"


class Stackability(StrEnum):
    """How a micro-credential stands to others."""

    STAND_ALONE = "stand-alone"
    PART_OF = "part-of"
    PREREQUISITE_TO = "prerequisite-to"
    COUNTS_TOWARDS = "counts-towards"


_SNB = "http://data.europa.eu/snb"
OWN_VOCABULARY = "https://w3id.org/testamur/microcredential/v1#"
"""Where words that Europe has no concept for get their IRI; the extension context defines them."""

_IRIS: Mapping[StrEnum, str] = {
    OutcomeType.KNOWLEDGE: f"{_SNB}/skill-type/knowledge",
    OutcomeType.SKILL: f"{_SNB}/skill-type/skill",
    Reusability.TRANSVERSAL: f"{_SNB}/skill-reuse-level/transversal",
    Reusability.CROSS_SECTOR: f"{_SNB}/skill-reuse-level/cross-sector",
    Reusability.SECTOR_SPECIFIC: f"{_SNB}/skill-reuse-level/sector-specific",
    Reusability.OCCUPATION_SPECIFIC: f"{_SNB}/skill-reuse-level/occupation-specific",
    CreditSystem.ECTS: f"{_SNB}/education-credit/6fcec5c5af",
    CreditSystem.ECVET: f"{_SNB}/education-credit/60b314e826",
    Mode.ONLINE: f"{_SNB}/learning-assessment/920fbb3cbe",
    Mode.BLENDED: f"{_SNB}/learning-assessment/e92d221e4d",
    Mode.ON_SITE: f"{_SNB}/learning-assessment/9191af2ed9",
    Mode.WORK_BASED: f"{_SNB}/learning-assessment/729f3bed4b",
    Mode.PROJECT_BASED: f"{_SNB}/learning-assessment/7813801c77",
    Mode.RESEARCH: f"{_SNB}/learning-assessment/ed4c557045",
    LearningSetting.FORMAL: f"{_SNB}/learning-setting/6fd4685715",
    LearningSetting.NON_FORMAL: f"{_SNB}/learning-setting/e207a81fc7",
    AssessmentType.ARTEFACT: f"{_SNB}/assessment/de4d165a6c",
    AssessmentType.ATTENDANCE: f"{_SNB}/assessment/7331eb4762",
    AssessmentType.CONTINUOUS_EVALUATION: f"{_SNB}/assessment/3484bd7e51",
    AssessmentType.GROUP_PERFORMANCE: f"{_SNB}/assessment/56539a6507",
    AssessmentType.MARKED_ASSIGNMENT: f"{_SNB}/assessment/2939dae15f",
    AssessmentType.ORAL_EXAMINATION: f"{_SNB}/assessment/d30284d7df",
    AssessmentType.PEER_ASSESSMENT: f"{_SNB}/assessment/19a2e5e671",
    AssessmentType.PEER_REVIEW: f"{_SNB}/assessment/812e3b0ae1",
    AssessmentType.PORTFOLIO: f"{_SNB}/assessment/4f03b91c0e",
    AssessmentType.PRACTICAL_ASSESSMENT: f"{_SNB}/assessment/6a4db9f11d",
    AssessmentType.PROBLEM_BASED: f"{_SNB}/assessment/c4256a2726",
    AssessmentType.PROJECT_WORK: f"{_SNB}/assessment/795dac4096",
    AssessmentType.QUIZ: f"{_SNB}/assessment/b1b68f6735",
    AssessmentType.WRITTEN_EXAMINATION: f"{_SNB}/assessment/6e6cb2cc78",
    Supervision.SUPERVISED_WITH_IDENTITY_CHECK: f"{_SNB}/supervision-verification/70be69aaf9",
    Supervision.SUPERVISED: f"{_SNB}/supervision-verification/44314532f9",
    Supervision.UNSUPERVISED_WITH_IDENTITY_CHECK: f"{_SNB}/supervision-verification/df2880c5cb",
    Supervision.UNSUPERVISED: f"{_SNB}/supervision-verification/c598449d64",
    GradeStatus.PASSED: f"{_SNB}/grade-status/c_60a1cf9a",
    QualityAssuranceType.INSTITUTION_LICENSED: f"{_SNB}/accreditation/003293d2ce",
    QualityAssuranceType.INSTITUTION_ASSURED: f"{_SNB}/accreditation/bb4618238e",
    QualityAssuranceType.PROGRAMME_LICENSED: f"{_SNB}/accreditation/e57dddfcf3",
    QualityAssuranceType.PROGRAMME_ASSURED: f"{_SNB}/accreditation/820101cba6",
}
_VOCABULARIES: Mapping[type[StrEnum], Vocabulary] = {
    OutcomeType: Vocabulary.SKILL_TYPE,
    Reusability: Vocabulary.SKILL_REUSE_LEVEL,
    CreditSystem: Vocabulary.EDUCATION_CREDIT,
    Mode: Vocabulary.LEARNING_ASSESSMENT,
    LearningSetting: Vocabulary.LEARNING_SETTING,
    AssessmentType: Vocabulary.ASSESSMENT,
    Supervision: Vocabulary.SUPERVISION_VERIFICATION,
    GradeStatus: Vocabulary.GRADE_STATUS,
    QualityAssuranceType: Vocabulary.ACCREDITATION,
}
_WORDS = {iri: word for word, iri in _IRIS.items()}


def iri(word: StrEnum) -> str:
    """Return the European concept of a word, or the word's own IRI where Europe has none."""
    return _IRIS.get(word) or OWN_VOCABULARY + word.value


def word(vocabulary: type[E], iri: str) -> E | None:
    """Return the word of this vocabulary that has this IRI; None for every other IRI."""
    found = _WORDS.get(iri)
    if isinstance(found, vocabulary):
        return found
    name = iri.removeprefix(OWN_VOCABULARY)
    return next((each for each in vocabulary if name != iri and each.value == name), None)


def term(word: StrEnum) -> Term | None:
    """Return the member of a European vocabulary that a word is, where it is one."""
    vocabulary = _VOCABULARIES.get(type(word))
    return find(vocabulary, iri(word)) if vocabulary is not None else None


def words(word: StrEnum, language: str) -> str:
    """Return a word as people write it: the European label in a language, else in English."""
    found = term(word)
    text = word.value.replace("-", " ")
    if found is not None:
        text = found.labels.get(language) or found.labels["en"]
    return text[:1].upper() + text[1:]
