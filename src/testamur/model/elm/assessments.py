"""How learning was assessed, and how it is assessed by design."""

from __future__ import annotations

from pydantic import Field

from testamur.model.base import Maybe, One, OneOrMany
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import AnyConcept, Language
from testamur.model.elm.language import Texts
from testamur.model.elm.node import Link, Node
from testamur.model.elm.parts import Described, Documented, Identified
from testamur.model.elm.specifications import Specification
from testamur.model.elm.values import Count, WholeNumber

__all__ = [
    "GradingScheme",
    "LearningAssessment",
    "LearningAssessmentSpecification",
    "ResultCategory",
    "ResultDistribution",
    "ShortenedGrading",
]


class ShortenedGrading(Node):
    """How many percent of the learners had a lower, the same and a higher grade."""

    default_type = One(("ShortenedGrading",))

    percentage_lower: WholeNumber
    percentage_equal: WholeNumber
    percentage_higher: WholeNumber


class ResultCategory(Node):
    """How many learners had one of the results."""

    default_type = One(("ResultCategory",))

    label: str
    count: Count
    score: Maybe[str] = None
    maximum_score: Maybe[str] = None
    minimum_score: Maybe[str] = None


class ResultDistribution(Node):
    """How the results of all learners were spread."""

    default_type = One(("ResultDistribution",))

    description: Maybe[Texts] = None
    result_category: OneOrMany[kinds.ResultCategory] = ()


class LearningAssessment(Documented):
    """One learner's assessment, with its result.

    The published context has `resultDestribution` (sic) for what the shapes call
    `resultDistribution`.
    """

    default_type = One(("LearningAssessment",))
    more_types = ("Claim",)

    grade: kinds.Note
    awarded_by: kinds.AwardingProcess
    dc_type: OneOrMany[AnyConcept] = ()
    date_issued: Maybe[DateTime] = None
    location: Maybe[kinds.Location] = None
    grade_status: Maybe[AnyConcept] = None
    shortened_grading: Maybe[kinds.ShortenedGrading] = None
    result_distribution: Maybe[kinds.ResultDistribution] = Field(
        default=None, alias="resultDestribution"
    )
    id_verification: Maybe[AnyConcept] = None
    assessed_by: OneOrMany[kinds.AnyAgent] = ()
    proves: Maybe[Link[kinds.LearningAchievement]] = None
    has_part: OneOrMany[Link[kinds.LearningAssessment]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningAssessment]] = ()
    specified_by: Maybe[kinds.LearningAssessmentSpecification] = None


class GradingScheme(Described, Identified):
    """What the grades mean."""

    default_type = One(("GradingScheme",))


class LearningAssessmentSpecification(Specification):
    """How something is assessed: the kind of assessment, its mode, its grades."""

    default_type = One(("LearningAssessmentSpecification",))
    more_types = ("Specification",)

    dc_type: Maybe[AnyConcept] = None
    language: OneOrMany[Language] = ()
    mode: OneOrMany[AnyConcept] = ()
    grading_scheme: Maybe[kinds.GradingScheme] = None
    proves: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    has_part: OneOrMany[Link[kinds.LearningAssessmentSpecification]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningAssessmentSpecification]] = ()
    specialisation_of: OneOrMany[Link[kinds.LearningAssessmentSpecification]] = ()
    generalisation_of: OneOrMany[Link[kinds.LearningAssessmentSpecification]] = ()
