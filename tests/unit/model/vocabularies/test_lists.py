"""What is held of the vocabularies, against what is published of them."""

from __future__ import annotations

import importlib.resources
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import shared_data
from testamur.model.vocabularies import (
    EQF_OF_CYCLE,
    Cycle,
    Term,
    Vocabulary,
    by_code,
    by_label,
    check,
    find,
    is_complete,
    terms,
)
from testamur.model.vocabularies.vocabulary import FORMS

DATA = importlib.resources.files("testamur.model.vocabularies") / "data"
KILOBYTE = 1000

MEMBER_STATES = (
    "AT AUT, BE BEL, BG BGR, CY CYP, CZ CZE, DE DEU, DK DNK, EE EST, ES ESP, FI FIN, FR FRA, "
    "GR GRC, HR HRV, HU HUN, IE IRL, IT ITA, LT LTU, LU LUX, LV LVA, MT MLT, NL NLD, PL POL, "
    "PT PRT, RO ROU, SE SWE, SI SVN, SK SVK"
)
OFFICIAL_LANGUAGES = (
    "bg BUL, cs CES, da DAN, de DEU, el ELL, en ENG, es SPA, et EST, fi FIN, fr FRA, ga GLE, "
    "hr HRV, hu HUN, it ITA, lt LIT, lv LAV, mt MLT, nl NLD, pl POL, pt POR, ro RON, sk SLK, "
    "sl SLV, sv SWE"
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(code, id_) for code, id_ in (each.split() for each in text.split(","))]


def all_terms() -> list[Term]:
    return [term for vocabulary in Vocabulary for term in terms(vocabulary)]


def codes(vocabulary: Vocabulary) -> set[str]:
    return {term.code for term in terms(vocabulary)}


def concepts(value: Any) -> Iterator[dict[str, Any]]:
    """The concepts of a credential whose scheme is published."""
    if isinstance(value, dict):
        scheme = value.get("inScheme")
        scheme = scheme["id"] if isinstance(scheme, dict) else scheme
        if value.get("type") == "Concept" and not str(scheme).startswith("urn:"):
            yield value | {"inScheme": scheme}
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from concepts(each)


@pytest.mark.parametrize(
    "name", ["samples/Sample-MC-Annex1-unsigned.jsonld", "samples/Sample-MC-Annex1-signed.jsonld"]
)
def test_concepts_of_the_official_sample_are_members_with_their_names(name: str) -> None:
    document = shared_data.read_json(f"elm/{name}")
    found = list(concepts(json.loads(document["payload"]) if "payload" in document else document))
    assert len(found) > 30
    for concept in found:
        vocabulary = Vocabulary(concept["inScheme"])
        assert check(vocabulary, concept["id"]) == concept["id"]
        term = find(vocabulary, concept["id"])
        if term is not None:
            assert term.labels["en"] == concept["prefLabel"]["en"]
        else:
            assert vocabulary in (Vocabulary.ESCO_SKILL, Vocabulary.ATU)


def test_every_scheme_of_the_published_shapes_is_a_vocabulary() -> None:
    text = shared_data.read_text("elm/shapes/EDC-generic-full.ttl")
    schemes = set(re.findall(r"sh:hasValue <([^>]+)>", text))
    assert len(schemes) == 19
    assert schemes <= set(Vocabulary)


def test_isced_f_has_the_fields_of_unesco() -> None:
    # ISCED Fields of Education and Training 2013: 11 broad fields, 29 narrow, about 80 detailed.
    # Besides: 0 not further defined, 8 inter-disciplinary, 9 not elsewhere classified, 99 unknown.
    found = codes(Vocabulary.ISCED_F)
    of_length = {n: {code for code in found if len(code) == n} for n in (2, 3, 4)}
    assert of_length[2] == {f"{n:02}" for n in range(11)} | {"99"}
    assert len([code for code in of_length[3] - {"999"} if code[-1] not in "089"]) == 29
    assert len([code for code in of_length[4] - {"9999"} if code[-1] not in "089"]) == 80
    assert {code[:2] for code in of_length[3]} == of_length[2]
    assert {code[:3] for code in of_length[4]} == of_length[3]
    assert by_code(Vocabulary.ISCED_F, "0922").labels["en"] == "Child care and youth services"


@pytest.mark.parametrize(("code", "id_"), pairs(MEMBER_STATES))
def test_member_states_by_both_their_codes(code: str, id_: str) -> None:
    iri = f"http://publications.europa.eu/resource/authority/country/{id_}"
    assert by_code(Vocabulary.COUNTRY, code).iri == iri


@pytest.mark.parametrize(("code", "id_"), pairs(OFFICIAL_LANGUAGES))
def test_official_languages_by_both_their_codes(code: str, id_: str) -> None:
    iri = f"http://publications.europa.eu/resource/authority/language/{id_}"
    assert by_code(Vocabulary.LANGUAGE, code).iri == iri


def test_countries_and_languages_have_names_in_the_official_languages() -> None:
    official = {code for code, _ in pairs(OFFICIAL_LANGUAGES)}
    assert set(by_code(Vocabulary.COUNTRY, "IE").labels) == official
    assert by_code(Vocabulary.COUNTRY, "GR").labels["el"] == "Ελλάδα"
    assert by_code(Vocabulary.LANGUAGE, "ga").labels["ga"] == "Gaeilge"


def test_members_beyond_iso_have_a_code() -> None:
    authority = "http://publications.europa.eu/resource/authority"
    assert by_code(Vocabulary.COUNTRY, "XK").iri == f"{authority}/country/1A0"
    assert by_code(Vocabulary.COUNTRY, "EU").iri == f"{authority}/country/EUR"
    assert by_code(Vocabulary.LANGUAGE, "mul").iri == f"{authority}/language/MUL"


@pytest.mark.parametrize(
    ("framework", "levels"),
    # As many levels as the frameworks have by law.
    [("IE NQF", 10), ("SCQF", 12), ("DQR", 8), ("SQF", 10), ("HQF", 8), ("PQF", 8), ("AT: NQF", 8)],
)
def test_national_frameworks_have_all_their_levels(framework: str, levels: int) -> None:
    names = {term.labels["en"] for term in terms(Vocabulary.QDR)}
    found = {name for name in names if name.startswith(f"{framework} Level ")}
    assert found == {f"{framework} Level {n}" for n in range(1, levels + 1)}


def test_credit_systems_are_found_by_the_names_people_use() -> None:
    iri = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
    assert by_code(Vocabulary.EDUCATION_CREDIT, "ECTS").iri == iri


def test_supervision_has_two_by_two_members() -> None:
    names = {term.labels["en"] for term in terms(Vocabulary.SUPERVISION_VERIFICATION)}
    assert names == {
        f"{supervised} {identified} ID Verification"
        for supervised in ("Supervised", "Unsupervised")
        for identified in ("with", "without")
    }


def test_cycles_correspond_to_the_levels_of_the_recommendation() -> None:
    # Council Recommendation 2017/C 189/03, Annex II: short to third cycle at levels 5 to 8.
    assert [EQF_OF_CYCLE[cycle] for cycle in Cycle] == ["5", "6", "7", "8"]
    assert set(EQF_OF_CYCLE.values()) <= codes(Vocabulary.EQF)


@pytest.mark.parametrize("vocabulary", list(Vocabulary))
def test_code_and_iri_lead_to_the_same_member(vocabulary: Vocabulary) -> None:
    held = terms(vocabulary)
    assert len(codes(vocabulary)) == len({term.iri for term in held}) == len(held)
    for term in held:
        assert term.vocabulary is vocabulary
        assert by_code(vocabulary, term.code) == find(vocabulary, term.iri) == term
        assert check(vocabulary, term.iri) == term.iri


def test_members_have_the_form_that_is_asked_of_others() -> None:
    for term in all_terms():
        form = FORMS[term.vocabulary]
        assert term.iri.startswith(form.namespace)
        assert form.ids.fullmatch(term.iri, len(form.namespace)), term.iri


def test_names_are_there_in_english_and_clean() -> None:
    for term in all_terms():
        assert "en" in term.labels
        for name in term.labels.values():
            assert name
            assert name == " ".join(name.split())


def test_complete_lists_have_members() -> None:
    for vocabulary in Vocabulary:
        assert not is_complete(vocabulary) or terms(vocabulary)


@pytest.mark.parametrize("language", ["en", "de"])
def test_members_are_found_by_name_in_any_case(language: str) -> None:
    name = {"en": "written EXAMINATION", "de": "schriftliche prüfung"}[language]
    term = by_label(Vocabulary.ASSESSMENT, name, language=language)
    assert term.iri == "http://data.europa.eu/snb/assessment/6e6cb2cc78"


def test_of_a_name_that_two_have_the_wider_is_found() -> None:
    assert by_label(Vocabulary.ISCED_F, "Education").code == "01"


def test_data_files_are_those_of_the_vocabularies_and_small() -> None:
    files = {each.name: each for each in DATA.iterdir()}
    readme = files.pop("README.md").read_text(encoding="utf-8")
    assert set(files) == {f"{form.file}.tsv" for form in FORMS.values() if form.file is not None}
    assert sum(len(each.read_bytes()) for each in files.values()) < 300 * KILOBYTE
    for name in files:
        assert f"`{name.removesuffix('.tsv')}`" in readme
