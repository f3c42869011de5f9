"""Paths into a description or a credential, as profiles write them: `learningOutcomes.title`.

Names are those of the JSON form, with dots between. An array is looked through: a name behind it is
looked up in each of its items. `[0]` takes one item, `[system=ECTS]` those whose member has this
value.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from testamur._frozen import dataclass
from testamur._lazy import lazy_pattern
from testamur.errors import ModelError
from testamur.model.base import Model
from testamur.model.microcredential import MicroCredential

__all__ = ["Path", "Subject", "check_in_description", "find", "has_content", "parse_path"]

_STEP = lazy_pattern(
    r"(?P<name>[@$]?[A-Za-z][A-Za-z0-9]{0,63})"
    r"(?:\[(?:(?P<index>[0-9]{1,3})|(?P<member>[A-Za-z]{1,64})=(?P<wanted>[^\[\]=.]{1,120}))\])?"
)
_STEPS = 12


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    index: int | None = None
    member: str | None = None
    wanted: str | None = None


Path = tuple[_Step, ...]
"""Where to look."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What paths lead into.

    Attributes:
        root: a description, or the JSON object of a credential.
        facts: what is not in it but known of it, under names with a `$`: `$securing`.
    """

    root: Any
    facts: Mapping[str, str]


def parse_path(text: str) -> Path:
    """Read a path.

    Raises:
        ModelError: it is none.
    """
    steps: list[_Step] = []
    for part in text.split("."):
        match = _STEP.fullmatch(part)
        if match is None or len(steps) == _STEPS:
            raise ModelError(
                f"{text[:120]!r} is no path; write names with dots between them, as "
                "learningOutcomes.title or workload.credits[system=ECTS].points"
            )
        index = match["index"]
        member, wanted = match["member"], match["wanted"]
        steps.append(_Step(match["name"], None if index is None else int(index), member, wanted))
    return tuple(steps)


def check_in_description(path: Path) -> None:
    """Check that a description has a place of this path.

    Raises:
        ModelError: it has none; the message names the closest members.
    """
    model: type[Model] | None = MicroCredential
    for step in path:
        fields = _fields(model) if model is not None else {}
        if step.name not in fields:
            close = difflib.get_close_matches(step.name, fields, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(close)}?" if close else _all(fields)
            raise ModelError(f"a description has nothing at {step.name!r} there; {hint}")
        model = _model_in(model.model_fields[fields[step.name]].annotation) if model else None
        if step.member is not None and step.member not in (_fields(model) if model else {}):
            raise ModelError(f"a description has nothing at {step.member!r} there")


def find(subject: Subject, path: Path) -> list[Any]:
    """Return every value at a path that has content; arrays are taken apart."""
    if path[0].name.startswith("$"):
        fact = subject.facts.get(path[0].name)
        return [] if fact is None else [fact]
    return find_in(subject.root, path)


def find_in(root: Any, path: Path) -> list[Any]:
    """Like `find`, below any value."""
    values = [root]
    for step in path:
        values = [each for value in values for each in _step(value, step)]
    return [each for each in values if has_content(each)]


def has_content(value: Any) -> bool:
    """Whether a value says anything: blank texts, and objects of nothing else, do not."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Model):
        return any(has_content(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, dict):
        return any(map(has_content, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(has_content, value))
    return True


def _step(value: Any, step: _Step) -> Iterator[Any]:
    found = _member(value, step.name)
    items = list(_items(found))
    if step.index is not None:
        items = items[step.index : step.index + 1]
    for item in items:
        if step.member is None or str(_member(item, step.member)) == step.wanted:
            yield item


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Model):
        field = _fields(type(value)).get(name)
        return None if field is None else getattr(value, field)
    return value.get(name) if isinstance(value, dict) else None


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _items(each)
    elif value is not None:
        yield value


@cache
def _fields(model: type[Model]) -> dict[str, str]:
    """Return JSON name → field name."""
    return {each.alias or name: name for name, each in model.model_fields.items()}


def _model_in(annotation: Any) -> type[Model] | None:
    """Return the model that a field holds: alone, or in an array, or where it is given."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)


def _all(fields: Mapping[str, str]) -> str:
    return f"there are {', '.join(sorted(fields))}" if fields else "it is a value, without members"
