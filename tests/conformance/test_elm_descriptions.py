"""Descriptions and the published European data: the shapes, and the official Annex I sample."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from descriptions import FULL, descriptions
from shacl_oracle import conforms
from shared_data import read_json
from testamur.model.elm import EuropeanDigitalCredential
from testamur.model.microcredential import (
    AssessmentType,
    CreditSystem,
    LearningSetting,
    MicroCredential,
    Mode,
    Reusability,
    Stackability,
    Supervision,
)
from testamur.model.microcredential.europass import from_elm, to_elm
from testamur.model.microcredential.reading import Reading

ID = "urn:credential:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"
PNG = b"\x89PNG\r\n\x1a\n and whatever follows"
PROFILES = ("generic-no-cv", "generic-full")


@pytest.mark.parametrize("profile", PROFILES)
def test_full_description_conforms_to_the_published_shapes(profile: str) -> None:
    assert FULL.issuer is not None
    assert conforms(to_elm(FULL, id=ID, pages={"en": PNG}).to_json(), profile)


@settings(
    deadline=None,
    max_examples=4,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    derandomize=True,
)
@given(description=descriptions())
def test_any_description_conforms_to_the_published_shapes(description: MicroCredential) -> None:
    document: Any = to_elm(description, id=ID, pages={"en": PNG}).to_json()
    if "eIDASIdentifier" not in document["issuer"]:  # which the seal brings
        country = document["issuer"]["location"]["address"]["countryCode"]
        document["issuer"]["eIDASIdentifier"] = {
            "id": "urn:certificateIdentifier:1",
            "type": "LegalIdentifier",
            "notation": "VATIE-0000000A",
            "spatial": country,
        }
        body = document["credentialSubject"]["hasClaim"]["awardedBy"]["awardingBody"]
        if body["id"] == document["issuer"]["id"]:  # whoever seals it gets an id of his own
            document["issuer"]["id"] += "-sealed"
    assert conforms(document, "generic-full")


# The sample of all elements of Annex I (European Commission), unsigned and as it was sealed.


@pytest.fixture(scope="module")
def unsigned() -> Reading:
    return _read(read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld"))


@pytest.fixture(scope="module")
def sealed() -> Reading:
    document = read_json("elm/samples/Sample-MC-Annex1-signed.jsonld")
    return _read(json.loads(document["payload"]))


def _read(document: Any) -> Reading:
    return from_elm(EuropeanDigitalCredential.from_json(document))


@pytest.fixture(params=["unsigned", "sealed"])
def sample(request: pytest.FixtureRequest) -> MicroCredential:
    reading: Reading = request.getfixturevalue(request.param)
    return reading.description


def test_element_1_learner(sample: MicroCredential) -> None:
    learner = sample.learner
    assert learner is not None
    assert (learner.full_name, learner.given_name) == ("Ana Andromeda", "Ana")
    assert learner.family_name == "Andromeda"
    # 1999-10-01T22:00:00Z is the midnight with which 2 October begins in Central Europe.
    assert learner.date_of_birth == date(1999, 10, 2)
    (identifier,) = learner.identifiers
    assert (identifier.value, identifier.country) == ("LA-234218", "IT")


def test_element_2_title(sample: MicroCredential) -> None:
    assert sample.title == {"en": "Digital micro-credential creation"}


def test_element_3_country_and_region(sample: MicroCredential) -> None:
    assert sample.issuer is not None
    address = sample.issuer.address
    assert address is not None
    assert (address.country, address.region) == ("IE", "Dublin city")
    assert address.region_code == "IRL_CTH_DUB"
    assert address.full_address == {"en": "Instant Street 16, D08 Dublin"}


def test_element_4_awarding_body(unsigned: Reading, sealed: Reading) -> None:
    issuer, body = unsigned.description.issuer, sealed.description.awarding_body
    assert unsigned.description.awarding_body is None  # the issuer awards it
    assert issuer is not None
    assert body is not None
    assert issuer.name == body.name == {"en": "University of Zed"}
    assert issuer.website == body.website == "https://uniz.edu"
    owner = sealed.description.issuer
    assert owner is not None
    assert owner.name == {"en": "ORGANIZACION TEST"}
    assert ("eIDAS identifier", "VATES-A00000000") in [
        (each.scheme, each.value) for each in owner.identifiers
    ]


def test_element_5_date_of_issuing(unsigned: Reading, sealed: Reading) -> None:
    assert unsigned.description.issued == datetime(2022, 12, 31, 23, tzinfo=UTC)  # validFrom
    assert sealed.description.issued == datetime.fromisoformat("2023-09-27T13:54:17+02:00")


def test_element_6_learning_outcomes(sample: MicroCredential) -> None:
    first, second = sample.learning_outcomes
    assert first.title == {"en": "Communication, collaboration and creativity"}
    assert [each.name["en"] for each in first.skills] == [
        "stimulate creativity in the team",
        "communicate with target community",
        "establish collaborative relations",
    ]
    assert second.title == {"en": "Developing digital content", "es": "Contento digital"}
    assert second.reusability is Reusability.CROSS_SECTOR
    assert [each.framework for each in second.skills] == ["ESCO", "DigComp", "DigComp"]
    assert second.skills[1].url == "http://data.europa.eu/snb/dcf/u69o196gu6"


def test_element_7_workload(sample: MicroCredential) -> None:
    workload = sample.workload
    assert workload is not None
    (credit,) = workload.credits
    assert (credit.points, credit.system) == (2, CreditSystem.ECTS)
    assert (workload.effort, workload.duration) == ("PT60H", "P1M")


def test_element_8_level(sample: MicroCredential) -> None:
    level = sample.level
    assert level is not None
    (national,) = level.national
    assert (level.eqf, national.framework, national.level) == (6, "RQF", "6")
    assert national.url == "http://data.europa.eu/snb/qdr/c_c392e7a2"


def test_elements_9_13_and_14_assessment(sample: MicroCredential) -> None:
    (assessment,) = sample.assessments
    assert assessment.title == {"en": "Digital artefact assessment"}
    assert assessment.types == (AssessmentType.ARTEFACT,)
    assert assessment.modes == (Mode.ONLINE,)
    assert assessment.supervision is Supervision.UNSUPERVISED
    assert assessment.grade is not None
    assert assessment.grade.value == "Pass"
    assert assessment.grade.scheme == {"en": "Standard grading"}


def test_element_10_participation(sample: MicroCredential) -> None:
    assert sample.participation is not None
    assert sample.participation.modes == (Mode.BLENDED,)
    assert sample.participation.setting is LearningSetting.NON_FORMAL


def test_element_11_quality_assurance_is_not_in_the_sample(sample: MicroCredential) -> None:
    assert sample.quality_assurance == ()


def test_element_12_prerequisites(sample: MicroCredential) -> None:
    assert sample.prerequisites is not None
    assert sample.prerequisites["en"].startswith("The learner needs to have an EDC Online")


def test_element_15_stackability(sample: MicroCredential) -> None:
    (stacking,) = sample.stackability  # isPartialQualification: false
    assert stacking.relation is Stackability.STAND_ALONE


def test_element_16_further_information(sample: MicroCredential) -> None:
    # The sample has none of its own; what the course is about stands at the learning activity.
    assert sample.content is not None
    assert sample.content["en"].startswith("This online course allows the learner")
    assert sample.languages == ("en",)
    assert sample.fields == ("003", "0688")


def test_what_has_no_place_is_told(unsigned: Reading, sealed: Reading) -> None:
    paths = {each.path for each in unsigned.findings}
    assert {
        "identifier",  # the number of the certificate
        "issuer.groupMemberOf",
        "credentialSubject.dateOfBirth",
        "credentialSubject.hasClaim.provenBy.assessedBy",
        "credentialSubject.hasClaim.influencedBy.specifiedBy.volumeOfLearning",  # P60M
        "displayParameter.individualDisplay",
    } <= paths
    assert {"evidence", "issuer.location[1]"} <= {each.path for each in sealed.findings}


def test_what_was_read_comes_back_the_same(sample: MicroCredential) -> None:
    again = _read(to_elm(sample, id=ID, pages={"en": PNG}).to_json())
    assert again.description == sample
