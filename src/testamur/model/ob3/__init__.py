"""Open Badges 3.0 (1EdTech, document version 1.3, contexts up to 3.0.3): the data model.

Every class and enumeration of the standard, with the rules that its prose states and its published
JSON Schemas do not check. The classes are used to read what others issued, so they refuse only what
the standard refuses; `check_for_issue` holds the stricter rules for issuing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.model.credential_parts import (
        BitstringStatusListEntry,
        CredentialSchema,
        CredentialStatus,
        Proof,
        TermsOfUse,
    )
    from testamur.model.ob3.achievement import (
        Alignment,
        Criteria,
        Evidence,
        Image,
        Related,
        Result,
        ResultDescription,
        RubricCriterionLevel,
    )
    from testamur.model.ob3.credential import (
        OPEN_BADGES_CONTEXT,
        OPEN_BADGES_EXTENSIONS,
        Achievement,
        AchievementCredential,
        AchievementCredentialV1P1,
        AchievementSubject,
        Address,
        EndorsementCredential,
        EndorsementCredentialV1P1,
        EndorsementSubject,
        GeoCoordinates,
        OpenBadgesCredential,
        OpenBadgesCredentialV1P1,
        Profile,
        RefreshService,
    )
    from testamur.model.ob3.identity import IdentifierEntry, IdentityObject, identity_hash
    from testamur.model.ob3.issue_check import check_for_issue
    from testamur.model.ob3.vocabulary import (
        AchievementType,
        AlignmentTargetType,
        IdentifierType,
        ResultStatus,
        ResultType,
    )

__all__ = [
    "OPEN_BADGES_CONTEXT",
    "OPEN_BADGES_EXTENSIONS",
    "Achievement",
    "AchievementCredential",
    "AchievementCredentialV1P1",
    "AchievementSubject",
    "AchievementType",
    "Address",
    "Alignment",
    "AlignmentTargetType",
    "BitstringStatusListEntry",
    "CredentialSchema",
    "CredentialStatus",
    "Criteria",
    "EndorsementCredential",
    "EndorsementCredentialV1P1",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentifierType",
    "IdentityObject",
    "Image",
    "OpenBadgesCredential",
    "OpenBadgesCredentialV1P1",
    "Profile",
    "Proof",
    "RefreshService",
    "Related",
    "Result",
    "ResultDescription",
    "ResultStatus",
    "ResultType",
    "RubricCriterionLevel",
    "TermsOfUse",
    "check_for_issue",
    "identity_hash",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.model.credential_parts": (
                "BitstringStatusListEntry",
                "CredentialSchema",
                "CredentialStatus",
                "Proof",
                "TermsOfUse",
            ),
            "testamur.model.ob3.achievement": (
                "Alignment",
                "Criteria",
                "Evidence",
                "Image",
                "Related",
                "Result",
                "ResultDescription",
                "RubricCriterionLevel",
            ),
            "testamur.model.ob3.credential": (
                "OPEN_BADGES_CONTEXT",
                "OPEN_BADGES_EXTENSIONS",
                "Achievement",
                "AchievementCredential",
                "AchievementCredentialV1P1",
                "AchievementSubject",
                "Address",
                "EndorsementCredential",
                "EndorsementCredentialV1P1",
                "EndorsementSubject",
                "GeoCoordinates",
                "OpenBadgesCredential",
                "OpenBadgesCredentialV1P1",
                "Profile",
                "RefreshService",
            ),
            "testamur.model.ob3.identity": ("IdentifierEntry", "IdentityObject", "identity_hash"),
            "testamur.model.ob3.issue_check": ("check_for_issue",),
            "testamur.model.ob3.vocabulary": (
                "AchievementType",
                "AlignmentTargetType",
                "IdentifierType",
                "ResultStatus",
                "ResultType",
            ),
        },
    )
