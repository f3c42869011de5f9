"""Open Badges 3.0: what the standard demands, also where its published schemas do not check it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from testamur.errors import Code, ModelError
from testamur.model.ob3 import (
    AchievementCredential,
    AchievementCredentialV1P1,
    EndorsementCredential,
    EndorsementCredentialV1P1,
    Profile,
    check_for_issue,
    identity_hash,
)
from testamur.model.parse import parse_credential
from unit.model.documents import (
    OB,
    OB_FIRST,
    SHARED_DATA,
    V1,
    V2,
    badge,
    badge_with_achievement,
    badge_with_subject,
    complete_badge,
    endorsement,
    proof,
)

HASH = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
IMPLEMENTATION_GUIDE = SHARED_DATA / "vectors/open-badges-impl-guide"


def refused(
    document: dict[str, Any], path: str, reason: str, code: Code = Code.NOT_CONFORMANT
) -> None:
    """Assert that the document is refused with this code, first of all at this path."""
    with pytest.raises(ModelError) as caught:
        parse_credential(document)
    assert caught.value.path == f"credential{path}"
    assert reason in caught.value.message
    assert caught.value.code is code


def v1_badge(**changes: object) -> dict[str, Any]:
    """A badge of the VC Data Model 1.1."""
    document = badge(**{"@context": [V1, OB_FIRST]}, validFrom=...)
    document["issuanceDate"] = "2010-01-01T00:00:00Z"
    document.update(changes)
    return {name: value for name, value in document.items() if value is not ...}


def test_badge_with_every_property_is_read_and_written_as_it_was() -> None:
    credential = parse_credential(complete_badge())
    assert isinstance(credential, AchievementCredential)
    assert credential.to_json() == complete_badge()
    assert credential.credential_subject.achievement.result_description[0].allowed_value == (
        "D",
        "C",
        "B",
        "A",
    )


def test_every_property_of_the_complete_badge_is_a_field() -> None:
    def unknown(model: object) -> list[str]:
        found: list[str] = []
        for each in model if isinstance(model, tuple) else (model,):
            if hasattr(each, "model_extra"):
                found += each.model_extra or {}
                for value in each.__dict__.values():
                    found += unknown(value)
        return found

    assert unknown(parse_credential(complete_badge())) == []


@pytest.mark.skipif(
    not IMPLEMENTATION_GUIDE.exists(),
    reason="the Open Badges implementation guide's vectors are not beside this checkout",
)
def test_credentials_of_the_implementation_guide_are_read_and_written_as_they_were() -> None:
    text = (IMPLEMENTATION_GUIDE / "obv3p0-signed.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert parse_credential(document).to_json() == document
    text = (IMPLEMENTATION_GUIDE / "clrv2p0-signed.json").read_text(encoding="utf-8")
    embedded = json.loads(text)["credentialSubject"]["verifiableCredential"][0]
    credential = parse_credential(embedded)
    assert isinstance(credential, AchievementCredential)
    assert credential.to_json() == embedded


@pytest.mark.parametrize(
    "second",
    [
        OB,
        OB_FIRST,
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.1.0.json",
    ],
)
def test_second_context_may_be_any_of_open_badges_3(second: str) -> None:
    document = badge(**{"@context": [V2, second]})
    assert parse_credential(document).to_json() == document


@pytest.mark.parametrize(
    "contexts",
    [
        [V2],
        [V2, "https://evil.example/context.json"],
        [V2, OB + "#"],
        [V2, "http://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.٣.json"],
        [V2, "https://purl-imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        [V2, {"@vocab": "urn:x:"}, OB],
    ],
)
def test_second_context_must_be_open_badges_3(contexts: list[object]) -> None:
    reason = f"put {OB} there"
    refused(badge(**{"@context": contexts}), ".@context", reason, Code.CONTEXT_REJECTED)
    with pytest.raises(ModelError, match=r"put https://purl\.imsglobal\.org"):
        EndorsementCredential.from_json(endorsement(**{"@context": contexts}))


@pytest.mark.parametrize("name", ["OpenBadgeCredential", "AchievementCredential"])
def test_either_name_of_the_badge_type_is_taken(name: str) -> None:
    document = badge(type=["VerifiableCredential", name])
    assert isinstance(parse_credential(document), AchievementCredential)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": ...}, ".id"),
        ({"validFrom": ...}, ".validFrom"),
        ({"type": ["OpenBadgeCredential"]}, ".type"),
    ],
)
def test_members_that_a_badge_must_have(change: dict[str, object], path: str) -> None:
    refused(badge(**change), path, "add it")


def test_missing_issuer_is_an_issuer_fault() -> None:
    refused(badge(issuer=...), ".issuer", "is missing", Code.ISSUER_INVALID)


@pytest.mark.parametrize(
    ("date", "path"),
    [
        ({"validFrom": "yesterday"}, ".validFrom"),
        ({"validFrom": "2026-01-01T00:00:00"}, ".validFrom"),
        ({"awardedDate": "2026-01-01"}, ".awardedDate"),
    ],
)
def test_dates_need_a_time_and_a_time_zone(date: dict[str, object], path: str) -> None:
    refused(badge(**date), path, "write it as", Code.VALIDITY_MALFORMED)


@pytest.mark.parametrize("date", ["2025-10-01", "2025-10-01T00:00:00", "2025-10-01T00:00:00-05:00"])
def test_activity_dates_are_read_in_each_form_that_is_met(date: str) -> None:
    document = badge_with_subject(activityStartDate=date, activityEndDate=date)
    assert parse_credential(document).to_json() == document


def test_subject_must_have_an_id_or_an_identifier() -> None:
    refused(badge_with_subject(id=...), ".credentialSubject", "either MUST be supplied")
    identifier = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Ada",
        "identityType": "name",
    }
    document = badge_with_subject(id=..., identifier=[identifier])
    credential = parse_credential(document)
    assert credential.subject_ids == ()
    assert credential.to_json() == document


def test_there_is_exactly_one_subject() -> None:
    subject = badge()["credentialSubject"]
    refused(
        badge(credentialSubject=[subject]), ".credentialSubject", "is an array; write an object"
    )


def test_several_statuses_are_read() -> None:
    # VC Data Model 2.0 allows them, and two purposes need two entries.
    entry = complete_badge()["credentialStatus"]
    document = badge(credentialStatus=[entry, {**entry, "statusPurpose": "suspension"}])
    assert parse_credential(document).to_json() == document


def test_criteria_that_say_nothing_are_read() -> None:
    # "Implementations SHOULD provide" one: a SHOULD is no reason to refuse another's badge.
    assert parse_credential(badge_with_achievement(criteria={})).id is not None


def test_refresh_service_must_have_a_url() -> None:
    refused(badge(refreshService={"type": "X"}), ".refreshService.id", "is missing")


def test_proof_of_another_purpose_is_refused() -> None:
    # Open Badges 3.0, Proof, proofPurpose: MUST be 'assertionMethod'.
    document = badge(proof=[proof(), proof(proofPurpose="authentication")])
    refused(document, ".proof", "'authentication'", Code.PROOF_PURPOSE)


def test_bare_issuer_url_is_read_although_we_would_not_issue_it() -> None:
    credential = parse_credential(badge(issuer="did:web:uni.example"))
    assert credential.issuer_id == "did:web:uni.example"


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        (
            "resultDescription",
            [{"id": "urn:x:r", "type": "ResultDescription", "name": "x"}],
            "[0].resultType",
        ),
        ("related", [{"type": "Related"}], "[0].id"),
        ("alignment", [{"type": "Alignment", "targetName": "x"}], "[0].targetUrl"),
        ("otherIdentifier", [{"type": "IdentifierEntry", "identifier": "x"}], "[0].identifierType"),
        ("creator", {"type": "Profile"}, ".id"),
        ("creator", {"id": "urn:x:p", "type": "Person"}, ".type"),
        ("image", {"id": "urn:x:i"}, ".type"),
    ],
)
def test_parts_of_an_achievement_need_their_members(member: str, value: object, path: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_credential(badge_with_achievement(**{member: value}))
    assert caught.value.path == f"credential.credentialSubject.achievement.{member}{path}"


@pytest.mark.parametrize(
    ("result", "path"),
    [
        ({"type": "Result", "value": 5}, ".value"),
        ({"type": "Result", "status": "Done"}, ".status"),
        ({"type": "Result", "status": "ext:Done"}, ".status"),
        ({"type": "Result", "resultDescription": "x"}, ".resultDescription"),
        ({"type": "Result", "achievedLevel": 1}, ".achievedLevel"),
        ({"value": "A"}, ".type"),
    ],
)
def test_results_must_be_well_formed(result: object, path: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_credential(badge_with_subject(result=[result]))
    assert caught.value.path == f"credential.credentialSubject.result[0]{path}"


def test_result_that_fits_no_description_is_read() -> None:
    # The complete example of Open Badges 3.0 states a level of another description.
    document = badge_with_subject(result=[{"type": "Result", "resultDescription": "urn:x:none"}])
    assert parse_credential(document).to_json() == document


@pytest.mark.parametrize(
    ("date", "fine"),
    [
        ("1970-02-28", True),
        ("1970-02-29", False),
        ("1970-2-28", False),
        (19700228, False),
        ("", False),
    ],
)
def test_date_of_birth_is_a_day_of_the_calendar(date: object, fine: bool) -> None:
    document: Any = {"id": "urn:x:p", "type": ["Profile"], "dateOfBirth": date}
    if fine:
        assert Profile.from_json(document).to_json() == document
    else:
        with pytest.raises(ModelError, match=r"^profile\.dateOfBirth: .*write it as 2026-12-01"):
            Profile.from_json(document)


def test_date_of_birth_may_be_given_as_a_date() -> None:
    profile = Profile(id="urn:x:p", date_of_birth=date(1970, 2, 28))
    assert profile.to_json()["dateOfBirth"] == "1970-02-28"
    with pytest.raises(ModelError, match="is not a date"):
        Profile(id="urn:x:p", date_of_birth=datetime(1970, 2, 28, tzinfo=UTC))


def test_fault_in_an_embedded_endorsement_is_one_of_the_endorsement() -> None:
    document = badge(endorsement=[endorsement(), endorsement(name=...)])
    refused(document, ".endorsement[1].name", "is missing", Code.ENDORSEMENT_INVALID)
    document = badge_with_achievement(endorsement=endorsement(validFrom="x"))
    path = ".credentialSubject.achievement.endorsement.validFrom"
    refused(document, path, "is not a dateTimeStamp", Code.ENDORSEMENT_INVALID)


def test_embedded_endorsement_is_read_by_its_own_version() -> None:
    old = endorsement(**{"@context": [V1, OB_FIRST]}, validFrom=...)
    old["issuanceDate"] = "2010-01-01T00:00:00Z"
    document = badge(endorsement=[endorsement(), old])
    credential = parse_credential(document)
    assert isinstance(credential, AchievementCredential)
    assert [type(each) for each in credential.endorsement] == [
        EndorsementCredential,
        EndorsementCredentialV1P1,
    ]
    assert credential.to_json() == document


def test_endorsement_must_name_what_it_endorses() -> None:
    with pytest.raises(ModelError) as caught:
        EndorsementCredential.from_json(
            endorsement(credentialSubject={"type": "EndorsementSubject"})
        )
    assert caught.value.path == "credential.credentialSubject.id"


def test_badge_of_version_1_is_read() -> None:
    credential = parse_credential(v1_badge())
    assert isinstance(credential, AchievementCredentialV1P1)
    assert credential.to_json() == v1_badge()


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"issuanceDate": ...}, ".issuanceDate", Code.NOT_CONFORMANT),
        ({"name": ...}, ".name", Code.NOT_CONFORMANT),
        ({"issuer": "did:web:uni.example"}, ".issuer", Code.ISSUER_INVALID),
    ],
)
def test_badge_of_version_1_must_have_its_members(
    change: dict[str, object], path: str, code: Code
) -> None:
    with pytest.raises(ModelError) as caught:
        parse_credential(v1_badge(**change))
    assert (caught.value.path, caught.value.code) == (f"credential{path}", code)


def test_badge_of_version_1_must_not_be_issued() -> None:
    with pytest.raises(ModelError, match="MUST NOT be issued"):
        check_for_issue(parse_credential(v1_badge()))


def test_hash_of_the_standards_example() -> None:
    # Open Badges 3.0, IdentityHash: SHA-256 of 'a@example.comKosher'.
    assert identity_hash("a@example.com", "Kosher") == HASH
