"""Bitstring Status List 1.0: status entries and status lists, read and made.

Nothing is fetched here and no proof is checked: the list credential is verified like any other,
then read with `parse_list` and asked with `lookup`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from testamur import limits
from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ConfigurationError, ModelError, StatusError
from testamur.status import _members
from testamur.status.bitstring import BitString
from testamur.status.lookup import lookup
from testamur.status.model import Remark, StatusEntry, StatusListView

__all__ = [
    "ENTRY_TYPE",
    "LIST_TYPE",
    "build_entry",
    "build_list_credential",
    "lookup",
    "parse_entry",
    "parse_list",
    "parse_status_list_index",
    "random_index",
]

ENTRY_TYPE = "BitstringStatusListEntry"
LIST_TYPE = "BitstringStatusListCredential"
_SUBJECT_TYPE = "BitstringStatusList"
_CONTEXT = "https://www.w3.org/ns/credentials/v2"

# ASCII digits only: int() also takes "+1", " 1", "1_0" and the digits of every script.
_INDEX = lazy_pattern(r"0|[1-9][0-9]*")
_LONGEST_TTL = 2**53
_TRIES = 256


def parse_entry(entry: JsonObject) -> StatusEntry:
    """Read a BitstringStatusListEntry (section 2.1).

    Raises:
        StatusError: STATUS_MALFORMED; STATUS_RANGE for an index that no list can have.
    """
    path = "credentialStatus"
    _members.require_type(entry, ENTRY_TYPE, path)
    index, conformant = parse_status_list_index(entry.get("statusListIndex"))
    size = _status_size(entry, path)
    messages = _members.status_messages(entry, "statusMessage", path=path, size=size or 1)
    if size is not None and size > 1 and not messages:
        raise _members.fault(
            f"{path}.statusMessage", "an array, because statusSize is greater than 1", None
        )
    identifier = _members.optional_text(entry, "id", path)
    list_url = _members.url(entry.get("statusListCredential"), f"{path}.statusListCredential")
    remarks: list[Remark] = []
    if not conformant:
        remarks.append((Code.NOT_CONFORMANT, "The status list index is not written as a string."))
    if identifier == list_url:
        remarks.append((Code.NOT_CONFORMANT, "The status entry has the id of the status list."))
    return StatusEntry(
        type=ENTRY_TYPE,
        purpose=_members.text(entry.get("statusPurpose"), f"{path}.statusPurpose"),
        index=index,
        list_credential=list_url,
        id=identifier,
        status_size=size or 1,
        status_messages=messages,
        status_reference=_references(entry, f"{path}.statusReference"),
        remarks=tuple(remarks),
    )


def parse_status_list_index(value: object) -> tuple[int, bool]:
    """Read a `statusListIndex` (section 2.1: an integer "expressed as a string in base 10").

    Returns:
        the index, and whether it is written as the specification wants. A JSON integer is not, but
        it leaves no doubt.

    Raises:
        StatusError: STATUS_MALFORMED; STATUS_RANGE for an index that no list can have.
    """
    path = "credentialStatus.statusListIndex"
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _INDEX.fullmatch(text):
        raise _members.fault(path, 'a whole number in a string, as "42"', value)
    if len(text) > len(str(limits.STATUS_LIST_BITS)) or int(text) >= limits.STATUS_LIST_BITS:
        raise StatusError(
            f"{path} {text[:40]} is beyond the end of any status list that is read",
            code=Code.STATUS_RANGE,
            path=path,
            expected=f"less than {limits.STATUS_LIST_BITS}",
            found=text[:40],
        )
    return int(text), isinstance(value, str)


def parse_list(document: JsonObject) -> StatusListView:
    """Read a BitstringStatusListCredential (section 2.2); its proof is not looked at.

    Raises:
        StatusError: STATUS_MALFORMED.
    """
    _members.require_type(document, LIST_TYPE, "credential")
    path = "credentialSubject"
    subject = _members.single_object(document.get(path), path)
    _members.require_type(subject, _SUBJECT_TYPE, path)
    size = _status_size(subject, path)
    ttl = None
    if "ttl" in subject:
        ttl = _members.integer(subject["ttl"], f"{path}.ttl", minimum=0, maximum=_LONGEST_TTL)
    return StatusListView(
        id=_members.optional_text(document, "id", "credential"),
        issuer=_members.issuer_id(document, "credential"),
        purposes=_members.strings(subject.get("statusPurpose"), f"{path}.statusPurpose"),
        encoded_list=_members.text(subject.get("encodedList"), f"{path}.encodedList"),
        ttl=ttl,
        status_size=size,
        status_messages=_members.status_messages(
            subject, "statusMessages", path=path, size=size or 1
        ),
        valid_from=_members.optional_text(document, "validFrom", "credential"),
        valid_until=_members.optional_text(document, "validUntil", "credential"),
    )


def build_list_credential(
    *,
    list_url: str,
    issuer: str,
    purposes: tuple[str, ...],
    bits: BitString,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: int | None = None,
) -> JsonObject:
    """Make an unsigned BitstringStatusListCredential (section 3.1, steps 2 to 4).

    What values of more than one bit mean is said in the entries: the VC 2.0 context defines
    `statusSize` and `statusMessage` there only, and an undefined member would not be signed.

    Args:
        list_url: where the list will be published; becomes its id.
        issuer: the issuer's id.
        purposes: one or more of revocation, suspension, refresh, message.
        bits: the values.
        valid_from: aware.
        valid_until: aware; the list must have been published anew by then.
        ttl: milliseconds after which a verifier should ask for a new copy.

    Raises:
        ModelError: STATUS_LENGTH, for a list of fewer than 131,072 entries.
        ValueError: no purpose, a negative ttl or a naive instant.
    """
    if len(bits) < limits.STATUS_LIST_MINIMUM_ENTRIES:
        raise ModelError(
            f"a status list needs at least {limits.STATUS_LIST_MINIMUM_ENTRIES} entries, so that "
            f"nobody is told apart by it; this one has {len(bits)}",
            code=Code.STATUS_LENGTH,
            expected=f"at least {limits.STATUS_LIST_MINIMUM_ENTRIES} entries",
            found=str(len(bits)),
        )
    if not purposes or (ttl is not None and ttl < 0):
        raise ValueError("a status list has at least one purpose, and a ttl that is not negative")
    subject: JsonObject = {
        "id": f"{list_url}#list",
        "type": _SUBJECT_TYPE,
        "statusPurpose": purposes[0] if len(purposes) == 1 else list(purposes),
        "encodedList": bits.encode(),
    }
    if ttl is not None:
        subject["ttl"] = ttl
    document: JsonObject = {
        "@context": [_CONTEXT],
        "id": list_url,
        "type": ["VerifiableCredential", LIST_TYPE],
        "issuer": issuer,
        "validFrom": _date_time_stamp(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = _date_time_stamp(valid_until)
    document["credentialSubject"] = subject
    return document


def build_entry(
    *,
    list_url: str,
    index: int,
    purpose: str,
    messages: tuple[str, ...] = (),
    reference: str | None = None,
) -> JsonObject:
    """Make a BitstringStatusListEntry (section 2.1).

    Args:
        list_url: where the list is published.
        index: the credential's place in the list.
        purpose: one of the list's purposes.
        messages: what the values 0, 1, ... mean to developers: none, or two to the power of
            `statusSize`, which follows from them.
        reference: URL of material about the status.

    Raises:
        ValueError: a negative index, or a number of messages that is no such power.
    """
    size = len(messages).bit_length() - 1
    if index < 0 or (messages and (size < 1 or len(messages) != 1 << size)):
        raise ValueError("an index is not negative; there are 2, 4, 8, ... messages or none")
    entry: JsonObject = {
        "id": f"{list_url}#{index}",
        "type": ENTRY_TYPE,
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }
    if messages:
        entry["statusSize"] = size
        entry["statusMessage"] = [
            {"status": f"{value:#x}", "message": message} for value, message in enumerate(messages)
        ]
    if reference is not None:
        entry["statusReference"] = reference
    return entry


def random_index(
    length: int,
    taken: Callable[[int], bool],
    *,
    token: Callable[[int], int] | None = None,
) -> int:
    """Choose a free index at random, so that nothing follows from its position (section 2.1).

    Reserving it is the caller's business, and so is asking again when another process was faster.

    Args:
        length: entries in the list.
        taken: whether an index was ever given away.
        token: gives a random number below its argument; `secrets.randbelow` by default.

    Raises:
        ConfigurationError: the list is so full that no free index was found.
    """
    if token is None:
        import secrets  # whoever only reads lists does without

        token = secrets.randbelow
    for _ in range(_TRIES):
        index = token(length)
        if not taken(index):
            return index
    raise ConfigurationError(
        f"no free index among {_TRIES} random ones in a status list of {length} entries; "
        "start a new list"
    )


def _status_size(document: JsonObject, path: str) -> int | None:
    if "statusSize" not in document:
        return None
    return _members.integer(
        document["statusSize"],
        f"{path}.statusSize",
        minimum=1,
        maximum=limits.STATUS_SIZE_BITS,
    )


def _references(entry: JsonObject, path: str) -> tuple[str, ...]:
    if "statusReference" not in entry:
        return ()
    return tuple(
        _members.url(reference, path)
        for reference in _members.strings(entry["statusReference"], path)
    )


def _date_time_stamp(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
