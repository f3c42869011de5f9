"""From one format to another, with a report of every member."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import pytest

from descriptions import FULL
from shacl_oracle import conforms
from shared_data import read_json
from testamur.canon.strict_json import JsonObject
from testamur.errors import ModelError
from testamur.model.elm.issue_check import find_faults
from testamur.model.microcredential import Address, MicroCredential, Organisation, to_open_badge
from testamur.model.microcredential.conversion import (
    Conversion,
    elm_to_open_badge,
    needs_of,
    open_badge_to_elm,
    report_on,
    to_description,
)
from testamur.model.microcredential.documents import Format, format_of, read_document
from testamur.model.microcredential.europass import to_elm
from testamur.model.microcredential.reading import Fate
from testamur.model.ob3 import check_for_issue

ID = "urn:uuid:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"
PNG = b"\x89PNG\r\n\x1a\n and whatever follows"

BADGE_OF_OTHERS: JsonObject = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "https://college.example/badges/17",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Teamwork",
    "issuer": {
        "id": "https://college.example/issuer",
        "type": ["Profile"],
        "name": "College",
        "phone": "+353 1 000",
        "parentOrg": {"id": "https://college.example/", "type": ["Profile"], "name": "Trust"},
    },
    "validFrom": "2026-06-01T00:00:00Z",
    "awardedDate": "2026-05-30T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:ana",
        "type": ["AchievementSubject"],
        "narrative": "She led the team.",
        "achievement": {
            "id": "https://college.example/teamwork",
            "type": ["Achievement"],
            "name": "Teamwork",
            "achievementType": "Course",
            "description": "Works well in a team.",
            "criteria": {"id": "https://college.example/criteria", "narrative": "Be nominated."},
            "tag": ["soft skills"],
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "EQF 5",
                    "targetUrl": "http://data.europa.eu/snb/eqf/5",
                }
            ],
        },
    },
    "credentialStatus": {"id": "https://college.example/status#1", "type": "1EdTechRevocationList"},
}


def badge() -> JsonObject:
    return to_open_badge(FULL, id=ID).to_json()


def european() -> JsonObject:
    return to_elm(FULL, id=ID, pages={"en": PNG}).to_json()


def fates(conversion: Conversion, fate: Fate) -> dict[str, str]:
    return {each.path: each.note for each in conversion.members if each.fate is fate}


def with_country() -> JsonObject:
    document: Any = deepcopy(BADGE_OF_OTHERS)
    document["issuer"]["address"] = {"type": ["Address"], "addressCountryCode": "IE"}
    return document  # type: ignore[no-any-return]


def test_badge_becomes_a_european_credential_that_says_the_same() -> None:
    conversion = open_badge_to_elm(badge(), id=ID, pages={"en": PNG})
    assert conversion.needs == ()
    assert conversion.credential is not None
    assert read_document(conversion.credential.to_json()).description == FULL
    assert set(fates(conversion, Fate.NO_PLACE)) == {"id"}
    assert fates(conversion, Fate.APPROXIMATED) == {}


def test_european_credential_becomes_a_badge_that_says_the_same() -> None:
    conversion = elm_to_open_badge(european(), id=ID)
    assert conversion.credential is not None
    check_for_issue(conversion.credential)
    assert read_document(conversion.credential.to_json()).description == FULL
    assert "Assessment" in conversion.noted


def test_description_is_written_in_either_format() -> None:
    document = FULL.to_json()
    assert elm_to_open_badge(document, id=ID).credential is not None
    assert open_badge_to_elm(document, id=ID, pages={"en": PNG}).credential is not None


def test_what_the_european_model_needs_is_named_and_not_invented() -> None:
    conversion = open_badge_to_elm(BADGE_OF_OTHERS, id=ID, pages={"en": PNG})
    assert conversion.credential is None
    assert [each.path for each in conversion.needs] == ["description.issuer.address.country"]


def test_what_a_badge_needs_is_named_and_not_invented() -> None:
    document: Any = european()
    document["issuer"]["id"] = "urn:epass:org:1"
    document["credentialSubject"] = {
        "id": "urn:epass:person:1",
        "type": "Person",
        "hasClaim": {
            "type": "LearningAchievement",
            "title": {"en": "T"},
            "awardedBy": {"type": "AwardingProcess", "awardingBody": document["issuer"]},
        },
    }
    conversion = elm_to_open_badge(document, id=ID)
    assert conversion.credential is None
    assert {each.path for each in conversion.needs} == {
        "description.id",
        "description.issuer.id",
        "description.learner",
    }
    assert all(each.reason and each.remedy for each in conversion.needs)


def test_every_member_of_a_badge_of_others_has_its_fate() -> None:
    conversion = open_badge_to_elm(with_country(), id=ID, pages={"en": PNG})
    assert conversion.credential is not None
    achievement = "credentialSubject.achievement"
    assert set(fates(conversion, Fate.NO_PLACE)) == {
        "id",
        "issuer.phone",
        "issuer.parentOrg",
        "credentialSubject.narrative",
        f"{achievement}.criteria.id",
        f"{achievement}.tag",
        "credentialStatus",
    }
    assert set(fates(conversion, Fate.APPROXIMATED)) == {
        "awardedDate",
        f"{achievement}.achievementType",
    }
    carried = fates(conversion, Fate.CARRIED)
    assert {"name", "validFrom", f"{achievement}.alignment[0].targetUrl"} <= set(carried)


@pytest.mark.parametrize("make", [badge, european, with_country, FULL.to_json])
def test_no_member_is_passed_over_in_silence(make: Any) -> None:
    document = make()
    told = {each.path for each in report_on(document, read_document(document))}
    for path in leaves(document, ""):
        assert any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in told), path


def leaves(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        for name, each in value.items():
            is_number = name == "id" and str(each).startswith("urn:epass:")
            if name not in ("@context", "type") and not is_number:
                yield from leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from leaves(each, f"{path}[{position}]")
    else:
        yield path


def test_embedded_source_makes_it_a_converted_credential() -> None:
    source = b'{"the": "badge as it was received"}'
    conversion = open_badge_to_elm(badge(), id=ID, pages={"en": PNG}, source=source)
    assert conversion.credential is not None
    document: Any = conversion.credential.to_json()
    assert find_faults(conversion.credential).faults == ()  # type: ignore[arg-type]
    assert conforms(document, "converted")
    evidence = document["evidence"]
    assert evidence["dcType"]["id"] == "http://data.europa.eu/snb/evidence-type/c_c4f849d7"
    assert base64.b64decode(evidence["embeddedEvidence"]["content"]) == source
    assert document["credentialProfiles"]["id"] == "http://data.europa.eu/snb/credential/c_7e400154"


def test_member_that_the_model_does_not_know_is_told_and_left_out() -> None:
    document: Any = european()
    document["status"] = [{"id": "https://x.example/1", "type": "StatusList2021Entry"}]
    document["credentialSubject"]["hasClaim"]["gradeOfTomorrow"] = 1
    before = deepcopy(document)
    reading = read_document(document)
    assert document == before
    assert reading.description == FULL
    places = {each.path for each in reading.findings if each.fate is Fate.NO_PLACE}
    assert {"status", "credentialSubject.hasClaim.gradeOfTomorrow"} <= places


def test_badge_of_the_first_version_is_read_with_its_own_names() -> None:
    document: Any = with_country()
    document["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    document["issuanceDate"] = document.pop("validFrom")
    conversion = open_badge_to_elm(document, id=ID, pages={"en": PNG})
    assert conversion.credential is not None
    assert "issuanceDate" in fates(conversion, Fate.CARRIED)
    assert "credentialStatus" in fates(conversion, Fate.NO_PLACE)


def test_official_sample_is_a_badge_once_what_is_missing_is_added() -> None:
    sample = read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    found = elm_to_open_badge(sample, id=ID)
    assert {each.path for each in found.needs} == {"description.id", "description.issuer.id"}
    owner = found.description.issuer
    assert owner is not None
    completed = found.description.model_copy(
        update={
            "id": "https://uniz.edu/micro-credential",
            "issuer": owner.model_copy(update={"id": "did:web:uniz.edu"}),
        }
    )
    again = elm_to_open_badge(completed.to_json(), id=ID)
    assert again.credential is not None
    assert read_document(again.credential.to_json()).description == completed


@pytest.mark.parametrize("document", [{}, {"type": "Person"}, {"type": 7, "language": "en"}])
def test_what_is_no_micro_credential_is_refused(document: JsonObject) -> None:
    with pytest.raises(ModelError):
        format_of(document)


def test_report_is_json() -> None:
    document = to_description(BADGE_OF_OTHERS).to_json()
    members: Any = document["members"]
    assert {"path": "name", "fate": "carried", "note": ""} in members


def test_a_description_needs_nothing_for_itself() -> None:
    bare = MicroCredential(language="en", title={"en": "T"})
    assert list(needs_of(bare, Format.DESCRIPTION)) == []
    somewhere = bare.model_copy(
        update={"issuer": Organisation(name={"en": "O"}, address=Address(country="ZZ"))}
    )
    assert [each.path for each in needs_of(somewhere, Format.ELM)] == [
        "description.issued",
        "description.issuer.address.country",
    ]
