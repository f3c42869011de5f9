"""Two or more micro-credentials side by side, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject
from testamur.completeness.report import Completeness, Element, Wording
from testamur.errors import ConfigurationError

__all__ = ["Comparison", "Row", "compare"]


@dataclass(frozen=True, slots=True)
class Row:
    """One element, as each of the micro-credentials has it.

    Attributes:
        cells: one for each, in the order in which they were given.
    """

    title: Wording
    cells: tuple[Element, ...]

    @property
    def is_same(self) -> bool:
        """Whether all say the same, in the same words."""
        first, *others = ([each.text for each in cell.found] for cell in self.cells)
        return all(each == first for each in others)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Micro-credentials side by side. It has no truth value.

    Attributes:
        reports: one for each of them. rows: one for each element.
    """

    reports: tuple[Completeness, ...]
    rows: tuple[Row, ...]

    def __bool__(self) -> NoReturn:
        raise TypeError("a comparison is neither true nor false; look at its rows")

    def to_json(self) -> JsonObject:
        """Return the comparison as a JSON object: rows of cells, and whose they are."""
        return {
            "version": "1",
            "profile": self.reports[0].profile,
            "credentials": [
                {
                    "title": each.title.text,
                    "issuer": None if each.issuer is None else each.issuer.text,
                    "id": each.id,
                }
                for each in self.reports
            ],
            "rows": [
                {
                    "element": row.cells[0].id,
                    "title": row.title.text,
                    "same": row.is_same,
                    "cells": [
                        {
                            "standing": cell.standing.value,
                            "found": [each.text for each in cell.found],
                            "more_found": cell.more_found,
                        }
                        for cell in row.cells
                    ],
                }
                for row in self.rows
            ],
        }


def compare(reports: Sequence[Completeness]) -> Comparison:
    """Put reports side by side.

    Args:
        reports: two or more, of one profile.

    Raises:
        ConfigurationError: there is only one, or they are of different profiles.
    """
    if len(reports) < 2:
        raise ConfigurationError("one micro-credential cannot be compared; name two or more")
    if len({each.profile for each in reports}) > 1:
        raise ConfigurationError(
            "reports of different profiles cannot be compared; check all against one"
        )
    columns = [each.elements for each in reports]
    rows = tuple(Row(cells[0].title, cells) for cells in zip(*columns, strict=True))
    return Comparison(tuple(reports), rows)
