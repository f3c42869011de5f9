"""Which column of a roster is which: by exact names, by what people call them, or as told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from testamur.errors import ConfigurationError, ParseError
from testamur.model.ob3 import Achievement, ResultDescription
from testamur.roster.headings import plain, synonyms

__all__ = [
    "COLUMNS",
    "COLUMN_NAMES",
    "RESULT",
    "ColumnMatch",
    "How",
    "known_columns",
    "match_columns",
    "result_columns",
]

COLUMNS = (
    "key",
    "id",
    "email",
    "name",
    "given_name",
    "family_name",
    "license_number",
    "role",
    "term",
    "narrative",
    "language",
    "valid_from",
    "valid_until",
    "awarded_date",
    "activity_start_date",
    "activity_end_date",
    "credits_earned",
    "evidence_url",
    "evidence_name",
    "evidence_description",
    "evidence_narrative",
    "result",
)
"""The columns of a roster; beside them `result:<name or id>` for each result description."""

COLUMN_NAMES = "names of columns"
"""What errors about headings expect: they can be told."""

RESULT = "result"
_SHOWN = 80  # characters of a heading in messages


class How(Enum):
    """Why a column is taken for what it is."""

    EXACT = "exact"
    TOLD = "as you said"
    RECOGNIZED = "recognized"


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of a roster file.

    Attributes:
        heading: in the file.
        column: one of `COLUMNS`, or `result:…`; None: it is left out.
        how: why.
    """

    heading: str
    column: str | None
    how: How


def match_columns(
    headings: Sequence[str], achievement: Achievement, told: Mapping[str, str | None] | None = None
) -> tuple[ColumnMatch, ...]:
    """Find out what the columns of a roster are. Columns without a heading are left out.

    A heading that is recognized is only a guess, which somebody should confirm.

    Args:
        headings: in their order.
        achievement: whose result descriptions the columns of results are for.
        told: heading → column, or None to leave it out; it goes before everything else.

    Raises:
        ParseError: columns that are not known, all of them; or two for one thing.
        ConfigurationError: what was told fits no heading, or names no column.
    """
    told = told or {}
    _check_told(told, headings, achievement)
    matches, unknown = list[ColumnMatch](), list[str]()
    recognized = {**synonyms(), **{plain(each): each for each in COLUMNS}}
    results, known = result_columns(achievement), known_columns(achievement)
    for heading in headings:
        if not heading:
            continue
        if heading in told:
            matches.append(ColumnMatch(heading, told[heading] or None, How.TOLD))
        elif heading in known:
            matches.append(ColumnMatch(heading, heading, How.EXACT))
        else:
            found = set(_recognized(heading, recognized, results))
            if len(found) == 1:
                matches.append(ColumnMatch(heading, found.pop(), How.RECOGNIZED))
            else:
                unknown.append(heading)
    if unknown:
        raise _unknown(unknown, achievement)
    _require_one_each(headings, matches, results)
    return tuple(matches)


def result_columns(achievement: Achievement) -> Mapping[str, ResultDescription]:
    """Return the columns of results; a name that two descriptions share names neither."""
    described = achievement.result_description
    names = [each.name for each in described]
    columns = {f"{RESULT}:{each.id}": each for each in described}
    columns |= {f"{RESULT}:{each.name}": each for each in described if names.count(each.name) == 1}
    if len(described) == 1:
        columns[RESULT] = described[0]
    return columns


def known_columns(achievement: Achievement) -> frozenset[str]:
    """Return the exact names of all columns that a roster for an achievement may have."""
    results = result_columns(achievement)
    return frozenset({*COLUMNS, *results} - ({RESULT} - results.keys()))


def _recognized(
    heading: str, known: Mapping[str, str], results: Mapping[str, ResultDescription]
) -> Iterator[str]:
    """Yield what a heading may stand for; each thing by one name."""
    wanted = plain(heading)
    # "Grade", "Result: Grade" and "Note – Grade" are all the result of that name.
    first, _, rest = heading.partition(":")
    is_result = known.get(plain(first)) == RESULT and bool(rest.strip())
    for column, description in results.items():
        if column == f"{RESULT}:{description.name}":
            name = plain(description.name)
            if name and (wanted == name or (is_result and plain(rest) == name)):
                yield column
    column = known.get(wanted, "")
    if column == RESULT:
        if RESULT in results:
            # The same thing as by its name, where it has one.
            description = results[RESULT]
            by_name = f"{RESULT}:{description.name}"
            yield by_name if by_name in results else RESULT
    elif column:
        yield column


def _check_told(
    told: Mapping[str, str | None], headings: Sequence[str], achievement: Achievement
) -> None:
    known = known_columns(achievement)
    for heading, column in told.items():
        if heading not in headings:
            there = ", ".join(repr(each[:_SHOWN]) for each in headings[:50] if each)
            raise ConfigurationError(
                f"the roster has no column {heading[:_SHOWN]!r}; it has {there}", path=heading
            )
        if column and column not in known:
            raise ConfigurationError(
                f"{column[:_SHOWN]!r} is no column of rosters for this achievement; known are "
                f"{', '.join(_in_order(achievement))}",
                path=heading,
            )


def _require_one_each(
    headings: Sequence[str],
    matches: Iterable[ColumnMatch],
    results: Mapping[str, ResultDescription],
) -> None:
    seen: dict[str, str] = {}
    for match in matches:
        if list(headings).count(match.heading) > 1:
            raise ParseError(
                f"the column {match.heading[:_SHOWN]!r} is there twice; remove one",
                path=match.heading[:_SHOWN],
            )
        if match.column is None:
            continue
        what = results[match.column].id if match.column in results else match.column
        if what in seen:
            kind = "for the same result" if match.column in results else f"the {match.column}"
            raise ParseError(
                f"two columns are {kind}: {seen[what][:_SHOWN]!r} and "
                f"{match.heading[:_SHOWN]!r}; remove one, or say what it is",
                path=match.heading[:_SHOWN],
                expected=COLUMN_NAMES,
            )
        seen[what] = match.heading
    if "name" in seen and {"given_name", "family_name"} & seen.keys():
        raise ParseError(
            "there is a column for the name and others for its parts; leave one of them out",
            path="name",
            expected=COLUMN_NAMES,
        )


def _unknown(headings: Sequence[str], achievement: Achievement) -> ParseError:
    shown = ", ".join(repr(each[:_SHOWN]) for each in headings[:20])
    more = f" and {len(headings) - 20} more" if len(headings) > 20 else ""
    what = f"the column {shown} is" if len(headings) == 1 else f"the columns {shown}{more} are"
    return ParseError(
        f"{what} not known; known are {', '.join(_in_order(achievement))}; say "
        "which of these it is, or that it is to be left out",
        path=headings[0][:_SHOWN],
        expected=COLUMN_NAMES,
    )


def _in_order(achievement: Achievement) -> list[str]:
    """Name the known columns in the order of `COLUMNS`, and each result by its name if it can."""
    results = result_columns(achievement)
    shown = {description.id: column for column, description in results.items()}
    # Of the columns for one result, that by the name comes behind that by the id; RESULT is last.
    shown |= {each.id: name for name, each in results.items() if name == f"{RESULT}:{each.name}"}
    plain_names = [each for each in COLUMNS if each != RESULT or RESULT in results]
    return [*plain_names, *(each for each in shown.values() if each != RESULT)]
