"""A description that is put together value by value, from a credential that may hold anything."""

from __future__ import annotations

from typing import Any

from testamur.canon.strict_json import JsonObject
from testamur.errors import TestamurError
from testamur.model.microcredential.description import MicroCredential

__all__ = ["Collected", "describe"]


class Collected:
    """The members of a description that were read so far; what does not fit is refused."""

    def __init__(self, *, language: str, title: str) -> None:
        """Begin with a title in the description's language."""
        self.language = language
        self._start: dict[str, Any] = {"language": language, "title": {language: title}}
        self._members: dict[str, Any] = {}
        self._left_out: set[str] = set()

    def has(self, member: str) -> bool:
        """Whether there is such a member already."""
        return member in self._members or member in self._left_out

    def get(self, member: str, default: Any = None) -> Any:
        """Return a member that was put."""
        return self._members.get(member, default)

    def put(self, member: str, value: Any) -> bool:
        """Add a value; arrays grow, everything else is put once.

        Args:
            member: of the description; "level.eqf" is a member of its level.
            value: a part of a description, or the JSON of one.

        Returns:
            False where it does not fit, or where the place is taken.
        """
        if member.startswith("level."):
            return self._put_level(member.removeprefix("level."), value)
        if isinstance(_EMPTY.get(member), tuple):
            return self._set(member, (*self._members.get(member, ()), value))
        return not self.has(member) and self._set(member, value)

    def leave_out(self, member: str) -> None:
        """Take note that a member was not given, whatever stands in its place."""
        self._left_out.add(member)

    def replace(self, member: str, value: Any) -> bool:
        """Put a value in the place of what is there; False where it does not fit."""
        return self._set(member, value)

    def describe(self) -> MicroCredential:
        """Return the description."""
        return MicroCredential(**{**self._start, **self._members})

    def _put_level(self, member: str, value: Any) -> bool:
        level = self._members.get("level")
        known = {name: each for name, each in level or () if each is not None}
        if member == "national":
            known[member] = (*known.get(member, ()), value)
        elif known.get(member) is not None:
            return False
        else:
            known[member] = value
        return self._set("level", known)

    def _set(self, member: str, value: Any) -> bool:
        try:
            read = MicroCredential(**{**self._start, member: value})
        except TestamurError:
            return False
        self._members[member] = getattr(read, member)
        return True


def describe(members: JsonObject) -> tuple[MicroCredential, dict[str, str]]:
    """Make a description of its JSON; what does not fit is left out.

    Args:
        members: at least language and title.

    Returns:
        The description; and what was left out, by its path in the description, with the reason.
    """
    try:
        return MicroCredential.from_json(members), {}
    except TestamurError:
        start = {name: members[name] for name in ("language", "title")}
        left_out: dict[str, str] = {}
        fitting: dict[str, Any] = {}
        for name, value in members.items():
            if name not in start:
                fitting |= _fitting(start, name, value, left_out)
        return _without_end(start | fitting, left_out), left_out


def _fitting(start: JsonObject, name: str, value: Any, left_out: dict[str, str]) -> dict[str, Any]:
    """Return a member without what does not fit of it; nothing where nothing fits."""
    try:
        MicroCredential.from_json({**start, name: value})
    except TestamurError as error:
        if not isinstance(value, list) or len(value) == 1:
            left_out[f"description.{name}"] = str(error)
            return {}
    else:
        return {name: value}
    found: list[Any] = []
    for position, each in enumerate(value):
        try:
            MicroCredential.from_json({**start, name: [each]})
        except TestamurError as error:
            left_out[f"description.{name}[{position}]"] = str(error)
        else:
            found.append(each)
    return {name: found} if found else {}


def _without_end(members: JsonObject, left_out: dict[str, str]) -> MicroCredential:
    try:
        return MicroCredential.from_json(members)
    except TestamurError as error:  # each member fits by itself: it ends before it was issued
        left_out["description.validUntil"] = str(error)
        return MicroCredential.from_json({k: v for k, v in members.items() if k != "validUntil"})


_EMPTY = dict(MicroCredential(language="en", title={"en": "-"}))
