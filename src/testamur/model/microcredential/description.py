"""A micro-credential in the sixteen elements of the European standard, apart from any format.

Council Recommendation 2022/C 243/02 of 16 June 2022, Annex I: eleven elements are mandatory and
five optional. Nothing but title and language is demanded here, since a description is written step
by step; what is missing is said by a completeness report, and what a format needs by its writer.
"""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, model_validator

from testamur.model.base import Maybe
from testamur.model.dates import Date, DateTimeStamp
from testamur.model.faults import fault, shorten
from testamur.model.language import LanguageTag
from testamur.model.markers import Plain
from testamur.model.microcredential.parts import (
    Country,
    Learner,
    Many,
    Organisation,
    Part,
    Reference,
    Resource,
    Text,
)
from testamur.model.microcredential.terms import (
    AssessmentType,
    CreditSystem,
    Cycle,
    GradeStatus,
    LearningSetting,
    Mode,
    OutcomeType,
    QualityAssuranceType,
    Reusability,
    Stackability,
    Supervision,
)
from testamur.model.values import Number, Url, closed

__all__ = [
    "Assessment",
    "Cost",
    "Credit",
    "Evidence",
    "Grade",
    "LearningOutcome",
    "Level",
    "MicroCredential",
    "NationalLevel",
    "Participation",
    "PriorLearning",
    "QualityAssurance",
    "Stacking",
    "Workload",
]

_EFFORT = re.compile(r"P(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?)")
_DURATION = re.compile(
    r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?)?"
)
_ISCED_F = re.compile("[0-9]{2,4}")


def _effort(value: str) -> str:
    if _EFFORT.fullmatch(value):
        return value
    hint = ""
    if re.fullmatch("P[0-9]+M", value):
        hint = f"; {value} would be {value[1:-1]} months, {value[1:-1]} hours are PT{value[1:-1]}H"
    raise fault(
        f"{shorten(value)} is no number of hours; write it as PT60H or PT1H30M{hint}",
        expected="xsd:duration in hours and minutes",
        found=value,
    )


def _duration(value: str) -> str:
    if not _DURATION.fullmatch(value):
        raise fault(
            f"{shorten(value)} is no duration; write it as P14D (days), P3M (months) or PT20H",
            expected="xsd:duration",
            found=value,
        )
    return value


def _isced_f(value: str) -> str:
    if not _ISCED_F.fullmatch(value):
        raise fault(
            f"{shorten(value)} is not an ISCED-F 2013 code; write two to four digits, as 0613",
            expected="ISCED-F 2013 code",
            found=value,
        )
    return value


def _eqf(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 8:
        raise fault(
            f"is {value!r:.20}; write a level of the European Qualifications Framework, 1 to 8",
            expected="1 to 8",
        )
    return value


Effort: TypeAlias = Annotated[str, AfterValidator(_effort)]
"""An amount of learning: xsd:duration in hours and minutes, "PT60H"; months are refused."""

Duration: TypeAlias = Annotated[str, AfterValidator(_duration)]
"""A span of time: xsd:duration, "P6W" being written "P42D"."""


class LearningOutcome(Part):
    """What the learner knows, understands and can do (element 6).

    Attributes:
        id: its URL, where it has one.
        skills: the same in frameworks of others: ESCO, DigComp, O*NET, a national one.
    """

    title: Text
    id: Maybe[Url] = None
    description: Maybe[Text] = None
    kind: Maybe[Annotated[OutcomeType, closed(OutcomeType)]] = None
    reusability: Maybe[Annotated[Reusability, closed(Reusability)]] = None
    skills: Many[Reference] = ()


class Credit(Part):
    """Credit points; a system of the European list, or another by its name."""

    points: Number
    system: Maybe[Annotated[CreditSystem, closed(CreditSystem)]] = None
    other_system: Maybe[str] = None

    @model_validator(mode="after")
    def _check_system(self) -> Self:
        if (self.system is None) is (self.other_system is None):
            raise fault("names no credit system, or two; write system (ECTS) or otherSystem")
        return self


class Workload(Part):
    """How much learning it takes (element 7).

    Attributes:
        effort: the notional workload, "PT60H". contact: the part of it with a teacher.
        duration: from the first day to the last, "P6W" written as "P42D".
    """

    credits: Many[Credit] = ()
    effort: Maybe[Effort] = None
    contact: Maybe[Effort] = None
    duration: Maybe[Duration] = None


class NationalLevel(Part):
    """A level of a national framework, as NFQ 7, NZQCF 4, DQR 5.

    Attributes:
        framework: the framework's name. level: what it is called there.
        url: the level's IRI; of the European list of national levels where it is there.
    """

    framework: str
    level: str
    url: Maybe[Url] = None
    country: Maybe[Country] = None


class Level(Part):
    """How demanding it is (element 8).

    Attributes:
        eqf: European Qualifications Framework, 1 to 8. cycle: QF-EHEA.
    """

    eqf: Maybe[Annotated[int, Plain(_eqf)]] = None
    cycle: Maybe[Annotated[Cycle, closed(Cycle)]] = None
    national: Many[NationalLevel] = ()


class Grade(Part):
    """What was achieved in an assessment (element 14).

    Attributes:
        value: as it is written on a transcript: "1.7", "B", "87 %".
        minimum, maximum, required: the ends of the scale, and what it takes to pass.
    """

    value: str
    status: Maybe[Annotated[GradeStatus, closed(GradeStatus)]] = None
    minimum: Maybe[str] = None
    maximum: Maybe[str] = None
    required: Maybe[str] = None
    scheme: Maybe[Text] = None


class Assessment(Part):
    """How the outcomes were assessed (elements 9, 13 and 14).

    Attributes:
        types: of the European list. other_types: those it does not have.
        modes: how it is taken. supervision: whether it was supervised, and identity checked.
        grade: what this learner achieved.
    """

    title: Maybe[Text] = None
    description: Maybe[Text] = None
    types: Many[Annotated[AssessmentType, closed(AssessmentType)]] = ()
    other_types: Many[Reference] = ()
    modes: Many[Annotated[Mode, closed(Mode)]] = ()
    supervision: Maybe[Annotated[Supervision, closed(Supervision)]] = None
    grade: Maybe[Grade] = None


class Participation(Part):
    """How one takes part in the learning (element 10)."""

    modes: Many[Annotated[Mode, closed(Mode)]] = ()
    setting: Maybe[Annotated[LearningSetting, closed(LearningSetting)]] = None
    description: Maybe[Text] = None


class QualityAssurance(Part):
    """Who assures the quality of what (element 11): Qualiopi, eduQua, QQI, NZQA and the like.

    Attributes:
        agency: who assured or licensed it.
        url: its entry in the registry. report: what was found.
    """

    title: Text
    kind: Maybe[Annotated[QualityAssuranceType, closed(QualityAssuranceType)]] = None
    description: Maybe[Text] = None
    agency: Maybe[Organisation] = None
    url: Maybe[Url] = None
    report: Maybe[Url] = None
    issued: Maybe[Date] = None
    valid_until: Maybe[Date] = None


class Stacking(Part):
    """How it stands to another credential (element 15).

    Attributes:
        target: the other credential. note: how, in words.
    """

    relation: Annotated[Stackability, closed(Stackability)]
    target: Maybe[Reference] = None
    note: Maybe[Text] = None


class PriorLearning(Part):
    """Whether prior learning is recognized as a way in, or instead of the learning."""

    recognized: bool
    note: Maybe[Text] = None


class Cost(Part):
    """What it costs, and who helps to pay.

    Attributes:
        amount: in `currency` (ISO 4217).
    """

    text: Maybe[Text] = None
    amount: Maybe[Number] = None
    currency: Maybe[str] = None
    funding: Maybe[Text] = None


class Evidence(Part):
    """What the learner made or did, in the description's language."""

    title: Maybe[str] = None
    description: Maybe[str] = None
    url: Maybe[Url] = None


class MicroCredential(Part):
    """A micro-credential, and, where `learner` is there, its award to somebody.

    The number of the European element stands behind each attribute that is one.

    Attributes:
        language: of the description's main texts.
        id: the URL of the achievement, the same for all learners.
        title: (2). description: one or two sentences for everybody. content: in detail.
        criteria: what must be done to earn it.
        learner: (1). issued: when it was awarded (5). valid_until: when it ends.
        started, ended: the first and the last day of learning.
        issuer: who issues and signs it; with its address, (3).
        awarding_body: who awards it, where that is not the issuer (4).
        learning_outcomes, outcome_summary: (6).
        workload: (7). level: (8). assessments: (9), with supervision (13) and grade (14).
        participation: (10). quality_assurance: (11). prerequisites: (12).
        stackability: (15). further_information, links: (16).
        prior_learning: recognition of prior learning as a way in.
        category: the field in words. fields: ISCED-F 2013 codes.
        languages: in which it is taught.
        image: by URL or data: URL.
    """

    path_name = "description"

    language: LanguageTag
    title: Text
    id: Maybe[Url] = None
    description: Maybe[Text] = None
    content: Maybe[Text] = None
    criteria: Maybe[Text] = None
    learner: Maybe[Learner] = None
    issuer: Maybe[Organisation] = None
    awarding_body: Maybe[Organisation] = None
    issued: Maybe[DateTimeStamp] = None
    valid_until: Maybe[DateTimeStamp] = None
    started: Maybe[Date] = None
    ended: Maybe[Date] = None
    learning_outcomes: Many[LearningOutcome] = ()
    outcome_summary: Maybe[Text] = None
    workload: Maybe[Workload] = None
    level: Maybe[Level] = None
    assessments: Many[Assessment] = ()
    participation: Maybe[Participation] = None
    quality_assurance: Many[QualityAssurance] = ()
    prerequisites: Maybe[Text] = None
    prior_learning: Maybe[PriorLearning] = None
    stackability: Many[Stacking] = ()
    further_information: Maybe[Text] = None
    links: Many[Resource] = ()
    evidence: Many[Evidence] = ()
    category: Maybe[Text] = None
    fields: Many[Annotated[str, AfterValidator(_isced_f)]] = ()
    languages: Many[LanguageTag] = ()
    cost: Maybe[Cost] = None
    image: Maybe[Url] = None

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.issued and self.valid_until and self.valid_until < self.issued:
            raise fault("is before the date of issuing; write a later date", at="validUntil")
        if self.language not in self.title:
            raise fault(
                f"has no text in {self.language}, which is the description's language; add it",
                at="title",
            )
        return self
