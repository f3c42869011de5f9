"""Status lists: which have to be signed anew, and that none of them ever goes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError, SigningKeyError, TestamurError
from testamur.issuing import SUITES, issue
from testamur.keys import multikey
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp
from testamur.publish.schedule import Schedule
from testamur.register import KeyRecord, ListRecord
from testamur.secure.data_integrity import parse_proofs, verify_proof
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list

__all__ = [
    "Entry",
    "is_due",
    "public_key_of",
    "published_bits",
    "require_known",
    "require_no_return",
    "sign_list",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of a list.

    Attributes:
        sequence: the how-manieth publication it is.
        change: the last change of a status that is in it.
        signed: when it was signed, aware.
        until: its validUntil, aware.
        ttl: seconds.
        key: verification method of the key that signed it.
    """

    sequence: int
    change: int
    signed: datetime
    until: datetime
    ttl: int
    key: str

    def to_json(self) -> JsonObject:
        """Return it as the manifest holds it."""
        return {
            "sequence": self.sequence,
            "change": self.change,
            "signed": format_date_time_stamp(self.signed),
            "until": format_date_time_stamp(self.until),
            "ttl": self.ttl,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, said: object) -> Entry | None:
        """Read it; None where it is not there or cannot be read: the list is signed anew then."""
        if not isinstance(said, dict):
            return None
        sequence, change, ttl, key = (
            said.get(name) for name in ("sequence", "change", "ttl", "key")
        )
        if not (
            isinstance(sequence, int)
            and isinstance(change, int)
            and isinstance(ttl, int)
            and isinstance(key, str)
        ):
            return None
        try:
            signed, until = (
                parse_date_time_stamp(str(said.get(name)), path=name)
                for name in ("signed", "until")
            )
        except TestamurError:
            return None
        return cls(sequence, change, signed, until, ttl, key)


def is_due(
    record: ListRecord,
    entry: Entry,
    *,
    schedule: Schedule,
    compromised: Collection[str],
    now: datetime,
) -> bool:
    """Whether a list that is published as the manifest says has to be published anew.

    One that was signed at a time still to come, by a clock that has been set right since, is: it
    holds from that time on only.

    Args:
        record: the list, as the register has it.
        entry: what the manifest says of it.
        schedule: how long lists hold.
        compromised: verification methods of the keys that others may have.
        now: the clock, aware.
    """
    return (
        record.last_change != entry.change
        or not entry.signed <= now < entry.signed + schedule.renew_after
        or entry.until != entry.signed + schedule.valid_for
        or timedelta(seconds=entry.ttl) != schedule.ttl
        or entry.key in compromised
    )


def sign_list(
    record: ListRecord,
    bits: BitString,
    *,
    signer: Signer,
    public_key: Ed25519PublicKey,
    schedule: Schedule,
    now: datetime,
) -> tuple[bytes, Entry]:
    """Sign a list, and verify it with the public key that the register has.

    Args:
        record: the list, before `note_publication`.
        bits: its values.
        signer: holds a key of the issuer.
        public_key: the public part of that key.
        schedule: how long it holds.
        now: the clock, aware, in seconds.

    Raises:
        SigningKeyError: the key cannot sign.
        ProofError: the signer holds another key than the register says.
    """
    until = now + schedule.valid_for
    document = bitstring_status_list.build_list_credential(
        list_url=record.url,
        issuer=record.issuer,
        purposes=(record.purpose,),
        bits=bits,
        valid_from=now,
        valid_until=until,
        ttl=int(schedule.ttl / timedelta(milliseconds=1)),
    )
    content = issue(document, signer=signer, now=now).content
    secured = load(content)
    _verify(secured, public_key)
    if _bits(secured, record) != bits:
        raise RegisterError(
            f"{record.url} does not say what was signed", code=Code.STATUS_MALFORMED
        )
    entry = Entry(
        sequence=record.sequence + 1,
        change=record.last_change,
        signed=now,
        until=until,
        ttl=int(schedule.ttl.total_seconds()),
        key=signer.verification_method,
    )
    return content, entry


def published_bits(
    content: bytes | None, record: ListRecord, keys: Mapping[str, KeyRecord]
) -> BitString | None:
    """Return what a published list says; None where it is not there, damaged, or not our own.

    Args:
        content: of the file.
        record: the list.
        keys: the issuer's keys, by verification method.
    """
    if content is None:
        return None
    try:
        secured = load(content)
        (proof,) = parse_proofs(secured.document, SUITES.values())
        known = keys.get(proof.verification_method)
        if known is None or known.compromised_at is not None:
            return None
        _verify(secured, public_key_of(known))
        return _bits(secured, record)
    except (TestamurError, ValueError):
        return None


def require_known(record: ListRecord, entry: Entry | None) -> None:
    """Refuse where a list was published oftener than the register knows.

    Raises:
        RegisterError: REGISTER_CONFLICT.
    """
    if entry is not None and entry.sequence > record.sequence:
        raise _earlier(
            record,
            f"it was published {entry.sequence} times, of which the register knows "
            f"{record.sequence}",
        )


def require_no_return(record: ListRecord, bits: BitString, published: BitString | None) -> None:
    """Refuse to publish less than what is published: the register must be of an earlier day.

    Raises:
        RegisterError: REGISTER_CONFLICT.
    """
    if record.purpose != "revocation" or published is None:
        return
    lost = published.missing_in(bits)
    if lost:
        raise _earlier(record, f"{len(lost)} withdrawals in it are not in the register")


def public_key_of(record: KeyRecord) -> Ed25519PublicKey:
    """Return the public key of a record.

    Raises:
        SigningKeyError: it is of another kind, or damaged.
    """
    key = multikey.decode_public_key(record.public_key)
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyError(f"{record.verification_method[:160]} is no Ed25519 key")
    return key


def _earlier(record: ListRecord, what: str) -> RegisterError:
    return RegisterError(
        f"{record.url} is not published again: {what}. Was a backup restored? Put back a newer "
        "one, or take over into the register what the published lists say, with "
        "`testamur publish --after-restore`",
        code=Code.REGISTER_CONFLICT,
        url=record.url,
    )


def _verify(secured: Secured, key: Ed25519PublicKey) -> None:
    proofs = parse_proofs(secured.document, SUITES.values())
    for proof in proofs:
        verify_proof(secured.document, proof, proofs=proofs, key=key, contexts=Contexts.bundled())


def _bits(secured: Secured, record: ListRecord) -> BitString:
    view = bitstring_status_list.parse_list(secured.document)
    if view.id != record.url or view.purposes != (record.purpose,):
        raise ValueError("another list")
    bits = BitString.decode(view.encoded_list)
    if len(bits) != record.length:
        raise ValueError("a list of another length")
    return bits
