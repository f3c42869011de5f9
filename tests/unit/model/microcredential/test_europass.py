"""Descriptions as European Digital Credentials, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from descriptions import FULL, descriptions
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import ModelError
from testamur.model.elm import EuropeanDigitalCredential, LanguageMap, Note
from testamur.model.elm.issue_check import find_faults
from testamur.model.microcredential import (
    Address,
    Assessment,
    Grade,
    Identifier,
    LearningOutcome,
    Level,
    MicroCredential,
    NationalLevel,
    Organisation,
    Reference,
    Stackability,
    Stacking,
)
from testamur.model.microcredential.europass import from_elm, to_elm
from testamur.model.microcredential.europass.elements import own_concept
from testamur.model.microcredential.reading import Fate, Reading
from testamur.model.microcredential.terms import OWN_VOCABULARY

ID = "urn:credential:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"
PNG = b"\x89PNG\r\n\x1a\n and whatever follows"
DISPLAY = "displayParameter.individualDisplay"


def written(description: MicroCredential) -> EuropeanDigitalCredential:
    return to_elm(description, id=ID, pages={"en": PNG})


def read(document: JsonObject) -> Reading:
    return from_elm(EuropeanDigitalCredential.from_json(document))


def claim(document: JsonObject) -> Any:
    subject: Any = document["credentialSubject"]
    return subject["hasClaim"]


def changed(**members: Any) -> MicroCredential:
    return FULL.model_copy(update=members)


def test_full_description_comes_back_out_of_a_credential() -> None:
    credential = written(FULL)
    assert find_faults(credential).faults == ()
    found = read(credential.to_json())
    assert found.description == FULL
    assert [each.path for each in found.findings] == [DISPLAY]  # a picture of the rest


@settings(
    deadline=None, max_examples=40, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(description=descriptions())
def test_any_description_comes_back_out_of_a_credential(description: MicroCredential) -> None:
    credential = written(description)
    assert find_faults(credential).faults == ()
    assert read(credential.to_json()).description == description


def test_elements_that_the_model_has_a_slot_for_are_in_it() -> None:
    # The slots: Annex I elements in the European Learning Model, as the official sample has them.
    achievement = claim(written(FULL).to_json())
    qualification = achievement["specifiedBy"]
    assert qualification["type"] == "Qualification"  # eqfLevel is of no other class
    assert qualification["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/5"
    assert qualification["volumeOfLearning"] == "PT62H30M"
    assert qualification["maximumDuration"] == "P3M"
    assert qualification["creditPoint"][0]["point"] == "2.5"
    assert qualification["entryRequirement"]["noteLiteral"] == {"en": "School mathematics."}
    assert qualification["isPartOf"]["title"] == {"en": "Diploma in Farming"}
    assert qualification["isPartialQualification"] is True
    assert qualification["thematicArea"]["id"] == "http://data.europa.eu/snb/isced-f/0811"
    skill = qualification["learningOutcome"][0]["relatedESCOSkill"]
    assert skill["inScheme"]["id"] == "http://data.europa.eu/esco/concept-scheme/skills"
    assessment = achievement["provenBy"]
    assert assessment["grade"]["noteLiteral"] == {"en": "87"}
    assert (
        assessment["idVerification"]["id"]
        == "http://data.europa.eu/snb/supervision-verification/70be69aaf9"
    )
    assert (
        qualification["provenBy"]["dcType"]["id"]
        == "http://data.europa.eu/snb/assessment/b1b68f6735"
    )
    body = achievement["awardedBy"]["awardingBody"]
    country = "http://publications.europa.eu/resource/authority/country/FRA"
    assert body["location"]["address"]["countryCode"]["id"] == country
    assert (
        body["accreditation"]["dcType"]["id"]
        == "http://data.europa.eu/snb/accreditation/bb4618238e"
    )
    offer = achievement["learningOpportunity"]
    assert offer["priceDetail"]["amount"]["value"] == "320"
    assert offer["grant"]["title"] == {"en": "Skillnet"}


def test_every_concept_has_a_label_and_a_scheme() -> None:
    found = [each for each in objects(written(FULL).to_json()) if each.get("type") == "Concept"]
    assert len(found) > 30
    for each in found:
        assert each["id"]
        assert each["prefLabel"]
        assert each["inScheme"]


def objects(value: Any) -> Any:
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects(each)


def test_seal_identifier_is_taken_from_the_issuer() -> None:
    issuer: Any = written(FULL).to_json()["issuer"]
    assert issuer["eIDASIdentifier"]["notation"] == "VATIE-0000000A"
    assert issuer["vatIdentifier"]["notation"] == "VATIE-0000000A"


def test_without_a_seal_identifier_it_is_a_draft() -> None:
    assert FULL.issuer is not None
    owner = FULL.issuer.model_copy(update={"identifiers": (Identifier(value="17"),)})
    found = find_faults(written(changed(issuer=owner)))
    assert found.faults == ()
    assert [each.path for each in found.at_sealing] == ["credential.issuer.eIDASIdentifier"]


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ({"issuer": None}, "description.issuer"),
        ({"issued": None}, "description.issued"),
        (
            {"issuer": Organisation(name={"en": "Worldwide"})},
            "description.issuer.address.country",
        ),
        (
            {"awarding_body": Organisation(name={"en": "A"}, address=Address(country="ZZ"))},
            "description.awardingBody.address.country",
        ),
    ],
)
def test_what_the_model_demands_is_named(member: dict[str, Any], path: str) -> None:
    with pytest.raises(ModelError) as caught:
        written(changed(**member))
    assert caught.value.path == path


def test_language_tags_stay_as_they_are() -> None:
    portuguese = changed(language="pt-BR", title={"pt-BR": "Sensores", "pt": "Sensores no campo"})
    document = to_elm(portuguese, id=ID, pages={"pt-BR": PNG}).to_json()
    assert claim(document)["title"] == {"pt-BR": "Sensores", "pt": "Sensores no campo"}
    display: Any = document["displayParameter"]
    assert display["primaryLanguage"]["id"].endswith("/language/POR")
    assert read(document).description == portuguese


def test_one_url_for_two_things_is_one_id() -> None:
    url = "https://uni.example/same"
    outcomes = (
        LearningOutcome(title={"en": "A"}, id=url),
        LearningOutcome(title={"en": "B"}, id=url, skills=(Reference(name={"en": "C"}, url=url),)),
    )
    twice = changed(learning_outcomes=outcomes, id=url)
    credential = written(twice)
    assert find_faults(credential).faults == ()
    assert read(credential.to_json()).description == twice


def test_national_level_of_the_european_list_is_found_by_its_name() -> None:
    level = Level(national=(NationalLevel(framework="RQF", level="6"),))
    document = written(changed(level=level)).to_json()
    nqf = claim(document)["specifiedBy"]["nqfLevel"]
    assert nqf["id"] == "http://data.europa.eu/snb/qdr/c_c392e7a2"  # RQF Level 6, official sample
    assert read(document).description.level == level


def test_stand_alone_is_not_a_partial_qualification() -> None:
    alone = (Stacking(relation=Stackability.STAND_ALONE),)
    document = written(changed(stackability=alone)).to_json()
    assert claim(document)["specifiedBy"]["isPartialQualification"] is False
    assert read(document).description.stackability == alone


# Notes that others might write.


def with_note(operations: Any, element: str = "level") -> Reading:
    document = written(FULL).to_json()
    scheme = {"id": f"{OWN_VOCABULARY}element/{element}", "type": "ConceptScheme"}
    subject: Any = {
        "type": "Concept",
        "inScheme": scheme,
        "notation": operations if isinstance(operations, str) else dumps(operations),
    }
    claim(document)["additionalNote"] = {
        "type": "Note",
        "noteLiteral": {"en": "A note"},
        "subject": subject,
    }
    return read(document)


def test_note_that_puts_something_else_in_a_place_is_told() -> None:
    found = with_note([{"op": "replace", "path": "/level/eqf", "value": 8}])
    assert found.description.level is not None
    assert found.description.level.eqf == 8
    (finding,) = [each for each in found.findings if "additionalNote" in each.path]
    assert finding.fate is Fate.APPROXIMATED


@pytest.mark.parametrize(
    "operations",
    [
        "no JSON",
        '"a string"',
        [{"op": "add", "path": "/title", "value": {"en": "Doctor of Everything"}}],
        [{"op": "move", "from": "/level", "path": "/level"}],
        [{"op": "add", "path": "/level/eqf/0/1", "value": 8}],
        [{"op": "add", "path": "/level/eqf", "value": 8}] * 1001,
        "[" * 10_000,
    ],
)
def test_note_that_cannot_be_read_changes_nothing(operations: Any) -> None:
    found = with_note(operations)
    assert found.description.title == FULL.title
    assert found.description.level is not None
    assert found.description.level.eqf == 5
    assert [e.fate for e in found.findings if "additionalNote" in e.path] == [Fate.NO_PLACE]


def test_note_is_not_read_into_another_assessment() -> None:
    # The order of arrays is not signed by every cryptosuite.
    assessments = tuple(
        Assessment(title={"en": name}, grade=Grade(value=value, maximum=maximum))
        for name, value, maximum in (("A", "1", "6"), ("B", "90", "100"))
    )
    document = written(changed(assessments=assessments)).to_json()
    claim(document)["provenBy"].reverse()
    found = read(document)
    assert [e.grade.maximum for e in found.description.assessments if e.grade] == [None, None]
    assert [e.fate for e in found.findings if "additionalNote" in e.path] == [Fate.NO_PLACE]


def test_note_whose_value_does_not_fit_is_left_out() -> None:
    found = with_note([{"op": "add", "path": "/level/eqf", "value": 9}])
    assert found.description.level is None
    assert "description.level" in [each.path for each in found.findings]


# Credentials of others.


def test_months_are_no_hours_of_learning() -> None:
    document = written(FULL).to_json()
    claim(document)["specifiedBy"]["volumeOfLearning"] = "P60M"
    found = read(document)
    assert found.description.workload is not None
    assert found.description.workload.effort is None
    (finding,) = [each for each in found.findings if each.path.endswith("volumeOfLearning")]
    assert "PT60H" in finding.note


def test_second_claim_and_what_nobody_knows_are_told() -> None:
    document = written(FULL).to_json()
    subject: Any = document["credentialSubject"]
    first = claim(document)
    second = {**first, "id": "urn:epass:learningAchievement:99", "title": {"en": "Another"}}
    subject["hasClaim"] = [first, second]
    subject["gender"] = {
        "id": "http://publications.europa.eu/resource/authority/human-sex/FEMALE",
        "type": "Concept",
    }
    found = read(document)
    assert found.description == FULL
    places = {each.path for each in found.findings if each.fate is Fate.NO_PLACE}
    assert {"credentialSubject.gender", "credentialSubject.hasClaim[1]"} <= places


def test_credential_of_an_organisation_is_read_as_far_as_it_goes() -> None:
    document = written(FULL).to_json()
    document["credentialSubject"] = {**document["issuer"], "id": "urn:epass:org:77"}  # type: ignore[dict-item]
    found = read(document)
    assert found.description.title == FULL.title  # of the display
    assert "credentialSubject" in [each.path for each in found.findings]


def test_accreditation_as_evidence_is_quality_assurance() -> None:
    document: Any = written(changed(quality_assurance=FULL.quality_assurance[:1])).to_json()
    body = claim(document)["awardedBy"]["awardingBody"]
    kind = {
        "id": "http://data.europa.eu/snb/evidence-type/c_991b06c6",
        "type": "Concept",
        "inScheme": {
            "id": "http://data.europa.eu/snb/evidence-type/25831c2",
            "type": "ConceptScheme",
        },
    }
    document["evidence"] = {
        "type": "Evidence",
        "dcType": kind,
        "accreditation": {**body.pop("accreditation"), "id": "urn:epass:accreditation:9"},
    }
    found = read(document)
    assert found.description.quality_assurance == FULL.quality_assurance[:1]
    assert "evidence" not in [each.path for each in found.findings]


def test_end_before_the_award_is_left_out() -> None:
    document = written(FULL).to_json()
    claim(document)["awardedBy"]["awardingDate"] = "2040-01-01T00:00:00Z"
    found = read(document)
    assert found.description.valid_until is None
    assert "description.validUntil" in [each.path for each in found.findings]


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "replace", "path": "/level/eqf", "value": 8}],
        [{"op": "add", "path": "/level/eqf", "value": 8}],
        [{"op": "add", "path": "/level", "value": {"eqf": 8}}],
        [{"op": "remove", "path": "/level"}, {"op": "add", "path": "/level", "value": {"eqf": 8}}],
    ],
)
def test_note_that_says_otherwise_than_the_credential_is_told(patch: list[Any]) -> None:
    # Other readers see the level alone.
    found = read(noted("level", patch))
    assert found.description.level is not None
    assert found.description.level.eqf == 8
    told = [each for each in found.findings if "in the place of" in each.note]
    assert [each.fate for each in told] == [Fate.APPROXIMATED]


def test_note_does_not_nest_without_end() -> None:
    # A patch of a megabyte would nest by a hundred thousand.
    inner: Any = {}
    for _ in range(50):
        inner = {"a": inner}
    patch = [
        {"op": "add", "path": f"/level{'/a' * (51 * times)}", "value": inner} for times in range(60)
    ]
    patch.append({"op": "test", "path": "/level", "value": 1})
    found = read(noted("level", patch))
    assert any("cannot be read" in each.note for each in found.findings)


def test_note_that_cannot_be_applied_tells_nothing_of_the_learner() -> None:
    patch = [{"op": "add", "path": "/learner/x/y", "value": "ana@learner.example"}]
    (found,) = (e.note for e in read(noted("learner", patch)).findings if "cannot be" in e.note)
    assert "/learner/x/y" in found
    assert "ana@" not in found


def noted(element: str, patch: list[Any]) -> JsonObject:
    """A credential of EQF level 4 with a note of the convention."""
    plain = MicroCredential(
        language="en",
        title={"en": "A"},
        issuer=FULL.issuer,
        issued=FULL.issued,
        level=Level(eqf=4),
        learner=FULL.learner,
    )
    document = written(plain).to_json()
    subject = own_concept(f"element/{element}", {"en": "Note"}, notation=dumps(patch))
    noted = Note(note_literal=LanguageMap({"en": "See there"}), subject=subject)
    claim(document)["additionalNote"] = noted.to_json()
    return document
