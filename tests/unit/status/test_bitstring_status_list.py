"""Reading and making entries and lists; the expected members are those of the specification."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.canon.strict_json import JsonFloat, JsonObject, JsonValue
from testamur.errors import Code, ConfigurationError, ModelError, StatusError
from testamur.status import BitString, StatusAnswer
from testamur.status.bitstring_status_list import (
    build_entry,
    build_list_credential,
    lookup,
    parse_entry,
    parse_list,
    parse_status_list_index,
    random_index,
)

LIST_URL = "https://example.com/credentials/status/3"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def entry(**changes: JsonValue) -> JsonObject:
    document: JsonObject = {
        "id": f"{LIST_URL}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST_URL,
    }
    return {**document, **changes}


def without(document: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in document.items() if key != name}


def list_credential(data: bytes = bytes(16_384), /, **changes: JsonValue) -> JsonObject:
    member = base64.urlsafe_b64encode(gzip.compress(data)).rstrip(b"=").decode()
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:example:12345",
        "validFrom": "2021-04-05T14:27:40Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{member}",
            **changes,
        },
    }


def messages(*texts: str) -> list[JsonValue]:
    return [{"status": f"0x{value:x}", "message": text} for value, text in enumerate(texts)]


def refusal(act: Callable[[], object], code: Code = Code.STATUS_MALFORMED) -> StatusError:
    with pytest.raises(StatusError) as caught:
        act()
    assert caught.value.code == code
    assert caught.value.path is not None
    return caught.value


def answer(read: JsonObject, of: JsonObject) -> StatusAnswer:
    return lookup(parse_entry(read), parse_list(of))


def test_entry_is_read() -> None:
    read = parse_entry(entry())
    assert read.type == "BitstringStatusListEntry"
    assert read.purpose == "revocation"
    assert read.index == 94567
    assert read.list_credential == LIST_URL
    assert read.id == f"{LIST_URL}#94567"
    assert read.status_size == 1
    assert read.status_messages == {}
    assert read.remarks == ()


def test_entry_needs_no_id_and_type_may_be_an_array() -> None:
    assert parse_entry(without(entry(type=["BitstringStatusListEntry"]), "id")).id is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "StatusList2021Entry"),
        ("type", None),
        ("id", ["https://example.com/a"]),
        ("id", None),
        ("statusPurpose", ["revocation"]),
        ("statusPurpose", ""),
        ("statusPurpose", None),
        ("statusListCredential", None),
        ("statusListCredential", ""),
        ("statusListCredential", "status/3"),
        ("statusListCredential", "https://example.com/a b"),
        ("statusListCredential", [LIST_URL]),
        ("statusListIndex", None),
        ("statusSize", 0),
        ("statusSize", -1),
        ("statusSize", "2"),
        ("statusSize", True),
        ("statusSize", 1.0),
        ("statusSize", 17),
        ("statusSize", 10**9),
        ("statusMessage", None),
        ("statusMessage", "set"),
        ("statusMessage", []),
        ("statusMessage", messages("a")),
        ("statusMessage", messages("a", "b", "c")),
        ("statusMessage", ["a", "b"]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": "0x0", "message": "b"}]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": "0x2", "message": "b"}]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": "1", "message": "b"}]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": 1, "message": "b"}]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": "0x1"}]),
        ("statusMessage", [{"status": "0x0", "message": "a"}, {"status": "0x1", "message": 1}]),
        ("statusReference", 1),
        ("statusReference", []),
        ("statusReference", ["dictionary"]),
    ],
)
def test_malformed_member_of_an_entry_is_refused(name: str, value: JsonValue) -> None:
    error = refusal(lambda: parse_entry(entry(**{name: value})))
    assert error.path is not None
    assert error.path.startswith(f"credentialStatus.{name}")


@pytest.mark.parametrize(
    "name", ["type", "statusPurpose", "statusListIndex", "statusListCredential"]
)
def test_entry_without_a_required_member_is_refused(name: str) -> None:
    error = refusal(lambda: parse_entry(without(entry(), name)))
    assert error.path == f"credentialStatus.{name}"


def test_entry_of_several_bits_without_messages_is_refused() -> None:
    # "If statusSize is provided and is greater than 1, then the property
    # credentialStatus.statusMessage MUST be present"
    error = refusal(lambda: parse_entry(entry(statusSize=2)))
    assert error.path == "credentialStatus.statusMessage"


def test_entry_with_the_id_of_its_list_is_remarked_on() -> None:
    # "It MUST NOT be the URL for the status list." The value plays no part in verification.
    read = parse_entry(entry(id=LIST_URL))
    assert [code for code, _ in read.remarks] == [Code.NOT_CONFORMANT]


@pytest.mark.parametrize("text", ["0", "1", "42", "131071", "33554431"])
def test_index_in_base_10_is_read(text: str) -> None:
    assert parse_status_list_index(text) == (int(text), True)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-1",
        "+1",
        "01",
        "00",
        "4_2",
        " 42",
        "42 ",
        "42\n",
        "٤٢",
        "４２",
        "²",
        "0x2a",
        "1e3",
        "42.0",
        "abc",
        "NaN",
        -1,
        True,
        False,
        42.0,
        JsonFloat("42.0"),
        JsonFloat("-0"),
        None,
        ["42"],
        {"@value": "42"},
    ],
)
def test_index_in_any_other_spelling_is_refused(value: object) -> None:
    error = refusal(lambda: parse_status_list_index(value))
    assert error.path == "credentialStatus.statusListIndex"


@pytest.mark.parametrize("value", ["134217728", "9" * 60, "9" * 5000, 2**27, 10**60])
def test_index_that_no_list_can_have_is_a_range_error(value: object) -> None:
    refusal(lambda: parse_status_list_index(value), Code.STATUS_RANGE)


def test_index_as_a_number_is_read_and_remarked_on() -> None:
    assert parse_status_list_index(42) == (42, False)
    read = parse_entry(entry(statusListIndex=42))
    assert read.index == 42
    assert [code for code, _ in read.remarks] == [Code.NOT_CONFORMANT]


def test_list_is_read() -> None:
    document = list_credential(statusPurpose=["revocation", "suspension"], ttl=300_000)
    document["validUntil"] = "2031-04-05T14:27:40Z"
    view = parse_list(document)
    assert view.id == LIST_URL
    assert view.issuer == "did:example:12345"
    assert view.purposes == ("revocation", "suspension")
    assert view.ttl == 300_000
    assert view.status_size is None
    assert view.valid_from == "2021-04-05T14:27:40Z"
    assert view.valid_until == "2031-04-05T14:27:40Z"


def test_issuer_of_a_list_may_be_an_object_and_the_subject_an_array_of_one() -> None:
    document = list_credential()
    document["issuer"] = {"id": "did:example:1", "name": "Example"}
    document["credentialSubject"] = [document["credentialSubject"]]
    assert parse_list(document).issuer == "did:example:1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", ["VerifiableCredential"]),
        ("type", "StatusList2021Credential"),
        ("issuer", None),
        ("issuer", {}),
        ("issuer", {"id": 1}),
        ("issuer", "Example University"),
        ("id", 1),
        ("validFrom", 2021),
        ("validUntil", None),
        ("credentialSubject", None),
        ("credentialSubject", []),
        ("credentialSubject", [{}, {}]),
        ("credentialSubject", "did:example:1"),
    ],
)
def test_malformed_member_of_a_list_credential_is_refused(name: str, value: JsonValue) -> None:
    refusal(lambda: parse_list({**list_credential(), name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "StatusList2021"),
        ("type", None),
        ("statusPurpose", None),
        ("statusPurpose", []),
        ("statusPurpose", ["revocation", 1]),
        ("encodedList", None),
        ("encodedList", ["u"]),
        ("encodedList", ""),
        ("ttl", -1),
        ("ttl", "300000"),
        ("ttl", 1.5),
        ("ttl", True),
        ("statusSize", 0),
        ("statusMessages", messages("a")),
    ],
)
def test_malformed_member_of_a_list_is_refused(name: str, value: JsonValue) -> None:
    error = refusal(lambda: parse_list(list_credential(**{name: value})))
    assert error.path is not None
    assert error.path.startswith(f"credentialSubject.{name}")


def test_bit_that_is_set_is_found() -> None:
    data = bytearray(16_384)
    data[94567 // 8] = 0b1000_0000 >> 94567 % 8
    found = answer(entry(), list_credential(bytes(data)))
    assert (found.value, found.set, found.purpose) == (1, True, "revocation")
    assert found.remarks == ()
    neighbour = answer(entry(statusListIndex="94568"), list_credential(bytes(data)))
    assert (neighbour.value, neighbour.set) == (0, False)


def test_purpose_must_be_one_of_the_list() -> None:
    # Validate Algorithm, step 5: "If the values are not equal, raise a STATUS_VERIFICATION_ERROR."
    refusal(
        lambda: answer(entry(statusPurpose="suspension"), list_credential()),
        Code.STATUS_VERIFICATION,
    )
    both = list_credential(statusPurpose=["revocation", "suspension"])
    assert answer(entry(statusPurpose="suspension"), both).purpose == "suspension"


def test_index_beyond_the_list_is_a_range_error() -> None:
    # Step 10: "a RANGE_ERROR MUST be raised"
    refusal(lambda: answer(entry(statusListIndex="131072"), list_credential()), Code.STATUS_RANGE)


def test_list_that_is_too_short_is_remarked_on_and_still_answers() -> None:
    found = answer(entry(statusListIndex="99999"), list_credential(b"\xff" * 12_500))
    assert found.set
    assert [code for code, _ in found.remarks] == [Code.STATUS_LENGTH]


def test_length_counts_entries_not_bits() -> None:
    # Step 9: "the length of the revocation bitstring divided by statusSize"
    several = entry(
        statusPurpose="message", statusSize=2, statusMessage=messages("a", "b", "c", "d")
    )
    document = list_credential(statusPurpose="message")
    found = answer({**several, "statusListIndex": "65535"}, document)
    assert [code for code, _ in found.remarks] == [Code.STATUS_LENGTH]
    refusal(lambda: answer({**several, "statusListIndex": "65536"}, document), Code.STATUS_RANGE)


def test_message_is_found_by_its_status_not_by_its_place() -> None:
    texts = messages("pending_review", "accepted", "rejected", "undefined")
    read = entry(
        statusPurpose="message",
        statusListIndex="1",
        statusSize=2,
        statusMessage=list(reversed(texts)),
        statusReference="https://example.org/status-dictionary/",
    )
    document = list_credential(bytes([0b0010_0000]) + bytes(32_767), statusPurpose="message")
    found = answer(read, document)
    assert (found.value, found.set, found.message) == (2, True, "rejected")
    assert parse_entry(read).status_reference == ("https://example.org/status-dictionary/",)
    assert found.remarks == ()


def test_one_bit_without_messages_is_set_or_unset() -> None:
    # "If the statusMessage array is not present, the message values associated with the status bit
    # values of 1 and 0 are "set" and "unset", respectively."
    document = list_credential(b"\x80" + bytes(16_383), statusPurpose="message")
    texts = [
        answer(entry(statusPurpose="message", statusListIndex=index), document).message
        for index in ("0", "1")
    ]
    assert texts == ["set", "unset"]


def test_messages_of_the_list_are_used_where_the_entry_has_none() -> None:
    document = list_credential(
        b"\x80" + bytes(16_383),
        statusSize=1,
        statusMessages=messages("in force", "withdrawn after an appeal"),
    )
    assert answer(entry(statusListIndex="0"), document).message == "withdrawn after an appeal"


def test_list_that_says_another_size_than_the_entry_is_refused() -> None:
    refusal(lambda: answer(entry(), list_credential(statusSize=2)))


def test_expanded_values_can_be_kept() -> None:
    bits = BitString(131_072)
    bits.set(94567, 1)
    view = parse_list(list_credential())
    assert lookup(parse_entry(entry()), view, bits=bits).set
    with pytest.raises(ValueError, match="bits"):
        lookup(parse_entry(entry()), view, bits=BitString(131_072, status_size=2))


def test_list_credential_is_built_as_in_the_specification() -> None:
    bits = BitString(131_072)
    document = build_list_credential(
        list_url=LIST_URL,
        issuer="did:example:12345",
        purposes=("revocation",),
        bits=bits,
        valid_from=datetime(2021, 4, 5, 16, 27, 40, tzinfo=timezone(timedelta(hours=2))),
    )
    # Bitstring Status List 1.0, example 3, with the subject's id after the list's.
    assert without(document, "credentialSubject") == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:example:12345",
        "validFrom": "2021-04-05T14:27:40Z",
    }
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    assert without(subject, "encodedList") == {
        "id": f"{LIST_URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
    }
    assert subject["encodedList"] == bits.encode()


def test_built_list_is_read_again() -> None:
    bits = BitString(131_072)
    bits.set(7, 1)
    document = build_list_credential(
        list_url=LIST_URL,
        issuer="did:example:12345",
        purposes=("revocation", "suspension"),
        bits=bits,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=datetime(2026, 2, 1, tzinfo=UTC),
        ttl=3_600_000,
    )
    view = parse_list(document)
    assert view.purposes == ("revocation", "suspension")
    assert view.ttl == 3_600_000
    assert view.valid_until == "2026-02-01T00:00:00Z"
    for purpose in view.purposes:
        read = parse_entry(build_entry(list_url=LIST_URL, index=7, purpose=purpose))
        assert lookup(read, view).set


def test_list_too_short_for_privacy_is_not_built() -> None:
    # "The uncompressed bitstring MUST be at least 16KB in size."
    with pytest.raises(ModelError) as caught:
        build_list_credential(
            list_url=LIST_URL,
            issuer="did:example:12345",
            purposes=("revocation",),
            bits=BitString(131_064),
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        )
    assert caught.value.code == Code.STATUS_LENGTH


@pytest.mark.parametrize(
    ("purposes", "valid_from", "ttl"),
    [
        ((), datetime(2026, 1, 1, tzinfo=UTC), None),
        (("revocation",), datetime(2026, 1, 1), None),  # noqa: DTZ001
        (("revocation",), datetime(2026, 1, 1, tzinfo=UTC), -1),
    ],
)
def test_impossible_list_is_a_programming_mistake(
    purposes: tuple[str, ...], valid_from: datetime, ttl: int | None
) -> None:
    with pytest.raises(ValueError, match=r"purpose|time zone"):
        build_list_credential(
            list_url=LIST_URL,
            issuer="did:example:12345",
            purposes=purposes,
            bits=BitString(131_072),
            valid_from=valid_from,
            ttl=ttl,
        )


def test_entry_is_built_as_in_the_specification() -> None:
    # Bitstring Status List 1.0, example 1.
    assert build_entry(list_url=LIST_URL, index=94567, purpose="revocation") == entry()


def test_entry_with_messages_is_built_as_in_the_specification() -> None:
    built = build_entry(
        list_url="https://example.com/credentials/status/8",
        index=492847,
        purpose="message",
        messages=("pending_review", "accepted", "rejected", "undefined"),
        reference="https://example.org/status-dictionary/",
    )
    # Bitstring Status List 1.0, example 2.
    assert built == {
        "id": "https://example.com/credentials/status/8#492847",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "492847",
        "statusSize": 2,
        "statusListCredential": "https://example.com/credentials/status/8",
        "statusMessage": [
            {"status": "0x0", "message": "pending_review"},
            {"status": "0x1", "message": "accepted"},
            {"status": "0x2", "message": "rejected"},
            {"status": "0x3", "message": "undefined"},
        ],
        "statusReference": "https://example.org/status-dictionary/",
    }
    assert parse_entry(built).status_messages[3] == "undefined"


@pytest.mark.parametrize(("index", "texts"), [(-1, ()), (0, ("a",)), (0, ("a", "b", "c"))])
def test_impossible_entry_is_a_programming_mistake(index: int, texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="index"):
        build_entry(list_url=LIST_URL, index=index, purpose="message", messages=texts)


def test_free_index_is_chosen_at_random() -> None:
    tokens = iter([5, 7, 5, 9])
    asked: list[int] = []

    def token(length: int) -> int:
        asked.append(length)
        return next(tokens)

    assert random_index(16, {5, 7}.__contains__, token=token) == 9
    assert asked == [16] * 4


def test_index_comes_from_the_whole_list() -> None:
    chosen = {random_index(8, lambda _: False) for _ in range(500)}
    assert chosen == set(range(8))


def test_full_list_is_an_error_that_asks_for_a_new_one() -> None:
    with pytest.raises(ConfigurationError, match="new list"):
        random_index(16, lambda _: True)


@given(st.dictionaries(st.sampled_from([*entry(), "statusSize", "statusMessage"]), JSON))
def test_any_entry_is_read_or_a_status_error(changes: dict[str, JsonValue]) -> None:
    try:
        read = parse_entry(entry(**changes))
    except StatusError:
        return
    assert read.index >= 0


@given(
    st.dictionaries(st.sampled_from([*list_credential()]), JSON),
    st.dictionaries(
        st.sampled_from(["type", "statusPurpose", "encodedList", "ttl", "statusMessages"]), JSON
    ),
)
def test_any_list_is_read_or_a_status_error(
    outer: dict[str, JsonValue], inner: dict[str, JsonValue]
) -> None:
    try:
        view = parse_list({**list_credential(**inner), **outer})
        lookup(parse_entry(entry()), view)
    except StatusError:
        return
