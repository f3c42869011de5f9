"""Texts by language, as the European Learning Model writes them: one spelling, nothing lost.

JSON-LD 1.1, Language Maps; VC Data Integrity 1.0, Securing Data Losslessly.
"""

from __future__ import annotations

import pytest

from european_documents import european_credential
from testamur import limits
from testamur.canon import compiled, general, rdfc10
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, EDC_AP, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code
from unit.canon.test_rdfc10 import refusal

TITLE = "<http://purl.org/dc/terms/title>"
P = "https://p.example/#"
ONE, OTHER = "https://p.example/one", "https://p.example/other"
BUNDLED = Contexts.bundled()


def titled(value: JsonValue) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V1, EDC_AP],
        "id": "urn:x:1",
        "type": "LearningAchievement",
        "title": value,
    }


def titles(value: JsonValue) -> list[str]:
    """What is signed of a title, which both paths agree on."""
    document = titled(value)
    canonical = compiled.canonicalize(document, contexts=BUNDLED)
    assert canonical is not None
    assert canonical == general.canonicalize(document)
    return [
        line.partition(f"{TITLE} ")[2].removesuffix(" .")
        for line in canonical.decode().splitlines()
        if TITLE in line
    ]


def refused(document: JsonObject, contexts: Contexts = BUNDLED) -> CanonicalizationError:
    """The general path's refusal of a document, which the compiled path hands over."""
    assert compiled.canonicalize(document, contexts=contexts) is None
    assert not compiled.is_lossless(document, contexts=contexts)
    return refusal(document, contexts)


@pytest.mark.parametrize(
    ("value", "signed"),
    [
        ({"en": "Data"}, ['"Data"@en']),
        ({"pl": "Dane", "en": "Data"}, ['"Dane"@pl', '"Data"@en']),
        ({"en": ["A", "B"]}, ['"A"@en', '"B"@en']),
        ({"en": ["A", "A"]}, ['"A"@en']),
        ({"PL-pl": 'a "b"\n'}, ['"a \\"b\\"\\n"@pl-pl']),
        ({"id": "Bahasa"}, ['"Bahasa"@id']),  # Indonesian, and no identifier
        ("plain", ['"plain"']),
        ({"en": ""}, ['""@en']),
    ],
)
def test_each_text_is_signed_with_its_language(value: JsonValue, signed: list[str]) -> None:
    assert titles(value) == signed


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, Code.DATA_LOSS),
        ({"en": []}, Code.DATA_LOSS),
        ({"en": None}, Code.NOT_CONFORMANT),
        ({"en": ["A", None]}, Code.NOT_CONFORMANT),
        ({"en": 5}, Code.NOT_CONFORMANT),
        ({"en": {"@value": "A"}}, Code.NOT_CONFORMANT),
        ({"en": {"id": "urn:x:2"}}, Code.NOT_CONFORMANT),
        ({"en": [["A"]]}, Code.NOT_CONFORMANT),
        ({"en": "half \ud800"}, Code.NOT_CONFORMANT),
        # One language, so one statement; two readers would see two texts.
        ({"en": "A", "EN": "A"}, Code.NOT_CONFORMANT),
        # Other spellings of the same statements.
        ({"@none": "A"}, Code.NOT_CONFORMANT),
        ({"@value": "A", "@language": "en"}, Code.NOT_CONFORMANT),
        ({"@set": ["A"]}, Code.NOT_CONFORMANT),
        ([{"en": "A"}], Code.NOT_CONFORMANT),
        ([{"@value": "A", "@language": "en"}], Code.NOT_CONFORMANT),
        ({"en_US": "A"}, Code.NOT_CONFORMANT),
        ({"type": "A"}, Code.NOT_CONFORMANT),
        ({"": "A"}, Code.NOT_CONFORMANT),
        ({"english": "A"}, Code.NOT_CONFORMANT),
        ({"en": "A", "@context": EDC_AP}, Code.NOT_CONFORMANT),
    ],
)
def test_what_could_be_read_otherwise_than_it_is_signed_is_refused(
    value: JsonValue, code: Code
) -> None:
    error = refused(titled(value))
    assert error.code is code
    assert error.path is not None
    assert error.path.startswith("credential.title")


def test_number_of_texts_is_bounded() -> None:
    most: list[JsonValue] = [str(number) for number in range(limits.ARRAY_ITEMS)]
    assert len(titles({"en": most})) == limits.ARRAY_ITEMS
    error = refused(titled({"en": most, "pl": "one more"}))
    assert error.code is Code.RESOURCE_LIMIT


def test_term_is_a_language_map_only_where_a_context_says_so() -> None:
    # `description` of the VC Data Model 2.0 is a text, or a value object.
    credential: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:x:y",
        "credentialSubject": {"id": "did:x:z"},
    }
    assert rdfc10.canonicalize({**credential, "description": {"@value": "x", "@language": "en"}})
    assert refused({**credential, "description": {"en": "x"}}).code is Code.DATA_LOSS
    # And in a European credential the other way round.
    european = european_credential(description={"@value": "x", "@language": "en"})
    assert refused(european).code is Code.NOT_CONFORMANT


def two_meanings(outer: JsonObject, inner: JsonObject) -> Contexts:
    """A term with one definition at the top, and another inside of one type or member."""
    kind: JsonObject = {"@id": f"{P}Kind", "@context": {"about": inner}}
    part: JsonObject = {"@id": f"{P}part", "@context": {"about": inner}}
    return Contexts(
        {
            ONE: {"@context": {"id": "@id", "type": "@type", "about": outer}},
            OTHER: {"@context": {"Kind": kind, "part": part}},
        }
    )


MAP: JsonObject = {"@id": f"{P}about", "@container": "@language"}
LINK: JsonObject = {"@id": f"{P}about"}


@pytest.mark.parametrize(("outer", "inner"), [(MAP, LINK), (LINK, MAP)])
@pytest.mark.parametrize("value", [{"id": "urn:x:2"}, {"en": "A"}, {"id": "A", "en": "B"}])
@pytest.mark.parametrize("inside", [None, "type", "part"])
def test_object_under_a_term_with_two_meanings_is_read_in_one_way_or_refused(
    outer: JsonObject, inner: JsonObject, value: JsonValue, inside: str | None
) -> None:
    contexts = two_meanings(outer, inner)
    document: JsonObject = {"@context": [ONE, OTHER], "id": "urn:x:1", "about": value}
    if inside == "type":
        document["type"] = "Kind"
    if inside == "part":
        document = {"@context": [ONE, OTHER], "id": "urn:x:1", "part": {"about": value}}
    in_force = inner if inside else outer
    if in_force is MAP:
        canonical = rdfc10.canonicalize(document, contexts=contexts).decode()
        assert "@en" in canonical or "@id" in canonical
        assert canonical.encode() == general.canonicalize(document, contexts=contexts)
    else:
        # As a thing it could be a second description of one, which nobody would have compared.
        assert refused(document, contexts).code in (Code.NOT_CONFORMANT, Code.DATA_LOSS)


def test_contexts_of_an_embedded_credential_end_with_it() -> None:
    inner: JsonObject = {
        "@context": [CREDENTIALS_V1, EDC_AP],
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:x:y", "title": {"en": "A"}},
    }
    outer: JsonObject = {
        "@context": [CREDENTIALS_V1],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [inner],
        "holder": {"id": "did:x:z"},
    }
    assert '"A"@en' in rdfc10.canonicalize(outer).decode()
    after: JsonObject = {**inner, "@context": [CREDENTIALS_V1]}
    outer["verifiableCredential"] = [inner, after]
    assert refused(outer).code is Code.DATA_LOSS


# What the context of the European Learning Model has no term for (its published table).


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("credentialSubject", "nationalId"),
        ("credentialSubject", "hasMember"),
        ("credentialSubject", "elmNationalId"),
        ("credentialSubject", "validUntil"),
        ("issuer", "eidasLegalIdentifier"),
        ("issuer", "geometry"),
        ("issuer", "areaDialing"),
        ("displayParameter", "defaultLanguage"),
        ("displayParameter", "resultDistribution"),
    ],
)
def test_member_that_the_model_has_no_term_for_is_refused(place: str, name: str) -> None:
    document = european_credential()
    inside = document[place]
    assert isinstance(inside, dict)
    document[place] = {**inside, name: "x"}
    assert refused(document).code is Code.DATA_LOSS


@pytest.mark.parametrize("name", ["elm:nationalId", "elm:nationalID", "dc:title", "skos:notation"])
def test_member_that_is_written_with_a_prefix_is_refused(name: str) -> None:
    error = refused(european_credential(**{name: "x"}))
    assert error.code is Code.NOT_CONFORMANT
    assert name in error.message


def test_letter_of_another_alphabet_is_named() -> None:
    # A published sample has a Greek capital iota in the middle of this name.
    document = european_credential()
    issuer = document["issuer"]
    assert isinstance(issuer, dict)
    issuer["eIDAS\u0399dentifier"] = issuer.pop("eIDASIdentifier")
    error = refused(document)
    assert error.code is Code.DATA_LOSS
    assert error.found == "eIDAS\u0399dentifier"
    assert "U+0399, GREEK CAPITAL LETTER IOTA" in error.message


@pytest.mark.parametrize(
    "type_",
    [
        "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential",
        "elm:EuropeanDigitalCredential",
    ],
)
def test_type_that_is_not_written_as_its_term_is_refused(type_: str) -> None:
    # The statements would be the same, and the credential would be read by another model.
    error = refused(european_credential(type=["VerifiableCredential", type_]))
    assert error.code is Code.NOT_CONFORMANT


@pytest.mark.parametrize(
    ("member", "value"),
    [("dateModified", "2026-01-01T00:00:00Z"), ("descriptionHtml", "<p>Hello</p>")],
)
def test_text_under_a_term_that_wants_an_address_is_refused(member: str, value: str) -> None:
    # The context types both as links, whatever the model says.
    document = european_credential(**{member: value})
    assert refused(document).code is Code.DATA_LOSS


def test_european_terms_do_not_reach_other_documents() -> None:
    # Prefixes and terms of one context mean nothing where only another is named.
    document: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": "elm:1",
        "type": ["VerifiableCredential"],
        "issuer": "org:example",
        "credentialSubject": {"id": "person:1", "name": "Ada"},
    }
    canonical = compiled.canonicalize(document, contexts=BUNDLED)
    assert canonical is not None
    assert canonical == general.canonicalize(document)
    for iri in ("<elm:1>", "<org:example>", "<person:1>"):
        assert iri in canonical.decode()
