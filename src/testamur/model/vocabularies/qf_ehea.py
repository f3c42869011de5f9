"""Cycles of the European Higher Education Area, and the EQF levels that they correspond to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

__all__ = ["EQF_OF_CYCLE", "Cycle"]


class Cycle(StrEnum):
    """A cycle of the framework of qualifications of the European Higher Education Area (QF-EHEA).

    The framework has no concept scheme with IRIs; the values are codes of ours.
    """

    SHORT = "short-cycle"
    FIRST = "first-cycle"
    SECOND = "second-cycle"
    THIRD = "third-cycle"


EQF_OF_CYCLE: Mapping[Cycle, str] = MappingProxyType(
    {Cycle.SHORT: "5", Cycle.FIRST: "6", Cycle.SECOND: "7", Cycle.THIRD: "8"}
)
"""Cycle → code of the EQF level whose learning outcomes its descriptors correspond to.

Council Recommendation of 22 May 2017 on the EQF (2017/C 189/03), Annex II, notes to levels 5 to 8.
The correspondence is of outcomes: a qualification at one of these levels is not thereby a degree.
"""
