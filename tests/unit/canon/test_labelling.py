"""RDFC-1.0 where the hashes of all blank nodes differ, on the W3C's test suite."""

from __future__ import annotations

from typing import Any

import pytest

import shared_data
from quads import canonicalize_with_pyoxigraph, parse_n_quads
from testamur import limits
from testamur.canon.general import Dataset
from testamur.canon.labelling import Block, canonical
from testamur.canon.n_quads import RDF, XSD, escape

FOLDER = "vectors/rdf-canon"

DISTINCT = 28
"""Tests of the suite, of 63 with SHA-256, in which the hashes of all blank nodes differ."""


def blocks_of(dataset: Dataset) -> tuple[list[Block], int] | None:
    """The blocks of a dataset; None where a graph has an IRI or a quad names one node twice."""
    numbers: dict[str, int] = {}
    blocks: dict[tuple[str, str], Block] = {}

    def number(label: str) -> int:
        return numbers.setdefault(label, len(numbers) + 1)

    for name, triples in dataset.items():
        if not (name == "@default" or name.startswith("_:")):
            return None
        graph = 0 if name == "@default" else number(name)
        for triple in triples:
            subject, object_ = triple["subject"]["value"], triple["object"]
            nodes = [each for each in (subject, object_["value"], name) if each.startswith("_:")]
            if len(nodes) != len(set(nodes)):
                return None
            first = number(subject) if subject.startswith("_:") else f"<{subject}>"
            block = blocks.setdefault((subject, name), (first, [], [], graph))
            predicate = f" <{triple['predicate']['value']}> "
            if object_["type"] == "blank node":
                block[2].append((predicate, number(object_["value"])))
            else:
                block[1].append(predicate + text_of(object_))
    return list(blocks.values()), len(numbers)


def text_of(term: dict[str, str]) -> str:
    if term["type"] == "IRI":
        return f"<{term['value']}>"
    literal = f'"{escape(term["value"])}"'
    if term["datatype"] == f"{RDF}langString":
        return f"{literal}@{term['language']}"
    return literal if term["datatype"] == f"{XSD}string" else f"{literal}^^<{term['datatype']}>"


def canonical_form(text: str) -> bytes | None:
    blocks = blocks_of(parse_n_quads(text))
    assert blocks is not None
    return canonical(*blocks)


def entries() -> list[dict[str, Any]]:
    manifest = shared_data.read_json(f"{FOLDER}/manifest.jsonld")
    return [
        each
        for each in manifest["entries"]
        if each["type"] == "rdfc:RDFC10EvalTest" and "hashAlgorithm" not in each
    ]


def test_suite_has_the_published_form_where_the_hashes_differ() -> None:
    taken = 0
    for entry in entries():
        blocks = blocks_of(parse_n_quads(shared_data.read_text(f"{FOLDER}/{entry['action']}")))
        found = None if blocks is None else canonical(*blocks)
        if found is not None:
            taken += 1
            assert found == shared_data.read(f"{FOLDER}/{entry['result']}"), entry["id"]
    assert taken >= DISTINCT


def test_labels_follow_the_hashes() -> None:
    # By sha256sum: '<urn:s> <urn:q> _:a .\n_:a <urn:p> "1" .\n' has 5fec5e9b..., and
    # '_:a <urn:p> "2" .\n' has f8e1b334..., so x comes before y.
    text = '_:y <urn:p> "2" .\n_:x <urn:p> "1" .\n<urn:s> <urn:q> _:x .\n'
    assert canonical_form(text) == (
        b'<urn:s> <urn:q> _:c14n0 .\n_:c14n0 <urn:p> "1" .\n_:c14n1 <urn:p> "2" .\n'
    )


def test_equal_hashes_are_left_to_the_general_algorithm() -> None:
    assert canonical_form('_:x <urn:p> "1" .\n_:y <urn:p> "1" .\n') is None
    assert canonical_form('_:x <urn:p> "1" .\n_:y <urn:p> "2" .\n') is not None


def test_quads_that_differ_in_their_blank_nodes_alone_count_twice() -> None:
    # `_:a <urn:p> _:z .` stands twice in the text that is hashed for x, and once in that for y;
    # with a set the two would tie.
    text = (
        "_:x <urn:p> _:a .\n_:x <urn:p> _:b .\n_:y <urn:p> _:c .\n"
        '_:a <urn:q> "a" .\n_:b <urn:q> "b" .\n_:c <urn:q> "c" .\n'
    )
    assert canonical_form(text) == canonicalize_with_pyoxigraph(parse_n_quads(text))


def test_equal_quads_are_one() -> None:
    tail = ' <urn:p> "1"'
    once = canonical([(1, [tail], [], 0)], 1)
    assert canonical([(1, [tail, tail], [], 0)], 1) == once == b'_:c14n0 <urn:p> "1" .\n'
    assert canonical([(1, [tail, tail], [], 0), (2, [tail], [], 0)], 2) is None  # they tie
    # In a named graph, where the quads of one thing come from two places.
    block: Block = ("<urn:s>", [tail], [], 1)
    assert canonical([block, block], 1) == b'<urn:s> <urn:p> "1" _:c14n0 .\n'
    assert canonical([block], 1) == canonical([block, block], 1)


def test_more_quads_than_allowed_are_left_to_the_general_algorithm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "QUADS", 2)
    tails = [' <urn:p> "1"', ' <urn:p> "2"', ' <urn:p> "3"']
    assert canonical([("<urn:s>", tails[:2], [], 0)], 0) is not None
    assert canonical([("<urn:s>", tails, [], 0)], 0) is None
