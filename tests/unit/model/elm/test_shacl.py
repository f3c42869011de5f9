"""Shapes that the user has: put together from the given files, and never from anywhere else."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from elm_documents import minimal
from elm_documents import with_value as changed
from shared_data import folder, read
from testamur.canon.contexts import Contexts
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ParseError
from testamur.model.elm import EuropeanDigitalCredential, Shapes

AP = "http://data.europa.eu/snb/model/ap/edc-"

PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#>.
@prefix sh: <http://www.w3.org/ns/shacl#>.
@prefix elm: <http://data.europa.eu/snb/model/elm/>.
@prefix : <https://example.org/shapes/>.
"""
WITH_TITLE = f"""{PREFIXES}
<https://example.org/shapes> a owl:Ontology; owl:imports <https://example.org/base>.
:P a sh:NodeShape; sh:targetClass elm:Person;
  sh:property [ sh:path elm:gender; sh:minCount 1; sh:message "say the gender" ].
"""
BASE = f"{PREFIXES} <https://example.org/base> a owl:Ontology."


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("something is fetched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def of(**files: str) -> Shapes:
    return Shapes({name: text.encode() for name, text in files.items()})


def test_shapes_are_asked_together_with_those_they_build_upon() -> None:
    shapes = of(base=BASE, mine=WITH_TITLE)
    (found,) = shapes.find_violations(minimal(), profiles=["https://example.org/shapes"])
    assert found.path == "credential.credentialSubject.gender"
    assert found.message == "say the gender"
    assert found.focus == "urn:epass:person:9"
    assert found.property == "http://data.europa.eu/snb/model/elm/gender"
    assert str(found) == "credential.credentialSubject.gender: say the gender"
    assert shapes.find_violations(minimal(), profiles=["https://example.org/base"]) == ()


def test_import_that_is_not_given_is_an_error_and_nothing_is_fetched() -> None:
    with pytest.raises(ConfigurationError, match="give its file, too") as raised:
        of(mine=WITH_TITLE).find_violations(minimal(), profiles=["https://example.org/shapes"])
    assert raised.value.expected == "https://example.org/base"


def test_profile_of_the_credential_is_asked_where_none_is_named() -> None:
    full = read("elm/shapes/EDC-generic-full.ttl")
    with pytest.raises(ConfigurationError, match="generic-no-cv are not among"):
        Shapes({"full": full}).find_violations(minimal())
    shapes = Shapes({"full": full, "no-cv": read("elm/shapes/EDC-generic-no-cv.ttl")})
    assert shapes.profiles == {f"{AP}generic-full", f"{AP}generic-no-cv"}
    assert shapes.find_violations(minimal()) == ()


def test_credential_that_names_no_profile_needs_one_to_be_asked() -> None:
    with pytest.raises(ConfigurationError, match="give `profiles`"):
        of(base=BASE).find_violations(minimal(credentialSchema=None))


@pytest.mark.parametrize(
    "query",
    [
        'sh:sparql [ sh:select "SELECT $this WHERE { SERVICE <http://evil.example/> {} }" ]',
        'sh:js [ sh:jsFunctionName "steal" ]',
        'sh:target [ sh:select "SELECT ?this WHERE { ?this ?p ?o }" ]',
    ],
)
def test_shapes_with_queries_or_scripts_are_refused(query: str) -> None:
    text = f"{BASE} :P a sh:NodeShape; {query}."
    with pytest.raises(ConfigurationError, match="runs code of its own"):
        of(mine=text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a> <b>", "is not Turtle"),
        ("{}", "is not Turtle"),
        (f"{PREFIXES} :P a sh:NodeShape.", "names 0 profiles"),
        (f"{BASE} <https://example.org/b> a owl:Ontology.", "names 2 profiles"),
    ],
)
def test_file_that_is_no_file_of_shapes_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        of(mine=text)


def test_file_that_is_not_text_is_refused() -> None:
    with pytest.raises(ParseError, match="is not Turtle"):
        Shapes({"mine": b"\xff\xfe\x00"})


def test_files_are_read_from_paths(tmp_path: Path) -> None:
    (tmp_path / "base.ttl").write_text(BASE, "utf-8")
    assert Shapes.read(tmp_path / "base.ttl").profiles == {"https://example.org/base"}


def test_context_that_is_not_known_is_not_fetched() -> None:
    document = changed(minimal(), ("@context", 1), "https://example.org/context")
    with pytest.raises(CanonicalizationError) as raised:
        of(base=BASE).find_violations(document, profiles=["https://example.org/base"])
    assert raised.value.code == Code.CONTEXT_REJECTED


def test_member_that_the_graph_would_lose_is_refused() -> None:
    with pytest.raises(CanonicalizationError) as raised:
        of(base=BASE).find_violations(minimal(legalname="x"), profiles=["https://example.org/base"])
    assert raised.value.code == Code.DATA_LOSS


def test_xml_that_a_context_of_the_users_own_makes_is_not_read() -> None:
    xml = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
    own = "https://example.org/context"
    term: Any = {"xml": {"@id": "https://example.org/xml", "@type": xml}}
    contexts = Contexts.bundled().with_documents({own: {"@context": term}})
    document = minimal(xml="<a/>")
    document["@context"].append(own)
    with pytest.raises(CanonicalizationError, match="holds XML"):
        of(base=BASE).find_violations(
            document, profiles=["https://example.org/base"], contexts=contexts
        )


def test_model_is_asked_as_its_document_is_and_a_proof_is_left_out() -> None:
    proof = {"type": "DataIntegrityProof", "proofValue": "z"}
    credential = EuropeanDigitalCredential.from_json(minimal(proof=proof))
    shapes = Shapes.read(*folder("elm/shapes").glob("EDC-generic-*.ttl"))
    assert shapes.find_violations(credential, contexts=Contexts.bundled()) == ()


def test_results_are_in_the_same_order_in_every_run() -> None:
    shapes = Shapes.read(*folder("elm/shapes").glob("*.ttl"))
    document: Any = minimal(issued=None, validFrom=None, displayParameter=None)
    found = [str(each) for each in shapes.find_violations(document)]
    assert found == sorted(found)
    assert [each.partition(":")[0] for each in found] == [
        "credential.displayParameter",
        "credential.issued",
        "credential.validFrom",
    ]
