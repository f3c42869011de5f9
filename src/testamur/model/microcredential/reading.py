"""What came of reading a credential as a description: the description, and what did not fit."""

from __future__ import annotations

from enum import StrEnum

from testamur._frozen import dataclass
from testamur.model.microcredential.description import MicroCredential

__all__ = ["Fate", "Finding", "Reading"]


class Fate(StrEnum):
    """What became of a member of a credential that was read."""

    CARRIED = "carried"
    """it is in the description; no finding has this, only the report of a conversion."""

    APPROXIMATED = "approximated"
    """it is in the description, in other words or with less in it."""

    NO_PLACE = "no place"
    """the description has nowhere to put it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A member that was not carried over as it stood.

    Attributes:
        path: where it stands in the credential that was read.
        fate: what became of it. note: how, in a sentence.
    """

    path: str
    fate: Fate
    note: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A description read out of a credential.

    Attributes:
        description: everything that was carried over.
        findings: everything that was not carried over as it stood.
    """

    description: MicroCredential
    findings: tuple[Finding, ...] = ()
