"""Completeness reports and comparisons as web pages: one file each, with everything in it.

A page has no scripts, asks for nothing from anywhere, and says so to the browser (Content Security
Policy). Whatever a credential says stands in it as text: markup is escaped, addresses are no links,
and characters that turn the direction of text around are written as escapes that one can see.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment

from testamur.completeness.comparing import Comparison
from testamur.completeness.counting import overview
from testamur.completeness.html import environment, style_sheet
from testamur.completeness.profile import Need
from testamur.completeness.report import Completeness, Element, Standing
from testamur.errors import Code, ConfigurationError

__all__ = ["comparison_page", "report_page"]

_MAX_REPORTS = 1_000  # on one page
_MAX_COMPARED = 12  # columns that a person still reads
_SIGNS = {
    Standing.THERE: "●",
    Standing.THIN: "◐",
    Standing.MISSING: "○",
    Standing.NOT_APPLICABLE: "–",
}
_URGENCY = (
    (Need.REQUIRED, Standing.MISSING),
    (Need.REQUIRED, Standing.THIN),
    (Need.RECOMMENDED, Standing.MISSING),
    (Need.RECOMMENDED, Standing.THIN),
)


def report_page(reports: Sequence[Completeness]) -> bytes:
    """Make a page of one report, or of many with what they have in common.

    Raises:
        ConfigurationError: there is none, they are of different profiles, or too many for a page.
    """
    if len(reports) > _MAX_REPORTS:
        raise ConfigurationError(
            f"{len(reports)} reports are too many for one page; give at most {_MAX_REPORTS}, or "
            "take JSON",
            code=Code.RESOURCE_LIMIT,
        )
    whole = overview(reports)
    if len(reports) == 1:
        (report,) = reports
        return _page("report.html", report=report, to_do=_to_do(report), first=report)
    tallies = whole.most_missing_first
    return _page(
        "overview.html",
        first=reports[0],
        overview=whole,
        tallies=tallies,
        groups=[(need, [each for each in tallies if each.element.need is need]) for need in Need],
        to_do=[each for each in tallies if each.missing or each.thin],
        histogram=_histogram(whole.reports),
        average=sum(each.required.there for each in reports) / len(reports),
        lacking=[_to_do(each) for each in reports],
    )


def comparison_page(comparison: Comparison) -> bytes:
    """Make a page of a comparison.

    Raises:
        ConfigurationError: there are too many columns for a page.
    """
    if len(comparison.reports) > _MAX_COMPARED:
        raise ConfigurationError(
            f"{len(comparison.reports)} micro-credentials are too many to stand side by side; "
            f"compare at most {_MAX_COMPARED}, or take JSON",
            code=Code.RESOURCE_LIMIT,
        )
    return _page("comparison.html", comparison=comparison, first=comparison.reports[0])


def _to_do(report: Completeness) -> list[Element]:
    return [
        each
        for need, standing in _URGENCY
        for each in report.elements
        if each.need is need and each.standing is standing
    ]


def _histogram(reports: Sequence[Completeness]) -> list[tuple[int, int]]:
    """Return (required elements there, reports with so many), for every number there can be."""
    found = [each.required.there for each in reports]
    most = max(each.required.expected for each in reports)
    return [(number, found.count(number)) for number in range(most + 1)]


@cache
def _environment() -> Environment:
    made = environment("testamur.completeness")
    made.globals["signs"] = _SIGNS
    return made


def _page(template: str, **values: Any) -> bytes:
    style, style_hash = style_sheet("testamur.completeness", "page.css")
    page = _environment().get_template(template)
    return page.render(style=style, style_hash=style_hash, **values).encode("utf-8")
