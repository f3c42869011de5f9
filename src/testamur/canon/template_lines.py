"""The lines of a template: where slots stand in them, and in which order they come.

Text with slots is a choice of strings from one list, which holds the values of the slots, then what
is constant; so one shape of document is put together by picking and joining.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import TypeAlias

from testamur._frozen import dataclass
from testamur._lazy import lazy_pattern
from testamur.canon.marks import MARK, mark, split_at_marks

__all__ = ["Layout", "Lines", "Pick", "Pieces", "Quad", "first_degree", "joined"]

Pick: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
"""Picks strings from a list."""

_LINE = lazy_pattern(
    r"(?P<subject><[^>]*>|_:\S+) (?P<predicate><[^>]*>) "
    r'(?P<object><[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?)'
    r"(?: (?P<graph><[^>]*>|_:\S+))? \."
)


@dataclass(frozen=True, slots=True)
class Quad:
    """A line of canonical N-Quads, its slots still marks."""

    subject: str
    predicate: str
    object: str
    graph: str | None

    @classmethod
    def parse(cls, line: str) -> Quad:
        """Take a line apart."""
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError("this is no line of canonical N-Quads")
        return cls(match["subject"], match["predicate"], match["object"], match["graph"])

    @property
    def terms(self) -> list[str]:
        """Its three or four terms, as they are written."""
        found = [self.subject, self.predicate, self.object]
        return found if self.graph is None else [*found, self.graph]

    @property
    def nodes(self) -> list[str]:
        """Its blank nodes."""
        return [term for term in self.terms if term.startswith("_:")]

    @property
    def iris(self) -> list[str]:
        """Its IRIs that no slot is in."""
        return [term[1:-1] for term in self.terms if term[0] == "<" and not MARK.search(term)]

    def line(self, rename: Callable[[str], str], object_: str | None = None) -> str:
        """Write the line with other names for its blank nodes."""
        terms = [rename(term) if term.startswith("_:") else term for term in self.terms]
        if object_ is not None:
            terms[2] = object_
        return " ".join(terms) + " .\n"


class Layout:
    """The lines of each subject, whose labels are slots too, numbered behind those of the strings.

    Where one property has several nodes, their labels are put in order before they are filled in:
    each such group has slots of its own, numbered behind those of the labels.

    Attributes:
        blocks: subject → its lines, and the slots of the groups in them.
        groups: the numbers of the labels in each group, in the order of their slots.
        slots: how many there are in all.
    """

    def __init__(self, quads: Iterable[Quad], numbers: Mapping[str, int], first: int) -> None:
        self._numbers = numbers
        self.slots = first
        self.groups: list[list[int]] = []
        by_subject: dict[str, dict[tuple[str, str | None], list[Quad]]] = {}
        for quad in quads:
            by_property = by_subject.setdefault(quad.subject, {})
            by_property.setdefault((quad.predicate, quad.graph), []).append(quad)
        self.blocks = {
            subject: self._block(by_property.values())
            for subject, by_property in by_subject.items()
        }

    def _block(self, by_property: Iterable[list[Quad]]) -> tuple[list[str], list[range]]:
        lines: list[str] = []
        groups: list[range] = []
        for quads in by_property:
            nodes = [quad for quad in quads if quad.object in self._numbers]
            if len(nodes) < 2:
                lines += [quad.line(self._label) for quad in quads]
                continue
            lines += [quad.line(self._label) for quad in quads if quad not in nodes]
            groups.append(range(self.slots, self.slots + len(nodes)))
            self.groups.append([self._numbers[quad.object] for quad in nodes])
            self.slots += len(nodes)
            for quad, number in zip(nodes, groups[-1], strict=True):
                lines.append(quad.line(self._label, object_=f"_:{mark(number)}"))
        return lines, groups

    def _label(self, node: str) -> str:
        return f"_:{mark(self._numbers[node])}"


class Pieces:
    """The constant texts of a template, which stand behind the values of its slots.

    A text with slots is then a choice of strings from one list, which are joined; that takes a
    fraction of the time of formatting it.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self.constants: list[str] = []

    def positions(self, text: str) -> list[int]:
        """Return where the strings of a text with marks stand, behind each other."""
        constants, slots = split_at_marks(text)
        positions: list[int] = []
        for constant, slot in zip_longest(constants, slots):
            if constant:
                positions.append(self._slots + len(self.constants))
                self.constants.append(constant)
            if slot is not None:
                positions.append(slot)
        return positions


class Lines:
    """Lines with slots, put in order when they are filled, unless constant text orders them."""

    def __init__(self, lines: Iterable[str], groups: Sequence[range], pieces: Pieces) -> None:
        """Hold lines with marks; the values of a group of slots will come in order."""
        ordered = sorted(lines)
        self.in_order = all(_is_decided(a, b, groups) for a, b in pairwise(ordered))
        texts = ["".join(ordered)] if self.in_order else ordered
        self._positions = [pieces.positions(text) for text in texts]

    def placed(self, place: Callable[[int], int]) -> list[list[int]]:
        """Return the positions of their strings: of all of them, or of each where they are sorted.

        Args:
            place: where a string stands that stood at a position when the lines were taken in.
        """
        return [[place(at) for at in each] for each in self._positions]


def joined(blocks: Sequence[Lines], place: Callable[[int], int]) -> Pick:
    """Return what picks the strings of all blocks, in this order."""
    if all(block.in_order for block in blocks):
        return _picker([at for block in blocks for at in block.placed(place)[0]])
    pickers = [(block.in_order, list(map(_picker, block.placed(place)))) for block in blocks]

    def pick(filled: Sequence[str]) -> list[str]:
        strings: list[str] = []
        for in_order, picks in pickers:
            if in_order:
                strings += picks[0](filled)
            else:
                strings += sorted(["".join(each(filled)) for each in picks])
        return strings

    return pick


def first_degree(
    node: str, quads: Iterable[Quad], pieces: Pieces
) -> bytes | Callable[[Sequence[str]], bytes]:
    """RDFC-1.0, 4.6 Hash First Degree Quads: the digest, or what gives it for filled slots.

    Args:
        node: whose hash it is. quads: those that mention it.
        pieces: where constant texts go.
    """
    mentioned = [quad.line(lambda label: "_:a" if label == node else "_:z") for quad in quads]
    if not any(MARK.search(line) for line in mentioned):
        return hashlib.sha256("".join(sorted(mentioned)).encode("utf-8")).digest()
    pick = joined([Lines(mentioned, (), pieces)], lambda at: at)
    return lambda filled: hashlib.sha256("".join(pick(filled)).encode("utf-8")).digest()


def _picker(positions: Sequence[int]) -> Pick:
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda filled: [filled[at] for at in positions]


def _is_decided(one: str, other: str, groups: Iterable[range]) -> bool:
    """Whether `one` comes before `other`, or is the same, whatever is filled into their slots."""
    at = _length_in_common(one, other)
    slots = [_slot_at(line, at) for line in (one, other)]
    if slots == [None, None]:
        return True
    return any(None not in slots and slots[0] in group and slots[1] in group for group in groups)


def _length_in_common(one: str, other: str) -> int:
    at, step = 0, 1 << 10
    while step:
        while one[at : at + step] == other[at : at + step] and at < len(one):
            at += step
        step >>= 1
    return min(at, len(one))


def _slot_at(line: str, position: int) -> int | None:
    """The slot whose mark covers a position of a line."""
    return next(
        (int(match[1]) for match in MARK.finditer(line) if match.start() <= position < match.end()),
        None,
    )
