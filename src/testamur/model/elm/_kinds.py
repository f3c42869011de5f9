"""Each class of the data model as the type of a member.

The classes name each other in circles through many modules. A member's annotation says by name
which classes it takes; the modules of those are loaded when the first value is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

if TYPE_CHECKING:
    from testamur.model.elm.agents import Accreditation, Agent, Group, Organisation, Person
    from testamur.model.elm.assessments import (
        GradingScheme,
        LearningAssessment,
        LearningAssessmentSpecification,
        ResultCategory,
        ResultDistribution,
        ShortenedGrading,
    )
    from testamur.model.elm.claims import (
        AwardingProcess,
        Claim,
        LearningAchievement,
        LearningActivity,
        LearningEntitlement,
    )
    from testamur.model.elm.contact import Address, ContactPoint, Location, Mailbox, Phone
    from testamur.model.elm.credential import EuropeanDigitalCredential, ShaclValidator2017
    from testamur.model.elm.display import DisplayDetail, DisplayParameter, IndividualDisplay
    from testamur.model.elm.evidence import Evidence
    from testamur.model.elm.opportunities import Amount, Grant, LearningOpportunity, PriceDetail
    from testamur.model.elm.parts import (
        CreditPoint,
        Identifier,
        LegalIdentifier,
        MediaObject,
        Note,
        PeriodOfTime,
        WebResource,
    )
    from testamur.model.elm.presentation import VerificationCheck
    from testamur.model.elm.specifications import (
        AwardingOpportunity,
        LearningAchievementSpecification,
        LearningActivitySpecification,
        LearningEntitlementSpecification,
        LearningOutcome,
        Qualification,
    )

    AnyAchievementSpecification: TypeAlias = LearningAchievementSpecification | Qualification
    AnyAgent: TypeAlias = Organisation | Person | Agent
    AnyClaim: TypeAlias = (
        LearningAchievement | LearningActivity | LearningAssessment | LearningEntitlement | Claim
    )
    AnyIdentifier: TypeAlias = Identifier | LegalIdentifier

__all__ = [
    "Accreditation",
    "Address",
    "Agent",
    "Amount",
    "AnyAchievementSpecification",
    "AnyAgent",
    "AnyClaim",
    "AnyIdentifier",
    "AwardingOpportunity",
    "AwardingProcess",
    "Claim",
    "ContactPoint",
    "CreditPoint",
    "DisplayDetail",
    "DisplayParameter",
    "EuropeanDigitalCredential",
    "Evidence",
    "GradingScheme",
    "Grant",
    "Group",
    "Identifier",
    "IndividualDisplay",
    "LearningAchievement",
    "LearningAchievementSpecification",
    "LearningActivity",
    "LearningActivitySpecification",
    "LearningAssessment",
    "LearningAssessmentSpecification",
    "LearningEntitlement",
    "LearningEntitlementSpecification",
    "LearningOpportunity",
    "LearningOutcome",
    "LegalIdentifier",
    "Location",
    "Mailbox",
    "MediaObject",
    "Note",
    "Organisation",
    "PeriodOfTime",
    "Person",
    "Phone",
    "PriceDetail",
    "Qualification",
    "ResultCategory",
    "ResultDistribution",
    "ShaclValidator2017",
    "ShortenedGrading",
    "VerificationCheck",
    "WebResource",
]

_SEVERAL = {
    "AnyAchievementSpecification": ("Qualification", "LearningAchievementSpecification"),
    "AnyAgent": ("Organisation", "Person", "Agent"),
    "AnyClaim": (
        "LearningAchievement",
        "LearningActivity",
        "LearningAssessment",
        "LearningEntitlement",
        "Claim",
    ),
    "AnyIdentifier": ("LegalIdentifier", "Identifier"),
}

if not TYPE_CHECKING:
    from testamur.model.elm.node import Kind

    def __getattr__(name: str) -> Any:
        """Return the annotation by which pydantic reads a member of this type."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return Annotated[object, Kind(*_SEVERAL.get(name, (name,)))]
