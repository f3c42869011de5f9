"""What a credential says, as rows of label and text for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from testamur.cli.columns import Columns, Line, Styled
from testamur.cli.terminal import visible, visible_lines
from testamur.verification.report import Aligned, Contents, Evidence, ResultShown

__all__ = ["Row", "contents_rows", "indented", "shorten", "two_columns"]

Row: TypeAlias = tuple[str, str]
"""A label and a text, either of which anybody may have written, not yet made visible."""

_MAX_CHARACTERS = 2_000  # of one text; a person reads no more in a terminal
_MAX_ITEMS = 50  # of one kind
_MAX_ROWS = 400
_LABEL_WIDTH = 14
_MAX_LABEL = 24
_EXTENSION = "ext:"  # begins a target type that an issuer made up; it tells a reader nothing


def contents_rows(contents: Contents) -> Iterator[Row]:
    """Give what the credential says, but for who issued it; what it does not say is left out."""
    yield "To", contents.recipient or "nobody named openly"
    yield from _given("Credential", contents.name)
    yield from _given("About it", contents.description)
    yield from _several("Awarded by", _awarding_bodies(contents))
    yield from _given("Awarded on", contents.awarded_on)
    if contents.achievement_name != contents.name:
        yield from _given("Achievement", contents.achievement_name)
    yield from _given("Kind", contents.achievement_type)
    yield from _given("Description", contents.achievement_description)
    yield from _given("Criteria", contents.criteria)
    yield from _several("Outcome", contents.outcomes)
    yield from _given("Level", contents.level)
    yield from _given("Workload", contents.workload)
    yield from _given("Credits", contents.credits)
    yield from _given("Field of study", contents.field_of_study)
    yield from _given("Taking part", contents.participation)
    yield from _given("Requirements", contents.requirements)
    yield from _given("Assessment", contents.assessment)
    yield from _given("Supervision", contents.supervision)
    yield from _several("Quality", contents.quality_assurance)
    yield from _several("Part", contents.parts)
    yield from _several("Also", contents.other_claims)
    yield from _given("Language", contents.language)
    yield from _given("Valid from", contents.valid_from)
    yield "Valid until", contents.valid_until or "no expiry date"
    yield from _several("Result", map(_result, contents.results))
    yield from _several("Aligned with", map(_alignment, contents.alignments))
    yield from _several("Evidence", map(_evidence, contents.evidence))
    yield from _given("Id", contents.id)


def _awarding_bodies(contents: Contents) -> Iterator[str]:
    """Who awarded it: nobody but the issuer says so, where that is somebody else."""
    issuer = ", ".join(filter(None, (contents.issuer_name, contents.issuer_country)))
    for each in contents.awarding_bodies:
        yield each if each == issuer else f"{each} (another than the issuer, who says so)"


def two_columns(rows: Iterable[Row]) -> Columns:
    """Lay rows out in two columns, with the texts made visible and wrapped."""
    shown: list[tuple[Line, Styled]] = []
    for label, text in rows:
        if len(shown) == _MAX_ROWS:
            shown.append(((), Styled("… and more")))
            break
        name = Styled(visible(shorten(label, _MAX_LABEL)), "bold")
        shown.append(((name,), Styled(visible_lines(shorten(text)))))
    return Columns(shown, min_width=_LABEL_WIDTH)


def indented(text: Styled) -> Columns:
    """Set a text two columns in, where nothing in it can pass for a line of ours."""
    return Columns([((), text)])


def shorten(text: str, length: int = _MAX_CHARACTERS) -> str:
    """Cut a text that nobody would read to its end, and say so."""
    if len(text) <= length:
        return text
    return f"{text[:length]}… ({len(text) - length} more characters)"


def _given(label: str, text: str | None) -> Iterator[Row]:
    if text is not None:
        yield label, text


def _several(label: str, texts: Iterable[str]) -> Iterator[Row]:
    for position, text in enumerate(texts):
        if position == _MAX_ITEMS:
            yield "", "… and more, which --json shows"
            return
        yield label if position == 0 else "", text


def _result(result: ResultShown) -> str:
    said = ", ".join(visible(each) for each in (result.value, result.status) if each is not None)
    return f"{visible(result.name)}: {said}" if result.name is not None else said


def _alignment(aligned: Aligned) -> str:
    facts = [aligned.framework]
    if aligned.type is not None and not aligned.type.startswith(_EXTENSION):
        facts.append(aligned.type)
    code = aligned.code
    # What a description has no other place for is a JSON object, for programs: the name says it.
    is_for_programs = code is not None and code.startswith("{")
    if code is not None and not is_for_programs and f" {code} " not in f" {aligned.name} ":
        facts.append(code)
    known = ", ".join(visible(each) for each in facts if each is not None)
    lines = [visible(aligned.name) + (f" ({known})" if known else "")]
    if not is_for_programs:
        lines.append(visible(aligned.url))
    if aligned.description is not None:
        lines.append(aligned.description)
    return "\n".join(lines)


def _evidence(evidence: Evidence) -> str:
    lines = [evidence.name, evidence.url, evidence.narrative]
    return "\n".join(each for each in lines if each is not None) or "without name or address"
