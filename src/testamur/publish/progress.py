"""How far the folder has followed the register: so a run looks only at what happened since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import TestamurError
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp

__all__ = ["LOOK_OVER_AFTER", "Progress"]

LOOK_OVER_AFTER = timedelta(days=1)
"""So often are the files of all credentials looked at, though nothing happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the manifest says of the last run that was completed.

    Attributes:
        sequence: of the entry of the trail up to which everything is in the folder.
        hash: of that entry, in hexadecimal: another one is the mark of another history.
        made_of: fingerprint of what all pages are made of.
        changed: when the folder of the pages was changed last, in nanoseconds.
        at: the clock of the last run that wrote this, aware.
        looked_over: when the files of all credentials were looked at last, aware.
        next_end: when the next credential with a page ends to be valid, aware.
        pages: how many there are.
        without_document: ids of credentials that have none, because their documents are not kept.
        copies: folders of `public` in which the newest copies of credentials stand.
        copies_elsewhere: URLs of folders in which they should, and that are not on this site.
    """

    sequence: int
    hash: str
    made_of: str
    changed: int
    at: datetime
    looked_over: datetime
    next_end: datetime | None = None
    pages: int = 0
    without_document: tuple[str, ...] = field(default=(), repr=False)
    copies: tuple[str, ...] = ()
    copies_elsewhere: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Return it as the manifest holds it."""
        return {
            "sequence": self.sequence,
            "hash": self.hash,
            "madeOf": self.made_of,
            "changed": self.changed,
            "at": format_date_time_stamp(self.at),
            "lookedOver": format_date_time_stamp(self.looked_over),
            "nextEnd": None if self.next_end is None else format_date_time_stamp(self.next_end),
            "pages": self.pages,
            "withoutDocument": list(self.without_document),
            "copies": list(self.copies),
            "copiesElsewhere": list(self.copies_elsewhere),
        }

    @classmethod
    def from_json(cls, said: JsonValue) -> Progress | None:
        """Read it; None where it is not there or cannot be read: everything is looked at then."""
        if not isinstance(said, dict):
            return None
        try:
            return cls(
                sequence=_number(said, "sequence"),
                hash=_text(said, "hash"),
                made_of=_text(said, "madeOf"),
                changed=_number(said, "changed"),
                at=parse_date_time_stamp(_text(said, "at"), path="at"),
                looked_over=parse_date_time_stamp(_text(said, "lookedOver"), path="lookedOver"),
                next_end=(
                    None
                    if said.get("nextEnd") is None
                    else parse_date_time_stamp(_text(said, "nextEnd"), path="nextEnd")
                ),
                pages=_number(said, "pages"),
                without_document=_texts(said, "withoutDocument"),
                copies=_texts(said, "copies"),
                copies_elsewhere=_texts(said, "copiesElsewhere"),
            )
        except (TestamurError, ValueError):
            return None


def _number(said: JsonObject, name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int):
        raise ValueError(name)
    return value


def _text(said: JsonObject, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise ValueError(name)
    return value


def _texts(said: JsonObject, name: str) -> tuple[str, ...]:
    value = said.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(name)
    return tuple(str(each) for each in value)
