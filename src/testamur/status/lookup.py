"""Asking a status list about one entry: Bitstring Status List 1.0, section 3.2.

The same for Status List 2021, whose lists differ in their spelling only.
"""

from __future__ import annotations

from testamur import limits
from testamur.errors import Code, StatusError
from testamur.status import _members
from testamur.status.bitstring import BitString
from testamur.status.model import StatusAnswer, StatusEntry, StatusListView

__all__ = ["lookup"]


def lookup(
    entry: StatusEntry, view: StatusListView, *, bits: BitString | None = None
) -> StatusAnswer:
    """Find what a list says of the credential with this entry (section 3.2, from step 5).

    Does not check the list's proof, issuer, id or validity (steps 1 to 4 are the verifier's). A
    list that is too short for the privacy of the herd is a remark, since its answer is clear.

    Args:
        entry: the credential's status entry.
        view: the list that it names.
        bits: the list's values, expanded for entries of `entry.status_size`, where the caller
            keeps them; expanded here otherwise.

    Raises:
        StatusError: STATUS_VERIFICATION (the list is for another purpose), STATUS_RANGE,
            STATUS_MALFORMED, RESOURCE_LIMIT.
        ValueError: `bits` are of another size.
    """
    # Step 5.
    if entry.purpose not in view.purposes:
        raise StatusError(
            f"the status list is for {', '.join(view.purposes)[:80]}, not for the entry's purpose "
            f"{entry.purpose[:80]!r}",
            code=Code.STATUS_VERIFICATION,
            path="credentialSubject.statusPurpose",
            expected=entry.purpose[:80],
            found=", ".join(view.purposes)[:80],
        )
    if view.status_size not in (None, entry.status_size):
        raise _members.fault(
            "credentialSubject.statusSize",
            f"{entry.status_size}, as in the status entry",
            view.status_size,
        )
    # Steps 6 to 8.
    if bits is None:
        bits = BitString.decode(view.encoded_list, status_size=entry.status_size)
    elif bits.status_size != entry.status_size:
        raise ValueError(f"the values have {bits.status_size} bits, not {entry.status_size}")
    # Step 9.
    remarks = entry.remarks
    if len(bits) < limits.STATUS_LIST_MINIMUM_ENTRIES:
        sentence = (
            f"The status list has {len(bits)} entries; to protect privacy it should have "
            f"at least {limits.STATUS_LIST_MINIMUM_ENTRIES}."
        )
        remarks = (*remarks, (Code.STATUS_LENGTH, sentence))
    # Step 10.
    value = bits.get(entry.index)
    # Steps 11 to 15; `valid` of step 13 is `not set`.
    return StatusAnswer(
        value=value,
        purpose=entry.purpose,
        set=value != 0,
        message=_message(value, entry, view),
        remarks=remarks,
    )


def _message(value: int, entry: StatusEntry, view: StatusListView) -> str | None:
    messages = entry.status_messages or view.status_messages
    if messages:
        return messages.get(value)
    if entry.purpose == "message":
        # Section 2.1, statusMessage: what the values of one bit mean where nothing is said.
        return "set" if value else "unset"
    return None
