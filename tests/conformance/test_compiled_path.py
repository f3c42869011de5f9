"""The compiled path against the general one, over all documents that we have.

Neither may take what the other refuses, and where both take a document the bytes are the same. The
shared data is joined by the JSON-LD test suite, whose contexts use nearly all that contexts can.
"""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest

from corpus import corpus, json_ld_suite
from known_contexts import EXAMPLES
from testamur.canon import compiled, general
from testamur.canon.contexts import Contexts
from testamur.canon.n_quads import CanonicalBytes
from testamur.canon.strict_json import JsonObject
from testamur.errors import CanonicalizationError, ConfigurationError

SHARE_TAKEN = 0.95
"""Of the documents that the general path takes; the rest has ties or JSON literals."""

MUTATIONS = 1_500

_SPARE = ["", "x", "urn:x:1", "a b", "cred:issuer", "@id", 5, 2.5, 1e-9, True, None, [], {}]


def general_result(document: JsonObject, contexts: Contexts) -> CanonicalBytes | None:
    try:
        return general.canonicalize(document, contexts=contexts)
    except CanonicalizationError:
        return None


def is_same(name: str, document: JsonObject, contexts: Contexts) -> bool | None:
    """Whether the compiled path took it; None where the general path refused it."""
    expected = general_result(document, contexts)
    found = compiled.canonicalize(document, contexts=contexts)
    if found is not None:
        assert found == expected, name
    if compiled.is_lossless(document, contexts=contexts) and expected is None:
        pytest.fail(f"{name} is refused by the general path alone")
    return None if expected is None else found is not None


@pytest.mark.parametrize(
    "contexts",
    [Contexts.bundled(), Contexts.bundled_before_2026_06_29(), EXAMPLES],
    ids=["bundled", "before 2026-06-29", "examples"],
)
def test_documents_have_the_same_bytes(contexts: Contexts) -> None:
    answers = [is_same(name, document, contexts) for name, document in corpus()]
    accepted = [each for each in answers if each is not None]
    assert len(accepted) > 250
    assert sum(accepted) / len(accepted) >= SHARE_TAKEN


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # terms that begin with "@"
def test_contexts_of_the_json_ld_suite_mean_the_same() -> None:
    taken = 0
    for name, document, context in json_ld_suite():
        try:
            contexts = Contexts({document["@context"]: context})
        except ConfigurationError:
            continue
        taken += bool(is_same(name, document, contexts))
    assert taken >= 25


def test_changed_documents_have_the_same_bytes() -> None:
    """A small share of what tests/differential does against other software."""
    source = random.Random(20260601)
    contexts = Contexts.bundled()
    documents = [document for _, document in corpus() if len(str(document)) < 4_000]
    names = sorted(contexts.term_names)
    answers = [
        is_same("changed", _changed(source.choice(documents), source, names), contexts)
        for _ in range(MUTATIONS)
    ]
    # Both kinds must be met often, or this proves little.
    assert answers.count(True) > MUTATIONS / 20
    assert answers.count(None) > MUTATIONS / 20


def _changed(document: dict[str, Any], source: random.Random, names: list[str]) -> dict[str, Any]:
    changed = deepcopy(document)
    node = source.choice(list(_objects(changed)))
    name = source.choice(list(node) or ["name"])
    other = source.choice(names)
    match source.randrange(5):
        case 0:
            node.pop(name, None)
        case 1:
            node[other] = node.pop(name, "x")
        case 2:
            node[name] = deepcopy(source.choice(_SPARE))
        case 3:
            node[name] = [node.get(name, "x"), deepcopy(source.choice(_SPARE))]
        case _:
            node[other] = deepcopy(source.choice(list(_objects(changed))))
    return changed


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(inner for each in value.values() for inner in _objects(each))]
    if isinstance(value, list):
        return [inner for each in value for inner in _objects(each)]
    return []
