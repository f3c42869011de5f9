"""The traps that others fell into, as far as they concern the model; each test is about one.

Numbers as in the survey of the field from which they come: sealed credentials in use, official
samples and the published context and shapes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from elm_documents import achievement, concept, legal_identifier, minimal, organisation, person
from elm_documents import with_value as changed
from shared_data import read_json
from testamur.errors import Code, ModelError
from testamur.model.elm import (
    EuropeanDigitalCredential,
    LanguageMap,
    Person,
    StatusUse,
    examine_document,
    without_images,
)
from testamur.model.faults import Fault

V2 = "https://www.w3.org/ns/credentials/v2"


def only_fault(document: dict[str, Any]) -> Fault:
    (found,) = examine_document(document).faults
    return found


def only_remark(document: dict[str, Any]) -> Fault:
    found = examine_document(document)
    assert found.faults == ()
    (remark,) = found.remarks
    return remark


def achieved(**members: Any) -> dict[str, Any]:
    """The minimal credential with an achievement that has these members."""
    return minimal(credentialSubject=person(achievement(10, **members)))


def specification(type_name: str = "Qualification", **members: Any) -> dict[str, Any]:
    return {"id": "urn:epass:spec:1", "type": type_name, "title": {"en": "S"}, **members}


# Trap 1: the context pair works in one order alone, and never beside VC 2.0


@pytest.mark.parametrize("position", [0, 1, 2])
def test_trap_1_context_of_vc_2_is_refused_and_the_message_says_why(position: int) -> None:
    contexts = list(minimal()["@context"])
    contexts.insert(position, V2)
    fault = only_fault(minimal(**{"@context": contexts}))
    assert fault.path == f"credential.@context[{position}]"
    assert fault.code == Code.CONTEXT_REJECTED
    assert "no processor takes both" in fault.reason
    assert "https://www.w3.org/2018/credentials/v1 first" in fault.reason


def test_trap_1_contexts_the_other_way_round_are_refused() -> None:
    fault = only_fault(minimal(**{"@context": minimal()["@context"][::-1]}))
    assert fault.path == "credential.@context[0]"
    assert "write https://www.w3.org/2018/credentials/v1 here" in fault.reason


# Trap 2: the context lacks terms, and spells some otherwise than the shapes


@pytest.mark.parametrize(
    ("member", "owner", "remedy"),
    [
        ("nationalId", "credentialSubject", "nationalID; write that"),
        ("hasMember", "issuer", "write memberOf at the person"),
        ("geometry", "issuer.location", "no term for it; leave it out"),
    ],
)
def test_trap_2_member_without_a_term_is_refused_since_it_would_be_dropped(
    member: str, owner: str, remedy: str
) -> None:
    path = (*owner.split("."), member)
    fault = only_fault(changed(minimal(), path, legal_identifier(80)))
    assert fault.path == f"credential.{owner}.{member}"
    assert remedy in fault.reason


@pytest.mark.parametrize(
    ("member", "remedy"),
    [("resultDistribution", "resultDestribution (sic); write that")],
)
def test_trap_2_member_of_an_assessment_is_named_as_the_context_spells_it(
    member: str, remedy: str
) -> None:
    assessment = {
        "id": "urn:epass:learningAssessment:1",
        "type": "LearningAssessment",
        "title": {"en": "Exam"},
        "grade": {"id": "urn:epass:note:1", "type": "Note", "noteLiteral": {"en": "Pass"}},
        "awardedBy": minimal()["credentialSubject"]["hasClaim"]["awardedBy"],
        member: {"id": "urn:epass:resultDistribution:1", "type": "ResultDistribution"},
    }
    fault = only_fault(achieved(provenBy=assessment))
    assert remedy in fault.reason


# Trap 3: Greek letters in a key of the official sample


def test_trap_3_greek_letters_in_a_key_are_named_with_the_member_that_was_meant() -> None:
    issuer = organisation(1)
    issuer["eIDAS\u0399dentifier"] = legal_identifier(4)  # GREEK CAPITAL LETTER IOTA
    fault = only_fault(minimal(issuer=issuer))
    assert fault.path == "credential.issuer.eIDAS\u0399dentifier"
    assert "Greek 'Ι' (U+0399)" in fault.reason
    assert "write eIDASIdentifier" in fault.reason


def test_trap_3_cyrillic_letters_in_a_key_are_named_too() -> None:
    fault = only_fault(changed(minimal(), ("issuer", "l\u0435galName"), {"en": "Owner"}))
    assert "Cyrillic" in fault.reason
    assert "(U+0435)" in fault.reason
    assert "write legalName" in fault.reason


# Trap 6 is about seals. Trap 7: the same id twice is the same thing


def test_trap_7_two_copies_of_one_id_that_differ_are_refused_and_both_paths_named() -> None:
    other = {**minimal()["issuer"], "legalName": {"en": "Another"}}
    fault = only_fault(changed(minimal(), _BODY, other))
    assert fault.path == "credential.credentialSubject.hasClaim.awardedBy.awardingBody"
    assert "'urn:epass:org:1' of credential.issuer," in fault.reason
    assert "in legalName" in fault.reason


def test_trap_7_two_copies_that_say_the_same_are_one_thing() -> None:
    assert examine_document(changed(minimal(), _BODY, minimal()["issuer"])).faults == ()


def test_trap_7_order_and_brackets_do_not_make_copies_differ() -> None:
    first = concept("country", "IRL", "Ireland")
    second = concept("country", "BEL", "Belgium")
    one = {**minimal()["issuer"], "location": _located(first, second)}
    other = {**minimal()["issuer"], "location": [_located(second, first)]}
    document = changed(minimal(issuer=one), _BODY, other)
    assert examine_document(document).faults == ()


def test_trap_7_images_of_one_id_that_differ_are_found() -> None:
    logo = {**_image(), "content": "AAAA"}
    fault = only_fault(changed(minimal(), ("issuer", "logo"), logo))
    assert "in content" in fault.reason


_BODY = ("credentialSubject", "hasClaim", "awardedBy", "awardingBody")


def _image() -> dict[str, Any]:
    display = minimal()["displayParameter"]["individualDisplay"]["displayDetail"]
    image: dict[str, Any] = display["image"]
    return image


def _located(*codes: dict[str, Any]) -> dict[str, Any]:
    addresses = [
        {"id": f"urn:epass:address:{code['id'][-3:]}", "type": "Address", "countryCode": code}
        for code in codes
    ]
    return {"id": "urn:epass:location:90", "type": "Location", "address": addresses}


# Trap 8: names are in one language alone


@pytest.mark.parametrize("member", ["fullName", "givenName", "familyName"])
def test_trap_8_name_in_two_languages_is_refused(member: str) -> None:
    names = {"en": "Ana Andromeda", "el": "Άνα"}
    fault = only_fault(changed(minimal(), ("credentialSubject", member), names))
    assert fault.path == f"credential.credentialSubject.{member}"
    assert "in 2 languages (en, el)" in fault.reason


def test_trap_8_scheme_agency_in_two_languages_is_refused() -> None:
    identifier = {
        "type": "Identifier",
        "notation": "1",
        "schemeAgency": {"en": "Agency", "fr": "Agence"},
    }
    fault = only_fault(minimal(identifier=identifier))
    assert fault.path == "credential.identifier.schemeAgency"


def test_trap_8_title_may_be_in_many_languages() -> None:
    title = {"en": "Title", "fr": "Titre", "el": "Τίτλος"}
    assert examine_document(changed(minimal(), ("displayParameter", "title"), title)).faults == ()


# Trap 9: days of birth in the evening, months that were meant to be hours


@pytest.mark.parametrize("evening", ["1999-10-01T22:00:00Z", "1999-10-01T23:00:00Z"])
def test_trap_9_birth_in_the_evening_is_remarked_on_and_read_as_the_next_day(evening: str) -> None:
    remark = only_remark(changed(minimal(), ("credentialSubject", "dateOfBirth"), evening))
    assert remark.path == "credential.credentialSubject.dateOfBirth"
    assert "write 1999-10-02T00:00:00Z" in remark.reason
    subject = _subject(evening)
    assert subject.birthday == date(1999, 10, 2)


@pytest.mark.parametrize("moment", ["1999-10-02T00:00:00Z", "1999-10-02T22:30:00Z", "1999-10-02"])
def test_trap_9_any_other_time_of_birth_is_of_its_own_day(moment: str) -> None:
    assert _subject(moment).birthday == date(1999, 10, 2)


def test_trap_9_day_of_birth_is_written_as_midnight_utc() -> None:
    claim = EuropeanDigitalCredential.from_json(minimal()).credential_subject
    assert isinstance(claim, Person)
    born = Person(has_claim=claim.has_claim, date_of_birth=date(1999, 10, 2))
    assert born.to_json()["dateOfBirth"] == "1999-10-02T00:00:00Z"


def test_trap_9_day_without_a_time_passes_the_shapes_but_is_remarked_on() -> None:
    remark = only_remark(changed(minimal(), ("credentialSubject", "dateOfBirth"), "1999-10-02"))
    assert "write 1999-10-02T00:00:00Z" in remark.reason


def test_trap_9_workload_in_months_is_remarked_on() -> None:
    document = achieved(specifiedBy=specification(volumeOfLearning="P60M"))
    remark = only_remark(document)
    assert remark.path == "credential.credentialSubject.hasClaim.specifiedBy.volumeOfLearning"
    assert "counts months; hours are written as PT60H" in remark.reason


@pytest.mark.parametrize("duration", ["PT60H", "P2DT12H", "PT60M"])
def test_trap_9_workload_in_hours_is_not_remarked_on(duration: str) -> None:
    document = achieved(specifiedBy=specification(volumeOfLearning=duration))
    assert examine_document(document).remarks == ()


def test_trap_9_months_of_a_maximum_duration_are_meant() -> None:
    document = achieved(specifiedBy=specification(maximumDuration="P6M"))
    assert examine_document(document).remarks == ()


def _subject(born: str) -> Person:
    document = changed(minimal(), ("credentialSubject", "dateOfBirth"), born)
    subject = EuropeanDigitalCredential.from_json(document).credential_subject
    assert isinstance(subject, Person)
    return subject


# Trap 10: a status cannot be written so that the shapes accept it

STATUS = {"id": "https://example.org/status/1#5", "type": "StatusList2021Entry"}


def test_trap_10_status_is_refused_unless_it_is_allowed_on_purpose() -> None:
    document = minimal(credentialStatus=STATUS)
    fault = only_fault(document)
    assert (fault.path, fault.code) == ("credential.credentialStatus", Code.STATUS_MALFORMED)
    allowed = examine_document(document, status=StatusUse.ALLOWED)
    assert allowed.faults == ()
    assert [each.path for each in allowed.remarks] == ["credential.credentialStatus"]


def test_trap_10_status_list_at_a_member_named_status_is_refused() -> None:
    fault = only_fault(minimal(status=[STATUS]))
    assert fault.path == "credential.status"
    assert "is not a member of EuropeanDigitalCredential" in fault.reason


# Trap 11: levels and accreditation need a Qualification


@pytest.mark.parametrize(
    ("member", "value"), [("eqfLevel", concept("eqf", "6")), ("accreditation", {})]
)
def test_trap_11_level_and_accreditation_of_a_plain_specification_are_refused(
    member: str, value: Any
) -> None:
    plain = specification("LearningAchievementSpecification", **{member: value})
    fault = only_fault(achieved(specifiedBy=plain))
    assert fault.path == f"credential.credentialSubject.hasClaim.specifiedBy.{member}"
    assert "but of Qualification; give the object that type" in fault.reason


def test_trap_11_level_of_a_qualification_is_read() -> None:
    document = achieved(specifiedBy=specification(eqfLevel=concept("eqf", "6")))
    assert examine_document(document).faults == ()


# Trap 12: countries and languages by three letters, languages of texts by two


def test_trap_12_country_by_two_letters_is_refused_with_the_three_letters() -> None:
    path = ("issuer", "location", "address", "countryCode", "id")
    two = "http://publications.europa.eu/resource/authority/country/IE"
    fault = only_fault(changed(minimal(), path, two))
    assert fault.path == "credential.issuer.location.address.countryCode.id"
    assert "country/IRL" in fault.reason


@pytest.mark.parametrize("key", ["en_GB", "english language", "e", ""])
def test_trap_12_language_map_by_another_key_than_bcp_47_is_refused(key: str) -> None:
    fault = only_fault(changed(minimal(), ("displayParameter", "title"), {key: "T"}))
    assert "is not a language tag" in fault.reason


def test_trap_12_language_map_by_the_three_letters_of_the_authority_is_remarked_on() -> None:
    remark = only_remark(changed(minimal(), ("displayParameter", "title"), {"ENG": "T"}))
    assert "texts are in 'en'" in remark.reason


# Trap 16: http and https are different terms


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("@context", 1), "https://data.europa.eu/snb/model/context/edc-ap"),
        (("credentialProfiles", "id"), "https://data.europa.eu/snb/credential/e34929035b"),
        (
            ("credentialProfiles", "inScheme", "id"),
            "https://data.europa.eu/snb/credential/25831c2",
        ),
        (("credentialSchema", "id"), "https://data.europa.eu/snb/model/ap/edc-generic-full"),
    ],
    ids=["context", "concept", "scheme", "schema"],
)
def test_trap_16_https_is_refused_with_the_remedy(path: tuple[str | int, ...], wrong: str) -> None:
    fault = only_fault(changed(minimal(), path, wrong))
    assert "https" in fault.reason
    assert wrong.replace("https:", "http:") in fault.reason


# Trap 17: embedded images make credentials too large for some carriers


def test_trap_17_large_images_are_remarked_on() -> None:
    large = {**_image(), "id": "urn:epass:mediaObject:99", "content": "A" * 100_000}
    remark = only_remark(minimal(attachment=large))
    assert remark.path == "credential"
    assert "QR codes" in remark.reason


def test_trap_17_preview_holds_no_image_and_the_credential_still_does() -> None:
    sample = read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    credential = EuropeanDigitalCredential.from_json(sample)
    preview = without_images(credential)
    assert len(str(preview)) < len(str(sample)) / 4
    assert preview["credentialSubject"] != sample["credentialSubject"]
    assert "'content'" not in str(preview)
    assert credential.to_json() == sample
    with pytest.raises(ModelError, match=r"image\.content: is missing"):
        EuropeanDigitalCredential.from_json(preview)


def test_official_sample_without_seal_gets_the_two_remarks_of_trap_9() -> None:
    sample = read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    found = [each.path for each in examine_document(sample).remarks]
    assert found == [
        "credential.credentialSubject.dateOfBirth",
        "credential.credentialSubject.hasClaim.influencedBy.specifiedBy.volumeOfLearning",
    ]


def test_texts_are_equal_whatever_the_order_of_their_languages() -> None:
    assert LanguageMap({"en": "A", "pl": "B"}) == LanguageMap({"pl": "B", "en": "A"})
    assert LanguageMap({"en": "A"}) != LanguageMap({"en": "B"})
