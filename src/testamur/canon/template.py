"""Canonical N-Quads with slots: one shape of document, filled for many learners.

The credentials of one achievement differ in a few strings: an id, a hash, a grade. A template is
the canonical form of one of them with these strings taken out, and `fill` puts other strings in
their place. It gives exactly the bytes that RDFC-1.0 gives for the document with those strings, or
None where it cannot be sure:

1. Slots are strings that stand in the dataset as they stand in the document: the whole of a
   literal, or a whole IRI. This is seen by canonicalizing the document with marks in the slots.
2. Literals are escaped as Canonical N-Quads asks. IRIs are absolute, none begins with a term of
   the contexts or is one that a term stands for, and none is one that the document has elsewhere:
   nodes stay the nodes they were.
3. Blank nodes are labelled anew for every fill: in the order of their first-degree hashes
   (RDFC-1.0, 4.4.3, steps 3 and 4), of which those without slots are known. Where two are equal,
   the general algorithm is asked.
4. The order of the lines is known where constant text decides it; other lines are sorted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from testamur._lazy import lazy_pattern
from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.marks import MARK, Path, has_mark, mark, marked
from testamur.canon.n_quads import ABSOLUTE_IRI, CanonicalBytes, escape
from testamur.canon.spelling import (
    UNSIGNABLE,
)
from testamur.canon.strict_json import JsonObject
from testamur.canon.template_lines import Layout, Lines, Pick, Pieces, Quad, first_degree, joined
from testamur.errors import CanonicalizationError

__all__ = ["CanonicalTemplate"]

_LAYOUTS = 256

_SPECIAL = lazy_pattern('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')


class CanonicalTemplate:
    """The canonical N-Quads of one shape of document. Immutable; safe to share between threads."""

    def __init__(self, lines: Sequence[str], slots: int, contexts: Contexts) -> None:
        """Make a template of canonical lines with marks in them; see `compile`."""
        quads = [Quad.parse(line) for line in lines]
        about: dict[str, list[Quad]] = {}
        for quad in quads:
            for node in dict.fromkeys(quad.nodes):
                about.setdefault(node, []).append(quad)
        nodes = sorted(about)
        numbers = {node: slots + position for position, node in enumerate(nodes)}
        layout = Layout(quads, numbers, first=slots + len(nodes))
        self._terms = contexts.term_names | contexts.type_iris
        self._iri_slots = [
            slot for slot in range(slots) if any(f"<{mark(slot)}>" in line for line in lines)
        ]
        self._literal_slots = [slot for slot in range(slots) if slot not in self._iri_slots]
        self._iris = frozenset(iri for quad in quads for iri in quad.iris)
        self._labels = [f"c14n{position}" for position in range(len(nodes))]
        # In canonical order c14n10 comes before c14n2.
        self._in_text = sorted(range(len(nodes)), key=self._labels.__getitem__)
        self._slots = slots
        self._groups = [[number - slots for number in group] for group in layout.groups]
        hashed = Pieces(slots)
        self._hashes = [first_degree(node, about[node], hashed) for node in nodes]
        self._hashed = hashed.constants
        pieces = Pieces(layout.slots)
        compiled = {
            subject: Lines(block, groups, pieces)
            for subject, (block, groups) in layout.blocks.items()
        }
        self._constants = pieces.constants
        self._of_nodes = [compiled.pop(node, None) for node in nodes]
        self._of_iris = list(compiled.values())
        self._layouts: dict[tuple[tuple[int, ...], tuple[int, ...]], Pick] = {}
        self._subjects = [subject[1:] for subject in compiled]
        self._named_by_slot = [
            (position, int(match[1]))
            for position, subject in enumerate(self._subjects)
            if (match := MARK.match(subject))
        ]
        self._may_repeat = not all(
            block is None or block.in_order for block in (*self._of_nodes, *self._of_iris)
        )

    @classmethod
    def compile(
        cls, document: JsonObject, paths: Sequence[Path], *, contexts: Contexts
    ) -> CanonicalTemplate | None:
        """Make a template of a document whose strings at `paths` may vary.

        Args:
            document: without proofs; it is not changed.
            paths: where the slots are, each a string; `fill` takes the values in this order.
            contexts: the allow-list of contexts.

        Returns:
            None where a string does not stand in the dataset as it stands in the document, or the
            document cannot be canonicalized, or may have contexts of its own: `fill` knows the
            terms of the list alone.
        """
        if has_mark(document) or contexts.allows_inline:
            return None
        try:
            canonical = rdfc10.canonicalize(marked(document, paths), contexts=contexts)
        except CanonicalizationError:
            return None
        text = canonical.decode("utf-8")
        for slot in range(len(paths)):
            as_literal, as_iri = text.count(f'"{mark(slot)}"'), text.count(f"<{mark(slot)}>")
            only_one = bool(as_literal) != bool(as_iri)
            if not only_one or as_literal + as_iri != text.count(mark(slot)):
                return None
        return cls(text.split("\n")[:-1], len(paths), contexts)

    def fill(self, values: Sequence[str]) -> CanonicalBytes | None:
        """Return the canonical N-Quads of the document with `values` in its slots.

        None where that takes the general algorithm, or where the document would be refused.
        """
        if not self._are_iris(values):
            return None
        if _SPECIAL.search("".join(values)):
            if UNSIGNABLE.search("".join(values)):
                return None
            values = self._escaped(values)
        hashed = [*values, *self._hashed]
        hashes = [each if isinstance(each, bytes) else each(hashed) for each in self._hashes]
        return self._put_together(values, hashes)

    def fill_all(self, columns: Sequence[Sequence[str]]) -> list[CanonicalBytes] | None:
        """Fill the template for many documents at once, which takes less time for each.

        Args:
            columns: for each slot its values, one for each document.

        Returns:
            what `fill` gives for each document; None where it gives None for one of them.
        """
        if not self._have_iris(columns):
            return None
        together = "".join(["".join(column) for column in columns])
        if _SPECIAL.search(together):
            if UNSIGNABLE.search(together):
                return None
            columns = list(columns)
            for slot in self._literal_slots:
                columns[slot] = [escape(value) for value in columns[slot]]
        rows = list(zip(*columns, strict=True))
        hashed = [[*row, *self._hashed] for row in rows]
        of_nodes = [
            repeat(each, len(rows)) if isinstance(each, bytes) else map(each, hashed)
            for each in self._hashes
        ]
        hashes = list(zip(*of_nodes, strict=True)) if of_nodes else [()] * len(rows)
        filled: list[CanonicalBytes] = []
        for row, of_row in zip(rows, hashes, strict=True):
            one = self._put_together(row, of_row)
            if one is None:
                return None
            filled.append(one)
        return filled

    def _put_together(
        self, values: Sequence[str], hashes: Sequence[bytes]
    ) -> CanonicalBytes | None:
        """Label the nodes, and put the lines in order. hashes: of the nodes."""
        if len(set(hashes)) != len(hashes):
            return None
        # RDFC-1.0, 4.4.3, step 4.
        order = tuple(sorted(range(len(hashes)), key=hashes.__getitem__))
        subjects = self._in_order_of_subjects(values)
        layout = self._layouts.get((order, subjects))
        if layout is None:
            layout = self._lay_out(order, subjects)
        text = "".join(layout([*values, *self._constants, *self._labels]))
        return (
            None
            if self._may_repeat and _has_repetition(text)
            else CanonicalBytes(text.encode("utf-8"))
        )

    def _lay_out(self, order: tuple[int, ...], subjects: tuple[int, ...]) -> Pick:
        """Return what picks the strings of the whole text, for this order of nodes and subjects.

        They are picked from the values, the constants and the labels, which are constants too.
        """
        first_label = self._slots + len(self._constants)
        place = [first_label + order.index(node) for node in range(len(order))]
        for group in self._groups:
            by_label = sorted([place[node] for node in group], key=self._label_at)
            place += by_label
        moved = len(place)
        # Lines that begin with "<" come before those that begin with "_".
        of_nodes = [self._of_nodes[order[position]] for position in self._in_text]
        blocks = [*(self._of_iris[position] for position in subjects), *of_nodes]

        def placed(at: int) -> int:
            if at < self._slots:
                return at
            return place[at - self._slots] if at < self._slots + moved else at - moved

        pick = joined([block for block in blocks if block is not None], placed)
        if len(self._layouts) >= _LAYOUTS:
            self._layouts.clear()
        self._layouts[order, subjects] = pick
        return pick

    def _label_at(self, position: int) -> str:
        return self._labels[position - self._slots - len(self._constants)]

    def _in_order_of_subjects(self, values: Sequence[str]) -> tuple[int, ...]:
        subjects = self._subjects.copy()
        for position, slot in self._named_by_slot:
            subjects[position] = values[slot] + ">"  # as in the line: "#" comes before ">"
        return tuple(sorted(range(len(subjects)), key=subjects.__getitem__))

    def accepts(self, values: Sequence[str]) -> bool:
        """Whether the document with `values` in its slots loses nothing; False where unsure."""
        return self._are_iris(values) and not UNSIGNABLE.search("".join(values))

    def accepts_all(self, columns: Sequence[Sequence[str]]) -> bool:
        """Whether the same holds for many documents: for each slot its values."""
        together = "".join(["".join(column) for column in columns])
        return self._have_iris(columns) and not UNSIGNABLE.search(together)

    def _are_iris(self, values: Sequence[str]) -> bool:
        """Whether the IRI slots get absolute IRIs that mean no node the document has already."""
        iris = [values[slot] for slot in self._iri_slots]
        return len(set(iris)) == len(iris) and all(
            ABSOLUTE_IRI.fullmatch(iri)
            and iri not in self._iris
            and iri not in self._terms
            and iri[: iri.index(":")] not in self._terms
            for iri in iris
        )

    def _have_iris(self, columns: Sequence[Sequence[str]]) -> bool:
        """The same for many documents, whose IRIs must differ from each other's as well."""
        seen: set[str] = set()
        for slot in self._iri_slots:
            column = columns[slot]
            if not all(map(ABSOLUTE_IRI.fullmatch, column)) or not seen.isdisjoint(column):
                return False
            seen.update(column)
        schemes = {iri[: iri.index(":")] for iri in seen}
        return seen.isdisjoint(self._iris) and self._terms.isdisjoint(seen | schemes)

    def _escaped(self, values: Sequence[str]) -> list[str]:
        escaped = list(values)
        for slot in self._literal_slots:
            escaped[slot] = escape(escaped[slot])
        return escaped


def _has_repetition(text: str) -> bool:
    """Whether a line stands there twice: a dataset is a set, so its canonical form is shorter."""
    lines = text.split("\n")
    return len(set(lines)) != len(lines)
