"""Completeness reports and comparisons for people to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from testamur.cli.columns import Columns, Line, Part, Styled
from testamur.cli.console import render_rich
from testamur.cli.describe import indented, shorten
from testamur.cli.terminal import print_row, render, visible
from testamur.completeness import Completeness, Element, Standing, named_profile, overview
from testamur.completeness.comparing import Comparison
from testamur.completeness.profile import Need
from testamur.completeness.profile_files import PROFILES
from testamur.completeness.report import Counts, Found, pick

__all__ = ["print_comparison", "print_overview", "print_profiles", "print_report"]

_STYLES = {
    Standing.THERE: "green",
    Standing.THIN: "yellow",
    Standing.MISSING: "bold red",
    Standing.NOT_APPLICABLE: "dim",
}
_STANDING_WIDTH = 8
_BAR_WIDTH = 24
_CELL = 120  # characters of one cell of a comparison
_LISTED = 50  # sources that are named in an overview


def print_report(place: str, report: Completeness) -> None:
    """Print one report: the counts, every element, and what to write where something is missing."""
    render(*_report(place, report))


def print_overview(reports: Sequence[tuple[str, Completeness]]) -> None:
    """Print one entry for each report, and what is commonly missing."""
    for place, report in reports[:_LISTED]:
        lacking = [
            visible(each.title.text)
            for each in report.elements
            if each.need is Need.REQUIRED and each.standing in (Standing.MISSING, Standing.THIN)
        ]
        required = report.required
        style = _STYLES[_worst(required)]
        answer = f"{required.there} of {required.expected}".ljust(_STANDING_WIDTH)
        name = f"{shorten(report.title.text, _CELL)} ({place})"
        print_row(answer, name, "; ".join(lacking) or "nothing is missing", style=style)
    whole = overview([report for _, report in reports])
    more = [f"… and {len(reports) - _LISTED} more"] if len(reports) > _LISTED else []
    render(*more, "", Styled("What is commonly missing", "bold"))
    rows: list[tuple[Line, Styled]] = []
    for tally in whole.most_missing_first:
        if not (tally.missing or tally.thin):
            continue
        bar = _bar(tally.there, tally.thin, tally.missing)
        counts = f"{tally.missing} missing, {tally.thin} thin, {tally.there} there"
        recommended = " (recommended)" if tally.element.need is Need.RECOMMENDED else ""
        title = visible(tally.element.title.text)
        rows.append(((Styled(bar),), Styled(f"{title}{recommended}: {counts}")))
    render(Columns(rows) if rows else indented(Styled("Nothing.")), "")
    complete = f"{whole.complete} of {len(reports)} say everything that is required."
    render(Styled(complete))


def print_comparison(comparison: Comparison) -> None:
    """Print a comparison as a table: an element in each row, a micro-credential in each column."""
    table = Table(show_lines=True, header_style="bold")
    table.add_column("Element", style="bold")
    for report in comparison.reports:
        heading = visible(shorten(report.title.text, _CELL))
        if report.issuer is not None:
            heading += f"\n{visible(shorten(report.issuer.text, _CELL))}"
        table.add_column(Text(heading), overflow="fold")
    counts = [f"{each.required.there} of {each.required.expected}" for each in comparison.reports]
    table.add_row("Required elements there", *counts)
    for row in comparison.rows:
        table.add_row(Text(visible(row.title.text)), *map(_cell, row.cells))
    render_rich(table)


def print_profiles() -> None:
    """Print the profiles that ship with testamur."""
    rows: list[tuple[Line, Styled]] = []
    for name in PROFILES:
        profile = named_profile(name)
        needs = [item.need for item in profile.items]
        counts = (
            f"{needs.count(Need.REQUIRED)} required, {needs.count(Need.RECOMMENDED)} recommended"
        )
        about = pick(profile.about or profile.title, "en").text
        title = pick(profile.title, "en").text
        text = f"{title} ({counts})\n{about}"
        rows.append(((Styled(name, "bold"),), Styled(text)))
    render(Columns(rows))


def _report(place: str, report: Completeness) -> Iterator[Part]:
    yield Styled(visible(place), "bold")
    about = [report.title, *([report.issuer] if report.issuer is not None else [])]
    yield indented(Styled(", ".join(visible(each.text) for each in about)))
    yield indented(Styled(visible(report.profile_title.text), "dim"))
    yield ""
    yield indented(Styled(_counted("Required", report.required), _STYLES[_worst(report.required)]))
    if report.recommended.expected:
        yield indented(Styled(_counted("Recommended", report.recommended)))
    yield ""
    yield Columns(_elements(report.elements))
    to_do = [each for each in report.elements if each.standing in (Standing.MISSING, Standing.THIN)]
    to_do.sort(key=lambda each: (each.need is not Need.REQUIRED, each.standing is Standing.THIN))
    if to_do:
        yield ""
        yield Styled("What to write", "bold")
    for element in to_do:
        yield ""
        yield indented(Styled(f"{visible(element.title.text)} ({element.need})", "bold"))
        yield _advice(element)
    if report.not_carried:
        yield ""
        yield Styled("What could not be read as it stood", "bold")
        yield Columns(((), Styled(visible(shorten(each, 300)))) for each in report.not_carried[:20])


def _elements(elements: Iterable[Element]) -> Iterator[tuple[Line, Styled]]:
    for element in elements:
        sign = Styled(element.standing.ljust(_STANDING_WIDTH), _STYLES[element.standing])
        if element.standing is Standing.NOT_APPLICABLE:
            sign = Styled("-".ljust(_STANDING_WIDTH), "dim")
        yield (sign,), Styled(f"{visible(element.title.text)}: {_said(element)}")


def _said(element: Element) -> str:
    remarks = " ".join(visible(each.sentence.text) for each in element.remarks)
    found = _values(element.found[:4], element.more_found + len(element.found[4:]))
    if element.standing is Standing.THIN:
        return f"{found}\n{remarks}"
    return found if element.standing is Standing.THERE else remarks


def _values(found: Iterable[Found], more: int) -> str:
    shown = [visible(shorten(each.text, 160)) for each in found]
    return "; ".join([*shown, *([f"and {more} more"] if more else [])])


def _advice(element: Element) -> Columns:
    rows = [("Why", element.why), ("Write", element.write), ("Example", element.example)]
    return Columns(
        (((Styled(label, "dim"),), Styled(visible(text.text))) for label, text in rows if text),
        indent=4,
    )


def _cell(element: Element) -> Text:
    style = _STYLES[element.standing]
    if element.standing in (Standing.MISSING, Standing.NOT_APPLICABLE):
        return Text(element.standing.value, style=style)
    found = _values(
        [Found(shorten(each.text, _CELL)) for each in element.found[:6]],
        element.more_found + len(element.found[6:]),
    )
    text = Text(found)
    if element.standing is Standing.THIN:
        text.append(" (thin)", style=style)
    return text


def _counted(label: str, counts: Counts) -> str:
    parts = [f"{label}: {counts.there} of {counts.expected} there"]
    parts += [f"{counts.thin} thin"] * bool(counts.thin)
    parts += [f"{counts.missing} missing"] * bool(counts.missing)
    return ", ".join(parts)


def _worst(counts: Counts) -> Standing:
    if counts.missing:
        return Standing.MISSING
    return Standing.THIN if counts.thin else Standing.THERE


def _bar(there: int, thin: int, missing: int) -> str:
    """Draw how many there are of each; the rest of the line says it in numbers."""
    whole = there + thin + missing
    full = round(_BAR_WIDTH * there / whole)
    half = round(_BAR_WIDTH * (there + thin) / whole) - full
    return "█" * full + "▒" * half + "·" * (_BAR_WIDTH - full - half)
