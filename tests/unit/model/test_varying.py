"""What may differ between badges of one achievement: never more than the models accept."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_documents import full_badge
from simulator import Simulator
from testamur.canon.marks import Path, find
from testamur.errors import ModelError
from testamur.model.ob3 import check_for_issue
from testamur.model.ob3.issue_check import VaryingAtIssue
from testamur.model.ob3.varying import VaryingMembers
from testamur.model.parse import parse_credential

BADGE: dict[str, Any] = Simulator().badge(7).to_json()
FULL: dict[str, Any] = full_badge(Simulator()).to_json()
MEMBERS = VaryingMembers(FULL)
AT_ISSUE = VaryingAtIssue(parse_credential(FULL), MEMBERS.paths)

values = st.text(max_size=10) | st.sampled_from(
    [
        "",
        "https://a.example/1",
        "https://uni.example/levels/2",
        "https://uni.example/levels/3",
        "http:relative",
        "urn:x",
        "did:x",
        "2026-06-01T00:00:00Z",
        "2030-02-29T00:00:00Z",
        "2030-01-01",
        "1999-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "0",
        "007",
        "94567",
        "4.5",
        "5.1",
        "-1",
        "sha256$" + "0" * 64,
        "md5$" + "0" * 32,
    ]
)


def with_value(path: Path, value: str) -> dict[str, Any]:
    copied = deepcopy(FULL)
    find(copied, path[:-1])[path[-1]] = value  # type: ignore[index]
    return copied


def is_accepted(document: dict[str, Any]) -> bool:
    try:
        parse_credential(document)
    except ModelError:
        return False
    return True


def may_be_issued(document: dict[str, Any]) -> bool:
    try:
        check_for_issue(parse_credential(document))
    except ModelError:
        return False
    return True


def test_badge_s_own_strings_are_accepted() -> None:
    own = [str(find(FULL, path)) for path in MEMBERS.paths]
    assert MEMBERS.accepts(own)
    assert all(rule(own[slot]) for slot, rule in AT_ISSUE.rules)
    assert ("credentialSubject", "identifier", 0, "identityHash") in MEMBERS.paths
    assert ("credentialSubject", "result", 1, "achievedLevel") in MEMBERS.paths
    assert ("credentialStatus", "statusListIndex") in MEMBERS.paths


@given(data=st.data())
@settings(deadline=None)
def test_what_is_accepted_is_accepted_by_the_models(data: st.DataObject) -> None:
    own = [str(find(FULL, path)) for path in MEMBERS.paths]
    slot = data.draw(st.integers(0, len(own) - 1))
    value = data.draw(values)
    own[slot] = value
    document = with_value(MEMBERS.paths[slot], value)
    if MEMBERS.accepts(own):
        assert is_accepted(document)
        if all(rule(own[number]) for number, rule in AT_ISSUE.rules):
            assert may_be_issued(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "no URL"),
        (("validFrom",), "2026-13-01T00:00:00Z"),
        (("validUntil",), "1999-01-01T00:00:00Z"),
        (("validFrom",), "2999-01-01T00:00:00Z"),
        (("credentialSubject", "identifier", 0, "identityHash"), "ada@uni.example"),
        (("credentialStatus", "statusListIndex"), "007"),
        (("evidence", 0, "id"), "relative"),
    ],
)
def test_what_the_models_refuse_is_refused(path: Path, value: str) -> None:
    own = [str(find(FULL, each)) for each in MEMBERS.paths]
    own[MEMBERS.paths.index(path)] = value
    assert not MEMBERS.accepts(own)
    assert not is_accepted(with_value(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("credentialSubject", "identifier", 0, "salt"), ""),
        (("credentialSubject", "identifier", 0, "identityHash"), "md5$" + "0" * 32),
        (("credentialSubject", "result", 0, "value"), "9.9"),
        (("credentialSubject", "result", 1, "achievedLevel"), "https://uni.example/levels/9"),
    ],
)
def test_what_must_not_be_issued_is_refused(path: Path, value: str) -> None:
    slot = MEMBERS.paths.index(path)
    assert not all(rule(value) for number, rule in AT_ISSUE.rules if number == slot)
    assert is_accepted(with_value(path, value))
    assert not may_be_issued(with_value(path, value))


def test_only_badges_of_version_2_have_such_members() -> None:
    assert (
        VaryingMembers({**BADGE, "@context": ["https://www.w3.org/2018/credentials/v1"]}).paths
        == ()
    )
    assert VaryingMembers({**BADGE, "type": ["VerifiableCredential"]}).paths == ()
    assert VaryingMembers({}).paths == ()
