"""Nothing in a signed credential can be changed: every leaf, every member, every character."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from testamur import build
from testamur.canon.strict_json import JsonFloat, dumps, parse_object
from testamur.issuing import Mechanism, issue
from testamur.model.ob3 import Address, CredentialStatus, GeoCoordinates, ResultStatus, ResultType
from testamur.verification import Verdict
from unit.scenes import (
    ACHIEVEMENT_ID,
    ISSUER,
    LEARNER,
    NOW,
    OTHER_SIGNER,
    SIGNER,
    Document,
    Web,
    badge,
    base64url,
    credential,
    endorsement,
    examine,
    from_base64url,
    issued,
    signed,
    status_entry,
)
from unit.verification.test_status_check import published, status_list

EMBEDDED = [m for m in Mechanism if m is not Mechanism.VC_JWT]
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ACCEPTED = (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)


@cache
def web() -> Web:
    return published(signed(status_list()))


def rich() -> Document:
    """A badge that uses as much of the standard as one badge can."""
    place = GeoCoordinates(latitude=52.25, longitude=21)
    issuer = build.profile(
        id=ISSUER,
        name="Example University",
        url="https://uni.example",
        email="badges@uni.example",
        image=build.image("https://uni.example/logo.png", "A tower"),
        address=Address(address_country="Poland", address_country_code="PL", geo=place),
    )
    level = build.rubric_level("Good", id="urn:x:level", level="2", points="20", description="x")
    grade = build.result_description(
        "Grade", ResultType.LETTER_GRADE, id="urn:x:grade", allowed_values=["F", "C", "A"]
    )
    rubric = build.result_description(
        "Rubric", ResultType.RUBRIC_CRITERION_LEVEL, id="urn:x:rubric", levels=[level]
    )
    achievement = build.achievement(
        id=ACHIEVEMENT_ID,
        name="Teamwork",
        description="Works well in a team.",
        criteria="Nominated by peers.",
        criteria_url="https://uni.example/criteria",
        achievement_type="MicroCredential",
        image="https://uni.example/badge.png",
        creator=build.profile(id="https://ministry.example", name="Ministry"),
        alignments=[build.eqf_level(6), build.isced_f("0031", "Personal skills")],
        results=[grade, rubric],
        credits_available=6.5,
        field_of_study="Personal skills",
        in_language="en",
        version="1.2",
        tags=["team", "work"],
    )
    badge_ = build.credential(
        issuer,
        achievement,
        recipient=[
            build.recipient_by_id(LEARNER),
            build.recipient_by_email("ada@uni.example", salt="salt"),
        ],
        id="urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0099",
        valid_from=NOW,
        valid_until=NOW.replace(year=2030),
        awarded_date=NOW,
        description="Awarded in June.",
        evidence=[build.evidence(id="https://uni.example/e", name="Report", narrative="*Mine*")],
        results=[
            build.result(grade, value="A", status=ResultStatus.COMPLETED),
            build.result(rubric, achieved_level=level),
        ],
        narrative='Ä \n"\\ {} 🎓',
        activity_start_date=NOW,
        credits_earned=6,
        license_number="L-1",
        role="Lead",
        term="2026",
        status=[CredentialStatus.from_json(status_entry())],
    )
    document: Document = badge_.to_json()
    inner = signed(endorsement(), signer=OTHER_SIGNER)
    document["credentialSubject"]["achievement"]["endorsement"] = [inner]
    return document


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every string, number, boolean."""
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from leaves(each, (*path, key))
    else:
        yield path


def members(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every member of an object and item of an array."""
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield (*path, key)
            yield from members(each, (*path, key))


def container(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def others(value: Any) -> list[Any]:
    """Other values of the same kind; none that JSON-LD writes in the same way."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1, JsonFloat("0.125")]
    return [value + "x", value.swapcase() if value.swapcase() != value else value[:-1]]


def test_untouched_credentials_are_accepted() -> None:
    # The control: without it, a verifier that refuses everything would pass all that follows.
    for mechanism in Mechanism:
        secured = issue(rich(), signer=SIGNER, now=NOW, mechanism=mechanism)
        assert examine(secured.content, fetcher=web()).verdict is Verdict.GENUINE


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_credential_with_any_leaf_changed_is_refused(mechanism: Mechanism) -> None:
    document = issued(rich(), mechanism=mechanism).document
    paths = list(leaves(document))
    assert len(paths) > 120
    for path in paths:
        value = container(document, path)[path[-1]]
        for other in others(value):
            changed = deepcopy(document)
            container(changed, path)[path[-1]] = other
            report = examine(changed, fetcher=web())
            assert report.verdict not in ACCEPTED, (path, other)
            assert report.contents is None, (path, other)


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_credential_with_any_member_or_item_removed_is_refused(mechanism: Mechanism) -> None:
    document = issued(rich(), mechanism=mechanism).document
    for path in members(document):
        changed = deepcopy(document)
        del container(changed, path)[path[-1]]
        report = examine(changed, fetcher=web())
        needless = mechanism is Mechanism.ED25519_SIGNATURE_2020 and path[0] == "@context"
        assert report.verdict not in ACCEPTED or needless, path


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_credential_with_any_member_renamed_to_another_s_name_is_refused(
    mechanism: Mechanism,
) -> None:
    document = issued(rich(), mechanism=mechanism).document
    names = sorted({path[-1] for path in members(document) if isinstance(path[-1], str)})
    for path in members(document):
        if not isinstance(path[-1], str):
            continue
        for name in (path[-1].capitalize(), names[(names.index(path[-1]) + 1) % len(names)]):
            changed = deepcopy(document)
            holder = container(changed, path)
            if name in holder or name == path[-1]:
                continue
            holder[name] = holder.pop(path[-1])
            assert examine(changed, fetcher=web()).verdict not in ACCEPTED, (path, name)


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_order_of_an_ordered_list_is_signed(mechanism: Mechanism) -> None:
    # Open Badges 3.0, ResultDescription: allowedValue is ordered from low to high.
    document: Document = issued(rich(), mechanism=mechanism).document
    grade = document["credentialSubject"]["achievement"]["resultDescription"][0]
    grade["allowedValue"].reverse()
    assert examine(document, fetcher=web()).verdict not in ACCEPTED


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_every_character_of_the_proof_value_counts(mechanism: Mechanism) -> None:
    document: Document = issued(credential(), mechanism=mechanism).document
    value = document["proof"]["proofValue"]
    assert examine(document).verdict is Verdict.GENUINE
    for position in range(len(value)):
        rest = value[position + 1 :]
        digit = ALPHABET.find(value[position])
        spellings = {
            value[:position] + ALPHABET[(digit + 1) % 58] + rest,
            value[:position] + ALPHABET[(digit + 29) % 58] + rest,
            value[:position] + rest,
            value[:position] + "1" + value[position:],
            value[:position] + value[position].swapcase() + rest,
        } - {value}
        for other in spellings:
            document["proof"]["proofValue"] = other
            assert examine(document).verdict is Verdict.NOT_GENUINE, (position, other)


def test_every_character_of_a_token_counts() -> None:
    token = issued(credential(), mechanism=Mechanism.VC_JWT).token
    assert token is not None
    assert examine(token).verdict is Verdict.GENUINE
    for position, character in enumerate(token):
        rest = token[position + 1 :]
        place = BASE64URL.find(character)
        spellings = {
            token[:position] + BASE64URL[(place + 1) % 64] + rest,
            token[:position] + BASE64URL[(place + 33) % 64] + rest,
            token[:position] + rest,
        } - {token}
        for other in spellings:
            report = examine(other)
            assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID), (position, other)
            assert report.contents is None


def test_payload_of_a_token_with_any_leaf_changed_is_refused() -> None:
    token = issued(rich(), mechanism=Mechanism.VC_JWT).token
    assert token is not None
    header, payload, signature = token.split(".")
    claims: Document = parse_object(from_base64url(payload))
    for path in leaves(claims):
        changed = deepcopy(claims)
        value = container(changed, path)[path[-1]]
        container(changed, path)[path[-1]] = others(value)[0]
        text = base64url(dumps(changed).encode())
        assert examine(f"{header}.{text}.{signature}").contents is None, path


@pytest.mark.parametrize("mechanism", EMBEDDED)
def test_every_byte_of_the_file_counts(mechanism: Mechanism) -> None:
    content = issued(badge(), mechanism=mechanism).content
    for position in range(len(content)):
        data = bytearray(content)
        data[position] ^= 1
        report = examine(bytes(data))
        assert report.verdict not in ACCEPTED, position
        assert report.contents is None, position
