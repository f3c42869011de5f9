"""What a status entry, a status list and the answer of one to the other are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from testamur._frozen import dataclass, field
from testamur.errors import Code

__all__ = ["Remark", "StatusAnswer", "StatusEntry", "StatusListView"]


Remark: TypeAlias = tuple[Code, str]
"""Something odd that is not in the way of an answer: its check code and one sentence.

A policy decides what it is worth.
"""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A `credentialStatus` that points into a list (BitstringStatusListEntry, StatusList2021Entry).

    Attributes:
        type: the entry's type.
        purpose: `statusPurpose`.
        index: `statusListIndex`.
        list_credential: `statusListCredential`, the URL of the list; not yet checked for fetching.
        id: the entry's id, which plays no part in verification.
        status_size: bits per value.
        status_messages: value → the issuer's words for developers; empty, or one for each
            possible value.
        status_reference: URLs of material about the status.
        remarks: what is odd about the entry.
    """

    type: str
    purpose: str
    index: int
    list_credential: str
    id: str | None = None
    status_size: int = 1
    status_messages: Mapping[int, str] = field(default_factory=dict, hash=False)
    status_reference: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusListView:
    """What a status list credential says; whether it may be believed is not checked here.

    Attributes:
        id: the list credential's id, to be compared with the entry's `list_credential`.
        issuer: the id of the list's issuer, to be compared with the credential's.
        purposes: `statusPurpose`, one or more.
        encoded_list: `encodedList`, still compressed, with the Multibase prefix "u".
        ttl: milliseconds after which a new copy should be asked for.
        status_size: bits per value, where the list says so itself.
        status_messages: value → words, where the list says so itself.
        valid_from: `validFrom` (`issuanceDate`) as it is written.
        valid_until: `validUntil` (`expirationDate`) as it is written.
    """

    id: str | None
    issuer: str
    purposes: tuple[str, ...]
    encoded_list: str
    ttl: int | None = None
    status_size: int | None = None
    status_messages: Mapping[int, str] = field(default_factory=dict, hash=False)
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What a list says of one credential.

    Attributes:
        value: the status value; 0 means that nothing is said.
        purpose: what a value other than 0 means: revocation, suspension, refresh, message, ...
        set: whether the value is other than 0.
        message: the issuer's words for this value, where it gave any.
        reason: why, where the list says so.
        date: since when, as it is written, where the list says so.
        remarks: what is odd about the list or the entry.
    """

    value: int
    purpose: str
    set: bool
    message: str | None = None
    reason: str | None = None
    date: str | None = None
    remarks: tuple[Remark, ...] = ()
