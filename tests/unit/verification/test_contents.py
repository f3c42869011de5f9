"""What is shown of a credential: what stands in it, and nothing where it is of another kind."""

from __future__ import annotations

from typing import Any

import pytest

from testamur.canon.strict_json import parse_object
from testamur.verification.contents import read_contents
from testamur.verification.report import Aligned, Contents, Evidence, ResultShown
from unit.scenes import ACHIEVEMENT_ID, BADGE_ID, ISSUER, LEARNER, Document, badge

RICH = parse_object(
    """{
  "id": "urn:uuid:1",
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "name": "Badge",
  "description": {"@value": "Opis", "@language": "pl"},
  "issuer": {"id": "did:web:uni.example", "name": [{"@value": "Uczelnia"}, {"@value": "Uni"}]},
  "validFrom": "2026-01-01T00:00:00Z",
  "validUntil": "2027-01-01T00:00:00Z",
  "credentialSubject": {
    "id": "did:x:learner",
    "identifier": [
      {"hashed": true, "identityHash": "sha256$00", "identityType": "emailAddress"},
      {"hashed": false, "identityHash": "Ada", "identityType": "name"}
    ],
    "creditsEarned": 6.50,
    "achievement": {
      "id": "https://uni.example/a",
      "name": "Teamwork",
      "achievementType": "MicroCredential",
      "description": "Works well.",
      "criteria": {"id": "https://uni.example/criteria"},
      "fieldOfStudy": "0031",
      "creditsAvailable": 10,
      "inLanguage": "en",
      "alignment": [
        {"targetName": "EQF 6", "targetUrl": "http://data.europa.eu/snb/eqf/6",
         "targetCode": "6", "targetFramework": "EQF", "targetType": "ext:EQF",
         "targetDescription": "Level 6"},
        {"targetName": "no url"},
        {"targetUrl": "https://no.name/"},
        "text"
      ],
      "resultDescription": [{"id": "urn:x:grade", "name": "Grade"}, {"id": 5, "name": "x"}]
    },
    "result": [
      {"resultDescription": "urn:x:grade", "value": "A", "status": "Completed"},
      {"resultDescription": "urn:x:unknown", "achievedLevel": "urn:x:level"},
      {"resultDescription": ["urn:x:grade"], "value": ""}
    ]
  },
  "evidence": [{"id": "https://uni.example/e", "name": "Report", "narrative": "*Mine*"}, {}, 5]
}"""
)


def test_everything_a_person_wants_to_know_is_read() -> None:
    assert read_contents(RICH) == Contents(
        id="urn:uuid:1",
        types=("VerifiableCredential", "OpenBadgeCredential"),
        name="Badge",
        description="Opis",
        issuer_id="did:web:uni.example",
        issuer_name="Uczelnia",
        recipient="Ada",
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2027-01-01T00:00:00Z",
        achievement_id="https://uni.example/a",
        achievement_name="Teamwork",
        achievement_type="MicroCredential",
        achievement_description="Works well.",
        criteria="https://uni.example/criteria",
        field_of_study="0031",
        credits="6.5",
        language="en",
        alignments=(
            Aligned(
                name="EQF 6",
                url="http://data.europa.eu/snb/eqf/6",
                code="6",
                framework="EQF",
                type="ext:EQF",
                description="Level 6",
            ),
        ),
        results=(
            ResultShown(name="Grade", value="A", status="Completed"),
            ResultShown(name=None, value="urn:x:level", status=None),
            ResultShown(name=None, value=None, status=None),
        ),
        evidence=(
            Evidence(name="Report", url="https://uni.example/e", narrative="*Mine*"),
            Evidence(name=None, url=None, narrative=None),
        ),
    )


def test_badge_s_own_narrative_and_name_come_first() -> None:
    found = read_contents(badge())
    assert (found.id, found.issuer_id, found.recipient) == (BADGE_ID, ISSUER, LEARNER)
    assert (found.name, found.achievement_id) == ("Teamwork", ACHIEVEMENT_ID)
    assert found.criteria == "Nominated by peers."
    assert read_contents(badge(name=None)).name == "Teamwork"


def test_dates_of_version_1_are_read() -> None:
    found = read_contents({"issuanceDate": "2026-01-01T00:00:00Z", "expirationDate": "x"})
    assert (found.valid_from, found.valid_until) == ("2026-01-01T00:00:00Z", "x")


def test_available_credits_are_shown_where_none_are_said_to_be_earned() -> None:
    document: Document = {"credentialSubject": {"achievement": {"creditsAvailable": 10}}}
    assert read_contents(document).credits == "10"


def test_of_several_subjects_none_is_the_recipient() -> None:
    document: Document = {"credentialSubject": ["x", {"id": "did:x:1"}]}
    assert read_contents(document).recipient == "did:x:1"
    document = {"credentialSubject": [{"id": "did:x:1"}, {"id": "did:x:2"}]}
    assert read_contents(document).recipient is None


def test_hash_is_no_name() -> None:
    identity = {"hashed": True, "identityHash": "sha256$00"}
    document: Document = {"credentialSubject": {"identifier": identity}}
    assert read_contents(document).recipient is None


@pytest.mark.parametrize("value", [None, "", [], {}, {"@value": 5.5}, True, [None], 5, ["a", "b"]])
def test_member_of_another_kind_is_left_out_or_shown_as_text(value: Any) -> None:
    expected = {"5": "5", "['a', 'b']": "a", "{'@value': 5.5}": "5.5"}.get(str(value))
    found = read_contents({"description": value})
    assert found.description == expected


@pytest.mark.parametrize("value", [None, 5, "x", [], [[]], [{}], {}, True])
def test_no_shape_of_any_member_breaks_it(value: Any) -> None:
    members = ["id", "type", "name", "issuer", "validFrom", "credentialSubject", "evidence"]
    read_contents(dict.fromkeys(members, value))
    inner = ["id", "identifier", "achievement", "result", "creditsEarned"]
    read_contents({"credentialSubject": dict.fromkeys(inner, value)})
    deepest = ["criteria", "alignment", "resultDescription", "inLanguage", "creditsAvailable"]
    read_contents({"credentialSubject": {"achievement": dict.fromkeys(deepest, value)}})
