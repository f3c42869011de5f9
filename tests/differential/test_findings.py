"""What the comparison has found, each in a small document: mended here, or known of others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from differential.cases import Case
from differential.comparison import compare
from differential.known_differences import explain
from differential.oracles import Answer, JsonLdJs, Oracle, Pyoxigraph, install
from differential.paths import FastPath, ask_general_path, compiled_path
from differential.templates import template_path
from known_contexts import EXAMPLES_V2
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, OB_3_0_3
from testamur.canon.strict_json import JsonObject, JsonValue, dumps

_OB_3_0_1 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
_GRAPH: JsonObject = {"@vocab": "https://x.example/", "input": {"@container": "@graph"}}

MENDED: dict[str, JsonObject] = {
    "a type that a term stands for": {  # a template of it took the type
        "type": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#specialization",
        "created": "2023-02-24T23:36:38Z",
        "@context": [CREDENTIALS_V2, EXAMPLES_V2],
    },
    "a prefix of a context in the document": {  # a template of it took the link
        "@context": {
            "link": {"@id": "https://x.example/link", "@type": "@vocab"},
            "prefix": "https://x.example/vocab#",
        },
        "link": "prefix:suffix",
    },
    "a name that is lost in JavaScript": {
        "@context": [CREDENTIALS_V2, EXAMPLES_V2],
        "type": ["VerifiableCredential"],
        "__proto__": "x",
    },
    "a proof of nothing but a context": {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "proof": [{"@context": CREDENTIALS_V2}],
    },
    "a document of nothing but an id": {"@context": [CREDENTIALS_V2], "id": "urn:x"},
    "a term for what may become a keyword": {
        "@context": {"@vocab": "https://x.example/", "term": "@notYet"},
        "term": 5,
    },
    "a number for a graph": {"@context": _GRAPH, "input": [4.35]},
    "nothing for a graph": {"@context": _GRAPH, "input": {}},
}
"""Once taken, by one path or all."""


def case_of(document: JsonObject) -> Case:
    return Case(0, "", (), dumps(document), deepcopy(document), True, "inline", "credential")


@pytest.mark.parametrize("document", MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("fast_path", [compiled_path, template_path])
def test_what_was_once_taken_is_refused_on_every_path(
    fast_path: FastPath, document: JsonObject
) -> None:
    tally = compare([case_of(document)], fast_path=fast_path, oracles=[Pyoxigraph()])
    assert tally.mismatches == []
    assert tally.refusals[""] == 0


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JsonLdJs]:
    folder: Path = tmp_path_factory.mktemp("node")
    fault = install(folder)
    if fault is not None:
        pytest.skip(fault)
    with JsonLdJs(folder) as started:
        yield started


def embedded(**members: JsonValue) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [{"@context": [CREDENTIALS_V2, OB_3_0_3], **members}],
    }


ONE_OF_SEVERAL = "uses one of several type-scoped contexts"
KEPT = "keeps a type's context under a member that has one"

PYOXIGRAPH: dict[str, tuple[str, JsonObject]] = {
    # JSON-LD 1.1 API, Expansion, step 11: one is put upon the other, and all are in force.
    "types of a credential": (
        ONE_OF_SEVERAL,
        embedded(type=["DataIntegrityProof", "VerifiableCredential"], challenge="x"),
    ),
    "types of a credential and of a thing in it": (
        ONE_OF_SEVERAL,
        embedded(
            type=["VerifiableCredential", "OpenBadgeCredential"],
            termsOfUse={
                "type": ["BitstringStatusListEntry", "DataIntegrityProof"],
                "statusPurpose": "x",
            },
        ),
    ),
    "types of a thing": (
        ONE_OF_SEVERAL,
        embedded(
            type=["VerifiableCredential"],
            credentialSubject={
                "type": ["AchievementSubject"],
                "achievement": {
                    "type": ["Achievement", "IdentityObject"],
                    "criteria": {"id": "urn:x"},
                },
            },
        ),
    ),
    # Steps 7 and 8: the context of a type, here with a prefix `xsd` of its own, ends first.
    "a member with a context": (
        KEPT,
        {
            "@context": [CREDENTIALS_V1, _OB_3_0_1],
            "type": ["VerifiableCredential"],
            "refreshService": {"id": "urn:x", "type": "Profile", "dateOfBirth": "2026-01-01"},
        },
    ),
}


@pytest.mark.parametrize(("reason", "document"), PYOXIGRAPH.values(), ids=PYOXIGRAPH)
def test_pyoxigraph_is_known_to_take_scoped_contexts_otherwise(
    reason: str, document: JsonObject
) -> None:
    assert reason_of(Pyoxigraph(), document) == reason
    assert reason_of(Altered(Pyoxigraph()), document) is None


@pytest.mark.interop
@pytest.mark.skipif(
    os.environ.get("TESTAMUR_INTEROP") != "1",
    reason="runs other people's software; set TESTAMUR_INTEROP=1",
)
def test_jsonld_js_is_known_to_repeat_json_literals(node: JsonLdJs) -> None:
    # RDF 1.1 Concepts, 3: "An RDF graph is a set of RDF triples."
    schema: JsonObject = {"id": "urn:x", "type": "JsonSchema", "jsonSchema": {"a": 1}}
    document: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "credentialSchema": [schema, deepcopy(schema)],
    }
    lines = (node.ask(case_of(document)).canonical or b"").splitlines()
    assert len(lines) == len(set(lines)) + 1
    assert reason_of(node, document) == "repeats a JSON literal of a thing that is described twice"
    assert reason_of(Altered(node), document) is None


def reason_of(oracle: Oracle, document: JsonObject) -> str | None:
    """Return the known difference on a document that the general path takes."""
    case = case_of(document)
    general, theirs = ask_general_path(case), oracle.ask(case)
    assert general.canonical is not None
    assert theirs.canonical != general.canonical
    return explain(oracle, case, general, theirs)


class Altered:
    """A processor that makes one more mistake: it forgets the last statement."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self.name, self.is_safe = oracle.name, oracle.is_safe

    def ask(self, case: Case, *, taken: bool = True) -> Answer:
        answer = self._oracle.ask(case, taken=taken)
        lines = (answer.canonical or b"").splitlines(keepends=True)
        return Answer(b"".join(lines[:-1]))
