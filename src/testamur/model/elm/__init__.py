"""The European Learning Model 3 (ELM 3.1), as European Digital Credentials are written in it.

Every class and property of the application profile EDC-generic, with the JSON names that the
published context gives them. The classes are closed: a member that the context does not know would
be sealed and read by nobody. Not written can be what the context has no term for: an organisation's
`hasMember`, a location's `geometry`, an opportunity's `defaultLanguage`.

The classes say what a credential is made of; `find_faults` says whether the whole of it may be
sealed, and `Shapes` asks the published SHACL shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.model.elm.agents import (
        Accreditation,
        Agent,
        Group,
        Organisation,
        Person,
    )
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
    from testamur.model.elm.concepts import (
        Concept,
        ConceptScheme,
        concept,
    )
    from testamur.model.elm.contact import (
        Address,
        ContactPoint,
        Location,
        Mailbox,
        Phone,
    )
    from testamur.model.elm.credential import (
        EDC_CONTEXT,
        EDC_GENERIC_FULL,
        EuropeanDigitalCredential,
        ShaclValidator2017,
    )
    from testamur.model.elm.display import (
        DisplayDetail,
        DisplayParameter,
        IndividualDisplay,
        display_parameter,
        png_object,
    )
    from testamur.model.elm.evidence import (
        Evidence,
    )
    from testamur.model.elm.ids import (
        with_ids,
        without_images,
    )
    from testamur.model.elm.issue_check import (
        Findings,
        StatusUse,
        check_for_issue,
        examine_document,
        find_faults,
    )
    from testamur.model.elm.language import (
        LanguageMap,
    )
    from testamur.model.elm.opportunities import (
        Amount,
        Grant,
        LearningOpportunity,
        PriceDetail,
    )
    from testamur.model.elm.parts import (
        CreditPoint,
        Identifier,
        LegalIdentifier,
        MediaObject,
        Note,
        PeriodOfTime,
        WebResource,
    )
    from testamur.model.elm.presentation import (
        EuropeanDigitalPresentation,
        VerificationCheck,
    )
    from testamur.model.elm.profiles import (
        Profile,
        profiles_of,
    )
    from testamur.model.elm.shacl import (
        Shapes,
        Violation,
    )
    from testamur.model.elm.specifications import (
        AwardingOpportunity,
        LearningAchievementSpecification,
        LearningActivitySpecification,
        LearningEntitlementSpecification,
        LearningOutcome,
        Qualification,
    )
    from testamur.model.elm.values import (
        TypedLiteral,
        civil_date,
        duration_of_hours,
        hours_of_duration,
    )

__all__ = [
    "EDC_CONTEXT",
    "EDC_GENERIC_FULL",
    "Accreditation",
    "Address",
    "Agent",
    "Amount",
    "AwardingOpportunity",
    "AwardingProcess",
    "Claim",
    "Concept",
    "ConceptScheme",
    "ContactPoint",
    "CreditPoint",
    "DisplayDetail",
    "DisplayParameter",
    "EuropeanDigitalCredential",
    "EuropeanDigitalPresentation",
    "Evidence",
    "Findings",
    "GradingScheme",
    "Grant",
    "Group",
    "Identifier",
    "IndividualDisplay",
    "LanguageMap",
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
    "Profile",
    "Qualification",
    "ResultCategory",
    "ResultDistribution",
    "ShaclValidator2017",
    "Shapes",
    "ShortenedGrading",
    "StatusUse",
    "TypedLiteral",
    "VerificationCheck",
    "Violation",
    "WebResource",
    "check_for_issue",
    "civil_date",
    "concept",
    "display_parameter",
    "duration_of_hours",
    "examine_document",
    "find_faults",
    "hours_of_duration",
    "png_object",
    "profiles_of",
    "with_ids",
    "without_images",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.model.elm.agents": (
                "Accreditation",
                "Agent",
                "Group",
                "Organisation",
                "Person",
            ),
            "testamur.model.elm.assessments": (
                "GradingScheme",
                "LearningAssessment",
                "LearningAssessmentSpecification",
                "ResultCategory",
                "ResultDistribution",
                "ShortenedGrading",
            ),
            "testamur.model.elm.claims": (
                "AwardingProcess",
                "Claim",
                "LearningAchievement",
                "LearningActivity",
                "LearningEntitlement",
            ),
            "testamur.model.elm.concepts": (
                "Concept",
                "ConceptScheme",
                "concept",
            ),
            "testamur.model.elm.contact": (
                "Address",
                "ContactPoint",
                "Location",
                "Mailbox",
                "Phone",
            ),
            "testamur.model.elm.credential": (
                "EDC_CONTEXT",
                "EDC_GENERIC_FULL",
                "EuropeanDigitalCredential",
                "ShaclValidator2017",
            ),
            "testamur.model.elm.display": (
                "DisplayDetail",
                "DisplayParameter",
                "IndividualDisplay",
                "display_parameter",
                "png_object",
            ),
            "testamur.model.elm.evidence": ("Evidence",),
            "testamur.model.elm.ids": (
                "with_ids",
                "without_images",
            ),
            "testamur.model.elm.issue_check": (
                "Findings",
                "StatusUse",
                "check_for_issue",
                "examine_document",
                "find_faults",
            ),
            "testamur.model.elm.language": ("LanguageMap",),
            "testamur.model.elm.opportunities": (
                "Amount",
                "Grant",
                "LearningOpportunity",
                "PriceDetail",
            ),
            "testamur.model.elm.parts": (
                "CreditPoint",
                "Identifier",
                "LegalIdentifier",
                "MediaObject",
                "Note",
                "PeriodOfTime",
                "WebResource",
            ),
            "testamur.model.elm.presentation": (
                "EuropeanDigitalPresentation",
                "VerificationCheck",
            ),
            "testamur.model.elm.profiles": (
                "Profile",
                "profiles_of",
            ),
            "testamur.model.elm.shacl": (
                "Shapes",
                "Violation",
            ),
            "testamur.model.elm.specifications": (
                "AwardingOpportunity",
                "LearningAchievementSpecification",
                "LearningActivitySpecification",
                "LearningEntitlementSpecification",
                "LearningOutcome",
                "Qualification",
            ),
            "testamur.model.elm.values": (
                "TypedLiteral",
                "civil_date",
                "duration_of_hours",
                "hours_of_duration",
            ),
        },
    )
