"""Webhooks: other systems are told what happened, signed, at least once.

Written as Standard Webhooks 1.0 says (standardwebhooks.com), so that receivers find libraries in
every language: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, the last one
`v1,` and the HMAC-SHA256 in base64 over id, timestamp and body with dots between.

An event stays in the register's outbox until each receiver accepted it. It may arrive twice, and
in another order than it happened: receivers go by its id, and ask the register where order matters.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from testamur import limits
from testamur._telemetry import count
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import ConfigurationError, FetchError, InputError
from testamur.register import Clock, Register
from testamur.register.events import Event
from testamur.register.schema import instant_text

__all__ = [
    "Poster",
    "SendReport",
    "Webhook",
    "check_delivery",
    "decode_secret",
    "new_secret",
    "send_due",
    "sign_delivery",
]

_PREFIX = "whsec_"
_SECRET_BYTES = (24, 64)
_TOLERANCE = timedelta(minutes=5)
_log = logging.getLogger(__name__)


class Poster(Protocol):
    """Sends a body to a URL; `testamur.fetch.HttpPoster` is one."""

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str]) -> None:
        """Send it, and return when the receiver accepted it.

        Raises:
            FetchError: it did not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of events.

    Attributes:
        url: https.
        secret: 24 to 64 bytes, which both sides know.
        events: which ones it is told; all where it is empty.
    """

    url: str
    secret: bytes = field(repr=False)
    events: tuple[str, ...] = ()

    def wants(self, event: Event) -> bool:
        """Whether the receiver is to be told of an event."""
        return not self.events or event.event in self.events


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a round of sending came to.

    Attributes:
        delivered: events that all their receivers have.
        failed: events that some receiver did not accept; they are sent again.
        waiting: events that are not delivered, these included.
    """

    delivered: int
    failed: int
    waiting: int


def new_secret() -> str:
    """Make a secret, as both sides write it down: `whsec_` and base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def decode_secret(text: str) -> bytes:
    """Return the bytes of a secret.

    Raises:
        ConfigurationError: it is none, or of less than 24 or more than 64 bytes.
    """
    try:
        secret = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except (ValueError, binascii.Error) as error:
        raise ConfigurationError(
            "the secret of a webhook is whsec_ and base64; make one with `testamur webhooks secret`"
        ) from error
    if not _SECRET_BYTES[0] <= len(secret) <= _SECRET_BYTES[1]:
        raise ConfigurationError(
            f"the secret of a webhook has {len(secret)} bytes; it needs 24 to 64: make one with "
            "`testamur webhooks secret`"
        )
    return secret


def sign_delivery(secret: bytes, *, identifier: str, timestamp: int, content: bytes) -> str:
    """Return the value of the header `webhook-signature`.

    Args:
        secret: both sides know it.
        identifier: the header `webhook-id`.
        timestamp: the header `webhook-timestamp`, seconds since 1970.
        content: the body.
    """
    signed = f"{identifier}.{timestamp}.".encode() + content
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode("ascii")


def check_delivery(
    secret: bytes, headers: Mapping[str, str], content: bytes, *, now: datetime
) -> str:
    """Check what arrived at a receiver, and return its id: what has the same id is the same event.

    Args:
        secret: both sides know it.
        headers: of the request.
        content: the exact body.
        now: the clock, aware.

    Raises:
        InputError: it is not signed with the secret, or more than five minutes old or early.
    """
    given = {name.lower(): value for name, value in headers.items()}
    identifier = given.get("webhook-id", "")
    written = given.get("webhook-timestamp", "")
    if not identifier or not (written.isascii() and written.isdigit() and len(written) < 12):
        raise InputError("the request has no headers webhook-id and webhook-timestamp")
    timestamp = int(written)
    expected = sign_delivery(secret, identifier=identifier, timestamp=timestamp, content=content)
    signatures = given.get("webhook-signature", "").split(" ")
    matches = [hmac.compare_digest(each.encode(), expected.encode()) for each in signatures]
    if not any(matches):
        raise InputError("the request is not signed with this secret; refuse it")
    if abs(now.timestamp() - timestamp) > _TOLERANCE.total_seconds():
        raise InputError("the request is too old, or a clock is wrong; refuse it")
    return identifier


def send_due(
    register: Register, hooks: Sequence[Webhook], poster: Poster, *, now: Clock, limit: int = 20
) -> SendReport:
    """Send the events whose time has come to those who want them.

    Args:
        register: with an outbox.
        hooks: the receivers.
        poster: sends.
        now: the clock, asked for each delivery: receivers refuse one that is some minutes old.
        limit: events at most.

    Raises:
        RegisterError: the register cannot be read or written.
    """
    delivered = failed = 0
    prefix = register.id
    longest = timedelta(seconds=60 + limit * len(hooks) * limits.FETCH_SECONDS)
    for event in register.outbox.claim(limit=limit, lease=longest):
        missing = _send(event, hooks, poster, prefix, now)
        if missing:
            failed += 1
            register.outbox.failed(event, missing)
        else:
            delivered += 1
            register.outbox.delivered(event)
    return SendReport(delivered, failed, register.outbox.count())


def _send(
    event: Event, hooks: Sequence[Webhook], poster: Poster, prefix: str, now: Clock
) -> dict[str, str]:
    """Send an event to those who have not accepted it yet; return who still has not, and why."""
    identifier = f"{prefix}.{event.number}"
    content = _body(event, identifier)
    missing: dict[str, str] = {}
    for hook in hooks:
        if not hook.wants(event) or (event.missing is not None and hook.url not in event.missing):
            continue
        timestamp = int(now().timestamp())
        signature = sign_delivery(
            hook.secret, identifier=identifier, timestamp=timestamp, content=content
        )
        headers = {
            "Content-Type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        }
        try:
            poster.post(hook.url, content, headers=headers)
            count("testamur.webhooks", outcome="accepted")
        except FetchError as error:
            missing[hook.url] = error.message
            count("testamur.webhooks", outcome="not accepted")
            _log.warning(
                "an event was not accepted: %s",
                error.message,
                extra={"event": event.event, "number": event.number, "code": str(error.code)},
            )
    return missing


def _body(event: Event, identifier: str) -> bytes:
    said: JsonObject = {
        "type": event.event,
        "timestamp": instant_text(event.created_at),
        "id": identifier,
        "subject": event.subject,
        "data": event.payload,
    }
    return dumps(said).encode()
