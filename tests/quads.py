"""Between N-Quads and the datasets that `testamur.canon.general` works on, by way of pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from testamur.canon.general import Dataset

__all__ = ["canonicalize_with_pyoxigraph", "from_dataset", "parse_n_quads"]

_Term = dict[str, str]
_OBJECTS = (NamedNode, BlankNode, Literal)
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def parse_n_quads(text: str) -> Dataset:
    """Return the dataset that N-Quads state, with their own blank node identifiers."""
    dataset: Dataset = {"@default": []}
    for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
        graph = quad.graph_name
        name = "@default" if isinstance(graph, DefaultGraph) else _term(graph)["value"]
        dataset.setdefault(name, []).append(
            {
                "subject": _term(quad.subject),
                "predicate": _term(quad.predicate),
                "object": _term(quad.object),
            }
        )
    return dataset


def from_dataset(dataset: Dataset) -> pyoxigraph.Dataset:
    """Return pyoxigraph's form of a dataset; its canonicalization has no bound."""
    return pyoxigraph.Dataset(_quads(dataset))


def canonicalize_with_pyoxigraph(dataset: Dataset) -> bytes:
    """Return the canonical N-Quads of a dataset as pyoxigraph makes them (RDFC-1.0, SHA-256)."""
    other = from_dataset(dataset)
    other.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in other)).encode("utf-8")


def _quads(dataset: Dataset) -> Iterable[Quad]:
    for name, triples in dataset.items():
        for triple in triples:
            subject, object_ = _from_term(triple["subject"]), _from_term(triple["object"])
            assert not isinstance(subject, Literal)
            predicate = NamedNode(triple["predicate"]["value"])
            yield Quad(subject, predicate, object_, _graph(name))


def _graph(name: str) -> NamedNode | BlankNode | DefaultGraph:
    if name == "@default":
        return DefaultGraph()
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def _term(term: object) -> _Term:
    assert isinstance(term, _OBJECTS)
    if isinstance(term, NamedNode):
        return {"type": "IRI", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "blank node", "value": f"_:{term.value}"}
    literal = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return literal | ({"language": term.language} if term.language else {})


def _from_term(term: _Term) -> NamedNode | BlankNode | Literal:
    if term["type"] == "IRI":
        return NamedNode(term["value"])
    if term["type"] == "blank node":
        return BlankNode(term["value"][2:])
    if term["datatype"] == _LANG_STRING:
        return Literal(term["value"], language=term["language"])
    return Literal(term["value"], datatype=NamedNode(term["datatype"]))
