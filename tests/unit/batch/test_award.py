"""Awards: what is the same for all, and what each learner puts in its place."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from testamur import build
from testamur.batch import Award, Learner, LearnerEvidence, LearnerResult, StatusLists
from testamur.batch.learner import field_at, fingerprint
from testamur.errors import ConfigurationError, ModelError
from testamur.model.dates import parse_date_time_stamp
from testamur.model.ob3 import AchievementCredential, ResultStatus
from unit.batch.batches import DID, GRADE, LISTS, NOW, SECRET, achievement, award, learner, profile

BOTH = StatusLists("https://uni.example/status/", ("revocation", "suspension"))
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


def everything() -> Learner:
    return Learner(
        key="m1",
        id="did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        email="ada@uni.example",
        name="Ada",
        valid_from=datetime(2026, 7, 1, tzinfo=UTC),
        valid_until=UNTIL,
        awarded_date=NOW,
        activity_start_date=datetime(2026, 1, 1, tzinfo=UTC),
        activity_end_date=NOW,
        narrative="Led it.",
        evidence=(LearnerEvidence(id="https://uni.example/1", name="Essay", description="d"),),
        results=(LearnerResult(description=GRADE, value="A"),),
        credits_earned=2.5,
        license_number="17",
        role="lead",
        term="summer",
    )


def test_credential_is_what_the_builder_makes_of_the_same_arguments() -> None:
    made = award(status=BOTH).document(everything(), 5)
    varying = award(status=BOTH).varying(everything(), 5)
    subject: Any = varying.subject
    built = build.credential(
        profile(),
        achievement(),
        recipient=[
            build.recipient_by_id(subject["id"]),
            build.recipient_by_name("Ada"),
            build.recipient_by_email("ada@uni.example", salt=subject["identifier"][1]["salt"]),
        ],
        id=varying.id,
        valid_from=datetime(2026, 7, 1, tzinfo=UTC),
        valid_until=UNTIL,
        awarded_date=NOW,
        activity_start_date=datetime(2026, 1, 1, tzinfo=UTC),
        activity_end_date=NOW,
        narrative="Led it.",
        evidence=[build.evidence(id="https://uni.example/1", name="Essay", description="d")],
        results=[build.result(GRADE, value="A")],
        credits_earned=2.5,
        license_number="17",
        role="lead",
        term="summer",
        status=[
            build.status_entry(list_url=each.list_url, index=each.index, purpose=each.purpose)
            for each in varying.places
        ],
    )
    assert made == built.to_json()
    assert list(made)[:3] == list(built.to_json())[:3]
    assert award(status=BOTH).credential(everything(), 5) == AchievementCredential.from_json(made)


def test_single_status_entry_is_an_object_and_none_leaves_the_member_out() -> None:
    assert isinstance(award().document(learner(1), 0)["credentialStatus"], dict)
    assert "credentialStatus" not in award(status=None).document(learner(1), 0)


def test_status_result_and_level_are_written_as_the_standard_has_them() -> None:
    results = (
        LearnerResult(description=GRADE, status=ResultStatus.COMPLETED),
        LearnerResult(description=GRADE, achieved_level="urn:level"),
    )
    subject: Any = award().varying(Learner(name="Ada", results=results), 0).subject
    assert subject["result"] == [
        {"type": ["Result"], "resultDescription": GRADE, "status": "Completed"},
        {"type": ["Result"], "resultDescription": GRADE, "achievedLevel": "urn:level"},
    ]


def test_same_row_gives_the_same_and_other_positions_others() -> None:
    one, other = award(), award()
    assert one.document(learner(1), 3) == other.document(learner(1), 3)
    assert one.document(learner(1), 3)["id"] != one.document(learner(1), 4)["id"]
    assert award(secret=bytes(32)).document(learner(1), 3) != one.document(learner(1), 3)


def test_date_keeps_how_it_is_written() -> None:
    moment = parse_date_time_stamp("2026-07-01T12:00:00.50+02:00")
    document = award().document(Learner(name="Ada", valid_from=moment), 0)
    assert document["validFrom"] == "2026-07-01T12:00:00.50+02:00"


def test_what_the_model_says_holds_for_learners_who_say_nothing() -> None:
    model = build.credential(
        profile(),
        achievement(),
        recipient=build.recipient_by_email("model@uni.example"),
        valid_from=NOW,
        narrative="For all.",
        image="https://uni.example/badge.png",
        results=[build.result(GRADE, value="B")],
    ).to_json()
    made = Award.like(model, secret=SECRET, valid_from=UNTIL)
    subject: Any = made.document(Learner(name="Ada"), 0)["credentialSubject"]
    assert subject["narrative"] == "For all."
    assert subject["result"][0]["value"] == "B"
    assert [each["identityHash"] for each in subject["identifier"]] == ["Ada"]
    document = made.document(Learner(name="Ada", narrative="Hers."), 0)
    assert document["credentialSubject"]["narrative"] == "Hers."  # type: ignore[call-overload, index]
    assert document["id"] != model["id"]
    assert document["image"] == model["image"]
    assert document["validFrom"] == "2026-06-01T00:00:00Z"


def test_model_without_id_recipient_and_date_is_enough() -> None:
    model = award().document(learner(1), 0)
    for name in ("id", "validFrom", "credentialStatus"):
        del model[name]
    subject = model["credentialSubject"]
    assert isinstance(subject, dict)
    model["credentialSubject"] = {n: v for n, v in subject.items() if n != "identifier"}
    made = Award.like(model, secret=SECRET, valid_from=NOW.replace(microsecond=5))
    assert made.document(learner(1), 0)["validFrom"] == "2026-06-01T00:00:00Z"
    assert (made.issuer_id, made.achievement) == (DID, achievement())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"proof": {}}, "is signed"),
        ({"credentialStatus": {}}, "credentialStatus"),
        ({"type": ["VerifiableCredential"]}, "no badge"),
        ({"credentialSubject": [{}, {}]}, "one credentialSubject"),
    ],
)
def test_model_that_cannot_be_awarded_is_refused(changes: dict[str, Any], words: str) -> None:
    model = award(status=None).document(learner(1), 0) | changes
    with pytest.raises(ConfigurationError, match=words):
        Award.like(model, secret=SECRET, valid_from=NOW)


def test_fault_in_the_model_is_found_before_any_row() -> None:
    model: Any = award(status=None).document(learner(1), 0)
    model["credentialSubject"]["achievement"].pop("criteria")
    with pytest.raises(ModelError, match="criteria"):
        Award.like(model, secret=SECRET, valid_from=NOW)


def test_secret_of_another_length_is_refused_and_never_printed() -> None:
    with pytest.raises(ConfigurationError, match="32 random bytes"):
        award(secret=b"short")
    assert repr(SECRET) not in repr(award())


def test_award_goes_to_other_processes_and_is_equal_there() -> None:
    there = pickle.loads(pickle.dumps(award()))  # noqa: S301
    assert there == award()
    assert hash(there) == hash(award())
    assert there.document(learner(1), 1) == award().document(learner(1), 1)
    assert award() != award(secret=bytes(32))
    assert award() != award(status=BOTH)


def test_rows_fill_one_list_after_the_other_and_never_share_a_place() -> None:
    length = LISTS.length
    positions = [0, 1, length - 1, length, 2 * length]
    places = [LISTS.places(SECRET, position)[0] for position in positions]
    names = [each.list_name.rpartition("-")[2] for each in places]
    assert names == ["1.json", "1.json", "1.json", "2.json", "3.json"]
    assert all(each.list_url == f"https://uni.example/status/{each.list_name}" for each in places)
    assert len({(each.list_url, each.index) for each in places}) == len(positions)


def test_two_batches_never_share_a_list() -> None:
    one, other = (LISTS.places(secret, 0)[0] for secret in (SECRET, bytes(32)))
    assert one.list_url != other.list_url


def test_lists_for_two_purposes_have_orders_of_their_own() -> None:
    pairs = [BOTH.places(SECRET, position) for position in range(50)]
    assert {tuple(each.purpose for each in pair) for pair in pairs} == {BOTH.purposes}
    assert sum(pair[0].index == pair[1].index for pair in pairs) < 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("http://uni.example/status/",),
        ("https://uni.example/status",),
        ("https://uni.example/status/?a=b/",),
        ("https://uni.example/sta tus/",),
        ("https://uni.example/status/", ()),
        ("https://uni.example/status/", ("message",)),
        ("https://uni.example/status/", ("revocation", "revocation")),
        ("https://uni.example/status/", ("revocation",), 131_071),
        ("https://uni.example/status/", ("revocation",), 131_073),
        ("https://uni.example/status/", ("revocation",), 2**26),
    ],
)
def test_status_lists_that_cannot_work_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ConfigurationError):
        StatusLists(*arguments)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({}, "name"),
        ({"key": "m1"}, "name"),
        ({"name": "  "}, "name"),
        ({"email": "ada"}, "email"),
        ({"email": "ada@ uni.example"}, "email"),
        ({"email": "@uni.example"}, "email"),
    ],
)
def test_learner_whom_nobody_could_recognize_is_refused(
    arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(ModelError) as caught:
        Learner(**arguments)
    assert caught.value.path == field
    assert "ada" not in caught.value.message


def test_fingerprint_changes_with_everything_that_is_said_of_a_learner() -> None:
    base = Learner(name="Ada")
    seen = {fingerprint([base]), fingerprint([base, base]), fingerprint([])}
    full = everything()
    for name in ("key", "id", "email", "valid_until", "evidence", "results", "credits_earned"):
        seen.add(fingerprint([Learner(**{"name": "Ada", name: getattr(full, name)})]))
    written = [parse_date_time_stamp(f"2026-07-01T12:00:00{each}Z") for each in ("", ".0", ".00")]
    seen |= {fingerprint([Learner(name="Ada", valid_from=each)]) for each in written}
    assert len(seen) == 13
    assert fingerprint([everything()]) == fingerprint([everything()])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("credential.credentialSubject.id", "id"),
        ("credential.credentialSubject.result[0].value", "result"),
        ("credential.evidence[0].id", "evidence"),
        ("credential.credentialSubject.identifier[1].salt", "email or name"),
        ("credential.id", None),
        ("credential.credentialSubject.resultant", None),
        (None, None),
    ],
)
def test_path_in_the_credential_leads_back_to_the_field(
    path: str | None, field: str | None
) -> None:
    assert field_at(path) == field
