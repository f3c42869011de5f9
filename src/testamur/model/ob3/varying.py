"""What differs between the badges of one achievement, and what the model asks of it.

The models check a whole badge. Of the second badge of an achievement that was checked, only a few
strings are new, and the rules for each of them are known here: if they accept, the models accept
the badge. They may decline where the models would accept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from operator import itemgetter

from testamur.canon.contexts import CREDENTIALS_V2
from testamur.canon.strict_json import JsonObject
from testamur.errors import ModelError
from testamur.model.dates import LexicalDateTime, parse_date_time_stamp
from testamur.model.faults import BrokenRuleError
from testamur.model.values import IDENTITY_HASH, STATUS_INDEX, check_url

__all__ = ["VaryingMembers"]

_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})

Path = tuple[str | int, ...]
_Rule = Callable[[str], bool]


class VaryingMembers:
    """The strings that may differ in a badge of the VC Data Model 2.0 that the models accept.

    Attributes:
        paths: where they stand, in the order of the values.
        rules: (slot, rule): what is asked of single values.
    """

    def __init__(self, badge: JsonObject, only: Collection[Path] | None = None) -> None:
        """Find them in a badge; none in any other credential.

        Args:
            badge: a document that the models accept.
            only: of which paths, where not all of these may differ.
        """
        found = list(_members(badge)) if _is_badge(badge) else []
        if only is not None:
            found = [(path, rule) for path, rule in found if path in only]
        self.paths: tuple[Path, ...] = tuple(path for path, _ in found)
        self.rules = [(slot, rule) for slot, (_, rule) in enumerate(found) if rule is not None]
        self._start = _either(badge, "validFrom", self.paths)
        self._end = _either(badge, "validUntil", self.paths)

    def accepts(self, values: Sequence[str]) -> bool:
        """Whether the models accept the badge with these values; False also where unsure."""
        for slot, rule in self.rules:
            if not rule(values[slot]):
                return False
        return self.are_in_order(values)

    def are_all_in_order(self, columns: Sequence[Sequence[str]]) -> bool:
        """The same for many badges. columns: for each slot its values."""
        return self._end is None or all(map(self.are_in_order, zip(*columns, strict=True)))

    def are_in_order(self, values: Sequence[str]) -> bool:
        """Whether the validity period does not end before it begins."""
        if self._end is None or self._start is None:
            return True
        first = _date_time_stamp(self._start(values))
        last = _date_time_stamp(self._end(values))
        return first is not None and last is not None and first <= last


def _either(
    badge: JsonObject, member: str, paths: Sequence[Path]
) -> Callable[[Sequence[str]], str] | None:
    """Return what gives a member's value: that in its slot, or else that of the badge."""
    if (member,) in paths:
        return itemgetter(paths.index((member,)))
    value = badge.get(member)
    return (lambda _: value) if isinstance(value, str) else None


def _members(badge: JsonObject) -> Iterator[tuple[Path, _Rule | None]]:
    subject = badge.get("credentialSubject")
    if not isinstance(subject, dict):
        return
    yield from _strings(badge, (), _CREDENTIAL)
    for path, each in _objects(badge, "evidence"):
        yield from _strings(each, path, _EVIDENCE)
    for path, each in _objects(badge, "credentialStatus"):
        if each.get("type") == "BitstringStatusListEntry":
            yield from _strings(each, path, _STATUS)
    at = ("credentialSubject",)
    yield from _strings(subject, at, _SUBJECT)
    for path, each in _objects(subject, "identifier"):
        hashed = each.get("hashed") is True
        yield from _strings(each, at + path, _HASHED if hashed else _PLAIN)
    for path, each in _objects(subject, "result"):
        yield from _strings(each, at + path, _RESULT)


def _strings(
    value: JsonObject, at: Path, rules: dict[str, _Rule | None]
) -> Iterator[tuple[Path, _Rule | None]]:
    for name, rule in rules.items():
        if isinstance(value.get(name), str):
            yield (*at, name), rule


def _objects(parent: JsonObject, member: str) -> Iterator[tuple[Path, JsonObject]]:
    value = parent.get(member)
    if isinstance(value, dict):
        yield (member,), value
    elif isinstance(value, list):
        for position, each in enumerate(value):
            if isinstance(each, dict):
                yield (member, position), each


def _is_badge(document: JsonObject) -> bool:
    contexts, types = document.get("@context"), document.get("type")
    return (
        isinstance(contexts, list)
        and contexts[:1] == [CREDENTIALS_V2]
        and isinstance(types, list)
        and any(each in _BADGES for each in types if isinstance(each, str))
    )


def _is_url(text: str) -> bool:
    try:
        check_url(text)
    except BrokenRuleError:
        return False
    return True


def _is_date_time_stamp(text: str) -> bool:
    return _date_time_stamp(text) is not None


def _date_time_stamp(text: str) -> LexicalDateTime | None:
    try:
        return parse_date_time_stamp(text)
    except ModelError:
        return None


def _is_index(text: str) -> bool:
    return STATUS_INDEX.fullmatch(text) is not None


def _is_identity_hash(text: str) -> bool:
    return IDENTITY_HASH.fullmatch(text) is not None


_CREDENTIAL: dict[str, _Rule | None] = {
    "id": _is_url,
    "validFrom": _is_date_time_stamp,
    "validUntil": _is_date_time_stamp,
    "awardedDate": _is_date_time_stamp,
}
_SUBJECT: dict[str, _Rule | None] = {
    "id": _is_url,
    "activityStartDate": _is_date_time_stamp,
    "activityEndDate": _is_date_time_stamp,
    "licenseNumber": None,
    "narrative": None,
    "role": None,
    "term": None,
}
_HASHED: dict[str, _Rule | None] = {"identityHash": _is_identity_hash, "salt": None}
_PLAIN: dict[str, _Rule | None] = {"identityHash": None, "salt": None}
_RESULT: dict[str, _Rule | None] = {"value": None, "achievedLevel": _is_url}
_EVIDENCE: dict[str, _Rule | None] = {
    "id": _is_url,
    "name": None,
    "description": None,
    "narrative": None,
}
_STATUS: dict[str, _Rule | None] = {"id": _is_url, "statusListIndex": _is_index}
