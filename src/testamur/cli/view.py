"""A report for people to read: the answer first, then what the credential says, then the checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from testamur.cli.columns import Columns, Part, Styled
from testamur.cli.describe import Row, contents_rows, indented, shorten, two_columns
from testamur.cli.exits import ExitCode, exit_code_for
from testamur.cli.terminal import print_row, render, visible
from testamur.verification.report import Answer, Check, Contents, Report, Verdict

__all__ = ["print_entry", "print_report", "print_summary"]

_ANSWER_STYLES = {
    Answer.PASSED: "green",
    Answer.FAILED: "bold red",
    Answer.COULD_NOT_CHECK: "yellow",
    Answer.NOT_APPLICABLE: "dim",
}
_VERDICT_STYLES = {
    ExitCode.GENUINE: "bold green",
    ExitCode.COULD_NOT_TELL: "bold yellow",
    ExitCode.NOT_GENUINE: "bold red",
}
_VERDICT_WIDTH = 20


def print_report(source: str, report: Report) -> None:
    """Print one report in full.

    Args:
        source: the name of the file, as the user wrote it.
    """
    render(*_parts(source, report))


def print_summary(reports: Sequence[tuple[str, Report]]) -> None:
    """Print one entry for each report, and how many there are of each verdict."""
    for source, report in reports:
        print_entry(source, report.verdict, report.reason or report.headline)
    counts = Counter(report.verdict for _, report in reports)
    named = ", ".join(f"{counts[each]} {each.value}" for each in Verdict if counts[each])
    render("", Styled(f"{len(reports)} checked: {named}."))


def print_entry(source: str, verdict: Verdict, why: str) -> None:
    """Print one entry of a list of verdicts.

    Args:
        source: whose it is.
        verdict: the answer.
        why: the reason, in a sentence.
    """
    style = _VERDICT_STYLES[exit_code_for(verdict)]
    print_row(verdict.value.ljust(_VERDICT_WIDTH), source, shorten(why, 300), style=style)


def _parts(title: str, report: Report) -> Iterator[Part]:
    yield Styled(visible(title), style="bold")
    yield indented(Styled(report.headline, style=_VERDICT_STYLES[exit_code_for(report.verdict)]))
    for sentence in (report.reason, report.next_step):
        if sentence:
            yield indented(Styled(visible(shorten(sentence))))
    if report.contents is not None:
        yield ""
        yield Styled("What it says (the issuer says so; nobody here checked it)", style="bold")
        yield two_columns([*_issuer_rows(report, report.contents), *contents_rows(report.contents)])
    yield ""
    yield Styled("What was checked", style="bold")
    yield _checks(report.checks)
    inner = [("Endorsement", report.endorsements), ("Credential", report.credentials)]
    for what, reports in inner:
        for position, each in enumerate(reports, start=1):
            yield ""
            yield from _parts(f"{what} {position} of {len(reports)} in it", each)


def _issuer_rows(report: Report, contents: Contents) -> Iterator[Row]:
    """Who issued it: as the verifier knows the issuer; the issuer's own words come last."""
    identifier = contents.issuer_id or ""
    if report.known_as is None:
        yield "Issued by", "somebody who is not in your list of trusted issuers"
    elif report.known_as != identifier:
        yield "Issued by", f"{report.known_as} (the name in your list of trusted issuers)"
    yield "Issuer's id", identifier
    if contents.issuer_name is not None:
        yield "", f"calls itself: {visible(contents.issuer_name)}"


def _checks(checks: Iterable[Check]) -> Columns:
    shown = list(checks)
    width = max((len(check.answer.value) for check in shown), default=0)
    return Columns(
        (
            (
                Styled(check.answer.value.ljust(width), _ANSWER_STYLES[check.answer]),
                Styled(f"  {check.name.value}"),
            ),
            Styled(visible(shorten(check.sentence))),
        )
        for check in shown
    )
