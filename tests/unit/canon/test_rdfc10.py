"""From JSON-LD to canonical N-Quads: exact, or refused.

Expected quads are written by hand from JSON-LD 1.1 and RDFC-1.0; canonical labels and their order
are also asked of pyoxigraph, which shares no code with pyld.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pyoxigraph
import pytest

from quads import canonicalize_with_pyoxigraph, from_dataset, parse_n_quads
from testamur import limits
from testamur.canon import general, rdfc10
from testamur.canon.contexts import CREDENTIALS_V2, DATA_INTEGRITY_V2, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue, parse, parse_object
from testamur.errors import CanonicalizationError, Code
from unit.scenes import Document, badge, credential, endorsement, signed

OWN = "https://uni.example/context/v1"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema"


def own(definitions: JsonValue) -> Contexts:
    return Contexts.bundled().with_documents({OWN: {"@context": definitions}})


def with_own(**members: object) -> Document:
    return credential(**{"@context": [CREDENTIALS_V2, OWN], **members})


def refusal(document: JsonObject, contexts: Contexts | None = None) -> CanonicalizationError:
    with pytest.raises(CanonicalizationError) as caught:
        rdfc10.canonicalize(document, contexts=contexts)
    return caught.value


def objects(document: JsonObject, predicate: str, contexts: Contexts | None = None) -> list[str]:
    """The objects of the quads with this predicate, as they are written."""
    lines = rdfc10.canonicalize(document, contexts=contexts).decode().split("\n")
    return [line.split(f" <{predicate}> ", 1)[1][:-2] for line in lines if f"<{predicate}>" in line]


# The canonical form


def test_credential_has_the_quads_that_its_contexts_say() -> None:
    document = credential(name="Teamwork", credentialSubject={"description": "learns"})
    subject, quads = document["id"], rdfc10.canonicalize(document).decode()
    valid_from = f'"2026-01-01T00:00:00Z"^^<{XSD}#dateTime>'
    assert quads.splitlines() == [
        f"<{subject}> {RDF_TYPE} <https://www.w3.org/2018/credentials#VerifiableCredential> .",
        f'<{subject}> <https://schema.org/name> "Teamwork" .',
        f"<{subject}> <https://www.w3.org/2018/credentials#credentialSubject> _:c14n0 .",
        f"<{subject}> <https://www.w3.org/2018/credentials#issuer> <{document['issuer']}> .",
        f"<{subject}> <https://www.w3.org/2018/credentials#validFrom> {valid_from} .",
        '_:c14n0 <https://schema.org/description> "learns" .',
    ]
    assert quads.endswith(" .\n")


def rich() -> Document:
    document = badge(
        endorsement=[signed(endorsement()), endorsement(id="urn:x:2")],
        evidence=[{"type": ["Evidence"], "name": "a"}, {"type": ["Evidence"], "name": "b"}],
    )
    achievement = document["credentialSubject"]["achievement"]
    achievement["resultDescription"] = [
        {
            "id": "urn:uuid:1",
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "LetterGrade",
            "allowedValue": ["F", "C", "A"],
        }
    ]
    document["credentialSubject"] |= {"creditsEarned": 6.5, "narrative": 'ä\n"\\\x7f\x08 \u2028'}
    return document


@pytest.mark.parametrize(
    "document",
    [
        credential(),
        badge(),
        rich(),
        endorsement(),
        {"@context": [CREDENTIALS_V2, DATA_INTEGRITY_V2], "type": "DataIntegrityProof"},
        {
            "@context": [CREDENTIALS_V2],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [signed(badge()), signed(credential(id=None))],
        },
    ],
    ids=["credential", "badge", "rich badge", "endorsement", "proof", "presentation"],
)
def test_canonical_form_is_the_one_of_a_second_implementation(document: Document) -> None:
    dataset = general.to_dataset(document)
    expected = canonicalize_with_pyoxigraph(deepcopy(dataset))
    lines, _ = general.canonicalize_dataset(dataset)
    assert sorted(lines) == lines
    # pyoxigraph leaves some characters of a literal as they are: compare what the lines mean.
    ours = from_dataset(parse_n_quads("".join(lines)))
    assert ours == pyoxigraph.Dataset(
        pyoxigraph.parse(expected, format=pyoxigraph.RdfFormat.N_QUADS)
    )


# RDFC-1.0, Canonical N-Quads: the characters that are escaped, and how.
ESCAPED = {
    **{chr(code): f"\\u{code:04X}" for code in [*range(0x20), 0x7F]},
    "\x08": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\x0c": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


@pytest.mark.parametrize("character", sorted(ESCAPED), ids=ascii)
def test_character_is_escaped_as_canonical_n_quads_say(character: str) -> None:
    (name,) = objects(credential(name=f"a{character}b"), "https://schema.org/name")
    assert name == f'"a{ESCAPED[character]}b"'


@pytest.mark.parametrize(
    "character", ["\x80", "\x85", "é", "\u2028", "\u202e", "\ufffd", "\U0001f393"]
)
def test_any_other_character_is_left_as_it_is(character: str) -> None:
    (name,) = objects(credential(name=f"a{character}b"), "https://schema.org/name")
    assert name == f'"a{character}b"'


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (5, f'"5"^^<{XSD}#integer>'),
        (-(2**53) + 1, f'"-9007199254740991"^^<{XSD}#integer>'),
        (2.5, f'"2.5E0"^^<{XSD}#double>'),
        (0.000001, f'"1.0E-6"^^<{XSD}#double>'),
        (0.1, f'"1.0E-1"^^<{XSD}#double>'),
        (True, f'"true"^^<{XSD}#boolean>'),
        ("5", '"5"'),
        ({"@value": "x", "@language": "pl"}, '"x"@pl'),
        (
            {"@value": "x", "@language": "ar", "@direction": "rtl"},
            '"x"^^<https://www.w3.org/ns/i18n#ar_rtl>',
        ),
        ({"@value": "x", "@direction": "rtl"}, '"x"^^<https://www.w3.org/ns/i18n#_rtl>'),
    ],
)
def test_value_becomes_the_literal_that_json_ld_says(value: JsonValue, literal: str) -> None:
    # JSON-LD 1.1 API, Data Round Tripping, and the rdfDirection i18n-datatype.
    assert objects(credential(name=value), "https://schema.org/name") == [literal]


@pytest.mark.parametrize(("text", "number"), [("5.0", "5"), ("5", "5"), ("5E0", "5")])
def test_spelling_of_a_number_does_not_matter(text: str, number: str) -> None:
    document = credential(name=parse(text))
    assert objects(document, "https://schema.org/name") == [f'"{number}"^^<{XSD}#integer>']


def test_values_that_differ_only_in_their_spelling_are_one_value() -> None:
    document = credential(name=[parse("5"), parse("5.0"), "x", "x"])
    assert len(objects(document, "https://schema.org/name")) == 2


def test_json_literal_is_written_as_rfc_8785_says() -> None:
    schema = {
        "id": "https://x.example/",
        "type": "JsonSchema",
        "jsonSchema": parse_object('{"b":1E2,"a":[6.50,1e-7,1e21],"é":"\\u0001\\u007f\\""}'),
    }
    (literal,) = objects(
        credential(credentialSchema=schema), "https://www.w3.org/2018/credentials#jsonSchema"
    )
    # {"a":[6.5,1e-7,1e+21],"b":100,"é":"<U+0001><U+007F>\""}, then escaped as a literal.
    assert literal == (
        '"{\\"a\\":[6.5,1e-7,1e+21],\\"b\\":100,\\"é\\":\\"\\\\u0001\\u007F\\\\\\"\\"}"'
        "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"
    )


def test_neither_the_document_nor_the_contexts_are_changed() -> None:
    document = rich()
    before = deepcopy(document)
    contexts = Contexts.bundled()
    documents = {url: deepcopy(contexts.document(url)) for url in contexts.urls}
    first = rdfc10.canonicalize(document)
    assert document == before
    assert {url: contexts.document(url) for url in contexts.urls} == documents
    assert rdfc10.canonicalize(document) == first


def test_hash_can_be_sha_384() -> None:
    # RDFC-1.0, test075c: the blank nodes of one statement each, told apart by SHA-384.
    quads = "_:a <urn:p> _:b .\n_:c <urn:p> _:d .\n_:b <urn:q> _:c .\n_:d <urn:q> <urn:x> .\n"
    other = from_dataset(parse_n_quads(quads))
    other.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384)
    lines, _ = general.canonicalize_dataset(parse_n_quads(quads), hash_algorithm="sha384")
    assert lines == sorted(f"{quad} .\n" for quad in other)


def test_blank_nodes_are_told_apart_by_the_hash_of_their_quads() -> None:
    # RDFC-1.0, Hash First Degree Quads: each node is _:a, every other _:z.
    hashes = {
        name: hashlib.sha256(f'_:a <urn:p> "{name}" .\n'.encode()).hexdigest() for name in "xyz"
    }
    quads = "".join(f'_:{name} <urn:p> "{name}" .\n' for name in "xyz")
    _, labels = general.canonicalize_dataset(parse_n_quads(quads))
    expected = sorted("xyz", key=lambda name: hashes[name])
    assert labels == {f"_:{name}": f"_:c14n{n}" for n, name in enumerate(expected)}


def test_quads_of_a_named_graph_name_it() -> None:
    quads = '<urn:s> <urn:p> "o" <urn:g> .\n<urn:s> <urn:p> "o" _:g .\n_:g <urn:p> "o" .\n'
    lines, _ = general.canonicalize_dataset(parse_n_quads(quads))
    assert lines == [
        '<urn:s> <urn:p> "o" <urn:g> .\n',
        '<urn:s> <urn:p> "o" _:c14n0 .\n',
        '_:c14n0 <urn:p> "o" .\n',
    ]


# Bounds


def clique(nodes: int) -> str:
    """Every blank node points to every other: rdf-canon's poison graph 074 has 10 of them."""
    names = range(nodes)
    return "".join(f"_:n{a} <urn:p> _:n{b} .\n" for a in names for b in names if a != b)


@pytest.mark.parametrize("nodes", [8, 10, 14, 60])
def test_poison_graph_is_refused_by_its_work(nodes: int) -> None:
    with pytest.raises(CanonicalizationError) as caught:
        general.canonicalize_dataset(parse_n_quads(clique(nodes)))
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_small_clique_is_within_the_budget() -> None:
    quads = clique(5)
    lines, _ = general.canonicalize_dataset(parse_n_quads(quads))
    assert "".join(lines).encode() == canonicalize_with_pyoxigraph(parse_n_quads(quads))


def test_more_quads_than_allowed_are_refused_and_equal_ones_counted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "QUADS", 3)
    quads = [f"<urn:s> <urn:p> <urn:{n}> .\n" for n in range(4)]
    lines, _ = general.canonicalize_dataset(parse_n_quads("".join([*quads[:3], *quads[:3]])))
    assert lines == quads[:3]
    with pytest.raises(CanonicalizationError) as caught:
        general.canonicalize_dataset(parse_n_quads("".join(quads)))
    assert caught.value.code is Code.RESOURCE_LIMIT


# Threads


def test_threads_that_share_contexts_give_what_one_thread_gives() -> None:
    def document(number: int) -> Document:
        made = rich()
        made["id"] = f"urn:x:{number}"
        made["evidence"] = [{"type": ["Evidence"], "name": str(n)} for n in range(number % 7 + 1)]
        return made if number % 2 else signed(credential(id=f"urn:x:{number}"))

    documents: list[Any] = [document(number) for number in range(48)]
    expected = [rdfc10.canonicalize(each, contexts=Contexts.bundled()) for each in documents]
    cold = Contexts({url: Contexts.bundled().document(url) for url in Contexts.bundled().urls})
    for contexts in (cold, Contexts.bundled()):
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda each, c=contexts: rdfc10.canonicalize(each, contexts=c), documents)
            )
        assert found == expected
