"""RDFC-1.0 against a second implementation: pyoxigraph, which is written in Rust.

Both canonicalize the same dataset; what they make must be equal byte for byte. (That the dataset is
right is shown against jsonld.js, in tests/interop, and by the published vectors.)
"""

from __future__ import annotations

from pathlib import Path

import pytest

import shared_data
from quads import canonicalize_with_pyoxigraph, parse_n_quads
from sample_documents import SAME_ACHIEVEMENT, samples
from testamur.canon import general, rdfc10
from testamur.canon.contexts import Contexts

SAMPLES = samples()
COMPARED = [name for name in SAMPLES if name != SAME_ACHIEVEMENT]
"""pyoxigraph 0.5.13 differs from rdf-canonize, and from us, in a case that such a presentation has:
see `test_rdfc10`, where a blank node is related twice."""

SUITE = "vectors/rdf-canon/rdfc10"


def suite() -> dict[str, Path]:
    """The inputs of the W3C's suite, but for those that pyoxigraph would not finish."""
    costly = ("test044", "test045", "test046", "test074")
    files = sorted(shared_data.folder(SUITE).glob("*-in.nq"))
    return {file.stem: file for file in files if not file.stem.startswith(costly)}


def test_samples_use_every_bundled_context() -> None:
    used = {url for document in SAMPLES.values() for url in contexts_of(document)}
    assert used == Contexts.bundled().urls


def contexts_of(value: object) -> set[str]:
    """Every context that is named at the top of a document or inside."""
    if isinstance(value, list):
        return set().union(*map(contexts_of, value))
    if not isinstance(value, dict):
        return set()
    named = value.get("@context", [])
    inside = set().union(*(contexts_of(each) for each in value.values()))
    return inside.union(named if isinstance(named, list) else [named])


@pytest.mark.parametrize("name", COMPARED)
def test_canonical_form_is_the_same_as_that_of_pyoxigraph(name: str) -> None:
    ours = rdfc10.canonicalize(SAMPLES[name])
    assert canonicalize_with_pyoxigraph(general.to_dataset(SAMPLES[name])) == ours
    assert len(ours) > 500


@pytest.mark.parametrize("name", COMPARED)
def test_canonical_form_is_n_quads_of_the_same_dataset(name: str) -> None:
    """Read by pyoxigraph and canonicalized again it stays as it is."""
    ours = rdfc10.canonicalize(SAMPLES[name])
    assert canonicalize_with_pyoxigraph(parse_n_quads(ours.decode("utf-8"))) == ours


@pytest.mark.parametrize("file", shared_data.params(suite))
def test_input_of_the_suite_is_canonicalized_as_by_pyoxigraph(file: Path) -> None:
    text = file.read_text("utf-8")
    ours = "".join(general.canonicalize_dataset(parse_n_quads(text))[0])
    assert canonicalize_with_pyoxigraph(parse_n_quads(text)) == ours.encode("utf-8")
