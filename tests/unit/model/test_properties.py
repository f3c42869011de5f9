"""Properties: what is read is written as it was, and junk raises only our errors."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.canon import strict_json
from testamur.canon.strict_json import JsonFloat, JsonValue
from testamur.errors import ModelError, TestamurError
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    AchievementType,
    IdentityObject,
    Profile,
    check_for_issue,
)
from testamur.model.parse import parse_credential, parse_presentation
from unit.model.documents import (
    EXTENSIONS,
    OB,
    V2,
    achievement,
    badge,
    complete_badge,
    endorsement,
    vc,
    vc_v1,
)

TEXT = st.text(max_size=20)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda each: JsonFloat(repr(each))),
    TEXT,
)
MEMBERS = """
    @context id type issuer validFrom validUntil name credentialSubject achievement proof criteria
    credentialStatus verifiableCredential holder valid_from to_json model_config __class__ @value
    endorsement parentOrg
"""
NAMES = st.sampled_from(MEMBERS.split())
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, TEXT), inner, max_size=4)
    ),
    max_leaves=20,
)

URLS = st.sampled_from(["https://uni.example/1", "did:web:uni.example", "urn:uuid:1", "data:,x"])
DATES = st.one_of(
    st.datetimes().map(lambda each: each.isoformat() + "Z"),
    st.sampled_from(["2010-01-01T24:00:00.000-08:00", "12026-01-01T00:00:00.1234567+14:00"]),
)
NUMBERS = st.one_of(
    st.integers(min_value=-(2**53), max_value=2**53),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda each: JsonFloat(repr(each))),
)
LOCALIZED = st.one_of(
    TEXT,
    st.builds(lambda text: {"@value": text, "@language": "pl"}, TEXT),
    st.lists(st.builds(lambda text: {"@value": text}, TEXT), min_size=1, max_size=2),
)
UNKNOWN = st.dictionaries(TEXT.map(lambda each: "x:" + each), JSON, max_size=2)


def one_or_many(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values as JSON-LD may write them: one, or an array."""
    return st.one_of(each, st.lists(each, min_size=1, max_size=3))


def object_of(
    required: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    """Objects with these members and some unknown ones."""
    known = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda members, unknown: {**unknown, **members}, known, UNKNOWN)


def typed(name: str) -> st.SearchStrategy[Any]:
    """A `type` that names a class."""
    return st.sampled_from([name, [name], [name, "https://uni.example/#T"]])


IMAGE = st.fixed_dictionaries({"id": URLS, "type": st.just("Image")}, optional={"caption": TEXT})
PROFILE = object_of(
    {"id": URLS, "type": typed("Profile")},
    {
        "name": LOCALIZED,
        "url": URLS,
        "image": IMAGE,
        "email": TEXT,
        "dateOfBirth": st.dates().map(str),
    },
)
ALIGNMENT = object_of(
    {"type": typed("Alignment"), "targetName": TEXT, "targetUrl": URLS},
    {"targetType": st.sampled_from(["CTDL", "ext:EQF"]), "targetCode": TEXT},
)
ACHIEVEMENT = object_of(
    {
        "id": URLS,
        "type": typed("Achievement"),
        "name": TEXT,
        "description": TEXT,
        "criteria": object_of({}, {"id": URLS, "narrative": TEXT}),
    },
    {
        "achievementType": st.sampled_from([*map(str, AchievementType), "ext:Other"]),
        "alignment": one_or_many(ALIGNMENT),
        "creator": PROFILE,
        "creditsAvailable": NUMBERS,
        "inLanguage": st.sampled_from(["en", "pt-BR"]),
        "tag": one_or_many(TEXT),
        "endorsement": one_or_many(st.builds(endorsement)),
    },
)
IDENTITY = st.fixed_dictionaries(
    {
        "type": st.just("IdentityObject"),
        "hashed": st.just(False),
        "identityHash": TEXT,
        "identityType": st.sampled_from(["name", "ext:student"]),
    },
    optional={"salt": TEXT},
)
BADGE = object_of(
    {
        "@context": st.sampled_from([[V2, OB], [V2, OB, EXTENSIONS], [V2, OB, {"x": "urn:x:x"}]]),
        "id": URLS,
        "type": st.permutations(["VerifiableCredential", "OpenBadgeCredential", "urn:x:T"]),
        "issuer": st.one_of(URLS, PROFILE),
        "validFrom": st.just("0001-01-01T00:00:00-00:00"),
        "credentialSubject": object_of(
            {"id": URLS, "type": typed("AchievementSubject"), "achievement": ACHIEVEMENT},
            {
                "identifier": one_or_many(IDENTITY),
                "activityStartDate": DATES,
                "creditsEarned": NUMBERS,
                "source": PROFILE,
                "role": TEXT,
            },
        ),
    },
    {
        "name": LOCALIZED,
        "description": LOCALIZED,
        "validUntil": DATES,
        "awardedDate": DATES,
        "image": IMAGE,
        "credentialStatus": one_or_many(st.just({"type": "urn:x:Status"})),
        "termsOfUse": one_or_many(object_of({"type": typed("urn:x:Terms")}, {"id": URLS})),
        "proof": one_or_many(object_of({"type": st.just("DataIntegrityProof")}, {})),
    },
)


@given(BADGE)
def test_badge_is_written_as_it_was_read(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    credential = parse_credential(document)
    written = credential.to_json()
    assert written == document == before
    assert parse_credential(written) == credential


@given(BADGE)
def test_numbers_and_dates_are_written_to_the_letter(document: dict[str, Any]) -> None:
    text = strict_json.dumps(document)
    credential = parse_credential(strict_json.parse(text))
    again = strict_json.dumps(credential.to_json())
    assert sorted(text) == sorted(again)
    assert strict_json.parse(again) == strict_json.parse(text)


@given(JSON)
def test_junk_is_refused_by_our_errors_alone(junk: JsonValue) -> None:
    for read in (
        parse_credential,
        parse_presentation,
        Achievement.from_json,
        Profile.from_json,
        IdentityObject.from_json,
    ):
        with pytest.raises(ModelError):
            read(junk)


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    items = list(document.items()) if isinstance(document, dict) else list(enumerate(document))
    found = [(document, key) for key, _ in items]
    for _, value in items:
        if isinstance(value, (dict, list)):
            found += places(value)
    return found


DOCUMENTS = st.sampled_from([complete_badge(), badge(), vc(), vc_v1(), endorsement()])


@given(DOCUMENTS, st.data(), JSON)
def test_document_with_a_member_replaced_by_junk_raises_only_our_errors(
    document: dict[str, Any], data: st.DataObject, junk: JsonValue
) -> None:
    document = copy.deepcopy(document)
    container, key = data.draw(st.sampled_from(places(document)))
    container[key] = junk
    try:
        credential = parse_credential(document)
    except ModelError as error:
        assert error.path is not None  # noqa: PT017
        assert error.path.startswith("credential")  # noqa: PT017
        return
    credential.to_json()
    try:
        check_for_issue(credential)
    except TestamurError:
        return


@given(JSON)
def test_unknown_members_are_kept_whatever_they_are(value: JsonValue) -> None:
    document = badge(anything=value)
    credential = parse_credential(document)
    assert isinstance(credential, AchievementCredential)
    assert credential.to_json() == document


@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_junk_in_the_constructor_raises_only_our_error(members: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        Achievement(**members)


@given(TEXT, TEXT)
def test_only_the_hashed_value_matches(value: str, other: str) -> None:
    identity = IdentityObject.from_json(
        {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": "name"}
    )
    assert identity.matches("name", other) == (value == other)


def test_achievement_of_a_hundred_thousand_tags_is_read() -> None:
    document = achievement(tag=["x"] * 100_000)
    assert len(Achievement.from_json(document).tag) == 100_000
