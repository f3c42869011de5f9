"""Status entries: where a credential's status is published."""

from __future__ import annotations

from testamur.model.ob3 import CredentialStatus
from testamur.status import bitstring_status_list

__all__ = ["status_entry"]


def status_entry(*, list_url: str, index: int, purpose: str) -> CredentialStatus:
    """Build the entry that points a credential into a status list (BitstringStatusListEntry).

    Args:
        list_url: where the list is published.
        index: the credential's own place in the list; choose it with
            `testamur.status.bitstring_status_list.random_index`, and never give one twice.
        purpose: "revocation" or "suspension"; one of the list's purposes.

    Raises:
        ModelError: the URL or the purpose breaks the standard. ValueError: a negative index.
    """
    entry = bitstring_status_list.build_entry(list_url=list_url, index=index, purpose=purpose)
    return CredentialStatus.from_json(entry)
