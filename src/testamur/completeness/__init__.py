"""Is everything said that should be said? Completeness reports, comparisons, and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.completeness.checking import check
    from testamur.completeness.profile import PROFILES, Profile, named_profile, parse_profile
    from testamur.completeness.report import Completeness, Element, Standing

__all__ = [
    "PROFILES",
    "Completeness",
    "Element",
    "Profile",
    "Standing",
    "check",
    "named_profile",
    "parse_profile",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.completeness.checking": ("check",),
            "testamur.completeness.profile": (
                "PROFILES",
                "Profile",
                "named_profile",
                "parse_profile",
            ),
            "testamur.completeness.report": ("Completeness", "Element", "Standing"),
        },
    )
