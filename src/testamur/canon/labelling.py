"""RDFC-1.0 where the hashes of all blank nodes differ: labels in the order of the hashes.

Step numbers are those of RDF Dataset Canonicalization (RDFC-1.0), 4.4.3. Where two hashes are equal
(step 5) nothing is decided here: `general` runs the whole algorithm, under its budget.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

from testamur import limits
from testamur.canon.n_quads import CanonicalBytes

__all__ = ["Block", "canonical"]

Block: TypeAlias = tuple[str | int, list[str], list[tuple[str, int]], int]
"""One node of a dataset, in one graph: (subject, tails, links, graph).

subject: "<IRI>", or the number of a blank node.
tails: " <predicate> object" for each object that is an IRI or a literal.
links: (" <predicate> ", number) for each object that is a blank node, each link once.
graph: the number of the blank node that names the graph, or 0 for the default graph.
"""


def canonical(blocks: list[Block], blank_nodes: int) -> CanonicalBytes | None:
    """Return the canonical N-Quads of a dataset; None if two hashes are equal, or at a limit.

    Args:
        blocks: the dataset. In one graph a blank node is the subject of one block, and no quad
            names the same blank node twice.
        blank_nodes: how many there are; they are numbered from 1.
    """
    labels = _labels(blocks, blank_nodes) if blank_nodes else [""]
    if labels is None:
        return None
    lines: set[str] = set()  # a dataset is a set
    for subject, tails, links, graph in blocks:
        start = subject if type(subject) is str else labels[subject]  # type: ignore[index]
        end = f" {labels[graph]} .\n" if graph else " .\n"
        lines.update([f"{start}{tail}{end}" for tail in tails])
        for predicate, number in links:
            lines.add(f"{start}{predicate}{labels[number]}{end}")
    if len(lines) > limits.QUADS:
        return None
    return CanonicalBytes("".join(sorted(lines)).encode("utf-8"))


def _labels(blocks: list[Block], blank_nodes: int) -> list[str] | None:
    quads = _quads_about(blocks, blank_nodes)
    hashes: dict[bytes, int] = {}
    for number in range(1, blank_nodes + 1):
        # Step 3, and Hash First Degree Quads, steps 4 and 5.
        text = "".join(sorted(quads[number]))
        hashes[hashlib.sha256(text.encode("utf-8")).digest()] = number
    if len(hashes) != blank_nodes:
        return None
    # Step 4; step 5 has nothing left to do. Digests sort like their hexadecimal text.
    labels = [""] * (blank_nodes + 1)
    for position, digest in enumerate(sorted(hashes)):
        labels[hashes[digest]] = f"_:c14n{position}"
    return labels


def _quads_about(blocks: list[Block], blank_nodes: int) -> list[list[str]]:
    """Hash First Degree Quads, steps 1 to 3, for each blank node: it is _:a, and others are _:z.

    Quads are distinct before they are told here: two that differ in their blank nodes alone become
    one text, which counts twice.
    """
    about: list[list[str]] = [[] for _ in range(blank_nodes + 1)]
    named: dict[int, set[str]] = {}  # the quads of a named graph that hold no other blank node
    for subject, tails, links, graph in blocks:
        end = " _:z .\n" if graph else " .\n"
        if type(subject) is int:
            start = "_:z"
            distinct = dict.fromkeys(tails)
            about[subject] += [f"_:a{tail}{end}" for tail in distinct]
            about[subject] += [f"_:a{predicate}_:z{end}" for predicate, _ in links]
            if graph:
                about[graph] += [f"_:z{tail} _:a .\n" for tail in distinct]
        else:
            start = str(subject)
            if graph:
                named.setdefault(graph, set()).update(f"{start}{tail} _:a .\n" for tail in tails)
        for predicate, number in links:
            about[number].append(f"{start}{predicate}_:a{end}")
            if graph:
                about[graph].append(f"{start}{predicate}_:z _:a .\n")
    for graph, lines in named.items():
        about[graph] += lines
    return about
