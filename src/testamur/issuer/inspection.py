"""One's own output, verified as a stranger would, before it is handed on."""

from __future__ import annotations

from datetime import datetime

from testamur.batch.sample import Anybody, OwnWeb, find_fault
from testamur.batch.status_lists import StatusLists, StatusPlace
from testamur.errors import BatchError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer
from testamur.secured import Secured
from testamur.verification import Verifier

__all__ = ["inspect_output"]


def inspect_output(
    secured: Secured,
    *,
    lists: StatusLists,
    places: tuple[StatusPlace, ...],
    signer: Signer,
    public_key: Ed25519PublicKey,
    now: datetime,
) -> None:
    """Verify a credential with the key that the register knows, offline.

    Args:
        secured: the credential.
        lists: where its status will be published.
        places: its places in them.
        signer: signs the lists for this check alone.
        public_key: as the register has it.
        now: the clock, aware.

    Raises:
        BatchError: it would not be accepted.
    """
    web = OwnWeb(lists, signer, public_key=public_key, now=now)
    web.places = places
    report = Verifier(now=now, trust=Anybody(), fetcher=web).examine(secured.content)
    fault = find_fault(report, has_status=bool(places))
    if fault is not None:
        raise BatchError(
            f"what was signed does not verify, so it is not handed on: {fault[0]}", code=fault[1]
        )
