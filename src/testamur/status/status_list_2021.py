"""Status List 2021 (W3C Working Draft of 2023): read only, for credentials issued before 2024.

The forerunner of Bitstring Status List: the same bits, in `encodedList` without the Multibase
prefix. What is read here is asked with the same `lookup`.
"""

from __future__ import annotations

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.status import _members
from testamur.status.bitstring_status_list import parse_status_list_index
from testamur.status.lookup import lookup
from testamur.status.model import Remark, StatusEntry, StatusListView

__all__ = ["ENTRY_TYPE", "LIST_TYPE", "lookup", "parse_entry", "parse_list"]

ENTRY_TYPE = "StatusList2021Entry"
LIST_TYPE = "StatusList2021Credential"
_SUBJECT_TYPE = "StatusList2021"
_PURPOSES = ("revocation", "suspension")


def parse_entry(entry: JsonObject) -> StatusEntry:
    """Read a StatusList2021Entry.

    Raises:
        StatusError: STATUS_MALFORMED; STATUS_RANGE for an index that no list can have.
    """
    path = "credentialStatus"
    _members.require_type(entry, ENTRY_TYPE, path)
    index, conformant = parse_status_list_index(entry.get("statusListIndex"))
    purpose = entry.get("statusPurpose")
    if purpose not in _PURPOSES:
        raise _members.fault(f"{path}.statusPurpose", " or ".join(_PURPOSES), purpose)
    remarks: tuple[Remark, ...] = ()
    if not conformant:
        remarks = ((Code.NOT_CONFORMANT, "The status list index is not written as a string."),)
    return StatusEntry(
        type=ENTRY_TYPE,
        purpose=str(purpose),
        index=index,
        list_credential=_members.url(
            entry.get("statusListCredential"), f"{path}.statusListCredential"
        ),
        id=_members.optional_text(entry, "id", path),
        remarks=remarks,
    )


def parse_list(document: JsonObject) -> StatusListView:
    """Read a StatusList2021Credential; its proof is not looked at.

    Raises:
        StatusError: STATUS_MALFORMED.
    """
    credential = "credential"
    _members.require_type(document, LIST_TYPE, credential)
    path = "credentialSubject"
    subject = _members.single_object(document.get(path), path)
    _members.require_type(subject, _SUBJECT_TYPE, path)
    encoded = _members.text(subject.get("encodedList"), f"{path}.encodedList")
    return StatusListView(
        id=_members.optional_text(document, "id", credential),
        issuer=_members.issuer_id(document, credential),
        purposes=_members.strings(subject.get("statusPurpose"), f"{path}.statusPurpose"),
        # Some issuers write the prefix already. Base64url of gzip never begins with "u" itself.
        encoded_list=encoded if encoded.startswith("u") else f"u{encoded}",
        valid_from=_first_text(document, "validFrom", "issuanceDate"),
        valid_until=_first_text(document, "validUntil", "expirationDate"),
    )


def _first_text(document: JsonObject, name: str, older_name: str) -> str | None:
    """Return a date under its name in VC 2.0, or in VC 1.1, which these lists mostly are."""
    value = _members.optional_text(document, name, "credential")
    older = _members.optional_text(document, older_name, "credential")
    return older if value is None else value
