from __future__ import annotations

import pytest

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, StatusError
from testamur.status.status_list_2021 import lookup, parse_entry, parse_list

LIST_URL = "https://example.com/credentials/status/3"
# Index 50000 is set; made by Digital Bazaar (100,000 entries, without the Multibase prefix).
ENCODED = "H4sIAAAAAAAAA-3OMQ0AAAgDsElHOh72EJJWQRMAAAAAAIDWXAcAAAAAAIDHFvRitn7UMAAA"


def entry(**changes: JsonValue) -> JsonObject:
    document: JsonObject = {
        "id": f"{LIST_URL}#50000",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": "50000",
        "statusListCredential": LIST_URL,
    }
    return {**document, **changes}


def list_credential(**changes: JsonValue) -> JsonObject:
    return {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/vc/status-list/2021/v1",
        ],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": "did:example:12345",
        "issuanceDate": "2021-04-05T14:27:40Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": ENCODED,
            **changes,
        },
    }


@pytest.mark.parametrize("encoded", [ENCODED, f"u{ENCODED}"])
@pytest.mark.parametrize(("index", "revoked"), [("50000", True), ("49999", False), ("0", False)])
def test_list_answers_with_and_without_the_multibase_prefix(
    encoded: str, index: str, revoked: bool
) -> None:
    view = parse_list(list_credential(encodedList=encoded))
    found = lookup(parse_entry(entry(statusListIndex=index)), view)
    assert found.set is revoked
    assert found.purpose == "revocation"
    assert [code for code, _ in found.remarks] == [Code.STATUS_LENGTH]


def test_dates_have_their_names_of_vc_1_1() -> None:
    document = list_credential()
    document["expirationDate"] = "2031-04-05T14:27:40Z"
    view = parse_list(document)
    assert view.valid_from == "2021-04-05T14:27:40Z"
    assert view.valid_until == "2031-04-05T14:27:40Z"
    assert view.issuer == "did:example:12345"
    assert view.id == LIST_URL


def test_index_as_a_number_is_remarked_on() -> None:
    assert [code for code, _ in parse_entry(entry(statusListIndex=5)).remarks] == [
        Code.NOT_CONFORMANT
    ]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("type", "BitstringStatusListEntry", Code.STATUS_MALFORMED),
        ("statusPurpose", "message", Code.STATUS_MALFORMED),
        ("statusPurpose", ["revocation"], Code.STATUS_MALFORMED),
        ("statusPurpose", None, Code.STATUS_MALFORMED),
        ("statusListCredential", None, Code.STATUS_MALFORMED),
        ("statusListIndex", "-1", Code.STATUS_MALFORMED),
        ("statusListIndex", "9999999999", Code.STATUS_RANGE),
        ("id", 1, Code.STATUS_MALFORMED),
    ],
)
def test_malformed_entry_is_refused(name: str, value: JsonValue, code: Code) -> None:
    with pytest.raises(StatusError) as caught:
        parse_entry(entry(**{name: value}))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "BitstringStatusList"),
        ("statusPurpose", None),
        ("encodedList", None),
        ("encodedList", "!"),
        ("encodedList", ENCODED + "="),
        ("encodedList", ENCODED[:-4]),
    ],
)
def test_malformed_list_is_refused(name: str, value: JsonValue) -> None:
    with pytest.raises(StatusError) as caught:
        lookup(parse_entry(entry()), parse_list(list_credential(**{name: value})))
    assert caught.value.code == Code.STATUS_MALFORMED


def test_purpose_of_another_list_is_refused() -> None:
    with pytest.raises(StatusError) as caught:
        lookup(parse_entry(entry(statusPurpose="suspension")), parse_list(list_credential()))
    assert caught.value.code == Code.STATUS_VERIFICATION


def test_bitstring_list_is_not_taken_for_one_of_2021() -> None:
    document = list_credential()
    document["type"] = ["BitstringStatusListCredential"]
    with pytest.raises(StatusError):
        parse_list(document)
