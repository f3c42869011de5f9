"""What many reports have in common: how often each element is there, thin or missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject
from testamur.completeness.profile import Need
from testamur.completeness.report import Completeness, Element, Standing
from testamur.errors import ConfigurationError

__all__ = ["Overview", "Tally", "overview"]


@dataclass(frozen=True, slots=True)
class Tally:
    """One element over all reports.

    Attributes:
        element: as the first report has it: its title, its advice.
        there, thin, missing, not_applicable: in how many reports.
    """

    element: Element
    there: int
    thin: int
    missing: int
    not_applicable: int

    @property
    def expected(self) -> int:
        """In how many reports it is expected."""
        return self.there + self.thin + self.missing


@dataclass(frozen=True, slots=True)
class Overview:
    """Many reports of one profile. It has no truth value.

    Attributes:
        tallies: one for each element, in the order of the profile.
        complete: reports in which every required element is there and useful.
    """

    reports: tuple[Completeness, ...]
    tallies: tuple[Tally, ...]
    complete: int

    def __bool__(self) -> NoReturn:
        raise TypeError("an overview is neither true nor false; look at its tallies")

    @property
    def most_missing_first(self) -> tuple[Tally, ...]:
        """The tallies: required elements first, and of these the most missing first."""
        return tuple(
            sorted(
                self.tallies,
                key=lambda each: (
                    each.element.need is not Need.REQUIRED,
                    -each.missing,
                    -each.thin,
                    -each.there,
                ),
            )
        )

    def to_json(self) -> JsonObject:
        """Return the tallies as a JSON object."""
        return {
            "version": "1",
            "profile": self.reports[0].profile,
            "credentials": len(self.reports),
            "complete": self.complete,
            "elements": [
                {
                    "element": each.element.id,
                    "title": each.element.title.text,
                    "need": each.element.need.value,
                    "there": each.there,
                    "thin": each.thin,
                    "missing": each.missing,
                    "not_applicable": each.not_applicable,
                }
                for each in self.tallies
            ],
        }


def overview(reports: Sequence[Completeness]) -> Overview:
    """Count over reports.

    Args:
        reports: one or more, of one profile.

    Raises:
        ConfigurationError: there is none, or they are of different profiles.
    """
    if len({each.profile for each in reports}) != 1:
        raise ConfigurationError(
            "an overview is made of one or more reports of one profile; check all against one"
        )
    columns = zip(*(each.elements for each in reports), strict=True)
    tallies = []
    for elements in columns:
        standings = [each.standing for each in elements]
        counts = (standings.count(each) for each in Standing)
        tallies.append(Tally(elements[0], *counts))
    complete = sum(each.required.there == each.required.expected for each in reports)
    return Overview(tuple(reports), tuple(tallies), complete)
