"""Completeness reports and comparisons as web pages: one file each, with everything in it.

A page has no scripts, asks for nothing from anywhere, and says so to the browser (Content Security
Policy). Whatever a credential says stands in it as text: markup is escaped, addresses are no links,
and characters that turn the direction of text around are written as escapes that one can see.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from testamur import __version__
from testamur.completeness.comparing import Comparison
from testamur.completeness.counting import overview
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
# Without these two, Persian, Hindi and many emoji are misspelt; they move nothing on the screen.
_JOINERS = "\u200c\u200d"


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


def inert(text: str) -> str:
    """Write control characters, and those that change the direction of text, as escapes."""
    if text.isprintable():
        return text
    return "".join(each if _is_harmless(each) else _escape(each) for each in text)


def _is_harmless(character: str) -> bool:
    return (
        character.isprintable()
        or character in _JOINERS
        or character in "\t\n"
        or unicodedata.category(character) == "Zs"
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


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
    environment = Environment(
        loader=PackageLoader("testamur.completeness"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inert"] = inert
    environment.globals["signs"] = _SIGNS
    environment.globals["version"] = __version__
    return environment


@cache
def _style() -> tuple[Markup, str]:
    """Return the style sheet, and its hash for the Content Security Policy."""
    file = importlib.resources.files("testamur.completeness") / "templates" / "page.css"
    text = file.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - our own style sheet


def _page(template: str, **values: Any) -> bytes:
    style, style_hash = _style()
    page = _environment().get_template(template)
    return page.render(style=style, style_hash=style_hash, **values).encode("utf-8")
