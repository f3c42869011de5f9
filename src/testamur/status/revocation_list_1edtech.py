"""1EdTech Revocation List Status Method 1.0: read only, for Open Badges 3.0 issued before 2025.

A plain JSON document, unsigned, that names revoked credentials. Who controls its URL controls what
it says; the verifier compares `issuer` with the credential's.
"""

from __future__ import annotations

from collections.abc import Mapping

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject
from testamur.status import _members
from testamur.status.model import StatusAnswer

__all__ = [
    "ENTRY_TYPE",
    "RevocationList",
    "RevokedCredential",
    "lookup",
    "parse_entry",
    "parse_list",
]

ENTRY_TYPE = "1EdTechRevocationList"
_MEMBERS = frozenset({"@context", "id", "type", "issuer"})


@dataclass(frozen=True, slots=True)
class RevokedCredential:
    """One entry of the list.

    Attributes:
        id: the credential's id.
        revoked: whether it is revoked; a list may also say that it no longer is.
        reason: `revocationReason`, where given.
        date: `revocationDate`, as it is written, where given.
    """

    id: str
    revoked: bool
    reason: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A revocation list.

    Attributes:
        id: the list's id, to be compared with the URL it came from.
        issuer: the id of its issuer, to be compared with the credential's.
        revoked_credentials: credential id → its entry.
    """

    id: str | None
    issuer: str
    revoked_credentials: Mapping[str, RevokedCredential]


def parse_entry(entry: JsonObject) -> str:
    """Read a `credentialStatus` of type 1EdTechRevocationList and return the URL of its list.

    Raises:
        StatusError: STATUS_MALFORMED.
    """
    _members.require_type(entry, ENTRY_TYPE, "credentialStatus")
    return _members.url(entry.get("id"), "credentialStatus.id")


def parse_list(document: JsonObject) -> RevocationList:
    """Read a revocation list.

    Where a credential is listed twice, the entry that revokes it counts.

    Raises:
        StatusError: STATUS_MALFORMED.
    """
    path = "revocationList.revokedCredential"
    # An empty set is left out (Open Badges 3.0, Serialization). But a document with other members
    # may be no revocation list, or spell this one differently: it must not read as "none revoked".
    if "revokedCredential" not in document and document.keys() <= _MEMBERS:
        items = []
    else:
        items = _members.array(document.get("revokedCredential"), path)
    entries: dict[str, RevokedCredential] = {}
    for position, item in enumerate(items):
        entry = _revoked_credential(item, f"{path}[{position}]")
        if entry.id not in entries or (entry.revoked and not entries[entry.id].revoked):
            entries[entry.id] = entry
    return RevocationList(
        id=_members.optional_text(document, "id", "revocationList"),
        issuer=_members.issuer_id(document, "revocationList"),
        revoked_credentials=entries,
    )


def lookup(credential_id: str, revocation_list: RevocationList) -> StatusAnswer:
    """Find what the list says of a credential: revoked if listed and not expressly otherwise."""
    entry = revocation_list.revoked_credentials.get(credential_id)
    revoked = entry is not None and entry.revoked
    return StatusAnswer(
        value=int(revoked),
        purpose="revocation",
        set=revoked,
        reason=entry.reason if entry else None,
        date=entry.date if entry else None,
    )


def _revoked_credential(item: JsonObject, path: str) -> RevokedCredential:
    revoked = item.get("revoked", True)
    if not isinstance(revoked, bool):
        raise _members.fault(f"{path}.revoked", "true or false", revoked)
    return RevokedCredential(
        id=_members.text(item.get("id"), f"{path}.id"),
        revoked=revoked,
        reason=_members.optional_text(item, "revocationReason", path),
        date=_members.optional_text(item, "revocationDate", path),
    )
