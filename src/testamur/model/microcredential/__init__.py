"""A micro-credential in the sixteen elements of the European standard, and its ways to formats."""

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names
from testamur.model.microcredential.description import (
    Assessment,
    Cost,
    Credit,
    Evidence,
    Grade,
    LearningOutcome,
    Level,
    MicroCredential,
    NationalLevel,
    Participation,
    PriorLearning,
    QualityAssurance,
    Stacking,
    Workload,
)
from testamur.model.microcredential.open_badges import (
    Convention,
    from_open_badge,
    to_achievement,
    to_open_badge,
)
from testamur.model.microcredential.parts import (
    Address,
    HashedIdentity,
    Identifier,
    Learner,
    Organisation,
    Reference,
    Resource,
)
from testamur.model.microcredential.reading import Fate, Finding, Reading
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

if TYPE_CHECKING:
    from testamur.model.microcredential.conversion import (
        Conversion,
        Need,
        elm_to_open_badge,
        open_badge_to_elm,
    )
    from testamur.model.microcredential.documents import Format, read_document
    from testamur.model.microcredential.europass import from_elm, to_elm

__all__ = [
    "Address",
    "Assessment",
    "AssessmentType",
    "Convention",
    "Conversion",
    "Cost",
    "Credit",
    "CreditSystem",
    "Cycle",
    "Evidence",
    "Fate",
    "Finding",
    "Format",
    "Grade",
    "GradeStatus",
    "HashedIdentity",
    "Identifier",
    "Learner",
    "LearningOutcome",
    "LearningSetting",
    "Level",
    "MicroCredential",
    "Mode",
    "NationalLevel",
    "Need",
    "Organisation",
    "OutcomeType",
    "Participation",
    "PriorLearning",
    "QualityAssurance",
    "QualityAssuranceType",
    "Reading",
    "Reference",
    "Resource",
    "Reusability",
    "Stackability",
    "Stacking",
    "Supervision",
    "Workload",
    "elm_to_open_badge",
    "from_elm",
    "from_open_badge",
    "open_badge_to_elm",
    "read_document",
    "to_achievement",
    "to_elm",
    "to_open_badge",
]

if not TYPE_CHECKING:
    # The European Learning Model has some fifty classes, which Open Badges do not need.
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.model.microcredential.conversion": (
                "Conversion",
                "Need",
                "elm_to_open_badge",
                "open_badge_to_elm",
            ),
            "testamur.model.microcredential.documents": ("Format", "read_document"),
            "testamur.model.microcredential.europass": ("from_elm", "to_elm"),
        },
    )
