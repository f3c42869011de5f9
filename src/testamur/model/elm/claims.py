"""What is claimed of a learner: achievements, activities, entitlements; and who awarded it."""

from __future__ import annotations

from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import AnyConcept, ClaimType
from testamur.model.elm.language import Texts
from testamur.model.elm.node import Link
from testamur.model.elm.parts import Documented, Identified
from testamur.model.elm.values import Duration, Percentage

__all__ = [
    "AwardingProcess",
    "Claim",
    "LearningAchievement",
    "LearningActivity",
    "LearningEntitlement",
]


class AwardingProcess(Identified):
    """Who awarded something, when and where. The awarding body need not be the issuer, which is
    whoever seals the credential."""

    default_type = One(("AwardingProcess",))

    awarding_body: AtLeastOne[kinds.AnyAgent]
    awarding_date: Maybe[DateTime] = None
    location: Maybe[kinds.Location] = None
    description: Maybe[Texts] = None
    additional_note: OneOrMany[kinds.Note] = ()
    educational_system_note: Maybe[AnyConcept] = None
    used: OneOrMany[Link[kinds.LearningAssessment]] = ()
    awards: OneOrMany[Link[kinds.AnyClaim]] = ()


class Claim(Documented):
    """A claim that is none of the others; its type says what it is."""

    default_type = One(("Claim",))

    dc_type: AtLeastOne[ClaimType]
    awarded_by: kinds.AwardingProcess


class LearningAchievement(Documented):
    """What a learner has achieved."""

    default_type = One(("LearningAchievement",))
    more_types = ("Claim",)

    awarded_by: kinds.AwardingProcess
    dc_type: OneOrMany[AnyConcept] = ()
    credit_received: OneOrMany[kinds.CreditPoint] = ()
    proven_by: OneOrMany[kinds.LearningAssessment] = ()
    influenced_by: OneOrMany[kinds.LearningActivity] = ()
    entitles_to: OneOrMany[kinds.LearningEntitlement] = ()
    learning_opportunity: Maybe[kinds.LearningOpportunity] = None
    specified_by: Maybe[kinds.AnyAchievementSpecification] = None
    has_part: OneOrMany[Link[kinds.LearningAchievement]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningAchievement]] = ()


class LearningActivity(Documented):
    """What a learner has done to learn."""

    default_type = One(("LearningActivity",))
    more_types = ("Claim",)

    awarded_by: kinds.AwardingProcess
    dc_type: OneOrMany[AnyConcept] = ()
    temporal: OneOrMany[kinds.PeriodOfTime] = ()
    location: OneOrMany[kinds.Location] = ()
    workload: Maybe[Duration] = None
    level_of_completion: Maybe[Percentage] = None
    directed_by: OneOrMany[kinds.AnyAgent] = ()
    learning_opportunity: Maybe[kinds.LearningOpportunity] = None
    influences: OneOrMany[Link[kinds.LearningAchievement]] = ()
    specified_by: Maybe[kinds.LearningActivitySpecification] = None
    has_part: OneOrMany[Link[kinds.LearningActivity]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningActivity]] = ()


class LearningEntitlement(Documented):
    """What a learner may do now, as to enter a programme."""

    default_type = One(("LearningEntitlement",))
    more_types = ("Claim",)

    awarded_by: kinds.AwardingProcess
    dc_type: Maybe[AnyConcept] = None
    date_issued: Maybe[DateTime] = None
    expiry_date: Maybe[DateTime] = None
    entitled_by: OneOrMany[Link[kinds.LearningAchievement]] = ()
    specified_by: Maybe[kinds.LearningEntitlementSpecification] = None
    has_part: OneOrMany[Link[kinds.LearningEntitlement]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningEntitlement]] = ()
