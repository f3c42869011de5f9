"""What is to be learnt, done and gained, the same for all learners: the specifications."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import (
    AnyConcept,
    EntitlementStatus,
    EqfLevel,
    EscoOccupation,
    EscoSkill,
    Jurisdiction,
    Language,
    LearningSetting,
    NqfLevel,
    ReusabilityLevel,
    SkillType,
    ThematicArea,
)
from testamur.model.elm.language import ManyTexts, Texts
from testamur.model.elm.node import Link
from testamur.model.elm.parts import Documented, Identified
from testamur.model.elm.values import DateModified, Duration

__all__ = [
    "AwardingOpportunity",
    "LearningAchievementSpecification",
    "LearningActivitySpecification",
    "LearningEntitlementSpecification",
    "LearningOutcome",
    "Qualification",
    "Specification",
]


class Specification(Documented):
    """What all specifications have in common; none is only a Specification."""

    alt_label: Maybe[ManyTexts] = None
    category: Maybe[ManyTexts] = None
    homepage: OneOrMany[kinds.WebResource] = ()
    status: Maybe[str] = None
    date_modified: Maybe[DateModified] = None


class LearningOutcome(Identified):
    """What the learner knows, understands or can do, with links to skills."""

    default_type = One(("LearningOutcome",))

    title: Texts
    dc_type: Maybe[SkillType] = None
    reusability_level: Maybe[ReusabilityLevel] = None
    related_esco_skill: OneOrMany[EscoSkill] = Field(default=(), alias="relatedESCOSkill")
    related_skill: OneOrMany[AnyConcept] = ()
    additional_note: OneOrMany[kinds.Note] = ()


class LearningAchievementSpecification(Specification):
    """What is to be achieved. Levels and accreditation need a Qualification."""

    default_type = One(("LearningAchievementSpecification",))
    more_types: ClassVar[tuple[str, ...]] = ("Specification",)

    dc_type: OneOrMany[AnyConcept] = ()
    language: OneOrMany[Language] = ()
    mode: OneOrMany[AnyConcept] = ()
    volume_of_learning: Maybe[Duration] = None
    maximum_duration: Maybe[Duration] = None
    credit_point: OneOrMany[kinds.CreditPoint] = ()
    learning_outcome_summary: Maybe[kinds.Note] = None
    learning_outcome: OneOrMany[kinds.LearningOutcome] = ()
    thematic_area: OneOrMany[ThematicArea] = ()
    education_subject: OneOrMany[AnyConcept] = ()
    education_level: OneOrMany[AnyConcept] = ()
    learning_setting: Maybe[LearningSetting] = None
    target_group: OneOrMany[AnyConcept] = ()
    entry_requirement: Maybe[kinds.Note] = None
    influenced_by: OneOrMany[kinds.LearningActivitySpecification] = ()
    proven_by: OneOrMany[kinds.LearningAssessmentSpecification] = ()
    entitles_to: OneOrMany[kinds.LearningEntitlementSpecification] = ()
    awarding_opportunity: OneOrMany[kinds.AwardingOpportunity] = ()
    has_part: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    is_part_of: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    specialisation_of: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    generalisation_of: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()


class Qualification(LearningAchievementSpecification):
    """A specification of which a competent body says that its level and quality hold."""

    default_type = One(("Qualification",))
    more_types = ("LearningAchievementSpecification", "Specification")

    eqf_level: Maybe[EqfLevel] = None
    nqf_level: OneOrMany[NqfLevel] = ()
    is_partial_qualification: Maybe[bool] = None
    qualification_code: OneOrMany[AnyConcept] = ()
    accreditation: OneOrMany[kinds.Accreditation] = ()
    has_part: OneOrMany[Link[kinds.Qualification]] = ()
    is_part_of: OneOrMany[Link[kinds.Qualification]] = ()
    specialisation_of: OneOrMany[Link[kinds.Qualification]] = ()
    generalisation_of: OneOrMany[Link[kinds.Qualification]] = ()


class LearningActivitySpecification(Specification):
    """What learners do to learn, by design."""

    default_type = One(("LearningActivitySpecification",))
    more_types = ("Specification",)

    dc_type: OneOrMany[AnyConcept] = ()
    language: OneOrMany[Language] = ()
    mode: OneOrMany[AnyConcept] = ()
    volume_of_learning: Maybe[Duration] = None
    contact_hour: OneOrMany[str] = ()
    influences: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    has_part: OneOrMany[Link[kinds.LearningActivitySpecification]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningActivitySpecification]] = ()
    specialisation_of: OneOrMany[Link[kinds.LearningActivitySpecification]] = ()
    generalisation_of: OneOrMany[Link[kinds.LearningActivitySpecification]] = ()


class LearningEntitlementSpecification(Specification):
    """What an achievement entitles to, by design."""

    default_type = One(("LearningEntitlementSpecification",))
    more_types = ("Specification",)

    dc_type: AnyConcept
    entitlement_status: EntitlementStatus
    limit_organisation: OneOrMany[kinds.Organisation] = ()
    limit_jurisdiction: OneOrMany[Jurisdiction] = ()
    limit_occupation: OneOrMany[EscoOccupation] = ()
    limit_national_occupation: OneOrMany[AnyConcept] = ()
    entitled_by: OneOrMany[Link[kinds.AnyAchievementSpecification]] = ()
    has_part: OneOrMany[Link[kinds.LearningEntitlementSpecification]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningEntitlementSpecification]] = ()
    specialisation_of: OneOrMany[Link[kinds.LearningEntitlementSpecification]] = ()
    generalisation_of: OneOrMany[Link[kinds.LearningEntitlementSpecification]] = ()


class AwardingOpportunity(Identified):
    """Where, when and by whom a qualification is awarded."""

    default_type = One(("AwardingOpportunity",))

    awarding_body: AtLeastOne[kinds.AnyAgent]
    location: Maybe[kinds.Location] = None
    temporal: Maybe[kinds.PeriodOfTime] = None
    learning_achievement_specification: Maybe[Link[kinds.AnyAchievementSpecification]] = None
