"""Builders: from plain arguments to a badge that is fit to be signed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from testamur import build
from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    AchievementType,
    BitstringStatusListEntry,
    CredentialSchema,
    EndorsementCredential,
    Profile,
    RefreshService,
    ResultStatus,
    ResultType,
    TermsOfUse,
    check_for_issue,
)
from testamur.model.parse import parse_credential

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ID = "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0001"
TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6ZXhhbXBsZTpxYSJ9.c2lnbmF0dXJl"


def new_id() -> str:
    """An id that is the same in every test."""
    return ID


def issuer() -> Profile:
    """An issuer."""
    return build.profile(
        id="did:web:uni.example",
        name="Example University",
        url="https://uni.example",
        email="badges@uni.example",
        image="https://uni.example/logo.png",
    )


def badge(**members: Any) -> Achievement:
    """A micro-credential."""
    known: dict[str, Any] = {
        "id": "https://uni.example/achievements/teamwork",
        "name": "Teamwork",
        "description": "Works well in a team.",
        "criteria": "Nominated by peers.",
    }
    return build.achievement(**{**known, **members})


def award(achievement: Achievement | None = None, **members: Any) -> AchievementCredential:
    """The achievement awarded."""
    known: dict[str, Any] = {
        "recipient": build.recipient_by_id("did:example:learner"),
        "valid_from": NOW,
        "new_id": new_id,
    }
    return build.credential(issuer(), achievement or badge(), **{**known, **members})


def test_smallest_badge_is_exactly_this_document() -> None:
    # The members that Open Badges 3.0 demands, and the name that wallets show.
    assert award().to_json() == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": ID,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Teamwork",
        "issuer": {
            "id": "did:web:uni.example",
            "type": ["Profile"],
            "name": "Example University",
            "url": "https://uni.example",
            "image": {"id": "https://uni.example/logo.png", "type": "Image"},
            "email": "badges@uni.example",
        },
        "validFrom": "2026-06-01T12:00:00Z",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://uni.example/achievements/teamwork",
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works well in a team.",
                "criteria": {"narrative": "Nominated by peers."},
            },
        },
    }


def test_micro_credential_with_everything_is_fit_and_comes_back_equal() -> None:
    grade = build.result_description(
        "Grade",
        ResultType.LETTER_GRADE,
        allowed_values=["3.0", "4.0", "5.0"],
        required_value="3.0",
        alignments=[build.eqf_level(6)],
    )
    mastery = build.rubric_level("Mastery", level="Mastered", points="4")
    rubric = build.result_description(
        "Project",
        ResultType.RUBRIC_CRITERION_LEVEL,
        levels=[build.rubric_level("Basic"), mastery],
        required_level=mastery,
    )
    achievement = badge(
        criteria_url="https://uni.example/criteria",
        achievement_type=AchievementType.MICRO_CREDENTIAL,
        image=build.image("https://uni.example/badge.png", "A badge"),
        alignments=[build.eqf_level(6), build.isced_f("0613", "Software development")],
        results=[grade, rubric],
        credits_available=6.5,
        field_of_study="Informatics",
        in_language="pl",
        tags=["teamwork"],
        endorsements=[TOKEN],
    )
    credential = award(
        achievement,
        recipient=[
            build.recipient_by_id("did:example:learner"),
            build.recipient_by_email("ada@uni.example", salt="Kosher"),
            build.recipient_by_name("Ada"),
        ],
        valid_until=datetime(2030, 1, 1, tzinfo=UTC),
        awarded_date=NOW,
        name="Teamwork for Ada",
        description="Six and a half credits.",
        evidence=[build.evidence(id="https://uni.example/e/1", name="Report", narrative="# R")],
        results=[
            build.result(grade, value="5.0"),
            build.result(rubric, achieved_level=mastery, status=ResultStatus.COMPLETED),
        ],
        narrative="One report.",
        activity_start_date=datetime(2026, 2, 1, tzinfo=UTC),
        activity_end_date=datetime(2026, 5, 1, tzinfo=UTC),
        credits_earned=6.5,
        license_number="A-1",
        role="Student",
        source=build.profile(id="https://uni.example/dep", name="Department"),
        term="Summer",
        endorsements=[TOKEN],
        terms_of_use=[TermsOfUse(type=One(("https://uni.example/terms#Policy",)))],
    )
    check_for_issue(credential)
    assert parse_credential(credential.to_json()) == credential
    written: Any = credential.to_json()
    assert written["credentialSubject"]["result"][0]["resultDescription"] == grade.id
    assert written["credentialSubject"]["result"][1]["achievedLevel"] == mastery.id
    assert written["endorsementJwt"] == [TOKEN]
    assert [each["identityType"] for each in written["credentialSubject"]["identifier"]] == [
        "emailAddress",
        "name",
    ]


def test_ids_are_random_uuids_where_none_is_given() -> None:
    first, second = build.mint_id(), build.mint_id()
    assert first != second
    for each in (first, second):
        assert each.startswith("urn:uuid:")
        assert each[23] == "4"  # RFC 9562, 5.4: the version of a random UUID


def test_given_id_and_name_are_used() -> None:
    credential = award(id="https://uni.example/credentials/1", name="Other")
    assert (credential.id, credential.name) == ("https://uni.example/credentials/1", "Other")


def test_one_status_is_written_as_an_object_and_several_as_an_array() -> None:
    entry = BitstringStatusListEntry(
        status_purpose="revocation",
        status_list_index="94567",
        status_list_credential="https://uni.example/status/1",
    )
    written = award(status=[entry]).to_json()
    assert written["credentialStatus"] == {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://uni.example/status/1",
    }
    assert isinstance(award(status=[entry, entry]).to_json()["credentialStatus"], list)


def test_extensions_context_is_added_only_where_a_1edtech_type_is_used() -> None:
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    schema = CredentialSchema(
        id="https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
        type=One(("1EdTechJsonSchemaValidator2019",)),
    )
    refresh = RefreshService(id="https://uni.example/r", type=One(("1EdTechCredentialRefresh",)))
    assert extensions not in award().context
    assert award(schemas=[schema]).context[2] == extensions
    with_refresh = award(refresh_service=refresh)
    assert with_refresh.context[2] == extensions
    assert isinstance(with_refresh.to_json()["refreshService"], dict)


def test_endorsement_names_what_it_endorses() -> None:
    endorser = build.profile(id="did:web:qa.example", name="Quality Agency")
    built = build.endorsement(
        endorser,
        "https://uni.example/achievements/teamwork",
        "Meets our standard.",
        valid_from=NOW,
        new_id=new_id,
    )
    assert isinstance(built, EndorsementCredential)
    assert built.to_json() == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": ID,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement by Quality Agency",
        "issuer": {"id": "did:web:qa.example", "type": ["Profile"], "name": "Quality Agency"},
        "validFrom": "2026-06-01T12:00:00Z",
        "credentialSubject": {
            "id": "https://uni.example/achievements/teamwork",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Meets our standard.",
        },
    }


@pytest.mark.parametrize(
    ("members", "path", "reason"),
    [
        ({"valid_from": datetime(2026, 6, 1)}, "credential.validFrom", "has no time zone"),  # noqa: DTZ001
        ({"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}, "credential.validUntil", "is before"),
        ({"id": "credential-1"}, "credential.id", "is not a URL"),
        ({"name": " "}, "credential.name", "is blank"),
        ({"recipient": []}, "achievementSubject", "names no recipient"),
        ({"recipient": build.Recipient(id="Ada")}, "achievementSubject.id", "is not a URL"),
        (
            {"results": [build.result("urn:x:none", value="A")]},
            "credential.credentialSubject.result[0].resultDescription",
            "is no result description",
        ),
        (
            {"credits_earned": "6"},
            "achievementSubject.creditsEarned",
            "is a string; write a number",
        ),
        ({"endorsements": ["not a token"]}, "credential.endorsementJwt[0]", "is not a compact JWS"),
    ],
)
def test_wrong_argument_is_refused_at_once(members: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        award(**members)
    assert caught.value.path == path
    assert reason in caught.value.message


def test_two_recipient_ids_are_refused() -> None:
    two = [build.recipient_by_id("did:example:a"), build.recipient_by_id("did:example:b")]
    with pytest.raises(ModelError, match="has two ids"):
        award(recipient=two)


def test_achievement_without_criteria_is_not_awarded() -> None:
    with pytest.raises(ModelError, match=r"criteria: says nothing"):
        award(badge(criteria=None))


def test_unsigned_endorsement_is_not_embedded() -> None:
    unsigned = build.endorsement(issuer(), ID, valid_from=NOW)
    with pytest.raises(ModelError) as caught:
        award(endorsements=[unsigned])
    assert caught.value.code is Code.ENDORSEMENT_INVALID
    assert caught.value.path == "credential.endorsement[0].proof"


def test_arguments_are_not_changed() -> None:
    tags = ["b", "a"]
    assert badge(tags=tags).tag == ("b", "a")
    assert tags == ["b", "a"]
