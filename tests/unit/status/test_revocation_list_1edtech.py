from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, StatusError
from testamur.status.revocation_list_1edtech import lookup, parse_entry, parse_list

URL = "https://issuer.example/revocations/1"


def document(*entries: JsonValue, **changes: JsonValue) -> JsonObject:
    return {
        "id": URL,
        "issuer": "https://issuer.example/profile",
        "revokedCredential": list(entries),
        **changes,
    }


def test_url_of_the_list_is_the_id_of_the_entry() -> None:
    assert parse_entry({"id": URL, "type": "1EdTechRevocationList"}) == URL


@pytest.mark.parametrize(
    "entry",
    [
        {"id": URL, "type": "BitstringStatusListEntry"},
        {"id": URL},
        {"type": "1EdTechRevocationList"},
        {"id": "revocations/1", "type": "1EdTechRevocationList"},
        {"id": [URL], "type": "1EdTechRevocationList"},
    ],
)
def test_malformed_entry_is_refused(entry: JsonObject) -> None:
    with pytest.raises(StatusError) as caught:
        parse_entry(entry)
    assert caught.value.code == Code.STATUS_MALFORMED


@pytest.mark.parametrize(
    ("entry", "revoked"),
    [
        ({"id": "urn:a", "revoked": True}, True),
        ({"id": "urn:a"}, True),
        ({"id": "urn:a", "revoked": False}, False),
        ({"id": "urn:b", "revoked": True}, False),
        ({"id": "urn:A"}, False),
    ],
)
def test_credential_is_revoked_if_listed_and_not_expressly_otherwise(
    entry: JsonObject, revoked: bool
) -> None:
    # "revoked is true or omitted"
    found = lookup("urn:a", parse_list(document(entry)))
    assert found.set is revoked
    assert found.value == int(revoked)
    assert found.purpose == "revocation"


def test_reason_and_date_reach_the_answer() -> None:
    entry: JsonObject = {
        "id": "urn:a",
        "revocationReason": "Issued in error",
        "revocationDate": "2026-05-01T00:00:00Z",
    }
    found = lookup("urn:a", parse_list(document(entry)))
    assert found.reason == "Issued in error"
    assert found.date == "2026-05-01T00:00:00Z"


@pytest.mark.parametrize("flags", [(True, False), (False, True)])
def test_credential_listed_twice_is_revoked_if_one_entry_says_so(flags: tuple[bool, bool]) -> None:
    entries: list[JsonValue] = [{"id": "urn:a", "revoked": flag} for flag in flags]
    assert lookup("urn:a", parse_list(document(*entries))).set


def test_issuer_and_id_are_returned_for_comparison() -> None:
    plain = parse_list(document())
    assert plain.id == URL
    assert plain.issuer == "https://issuer.example/profile"
    profile = parse_list(document(issuer={"id": "did:example:1", "type": "Profile"}))
    assert profile.issuer == "did:example:1"


def test_list_without_entries_may_leave_the_set_out() -> None:
    # Open Badges 3.0, Serialization: empty arrays are omitted.
    assert not lookup("urn:a", parse_list({"id": URL, "issuer": "did:example:1"})).set


@pytest.mark.parametrize(
    "malformed",
    [
        {},
        {"id": URL},
        {"id": URL, "issuer": "did:example:1", "revokedCredentials": [{"id": "urn:a"}]},
        {"id": URL, "issuer": "did:example:1", "message": "not found"},
        document(revokedCredential=None),
        document(revokedCredential="urn:a"),
        document(revokedCredential={"id": "urn:a"}),
        document("urn:a"),
        document({"revoked": True}),
        document({"id": ""}),
        document({"id": 1}),
        document({"id": "urn:a", "revoked": "false"}),
        document({"id": "urn:a", "revoked": None}),
        document({"id": "urn:a", "revoked": 0}),
        document({"id": "urn:a", "revocationReason": 1}),
        document({"id": "urn:b"}, {"id": "urn:a", "revoked": "no"}),
        document(issuer=None),
        document(issuer={"name": "Example"}),
        document(id=1),
    ],
)
def test_list_in_another_form_never_means_not_revoked(malformed: JsonObject) -> None:
    with pytest.raises(StatusError) as caught:
        parse_list(malformed)
    assert caught.value.code == Code.STATUS_MALFORMED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "revoked", "revocationReason", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "issuer", "revokedCredential", "x"]), JSON))
def test_any_list_is_read_or_a_status_error(changes: dict[str, JsonValue]) -> None:
    try:
        lookup("urn:a", parse_list({**document(), **changes}))
    except StatusError as error:
        assert error.code == Code.STATUS_MALFORMED  # noqa: PT017
