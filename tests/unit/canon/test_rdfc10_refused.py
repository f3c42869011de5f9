"""What JSON-LD would drop, or show otherwise than it is signed, is refused."""

from __future__ import annotations

import pytest

from testamur.canon import compiled, rdfc10
from testamur.canon.contexts import CREDENTIALS_V2, Contexts, UnsafeInlineContexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.canon.template import CanonicalTemplate
from testamur.errors import CanonicalizationError, Code
from unit.canon.test_rdfc10 import RDF_TYPE, objects, own, refusal, with_own
from unit.scenes import Document, badge, credential, endorsement

# What JSON-LD would drop (VC Data Integrity 1.0, Securing Data Losslessly)


@pytest.mark.parametrize(
    "document",
    [
        credential(ectsCredits=5),
        credential(credentialSubject={"id": "did:x:y", "ectsCredits": 5}),
        {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], "ectsCredits": 5},
        badge(evidence=[{"type": ["Evidence"], "ectsCredits": 5}]),
        badge(endorsement=[endorsement(ectsCredits=5)]),
    ],
)
def test_member_that_no_context_defines_is_refused_and_named(document: Document) -> None:
    error = refusal(document)
    assert error.code is Code.DATA_LOSS
    assert error.found == "ectsCredits"


def test_member_that_is_defined_only_elsewhere_is_refused_without_a_name() -> None:
    # `validUntil` is a term of credentials, not of their subjects.
    error = refusal(credential(credentialSubject={"id": "did:x:y", "validUntil": "2020"}))
    assert error.code is Code.DATA_LOSS
    assert error.found is None


def test_term_that_a_context_sets_to_null_is_refused() -> None:
    error = refusal(with_own(level="x"), own({"level": None}))
    assert error.code is Code.DATA_LOSS


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"type": ["VerifiableCredential", "AlumniCredential"]}, "AlumniCredential"),
        ({"type": ["VerifiableCredential", ""]}, ""),
        ({"credentialSubject": {"id": "did:x:y", "type": "Person"}}, "Person"),
        ({"id": "credentials/1"}, "credentials/1"),
        ({"id": "//uni.example/1"}, "//uni.example/1"),
        ({"id": "#1"}, "#1"),
        ({"id": "https://uni.example/a b"}, "https://uni.example/a b"),
        ({"id": "https://uni.example/{id}"}, "https://uni.example/{id}"),
        ({"issuer": "example"}, "example"),
        ({"credentialSubject": {"id": "me"}}, "me"),
        ({"credentialSubject": "me"}, "me"),
    ],
)
def test_type_or_link_that_is_no_absolute_url_is_refused(members: Document, found: str) -> None:
    error = refusal(credential(**members))
    assert error.code is Code.DATA_LOSS
    assert error.found == found


@pytest.mark.parametrize("space", ["\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u3000"])
def test_white_space_of_any_script_in_an_iri_is_refused(space: str) -> None:
    # The node would be dropped with all it says: evidence that nobody signed could be added.
    for members in (
        {"evidence": [{"id": f"urn:x:{space}", "type": ["Evidence"], "name": "unsigned"}]},
        {"issuer": f"did:x:{space}"},
        {"type": ["VerifiableCredential", f"urn:x:{space}"]},
    ):
        assert refusal(badge(**members)).code is Code.DATA_LOSS


def test_links_in_ordered_lists_are_looked_at_too() -> None:
    definition: JsonObject = {"@id": "https://x.example/s", "@type": "@id", "@container": "@list"}
    contexts = own({"steps": definition})
    rdfc10.canonicalize(with_own(steps=["urn:a", "urn:b"]), contexts=contexts)
    error = refusal(with_own(steps=["urn:a", "relative"]), contexts)
    assert error.code is Code.DATA_LOSS
    assert error.found == "relative"


def test_term_without_an_absolute_iri_is_refused() -> None:
    error = refusal(with_own(level="x"), own({"level": {"@id": "urn:a{b}"}}))
    assert error.code is Code.DATA_LOSS
    assert error.found == "urn:a{b}"


def test_text_that_stands_there_in_another_direction_is_refused() -> None:
    # Only one of the two would be signed, so the other could be added.
    for other in ({"@value": "x"}, {"@value": "x", "@direction": "ltr"}):
        error = refusal(credential(name=[{"@value": "x", "@direction": "rtl"}, other]))
        assert error.code is Code.DATA_LOSS
    names: JsonValue = [{"@value": "x", "@direction": "rtl"}, {"@value": "y"}]
    assert len(objects(credential(name=names), "https://schema.org/name")) == 2


def test_text_in_a_language_that_is_not_named_is_refused() -> None:
    lang_string = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    contexts = own({"level": {"@id": "https://x.example/l", "@type": lang_string}})
    assert refusal(with_own(level="x"), contexts).code is Code.DATA_LOSS


@pytest.mark.parametrize(
    "definition",
    [
        {"@type": "urn:a<b>"},
        {"@type": "urn:a{b}"},
        {"@language": "en_US"},
        {"@language": "e n"},
        {"@language": "en> <urn:x"},
    ],
    ids=str,
)
def test_literal_whose_datatype_or_language_is_not_well_formed_is_refused(
    definition: JsonObject,
) -> None:
    # JSON-LD 1.1 API, Object to RDF Conversion: "return null".
    contexts = own({"level": {"@id": "https://x.example/l", **definition}})
    assert refusal(with_own(level="x"), contexts).code is Code.DATA_LOSS


@pytest.mark.parametrize("container", ["@graph", ["@graph", "@set"]], ids=str)
@pytest.mark.parametrize(
    ("value", "coercion"),
    [
        (4.35, {}),
        ("text", {}),
        (True, {}),
        ({}, {}),
        ({"id": "urn:x:1"}, {}),
        ([{"level": "x"}, {}], {}),
        ([{"level": "x"}, 5], {}),
        ("urn:x:1", {"@type": "@id"}),
        ({"a": "b"}, {"@type": "@json"}),
    ],
    ids=str,
)
def test_what_a_graph_of_an_inline_context_would_drop_is_refused(
    value: JsonValue, coercion: JsonObject, container: JsonValue
) -> None:
    # jsonld.js in safe mode: "object with only @value", "empty object", "object with only @id".
    document = in_graph(value, {"@container": container, **coercion})
    contexts = UnsafeInlineContexts({})
    assert refusal(document, contexts).code is Code.DATA_LOSS
    assert compiled.canonicalize(document, contexts=contexts) is None
    assert not compiled.is_lossless(document, contexts=contexts)


@pytest.mark.parametrize("identifier", ["urn:x:1", "relative"])
def test_document_that_has_no_more_than_an_id_is_refused(identifier: str) -> None:
    # JSON-LD 1.1 API, Expansion, step 19: an object with no more than an @id is dropped.
    document: JsonObject = {"@context": [CREDENTIALS_V2], "id": identifier}
    assert refusal(document).code is Code.DATA_LOSS
    with pytest.raises(CanonicalizationError):
        rdfc10.check_lossless(document)


def test_document_that_says_nothing_loses_nothing() -> None:
    assert rdfc10.canonicalize({"@context": [CREDENTIALS_V2]}) == b""


@pytest.mark.parametrize("identifier", [{}, {"id": "urn:x:1"}], ids=str)
@pytest.mark.parametrize("context", [CREDENTIALS_V2, [CREDENTIALS_V2]], ids=str)
def test_proof_that_says_nothing_but_its_context_is_refused(
    identifier: JsonObject, context: JsonValue
) -> None:
    # jsonld.js in safe mode: "empty object", "object with only @id".
    document = credential(proof=[{"@context": context, **identifier}])
    assert compiled.canonicalize(document, contexts=Contexts.bundled()) is None
    assert CanonicalTemplate.compile(document, [], contexts=Contexts.bundled()) is None
    assert refusal(document).code is Code.DATA_LOSS
    assert "says nothing" in str(refusal(document))


def in_graph(value: JsonValue, definition: JsonObject) -> JsonObject:
    context: JsonObject = {
        "@vocab": "https://x.example/",
        "id": "@id",
        "input": {"@id": "https://x.example/input", **definition},
    }
    return {"@context": context, "input": value}


def test_thing_in_a_graph_of_an_inline_context_is_accepted() -> None:
    document = in_graph({"id": "urn:x:1", "level": "x"}, {"@container": "@graph"})
    assert objects(document, "https://x.example/level", UnsafeInlineContexts({})) == ['"x" _:c14n1']


# What would be read otherwise than it is signed


@pytest.mark.parametrize(
    "type_",
    [
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential",
    ],
)
def test_type_written_as_the_iri_of_a_term_is_refused(type_: str) -> None:
    # A reader that looks for the term would not see that it is a credential of this type.
    error = refusal(credential(type=["VerifiableCredential", type_]))
    assert error.code is Code.NOT_CONFORMANT
    assert error.found == type_


def test_type_written_as_the_iri_of_no_term_is_accepted() -> None:
    document = credential(type=["VerifiableCredential", "https://uni.example/types#Diploma"])
    assert "<https://uni.example/types#Diploma>" in objects(document, RDF_TYPE[1:-1])


@pytest.mark.parametrize("members", [{"link": "ex:thing"}, {"link": {"id": "ex:thing"}}])
def test_iri_written_with_a_prefix_is_refused(members: Document) -> None:
    definitions: JsonObject = {
        "ex": "https://ex.example/",
        "link": {"@id": "ex:link", "@type": "@id"},
    }
    error = refusal(with_own(**members), own(definitions))
    assert error.code is Code.NOT_CONFORMANT
    assert error.found == "https://ex.example/thing"


@pytest.mark.parametrize(
    "definitions", [{"ex": "https://ex.example/"}, [{"ex": "https://ex.example/"}]]
)
def test_type_written_with_a_prefix_is_refused(definitions: JsonValue) -> None:
    document = with_own(type=["VerifiableCredential", "ex:Diploma"])
    error = refusal(document, own(definitions))
    assert error.code is Code.NOT_CONFORMANT
    assert error.found == "ex:Diploma"


def test_label_of_a_blank_node_as_an_id_is_refused() -> None:
    # VC Data Model 2.0, Identifiers: an id "MUST be a URL". The canonical form stays as it was.
    error = refusal(credential(credentialSubject={"id": "_:b0", "description": "learns"}))
    assert error.code is Code.DATA_LOSS
    assert error.found == "_:b0"


def test_term_that_stands_for_a_link_is_accepted() -> None:
    document: Document = {
        "@context": [CREDENTIALS_V2],
        "type": "DataIntegrityProof",
        "proofPurpose": "assertionMethod",
    }
    assert objects(document, "https://w3id.org/security#proofPurpose") == [
        "<https://w3id.org/security#assertionMethod>"
    ]


# What is no JSON-LD


@pytest.mark.parametrize(
    "members",
    [
        {"id": ["urn:x:1"]},
        {"id": 5},
        {"id": {"id": "urn:x:1"}},
        {"type": ["VerifiableCredential", 5]},
        {"name": {"@value": "x", "@language": 5}},
    ],
)
def test_member_of_the_wrong_kind_is_refused(members: Document) -> None:
    assert refusal(credential(**members)).code is Code.NOT_CONFORMANT


@pytest.mark.parametrize(
    "definitions",
    [
        {"name": "https://evil.example/name"},
        {"type": "https://evil.example/type"},
        {"level": "no IRI"},
        {"level": {"@id": "https://x.example/l", "@context": "https://evil.example/"}},
        {"@version": 1.1, "@import": "https://evil.example/"},
    ],
)
def test_context_that_breaks_the_rules_or_asks_for_another_is_refused(
    definitions: JsonObject,
) -> None:
    # The first two redefine protected terms of the base context.
    document = with_own(**({"level": {}} if "level" in definitions else {}))
    assert refusal(document, own(definitions)).code is Code.CONTEXT_REJECTED


@pytest.mark.parametrize(
    "definitions", [{"@language": None}, {"@import": "relative"}, {"kind": {"@id": {}}}]
)
def test_context_that_the_processor_trips_over_is_refused_as_not_conformant(
    definitions: JsonObject,
) -> None:
    # pyld checks much, but raises KeyError, ValueError and TypeError on these.
    document = with_own(kind="x")
    assert refusal(document, own(definitions)).code is Code.NOT_CONFORMANT


def test_member_that_processors_in_javascript_lose_is_refused() -> None:
    # A vocabulary for undefined terms defines it, and jsonld.js drops it.
    contexts: list[JsonValue] = [
        CREDENTIALS_V2,
        "https://www.w3.org/ns/credentials/undefined-terms/v2",
    ]
    document = {**credential(), "@context": contexts, "__proto__": "x"}
    assert rdfc10.canonicalize({**credential(), "@context": contexts, "proto": "x"})
    error = refusal(document)
    assert error.code is Code.NOT_CONFORMANT
    assert "__proto__" in error.message


@pytest.mark.parametrize(
    "value", ["\ud800", {"@value": "\udc00"}, "a\ufffe", "\uffff", {"@value": "\uffff"}], ids=ascii
)
def test_character_that_is_no_text_is_refused(value: JsonValue) -> None:
    # Surrogates not out of `parse`, but out of a credential that a program made. The others would
    # be signed in two ways: RDFC-1.0, appendix A, escapes them, and few implementations do.
    assert refusal(credential(name=value)).code is Code.NOT_CONFORMANT


@pytest.mark.parametrize(
    "literal", ["\ud800", "\uffff", ["\ufffe"], {"a": "\uffff"}, {"\ufffe": 1}]
)
def test_character_that_is_no_text_is_refused_in_a_json_literal(literal: JsonValue) -> None:
    schema: JsonObject = {"id": "https://x.example/", "type": "JsonSchema", "jsonSchema": literal}
    error = refusal(credential(credentialSchema=schema))
    assert error.code is Code.NOT_CONFORMANT
    assert "no text" in str(error)
