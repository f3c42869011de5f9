"""Every class and property of the profile EDC-generic, as its published shapes and context say.

Read from the files: a property that the shapes have and our class lacks, or another cardinality,
another class, another kind of text or date, is a failure here. What differs is named, with why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node as RdfNode

from shacl_oracle import shapes
from shared_data import params, read_json
from testamur.model.base import Model, TypedModel, _one_or_many
from testamur.model.dates import DateTime
from testamur.model.elm.concepts import Controlled
from testamur.model.elm.language import ManyTexts, OneText, Texts
from testamur.model.elm.node import CLASSES, Kind, class_of
from testamur.model.vocabularies import Vocabulary

SH = "http://www.w3.org/ns/shacl#"
ELM = "http://data.europa.eu/snb/model/elm/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CRED = "https://www.w3.org/2018/credentials#"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

NO_TERM = {
    "http://www.w3.org/ns/org#hasMember": "org:hasMember",
    "http://www.w3.org/ns/locn#geometry": "locn:geometry",
    f"{ELM}defaultLanguage": "elm:defaultLanguage",
}
"""Properties that cannot be written, since the published context has no term for them."""

OTHER_TERM = {
    f"{ELM}nationalId": "nationalID",
    f"{ELM}resultDistribution": "resultDestribution",
    f"{ELM}areaDialing": "areaDialingCode",
}
"""Properties whose term in the published context stands for another IRI (trap 2)."""

NOT_OURS = {
    "Geometry": "nothing leads to it",
    "Specification": "no property takes one that is not of a subclass",
    "VerifiableCredential": "its shape is deactivated",
    "VerifiablePresentation": "read by model/presentation",
}

OTHERWISE = {
    ("EuropeanDigitalCredential", "issued"): "added when it is sealed; find_faults asks for it",
    ("EuropeanDigitalCredential", "proof"): "the context gives it another IRI than the shapes",
    ("EuropeanDigitalCredential", "credentialStatus"): "no form passes; find_faults refuses it",
    ("EuropeanDigitalCredential", "termsOfUse"): "no form passes; find_faults refuses it",
    ("EuropeanDigitalPresentation", "proof"): "the context gives it another IRI than the shapes",
    ("Claim", "dcType"): "a claim in hasClaim must have a type (ClaimTypeNodeShape)",
}


@cache
def terms() -> dict[str, str]:
    """IRI → term."""
    context = read_json("elm/edc-ap-context.jsonld")["@context"]
    found = {f"{CRED}{name}": name for name in CREDENTIAL_TERMS}
    for name, definition in context.items():
        if isinstance(definition, dict):
            prefix, _, rest = definition["@id"].partition(":")
            found[context[prefix] + rest] = name
    return found | OTHER_TERM


CREDENTIAL_TERMS = (
    *("credentialSchema", "credentialStatus", "credentialSubject", "evidence", "expirationDate"),
    *("holder", "issuanceDate", "issued", "issuer", "proof", "termsOfUse", "validFrom"),
    *("validUntil", "verifiableCredential"),
)


class Property:
    """One property of a shape."""

    def __init__(self, graph: Graph, node: RdfNode) -> None:
        def one(name: str) -> RdfNode | None:
            return graph.value(node, URIRef(SH + name))

        self.iri = str(one("path"))
        self.least = int(str(one("minCount") or 0))
        most = one("maxCount")
        self.most = None if most is None else int(str(most))
        self.datatype = str(one("datatype")) if one("datatype") else None
        self.unique = one("uniqueLang") is not None
        self.classes = {str(each) for each in graph.objects(node, URIRef(f"{SH}class"))}
        alternatives = one("or")
        if alternatives is not None:
            for each in Collection(graph, alternatives):
                self.classes.add(str(graph.value(each, URIRef(f"{SH}class"))))


def shape_properties() -> dict[str, dict[str, Property]]:
    """Class → property IRI → property."""
    graph = shapes("generic-no-cv")
    found: dict[str, dict[str, Property]] = {}
    for shape, target in graph.subject_objects(URIRef(f"{SH}targetClass")):
        name = str(target).replace("#", "/").rpartition("/")[2]
        each = [Property(graph, node) for node in graph.objects(shape, URIRef(f"{SH}property"))]
        found[name] = {one.iri: one for one in each}
    return found


def members_of(model: type[Model]) -> dict[str, Any]:
    return {each.alias or name: each for name, each in model.model_fields.items()}


def parts(annotation: Any, metadata: Any = ()) -> Iterator[Any]:
    yield from metadata
    yield annotation
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from parts(each)


def is_set(field: Any) -> bool:
    found = parts(field.annotation, field.metadata)
    return any(getattr(each, "func", None) is _one_or_many for each in found)


def has(field: Any, alias: Any) -> bool:
    """Whether a member is of a type that is an alias with one validator of its own."""
    (marker,) = alias.__metadata__
    return any(each is marker for each in parts(field.annotation, field.metadata))


def cases() -> dict[str, Any]:
    return {
        f"{name}-{iri.replace('#', '/').rpartition('/')[2]}": (name, each)
        for name, found in sorted(shape_properties().items())
        if name not in NOT_OURS
        for iri, each in sorted(found.items())
        if iri not in NO_TERM and (name, terms()[iri]) not in OTHERWISE
    }


def test_every_class_of_the_shapes_is_there() -> None:
    assert set(shape_properties()) - set(NOT_OURS) == set(CLASSES)


@pytest.mark.parametrize("case", params(cases))
def test_property_is_a_member_with_the_cardinality_and_the_type_of_the_shapes(
    case: tuple[str, Property],
) -> None:
    name, wanted = case
    term = terms()[wanted.iri]
    field = members_of(class_of(name))[term]
    assert field.is_required() == (wanted.least > 0)
    if wanted.datatype == LANG_STRING:
        single = wanted.most == 1
        assert has(field, OneText if single else Texts if wanted.unique else ManyTexts)
        return
    assert is_set(field) == (wanted.most is None)
    found = list(parts(field.annotation, field.metadata))
    if wanted.datatype == f"{XSD}dateTime" and term not in ("dateModified", "dateOfBirth"):
        assert has(field, DateTime)
    if wanted.classes:
        kinds = next((each for each in found if isinstance(each, Kind)), None)
        models = [e.__name__ for e in found if isinstance(e, type) and issubclass(e, Model)]
        names = {re.split("[/#]", each)[-1] for each in wanted.classes}
        assert names == set(models if kinds is None else kinds.names)


@pytest.mark.parametrize(("name", "term"), sorted(OTHERWISE))
def test_what_differs_on_purpose_is_a_member_all_the_same(name: str, term: str) -> None:
    assert term in members_of(class_of(name))


@pytest.mark.parametrize("iri", sorted(NO_TERM))
def test_property_without_a_term_cannot_be_written(iri: str) -> None:
    assert iri not in terms()


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_class_has_no_member_that_the_shapes_do_not_have(name: str) -> None:
    iris = {terms()[iri] for iri in shape_properties()[name] if iri not in NO_TERM}
    extra = set(members_of(class_of(name))) - iris - {"id", "type", "@context"}
    assert extra == set()


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_member_is_a_term_of_the_context_and_a_language_map_where_the_context_says_so(
    name: str,
) -> None:
    context = read_json("elm/edc-ap-context.jsonld")["@context"]
    for term, field in members_of(class_of(name)).items():
        if term in ("id", "type", "@context", *CREDENTIAL_TERMS):
            continue
        is_map = any(has(field, alias) for alias in (Texts, ManyTexts, OneText))
        assert is_map == (context[term].get("@container") == "@language"), term


def test_members_bound_to_a_vocabulary_are_those_that_the_shapes_bind() -> None:
    graph = shapes("generic-full")
    wanted: dict[tuple[str, str], str] = {}
    for shape, target in graph.subject_objects(URIRef(f"{SH}targetClass")):
        name = str(target).replace("#", "/").rpartition("/")[2]
        for node in graph.objects(shape, URIRef(f"{SH}property")):
            restriction = graph.value(node, URIRef(f"{SH}node"))
            inner = graph.value(restriction, URIRef(f"{SH}property")) if restriction else None
            scheme = graph.value(inner, URIRef(f"{SH}hasValue")) if inner else None
            iri = str(graph.value(node, URIRef(f"{SH}path")))
            if scheme is not None and iri not in NO_TERM:
                wanted[name, terms()[iri]] = str(scheme)
    found = {
        (name, term): str(each._vocabulary)
        for name in CLASSES
        for term, field in members_of(class_of(name)).items()
        for each in parts(field.annotation, field.metadata)
        if isinstance(each, Controlled) and each._vocabulary is not None
    }
    # A page's language must be one of those of the display, which are bound.
    assert found.pop(("IndividualDisplay", "language")) == Vocabulary.LANGUAGE
    assert found == wanted


def test_every_class_names_itself_in_its_type() -> None:
    for name in CLASSES:
        model: type[TypedModel] = class_of(name)
        assert name in model.default_type
