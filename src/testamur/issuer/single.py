"""One credential: recorded, signed, verified, marked as issued."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from testamur.batch.status_lists import StatusPlace
from testamur.canon.contexts import STATUS_V1
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import Code, RegisterError
from testamur.issuer.asked import Asked
from testamur.issuer.policy import Documents, Policy, Recipients
from testamur.issuing import Mechanism
from testamur.model.dates import check_date_time
from testamur.model.vcdm import CREDENTIALS_V1
from testamur.register.achievements import record_achievement
from testamur.register.contents import read_contents
from testamur.register.credentials import (
    CredentialRecord,
    Kind,
    Relation,
    Standing,
    State,
    next_number,
    require_credential,
)
from testamur.register.issuer_keys import KeyRecord, require_key
from testamur.register.issuers import IssuerRecord, require_issuer
from testamur.register.packing import pack, unpack
from testamur.register.places import give, reserve
from testamur.register.recipients import hashed_recipient
from testamur.register.schema import credentials, keys, plans, signatures
from testamur.register.statuses import Action, change_status, refusal
from testamur.register.tags import Known, find_tags
from testamur.register.trail import require_text
from testamur.register.trail_and_plans import require_document_as_planned
from testamur.register.writing import Writing
from testamur.status import bitstring_status_list

_HASHED = re.compile(r"#[0-9a-f]{32}")

__all__ = ["Plan", "abandon", "conclude", "give_up_renewal", "plan_credential", "read_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A credential that is recorded and not signed yet.

    Attributes:
        number: the register's own.
        id: the credential's id.
        document: unsigned.
        mechanism: how it is secured.
        planned_at: aware; the proof's `created`, so that signing again gives the same bytes.
        places: where its status is published.
    """

    number: int
    id: str
    document: Mapping[str, JsonValue] = field(repr=False)
    mechanism: Mechanism
    planned_at: datetime
    places: tuple[StatusPlace, ...]


@dataclass(frozen=True, slots=True)
class Superseding:
    """What a credential supersedes, how, and why."""

    id: str
    relation: Relation
    reason: str = field(repr=False)


def plan_credential(
    writing: Writing,
    document: JsonObject,
    *,
    asked: Asked,
    verification_method: str,
    mechanism: Mechanism,
    policy: Policy,
    superseding: Superseding | None = None,
    who: str | None = None,
) -> Plan | Known:
    """Record a credential that is going to be signed, with its places; or return what there is.

    Raises:
        RegisterError: the key must not sign; the issuer has no series; another content was asked
            for under this key; what it supersedes is superseded or abandoned.
    """
    key, issuer = usable_key(writing, verification_method)
    tag, request = keyed_request(writing, issuer, asked)
    known = find_tags(writing.connection, [tag]).get(tag)
    if known is not None:
        require_same(known, request)
        return known
    older = None if superseding is None else _superseded(writing, superseding)
    kind, version = _kind_and_version(writing, issuer, document)
    reservation = reserve(writing, issuer, 1)
    places = reservation.places(reservation.first)
    document = with_status(document, places)
    _require_new(writing, str(document["id"]))
    plan = Plan(
        number=next_number(writing.connection),
        id=str(document["id"]),
        document=document,
        mechanism=mechanism,
        planned_at=writing.now,
        places=places,
    )
    kept = keep_recipient(writing, asked.recipient, policy)
    writing.connection.execute(
        credentials.insert().values(
            id=plan.number,
            uri=plan.id,
            issuer_id=issuer.number,
            kind=kind.value,
            tag=tag,
            request=request,
            recipient=kept,
            achievement_version_id=version,
            mechanism=mechanism.value,
            valid_from=_instant(document.get("validFrom")),
            valid_until=_instant(document.get("validUntil")),
            planned_at=writing.now,
            supersedes_id=None if older is None else older.number,
            relation=None if superseding is None else superseding.relation.value,
        )
    )
    content = dumps(document).encode("utf-8")
    writing.connection.execute(
        plans.insert().values(
            credential_id=plan.number,
            key_id=key.number,
            document=pack(content),
            reason=None if superseding is None else superseding.reason,
        )
    )
    give(writing, reservation, reservation.first, [plan.number])
    bound = writing.commit_to(
        dumps({"recipient": kept, "document": sha256(content).hexdigest()}),
        credential_id=plan.number,
    )
    facts: JsonObject = {
        "bound": bound,
        "key": key.verification_method,
        "places": [f"{place.list_url}#{place.index}" for place in places],
    }
    if superseding is not None:
        facts[superseding.relation.value] = superseding.id
    writing.record("credential.planned", plan.id, facts, who=who)
    return plan


def read_plan(writing: Writing, number: int) -> Plan | None:
    """Return a plan that was recorded before; None where it is not open any more.

    Raises:
        RegisterError: REGISTER_DAMAGED, where it was changed since.
    """
    query = (
        select(
            credentials.c.uri,
            credentials.c.mechanism,
            credentials.c.planned_at,
            plans.c.document,
        )
        .join(plans, plans.c.credential_id == credentials.c.id)
        .where(credentials.c.id == number)
    )
    row = writing.connection.execute(query).one_or_none()
    if row is None:
        return None
    text = unpack(bytes(row.document))
    require_document_as_planned(writing.connection, row.uri, text)
    return Plan(
        number=number,
        id=row.uri,
        document=parse_object(text),
        mechanism=Mechanism(row.mechanism),
        planned_at=row.planned_at,
        places=require_credential(writing.connection, row.uri).places,
    )


def conclude(
    writing: Writing,
    plan: Plan,
    content: bytes,
    *,
    verification_method: str,
    policy: Policy,
    who: str | None = None,
) -> tuple[bytes | None, bool]:
    """Write down what was signed, and revoke what it replaces.

    Returns:
        The exact bytes that count, which are another process's where that was faster, and None
        where those are not kept; and whether they are ours.

    Raises:
        RegisterError: the key must not sign any more; the plan was abandoned.
    """
    query = select(signatures.c.content_hash).where(signatures.c.credential_id == plan.number)
    if writing.connection.execute(query).first() is not None:
        return read_contents(writing.connection, [plan.number]).get(plan.number), False
    row = writing.connection.execute(
        select(plans).where(plans.c.credential_id == plan.number)
    ).one_or_none()
    if row is None:
        raise RegisterError(
            f"{plan.id[:160]} was abandoned while it was signed", code=Code.REGISTER_CONFLICT
        )
    key, _issuer = usable_key(writing, verification_method)
    digest = sha256(content).digest()
    writing.connection.execute(
        signatures.insert().values(
            credential_id=plan.number,
            key_id=key.number,
            content_hash=digest,
            issued_at=writing.now,
            content=pack(content) if policy.documents is Documents.KEPT else None,
        )
    )
    writing.connection.execute(plans.delete().where(plans.c.credential_id == plan.number))
    facts: JsonObject = {"sha256": digest.hex(), "key": key.verification_method}
    writing.record("credential.issued", plan.id, facts, who=who)
    writing.announce("credential.issued", plan.id, {"id": plan.id})
    _revoke_replaced(writing, plan, row.reason, who)
    return content, True


def abandon(writing: Writing, record: CredentialRecord, *, reason: str, who: str | None) -> None:
    """Give up a credential that is planned; its places stay taken, its key is free again."""
    writing.connection.execute(plans.delete().where(plans.c.credential_id == record.number))
    writing.connection.execute(
        credentials.update()
        .where(credentials.c.id == record.number)
        .values(tag=None, request=None, supersedes_id=None, abandoned_at=writing.now)
    )
    writing.record("credential.abandoned", record.id, {"reason": reason}, who=who)


def give_up_renewal(writing: Writing, plan: Plan, *, who: str | None) -> str | None:
    """Abandon a renewal that is planned, where what it renews was withdrawn meanwhile.

    Returns:
        Why it is abandoned; None where it is not.
    """
    record = require_credential(writing.connection, plan.id)
    if (
        record.state is not State.PLANNED
        or record.relation is not Relation.RENEWS
        or record.supersedes is None
    ):
        return None
    refused = _withdrawn(require_credential(writing.connection, record.supersedes))
    if refused is None:
        return None
    reason = f"{record.supersedes[:160]} {refused}"
    abandon(writing, record, reason=reason, who=who)
    return reason


def usable_key(writing: Writing, verification_method: str) -> tuple[KeyRecord, IssuerRecord]:
    """Return a key that may sign now, and whose it is.

    Raises:
        RegisterError: it is not recorded, not valid yet, retired or compromised.
    """
    key = require_key(writing.connection, verification_method)
    key.require_usable(writing.now)
    return key, require_issuer(writing.connection, key.issuer)


def keyed_request(writing: Writing, issuer: IssuerRecord, asked: Asked) -> tuple[bytes, bytes]:
    """Return the keyed hashes under which a request is known, and of its content."""
    tag = writing.keyed("key", f"{issuer.id}\0{asked.key}")
    return tag, writing.keyed("request", asked.content)


def require_same(known: Known, request: bytes) -> None:
    """Refuse another content under a key that was used.

    Raises:
        RegisterError: REGISTER_CONFLICT.
    """
    if known.request != request:
        raise RegisterError(
            f"under the same key for the award (yours, or else achievement, recipient and date) "
            f"another content was recorded before, as {known.id[:160]}; to correct it, replace "
            "that credential; to issue a further one, give it a key of its own (--as)",
            code=Code.REGISTER_CONFLICT,
        )


def keep_recipient(writing: Writing, recipient: str | None, policy: Policy) -> str | None:
    """Return a recipient as the policy keeps it.

    Raises:
        RegisterError: it is no text.
    """
    require_text(recipient or "", "recipient")
    if recipient is None or policy.recipients is Recipients.PLAIN:
        return recipient
    if _HASHED.fullmatch(recipient):  # as the register kept it before
        return recipient
    return hashed_recipient(writing.keyed, recipient)


def with_status(document: JsonObject, places: tuple[StatusPlace, ...]) -> JsonObject:
    """Return a credential with its status; a context of VC 1.1 does not define that by itself."""
    context = document.get("@context")
    contexts: list[JsonValue] = list(context) if isinstance(context, list) else [context]
    if CREDENTIALS_V1 in contexts and STATUS_V1 not in contexts:
        document = {**document, "@context": [*contexts, STATUS_V1]}
    return {**document, "credentialStatus": status_member(places)}


def status_member(places: tuple[StatusPlace, ...]) -> JsonValue:
    """Return the credentialStatus of places; a single one is written as an object."""
    entries: list[JsonValue] = [
        bitstring_status_list.build_entry(
            list_url=place.list_url, index=place.index, purpose=place.purpose
        )
        for place in places
    ]
    return entries[0] if len(entries) == 1 else entries


def planned_key(writing: Writing, number: int) -> str:
    """Return the verification method with which a plan was to be signed."""
    query = (
        select(keys.c.verification_method)
        .join(plans, plans.c.key_id == keys.c.id)
        .where(plans.c.credential_id == number)
    )
    return str(writing.connection.execute(query).scalar_one())


def _require_new(writing: Writing, identifier: str) -> None:
    query = select(credentials.c.id).where(credentials.c.uri == identifier)
    if writing.connection.execute(query).first():
        raise RegisterError(
            f"a credential {identifier[:160]} is recorded already; each has an id of its own",
            code=Code.REGISTER_CONFLICT,
            path="credential.id",
        )


def _kind_and_version(
    writing: Writing, issuer: IssuerRecord, document: JsonObject
) -> tuple[Kind, int | None]:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    if isinstance(achievement, dict):
        return Kind.ACHIEVEMENT, record_achievement(writing, issuer, achievement).number
    types = document.get("type")
    is_endorsement = isinstance(types, list) and "EndorsementCredential" in types
    return Kind.ENDORSEMENT if is_endorsement else Kind.OTHER, None


def _superseded(writing: Writing, superseding: Superseding) -> CredentialRecord:
    record = require_credential(writing.connection, superseding.id)
    refused = None
    if record.superseded_by is not None:
        refused = f"is superseded by {record.superseded_by[:160]}; go on from that one"
    elif record.content_hash is None:
        refused = "was never issued"
    elif superseding.relation is Relation.REPLACES and refusal(record, Action.REVOKE) is not None:
        refused = f"cannot be revoked: {refusal(record, Action.REVOKE)}"
    elif superseding.relation is Relation.RENEWS:
        refused = _withdrawn(record)
    if refused is not None:
        raise RegisterError(f"{record.id[:160]} {refused}", code=Code.REGISTER_CONFLICT)
    return record


def _withdrawn(record: CredentialRecord) -> str | None:
    """Return why a credential is not renewed; None where it is."""
    if record.standing is Standing.CURRENT:
        return None
    return f"is {record.standing}, and so is not renewed"


def _revoke_replaced(writing: Writing, plan: Plan, reason: str | None, who: str | None) -> None:
    record = require_credential(writing.connection, plan.id)
    if record.relation is Relation.REPLACES and record.supersedes is not None:
        why = f"replaced by {plan.id}: {reason}"
        change_status(writing, record.supersedes, Action.REVOKE, reason=why, who=who)


def _instant(value: JsonValue) -> datetime | None:
    return check_date_time(value) if isinstance(value, str) else None
