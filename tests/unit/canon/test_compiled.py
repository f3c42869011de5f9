"""The compiled path: the general path's bytes, or the document handed over.

That a document is taken is asked of `compiled` itself, which answers None where it hands over; what
the bytes should be is asked of the general path, and by hand where a rule is simple.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest

from testamur import limits
from testamur.canon import active_context, compiled, fast_path, general, rdfc10
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2, Contexts
from testamur.canon.n_quads import RDF
from testamur.canon.strict_json import JsonFloat, JsonObject, JsonValue, parse
from testamur.errors import CanonicalizationError, Code
from unit.canon.test_rdfc10 import OWN, own, rich, with_own
from unit.scenes import Document, badge, credential, endorsement, signed

P = "https://p.example/#"

# A generous guard: each of these takes a tenth of a second.
SECONDS = 5.0


def taken(document: JsonObject, contexts: Contexts | None = None) -> list[str]:
    """The statements of a document that the compiled path takes, as the general path has them."""
    chosen = contexts if contexts is not None else Contexts.bundled()
    before = deepcopy(document)
    found = compiled.canonicalize(document, contexts=chosen)
    assert found is not None, "handed over"
    assert document == before
    assert found == general.canonicalize(document, contexts=chosen)
    assert compiled.is_lossless(document, contexts=chosen)
    return found.decode().splitlines()


def is_handed_over(document: JsonObject, contexts: Contexts | None = None) -> bool:
    chosen = contexts if contexts is not None else Contexts.bundled()
    return compiled.canonicalize(document, contexts=chosen) is None


def proof_configuration(**members: object) -> Document:
    return {
        "@context": [CREDENTIALS_V2],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": "did:x:y#key",
        "proofPurpose": "assertionMethod",
        **members,
    }


def presentation(*credentials: object) -> Document:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    }


ENVELOPED: Document = {
    "@context": CREDENTIALS_V2,
    "id": "data:application/vc+jwt,eyJh.eyJi.c2ln",
    "type": "EnvelopedVerifiableCredential",
}


# What is taken


@pytest.mark.parametrize(
    "document",
    [
        credential(),
        credential(id=None),
        badge(),
        rich(),
        endorsement(),
        badge(endorsement=[endorsement()]),
        signed(credential()),
        signed(badge()),
        badge(endorsement=[signed(endorsement())]),
        proof_configuration(),
        presentation(signed(badge())),
        presentation(ENVELOPED),
        {
            "@context": [CREDENTIALS_V1],
            "id": "urn:x:1",
            "type": ["VerifiableCredential"],
            "issuer": "did:x:y",
            "issuanceDate": "2020-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:x:z"},
        },
        credential(
            credentialSchema={"id": "https://x.example/s", "type": "1EdTechJsonSchemaValidator2019"}
        )
        | {
            "@context": [
                CREDENTIALS_V2,
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            ]
        },
        {"@context": [CREDENTIALS_V2, DATA_INTEGRITY_V2], "type": "DataIntegrityProof"},
    ],
)
def test_document_of_credentials_is_taken(document: Document) -> None:
    assert taken(document)


@pytest.mark.parametrize(
    "value",
    [
        5,
        parse("5.0"),
        parse("-0"),
        -(2**53) + 1,
        2.5,
        JsonFloat("2.50"),
        0.000001,
        123456.789,
        True,
        False,
        "",
        'ä\n"\\\x7f\x08\u2028\U0001f393',
        ["a", "a", 5, parse("5.0"), True],
        {"@value": "x"},
        {"@value": "x", "@language": "pl-PL"},
        {"@value": "x", "@direction": "rtl"},
        [{"@value": "x", "@language": "ar", "@direction": "rtl"}, {"@value": "x"}],
        {"description": "a node"},
        {"id": "urn:x:1"},
        {"id": "urn:x:1", "description": "a node"},
        {},
    ],
)
def test_value_is_taken(value: JsonValue) -> None:
    assert taken(credential(name=value))


TAKEN_TERMS: list[tuple[JsonValue, JsonValue]] = [
    ({"@id": f"{P}t", "@type": f"{P}datatype"}, ["x", 5, 2.5, True]),
    ({"@id": f"{P}t", "@type": "http://www.w3.org/2001/XMLSchema#string"}, ["x", 5, True]),
    ({"@id": f"{P}t", "@type": "http://www.w3.org/2001/XMLSchema#double"}, [5, 2.5, True]),
    ({"@id": f"{P}t", "@type": "https://www.w3.org/2001/XMLSchema#float"}, [5, 2.5, "6.5"]),
    ({"@id": f"{P}t", "@type": "@id"}, ["urn:a", {"id": "urn:b"}, {"name": "c"}]),
    ({"@id": f"{P}t", "@type": "@vocab"}, ["urn:a", "level"]),
    ({"@id": f"{P}t", "@container": "@set"}, "x"),
    ({"@id": f"{P}t", "@container": "@list"}, ["b", "a", {"name": "c"}, {"id": "urn:d"}]),
    ({"@id": f"{P}t", "@container": "@list", "@type": "@id"}, "urn:a"),
    ({"@id": f"{P}t", "@container": ["@graph", "@set"]}, [{"name": "c"}, {"name": "d"}]),
    ({"@id": f"{P}t", "@language": "PL"}, ["x", 5, {"name": "y"}]),
    ({"@id": f"{P}t", "@language": None}, "x"),
    ({"@id": "p:t"}, "x"),
    ({"@id": f"{P}t", "@context": {"level": f"{P}other"}}, {"level": "x"}),
    ({"@id": f"{P}t", "@protected": True, "@prefix": False}, "x"),
]


@pytest.mark.parametrize(("definition", "value"), TAKEN_TERMS)
def test_term_definition_is_taken(definition: JsonValue, value: JsonValue) -> None:
    contexts = own({"p": P, "term": definition, "level": f"{P}level"})
    lines = taken(with_own(term=value), contexts)
    assert any(f" <{P}t> " in line for line in lines)


def test_list_is_a_chain_of_cells() -> None:
    # JSON-LD 1.1 API, List to RDF Conversion.
    contexts = own({"steps": {"@id": f"{P}s", "@container": "@list"}})
    lines = taken({"@context": OWN, "steps": ["a", "b"]}, contexts)
    rest = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"
    assert len(lines) == 5
    assert sum(rest in line for line in lines) == 2
    assert sum("#nil>" in line for line in lines) == 1


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": P},
        {"@vocab": P, "@language": "en", "@version": 1.1},
        [{"level": "urn:not-this"}, {"level": f"{P}level"}],
        {"level": "base", "base": f"{P}level"},
        {"Kind": {"@id": f"{P}Kind", "@context": {"level": f"{P}level"}}},
    ],
)
def test_context_is_taken(context: JsonValue) -> None:
    kind = "Kind" if isinstance(context, dict) and "Kind" in context else "https://x.example/Kind"
    document = with_own(evidence=[{"type": [kind], "level": "x"}])
    assert any(f"<{P}level>" in line for line in taken(document, own(context)))


def test_context_of_a_type_ends_at_the_next_node() -> None:
    # JSON-LD 1.1 API, Expansion, step 7; the context of a property does not end.
    definitions: JsonObject = {
        "Kind": {"@id": f"{P}Kind", "@context": {"level": f"{P}level", "inner": f"{P}inner"}},
        "outer": {"@id": f"{P}outer", "@context": {"deep": f"{P}deep", "also": f"{P}also"}},
    }
    contexts = own(definitions)
    node: Document = {"type": "Kind", "level": "x", "inner": {"id": "urn:x:2"}}
    assert taken(with_own(evidence=node), contexts)
    assert is_handed_over(with_own(evidence={**node, "inner": {"level": "y"}}), contexts)
    assert taken(with_own(outer={"also": {"deep": "z"}}), contexts)


def test_value_that_differs_only_in_its_direction_is_handed_over() -> None:
    # The general path refuses it.
    two: list[JsonValue] = [{"@value": "x", "@direction": each} for each in ("rtl", "ltr")]
    assert is_handed_over(credential(name=two))
    assert taken(credential(name=two[:1]))


# What is handed over, though the general path takes it

MODELLED_ELSEWHERE: list[tuple[JsonValue, Document]] = [
    ({"t": {"@id": f"{P}t", "@type": "@json"}}, {"t": {"a": 1}}),
    ({"t": {"@id": f"{P}t", "@type": "@none"}}, {"t": "x"}),
    ({"t": {"@id": f"{P}t", "@type": "http://www.w3.org/2001/XMLSchema#double"}}, {"t": "5"}),
    ({"t": {"@id": f"{P}t", "@type": "@id"}}, {"t": 5}),
    ({"t": {"@id": f"{P}t", "@direction": "rtl"}}, {"t": "x"}),
    ({"@direction": "rtl", "t": f"{P}t"}, {"t": "x"}),
    ({"@propagate": True, "t": f"{P}t"}, {"t": "x"}),
    ({"p:t": f"{P}t", "p": P, "t": f"{P}t"}, {"t": "x"}),
    ({"n": None, "t": f"{P}t"}, {"t": "x"}),
    ({"ident": "@id", "t": f"{P}t"}, {"t": "x"}),
    ({"kind": "@type", "t": f"{P}t"}, {"t": "x"}),
    ({"T": f"{P}t"}, {"T": "x"}),
    ([{"p": P}, {"@vocab": "p:v#"}], {"name": "x"}),
]


@pytest.mark.parametrize(("definitions", "members"), MODELLED_ELSEWHERE)
def test_unmodelled_context_is_handed_over(definitions: JsonValue, members: Document) -> None:
    contexts, document = own(definitions), with_own(**members)
    assert is_handed_over(document, contexts)
    assert rdfc10.canonicalize(document, contexts=contexts)


@pytest.mark.parametrize(
    "document",
    [
        credential(evidence=[{"name": "a"}, {"name": "a"}]),  # two hashes are equal
        credential(
            credentialSchema={
                "id": "https://x.example/",
                "type": "JsonSchema",
                "jsonSchema": {"a": 1},
            }
        ),
    ],
)
def test_unmodelled_document_is_handed_over(document: Document) -> None:
    assert is_handed_over(document)
    assert rdfc10.canonicalize(document)


# What is handed over, and refused

VALID_UNTIL = "https://www.w3.org/2018/credentials#validUntil"
STATUS = "https://www.w3.org/2018/credentials#credentialStatus"
GRAPH_ID: JsonObject = {"id": {"@id": "@id", "@container": "@graph"}, "level": f"{P}level"}
PREFIX: JsonObject = {"cred": "https://www.w3.org/2018/credentials#"}


@pytest.mark.parametrize(
    ("document", "contexts", "code"),
    [
        (credential(**{VALID_UNTIL: "2020-01-01T00:00:00Z"}), None, Code.NOT_CONFORMANT),
        (credential(**{STATUS: {"id": "urn:x:s"}}), None, Code.NOT_CONFORMANT),
        (credential(**{"cred:validUntil": "2020"}), None, Code.NOT_CONFORMANT),
        (with_own(**{"cred:credentialStatus": "urn:x"}), own(PREFIX), Code.NOT_CONFORMANT),
        (with_own(id="cred:x"), own(PREFIX), Code.NOT_CONFORMANT),
        (with_own(issuer="cred:x"), own(PREFIX), Code.NOT_CONFORMANT),
        (with_own(type=["VerifiableCredential", "cred:X"]), own(PREFIX), Code.NOT_CONFORMANT),
        (with_own(id="cred:x"), own({"@vocab": P, **PREFIX}), Code.NOT_CONFORMANT),
        (with_own(type=["VerifiableCredential", "@id"]), own({"@vocab": P}), Code.DATA_LOSS),
        (
            credential(type=["https://www.w3.org/2018/credentials#VerifiableCredential"]),
            None,
            Code.DATA_LOSS,
        ),
        (with_own(until="2020"), own({"until": VALID_UNTIL, "Until": VALID_UNTIL}), None),
        (with_own(Until="2020"), own({"until": VALID_UNTIL, "Until": VALID_UNTIL}), "class"),
        (credential(ectsCredits=5), None, Code.DATA_LOSS),
        (credential(name=None) | {"name": None}, None, Code.DATA_LOSS),
        (credential(name=[]), None, Code.DATA_LOSS),
        (credential(name=[["x"]]), None, Code.DATA_LOSS),
        (credential(name=1e300), None, Code.NOT_CONFORMANT),
        (credential(name=1e-9), None, Code.NOT_CONFORMANT),
        (credential(name="\ud800"), None, Code.NOT_CONFORMANT),
        (credential(id="_:b0"), None, Code.DATA_LOSS),
        (credential(issuer="relative"), None, Code.DATA_LOSS),
        (credential(evidence={"id": "urn:x:\u2003", "name": "x"}), None, Code.DATA_LOSS),
        (credential(issuer="urn:x:\ufffe"), None, Code.NOT_CONFORMANT),
        (credential(evidence={"id": "urn:x:\uffff", "name": "x"}), None, Code.NOT_CONFORMANT),
        (with_own(**{"\uffff": "x"}), own({"@vocab": P}), Code.DATA_LOSS),
        (credential(id=5), None, Code.NOT_CONFORMANT),
        (credential(type=["VerifiableCredential", 5]), None, Code.NOT_CONFORMANT),
        (credential(type=["VerifiableCredential", {}]), None, Code.NOT_CONFORMANT),
        (credential(type=None) | {"type": None}, None, Code.DATA_LOSS),
        (credential(proof={"id": "urn:x:1"}), None, Code.DATA_LOSS),
        (credential(proof="urn:x:1"), None, Code.DATA_LOSS),
        (credential(evidence={"type": ["VerifiableCredential"]}), None, Code.NOT_CONFORMANT),
        (credential(evidence=credential(id="urn:x:2")), None, Code.CONTEXT_REJECTED),
        (credential(description={"@value": "x", "@type": "urn:x"}), None, Code.NOT_CONFORMANT),
        (credential(description={"@value": "x", "@language": "x y"}), None, Code.NOT_CONFORMANT),
        (credential(issuer={"@value": "x"}), None, Code.NOT_CONFORMANT),
        (
            credential(evidence=[{"id": "urn:x:1", "name": "a"}, {"id": "urn:x:1", "name": "b"}]),
            None,
            Code.NOT_CONFORMANT,
        ),
        (credential(**{"@context": ["https://evil.example/"]}), None, Code.CONTEXT_REJECTED),
        (credential(**{"@context": [CREDENTIALS_V2, {"a": "urn:a"}]}), None, Code.CONTEXT_REJECTED),
        (with_own(), own({"name": "https://evil.example/name"}), Code.CONTEXT_REJECTED),
        (with_own(), own({"@vocab": P, "a": "b", "b": "a"}), Code.CONTEXT_REJECTED),
        (with_own(**{"a b": "x"}), own({"@vocab": P}), Code.DATA_LOSS),
        (with_own(**{"\ud800": "x"}), own({"@vocab": P}), Code.DATA_LOSS),
        (
            with_own(type=["VerifiableCredential", "\ud800"]),
            own({"@vocab": P}),
            Code.NOT_CONFORMANT,
        ),
        (
            with_own(level="x"),
            own({"level": {"@id": P, "@type": f"{RDF}langString"}}),
            Code.DATA_LOSS,
        ),
        ({"@context": OWN, "id": "urn:x:1", "level": "x"}, own(GRAPH_ID), Code.DATA_LOSS),
        (with_own(), own({"unused": {"@id": P, "@context": {"a": "b", "b": "a"}}}), "context"),
    ],
)
def test_what_the_general_path_refuses_is_handed_over(
    document: Document, contexts: Contexts | None, code: Code | str | None
) -> None:
    if code is None:
        assert taken(document, contexts)
        return
    assert is_handed_over(document, contexts)
    assert not compiled.is_lossless(document, contexts=contexts or Contexts.bundled())
    with pytest.raises(CanonicalizationError) as fast:
        rdfc10.canonicalize(document, contexts=contexts)
    with fast_path.general_path_only(), pytest.raises(CanonicalizationError) as slow:
        rdfc10.canonicalize(document, contexts=contexts)
    assert fast.value.code is slow.value.code
    assert str(fast.value) == str(slow.value)
    if isinstance(code, Code):
        assert fast.value.code is code


def test_check_finds_loss_on_both_paths() -> None:
    rdfc10.check_lossless(badge())
    for document in (credential(ectsCredits=5), credential(**{VALID_UNTIL: "2020"})):
        with pytest.raises(CanonicalizationError):
            rdfc10.check_lossless(document)
        with fast_path.general_path_only(), pytest.raises(CanonicalizationError):
            rdfc10.check_lossless(document)


def test_switch_leaves_the_general_path_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_asked(*_: object, **__: object) -> None:
        raise AssertionError

    expected = rdfc10.canonicalize(badge())
    monkeypatch.setattr(compiled, "canonicalize", not_asked)
    with fast_path.general_path_only():
        assert not fast_path.enabled()
        with fast_path.general_path_only():
            assert rdfc10.canonicalize(badge()) == expected
        assert rdfc10.canonicalize(badge()) == expected


# Bounds


def nested(levels: int) -> Document:
    node: Document = {"name": "x"}
    for _ in range(levels):
        node = {"evidence": node}
    return node


@pytest.mark.parametrize(
    "document",
    [
        credential(name=["x"] * (limits.ARRAY_ITEMS + 1)),
        credential(evidence=[{"name": [str(n) for n in range(100)]} for _ in range(101)]),
        credential(type=["VerifiableCredential"] * 40),
        credential(**{"@context": [CREDENTIALS_V2] * 11}),
    ],
)
def test_document_beyond_a_limit_is_handed_over(document: Document) -> None:
    assert is_handed_over(document)


def test_values_are_counted_as_the_general_path_counts_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = rich()

    def is_refused() -> bool:
        try:
            general.to_dataset(document)
        except CanonicalizationError as error:
            return error.code is Code.RESOURCE_LIMIT
        return False

    for bound in range(1, 200):
        monkeypatch.setattr(limits, "DOCUMENT_VALUES", bound)
        refused = is_refused()
        assert compiled.is_lossless(document, contexts=Contexts.bundled()) is not refused
        if not refused:
            return
    pytest.fail("no bound was enough")


def test_depth_is_bounded() -> None:
    contexts = own({"evidence": f"{P}evidence", "name": f"{P}name"})
    for levels, is_taken in ((30, True), (200, False), (5_000, False)):
        document: Document = {"@context": OWN, **nested(levels)}
        assert compiled.is_lossless(document, contexts=contexts) is is_taken


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_context, "_ENTRIES", 64)
    contexts = Contexts.bundled().with_documents({})
    for number in range(300):
        taken_type = f"https://x.example/types/{number}"
        document = credential(type=["VerifiableCredential", taken_type])
        assert compiled.canonicalize(document, contexts=contexts) is not None
        tables = contexts.compiled
        assert isinstance(tables, active_context.Tables)
        assert tables.spent <= 64 + 32


def test_one_document_cannot_fill_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_context, "_ENTRIES", 64)
    contexts = Contexts.bundled().with_documents({})
    evidence = [{"type": [f"https://x.example/{n}"], "name": "x"} for n in range(400)]
    assert is_handed_over(credential(evidence=evidence), contexts)
    assert taken(credential(), contexts)


def test_long_types_are_not_kept() -> None:
    contexts = Contexts.bundled().with_documents({})
    taken(credential(type=["VerifiableCredential", "https://x.example/" + "x" * 5_000]), contexts)
    tables = contexts.compiled
    assert isinstance(tables, active_context.Tables)
    (active,) = tables.initial._documents.values()
    assert not active.shapes


@pytest.mark.parametrize(
    "document",
    [
        credential(type=["VerifiableCredential"] * 9_000),
        credential(name=["x"] * 100_000),
        credential(name="\\" * 1_000_000),
        credential(id="urn:" + "x" * 1_000_000),
        credential(
            evidence=[{"type": [f"https://x.example/{n}"], "name": "x"} for n in range(900)]
        ),
    ],
)
def test_hostile_document_takes_no_long_time(document: Document) -> None:
    started = time.monotonic()
    compiled.canonicalize(document, contexts=Contexts.bundled().with_documents({}))
    assert time.monotonic() - started < SECONDS


# Keeping


def test_lists_of_contexts_do_not_share_what_is_compiled() -> None:
    first, second = own({"level": "urn:first"}), own({"level": "urn:second"})
    assert any("<urn:first>" in line for line in taken(with_own(level="x"), first))
    assert any("<urn:second>" in line for line in taken(with_own(level="x"), second))
    assert any("<urn:first>" in line for line in taken(with_own(level="x"), first))


def test_threads_share_what_is_compiled() -> None:
    documents: list[Any] = [
        badge(id=f"urn:x:{n}", type=["VerifiableCredential", f"https://x.example/{n % 5}"])
        for n in range(40)
    ]
    expected = [general.canonicalize(each) for each in documents]
    contexts = Contexts.bundled().with_documents({})
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda each: compiled.canonicalize(each, contexts=contexts), documents)
        )
    assert found == expected
