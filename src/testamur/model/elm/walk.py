"""A walk over a credential: every object with its path, and what its ids stand for.

Two objects with one id are one node of the graph. Where the copies say the same, that is only
longish; where they do not, their members run together, and what may be there once is there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

from testamur.model.base import Model, One, TypedModel
from testamur.model.elm.node import Kind, Node, Within, class_of
from testamur.model.faults import Fault, shorten

__all__ = ["Walk"]

_Step = tuple[str, str, Kind | None]


class Walk:
    """The objects of a credential.

    Attributes:
        nodes: path → object, in the order of the document; of copies that say the same, the first.
        links: (path, id that is linked to, classes that it may be of).
        faults: ids of which two copies differ.
    """

    def __init__(self, model: Model, path: str) -> None:
        """Walk over a model. path: what paths begin with."""
        self.nodes: list[tuple[str, Model]] = []
        self.links: list[tuple[str, str, Kind]] = []
        self.faults: list[Fault] = []
        self._by_id: dict[str, tuple[str, Model]] = {}
        self._visit(model, path)

    def find_dangling_links(self) -> Iterator[Fault]:
        """Yield a fault for each link to an id that no object of the right class has."""
        for path, target, kind in self.links:
            found = self._by_id.get(target)
            wanted = " or ".join(kind.names)
            if found is None:
                yield Fault(
                    path,
                    f"{shorten(target)} is described nowhere in the credential; write the whole"
                    f" object ({wanted}) here, or give its id to the one that is meant",
                    expected=wanted,
                    found=target,
                )
            elif not isinstance(found[1], tuple(class_of(name) for name in kind.names)):
                yield Fault(
                    path,
                    f"{shorten(target)} is of type {type(found[1]).__name__} at {found[0]}; link to"
                    f" a {wanted}",
                    expected=wanted,
                    found=target,
                )

    def _visit(self, model: Model, path: str) -> None:
        members = model.__dict__
        own = members["id"]
        if own is not None and self._is_copy(own, model, path):
            return
        self.nodes.append((path, model))
        for name, alias, kind in _steps(type(model)):
            value = members[name]
            if value is None or value == ():
                continue
            at = f"{path}.{alias}"
            if isinstance(value, tuple):
                whole = isinstance(value, One)
                for position, each in enumerate(value):
                    self._meet(each, at if whole else f"{at}[{position}]", kind)
            else:
                self._meet(value, at, kind)

    def _meet(self, value: Any, path: str, kind: Kind | None) -> None:
        if type(value) is not str:
            self._visit(value, path)
        elif kind is not None:
            self.links.append((path, value, kind))

    def _is_copy(self, own: str, model: Model, path: str) -> bool:
        """Whether there was an object of this id before."""
        first = self._by_id.setdefault(own, (path, model))
        if first[1] is model and first[0] == path:
            return False
        if first[1] != model and _meaning(first[1]) != _meaning(model):
            self.faults.append(
                Fault(
                    path,
                    f"has the id {shorten(own)} of {first[0]}, which says something else"
                    f" ({_difference(first[1], model)}); one id is one thing, so give each its own,"
                    " or make the two alike",
                    found=own,
                )
            )
        return True


@cache
def _steps(model: type[Model]) -> tuple[_Step, ...]:
    """Return (field, JSON name, classes where it may be a link) of what may hold objects."""
    steps = []
    for name, field in model.model_fields.items():
        parts = list(_parts(field.annotation, field.metadata))
        kind = next((each for each in parts if isinstance(each, Kind)), None)
        is_link = any(isinstance(each, Within) for each in parts)
        if kind is not None or any(isinstance(e, type) and issubclass(e, Node) for e in parts):
            steps.append((name, field.alias or name, kind if is_link else None))
    return tuple(steps)


def _parts(annotation: Any, metadata: Iterable[Any] = ()) -> Iterator[Any]:
    """Yield what an annotation is made of: types, and what is said of them."""
    yield from metadata
    yield annotation
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from _parts(each)


def _meaning(value: Any) -> Any:
    """Return what a value means, to be compared: sets in no order, one value as a set of one."""
    if isinstance(value, TypedModel):
        members = [_meaning(each) for each in value.__dict__.values()]
        return type(value), tuple(members), repr(value.__pydantic_extra__)
    if isinstance(value, tuple):
        return frozenset(map(_meaning, value))
    return value


def _difference(one: Model, other: Model) -> str:
    """Name the members in which two objects differ."""
    if type(one) is not type(other):
        return f"{type(one).__name__} and {type(other).__name__}"
    names = [
        field.alias or name
        for name, field in type(one).model_fields.items()
        if _meaning(one.__dict__[name]) != _meaning(other.__dict__[name])
    ]
    return f"in {', '.join(names[:5])}"
