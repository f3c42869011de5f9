"""Marks: strings that stand in the slots of a template while it is made.

A mark is an absolute IRI, so that it may stand wherever a URL or a text may.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject, JsonValue

__all__ = ["MARK", "Path", "find", "has_mark", "mark", "marked", "split_at_marks"]

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a document: names of members and positions in arrays."""

_PREFIX = "urn:testamur:slot:"
MARK = lazy_pattern(re.escape(_PREFIX) + "([0-9]{6}):")


def mark(slot: int) -> str:
    """Return the mark of a slot; all marks have the same length."""
    return f"{_PREFIX}{slot:06}:"


def marked(document: JsonObject, paths: Sequence[Path]) -> JsonObject:
    """Return a copy of `document` with a mark at each path; what has none inside is shared."""
    copied = document.copy()
    for slot, path in enumerate(paths):
        parent: Any = copied
        for step in path[:-1]:
            parent[step] = parent[step].copy()
            parent = parent[step]
        parent[path[-1]] = mark(slot)
    return copied


def find(document: JsonValue, path: Path) -> JsonValue:
    """Return the value at a path that is there."""
    found: Any = document
    for step in path:
        found = found[step]
    value: JsonValue = found
    return value


def has_mark(value: JsonValue) -> bool:
    """Whether something that looks like a mark stands anywhere in a document."""
    if isinstance(value, str):
        return _PREFIX in value
    if isinstance(value, dict):
        return any(_PREFIX in name or has_mark(each) for name, each in value.items())
    return isinstance(value, list) and any(has_mark(each) for each in value)


def split_at_marks(text: str) -> tuple[list[str], list[int]]:
    """Return the constant pieces of a text with marks, and the slots between them."""
    parts = MARK.split(text)
    return parts[::2], [int(slot) for slot in parts[1::2]]
