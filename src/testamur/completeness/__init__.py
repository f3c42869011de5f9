"""Is everything said that should be said? Completeness reports, comparisons, and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.completeness.checking import check
    from testamur.completeness.comparing import Comparison, compare
    from testamur.completeness.counting import Overview, overview
    from testamur.completeness.pages import comparison_page, report_page
    from testamur.completeness.profile import Profile
    from testamur.completeness.profile_files import PROFILES, named_profile, parse_profile
    from testamur.completeness.reading import read
    from testamur.completeness.report import Completeness, Element, Standing

__all__ = [
    "PROFILES",
    "Comparison",
    "Completeness",
    "Element",
    "Overview",
    "Profile",
    "Standing",
    "check",
    "compare",
    "comparison_page",
    "named_profile",
    "overview",
    "parse_profile",
    "read",
    "report_page",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.completeness.checking": ("check",),
            "testamur.completeness.comparing": ("Comparison", "compare"),
            "testamur.completeness.counting": ("Overview", "overview"),
            "testamur.completeness.pages": ("comparison_page", "report_page"),
            "testamur.completeness.profile": ("Profile",),
            "testamur.completeness.profile_files": (
                "PROFILES",
                "named_profile",
                "parse_profile",
            ),
            "testamur.completeness.reading": ("read",),
            "testamur.completeness.report": ("Completeness", "Element", "Standing"),
        },
    )
