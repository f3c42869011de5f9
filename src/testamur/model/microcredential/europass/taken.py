"""What was taken out of a credential while it was read, and so what was left in it.

A reader takes members of objects; afterwards every member that nobody took is a finding. So what a
reader does not know is never passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from testamur.model.base import Model, One
from testamur.model.elm import Concept
from testamur.model.elm.node import Node
from testamur.model.microcredential.reading import Fate, Finding

__all__ = ["Taken"]

_NO_PLACE = "a description has no such element"
_OF_EVERY_NODE = frozenset({"id", "type", "context"})


class Taken:
    """The members that were taken out of the objects of one credential."""

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self._taken: set[tuple[int, str]] = set()
        self._notes: dict[tuple[int, str], tuple[Fate, str]] = {}
        self._read: set[int] = set()
        self._known: dict[str, Node] = {}

    def take(self, node: Model, member: str) -> Any:
        """Return a member, and note that it was taken."""
        key = (id(node), member)
        if key not in self._taken:
            self._taken.add(key)
            self._read.add(id(node))
            if isinstance(node, Node) and node.id is not None:
                self._known.setdefault(node.id, node)
        return node.__dict__[member]

    def bend(self, node: Model, member: str, note: str) -> None:
        """Note that a member was taken in other words, or with less in it."""
        self._notes.setdefault((id(node), member), (Fate.APPROXIMATED, note))

    def miss(self, node: Model, member: str, note: str) -> None:
        """Note why a member was not taken."""
        self._notes.setdefault((id(node), member), (Fate.NO_PLACE, note))

    def leave(self, node: Model, note: str = _NO_PLACE) -> None:
        """Note that an object was left, though the member in which it stands was taken."""
        self.tell(node, Fate.NO_PLACE, note)

    def tell(self, node: Model, fate: Fate, note: str) -> None:
        """Note what became of an object as a whole."""
        self._notes[id(node), ""] = (fate, note)

    def findings(self, node: Model, path: str = "") -> Iterator[Finding]:
        """Yield what was left in an object and all objects within, and what was bent."""
        for name, field in type(node).model_fields.items():
            value = node.__dict__[name]
            if name in _OF_EVERY_NODE or value is None or value == ():
                continue
            at = f"{path}.{field.alias or name}" if path else field.alias or name
            key = (id(node), name)
            if key in self._notes:
                yield Finding(at, *self._notes[key])
            if key in self._taken:
                yield from self._within(value, at)
            elif key not in self._notes and not self._is_told(value):
                yield Finding(at, Fate.NO_PLACE, _NO_PLACE)

    def _within(self, value: Any, path: str) -> Iterator[Finding]:
        whole = isinstance(value, One) or not isinstance(value, tuple)
        for position, each in enumerate(value if isinstance(value, tuple) else (value,)):
            if not isinstance(each, Node):
                continue
            at = path if whole else f"{path}[{position}]"
            left = self._notes.get((id(each), ""))
            if left is not None:
                yield Finding(at, *left)
            elif not isinstance(each, Concept) and not self._is_copy(each):
                yield from self.findings(each, at)

    def _is_told(self, value: Any) -> bool:
        """Whether all objects here were read where they stand first."""
        values = value if isinstance(value, tuple) else (value,)
        return all(isinstance(each, Node) and self._is_copy(each) for each in values)

    def _is_copy(self, node: Node) -> bool:
        return id(node) not in self._read and self._known.get(node.id or "") == node
