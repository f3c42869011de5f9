from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from filled_register import fill
from testamur.errors import Code, ConfigurationError, FetchError, InputError
from testamur.register import Announcement, Register
from testamur.webhooks import (
    SendReport,
    Webhook,
    check_delivery,
    decode_secret,
    new_secret,
    send_due,
    sign_delivery,
)

SECRET = b"s" * 32
LMS = Webhook("https://lms.example/hook", SECRET)
SIS = Webhook("https://sis.example/hook", SECRET, ("credential.revoked",))
FIRST = "urn:uuid:00000000-0000-4000-8000-000000000001"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Receivers:
    """Accepts what is sent, but for the URLs that are out of order."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str]) -> None:
        if url in self.broken:
            raise FetchError(f"{url} answers with status 500, not 2xx", code=Code.UNREACHABLE)
        self.got.append((url, headers, content))

    def take(self) -> list[tuple[str, str]]:
        """Return who was told of what since the last time."""
        taken = [(url, json.loads(content)["type"]) for url, _headers, content in self.got]
        self.got.clear()
        return taken


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path, clock: Clock) -> Iterator[Register]:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    with Register.open_or_create(url, now=clock, has_outbox=True) as register:
        fill(register)
        for event in register.outbox.claim():
            register.outbox.delivered(event)
        yield register


def test_signature_is_that_of_the_published_example() -> None:
    # Standard Webhooks, the example of its libraries.
    secret = decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = sign_delivery(
        secret,
        identifier="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        content=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_receiver_accepts_what_is_sent_and_nothing_else(register: Register, clock: Clock) -> None:
    receivers = Receivers()
    register.credentials.revoke(FIRST, reason="Ada asked for it")
    send_due(register, [LMS], receivers, now=clock)
    _url, headers, content = receivers.got[0]
    identifier = check_delivery(SECRET, headers, content, now=clock.now)
    assert identifier.startswith(register.id)
    late = clock.now + timedelta(minutes=6)
    for secret, body, now in (
        (b"x" * 32, content, clock.now),
        (SECRET, content + b" ", clock.now),
        (SECRET, content, late),
    ):
        with pytest.raises(InputError, match="refuse it"):
            check_delivery(secret, headers, body, now=now)
    with pytest.raises(InputError):
        check_delivery(SECRET, {}, content, now=clock.now)
    other = dict(headers) | {"webhook-id": "another"}
    with pytest.raises(InputError):
        check_delivery(SECRET, other, content, now=clock.now)


def test_body_says_what_happened_and_no_reason(register: Register, clock: Clock) -> None:
    receivers = Receivers()
    register.credentials.revoke(FIRST, reason="Ada asked for it")
    assert send_due(register, [LMS], receivers, now=clock) == SendReport(1, 0, 0)
    content = receivers.got[0][2]
    said = json.loads(content)
    assert (said["type"], said["subject"]) == ("credential.revoked", FIRST)
    assert said["timestamp"] == "2026-06-01T12:00:00Z"
    assert b"Ada" not in content


def test_only_who_did_not_accept_is_told_again(register: Register, clock: Clock) -> None:
    receivers = Receivers()
    receivers.broken = {LMS.url}
    register.credentials.revoke(FIRST, reason="r")
    assert send_due(register, [LMS, SIS], receivers, now=clock) == SendReport(0, 1, 1)
    assert receivers.take() == [(SIS.url, "credential.revoked")]
    [event] = register.outbox.waiting()
    assert event.missing == {LMS.url: "https://lms.example/hook answers with status 500, not 2xx"}
    clock.now += timedelta(seconds=29)
    assert send_due(register, [LMS, SIS], receivers, now=clock) == SendReport(0, 0, 1)
    clock.now += timedelta(seconds=1)
    receivers.broken = set()
    assert send_due(register, [LMS, SIS], receivers, now=clock) == SendReport(1, 0, 0)
    assert receivers.take() == [(LMS.url, "credential.revoked")]


def test_waiting_doubles_up_to_six_hours(register: Register, clock: Clock) -> None:
    receivers = Receivers()
    receivers.broken = {LMS.url}
    register.credentials.revoke(FIRST, reason="r")
    waits = []
    for _ in range(13):
        assert send_due(register, [LMS], receivers, now=clock).failed == 1
        before = clock.now
        with register.reading() as connection:
            due = connection.exec_driver_sql(
                "SELECT next_attempt_at FROM outbox WHERE delivered_at IS NULL"
            ).scalar_one()
        clock.now = datetime.fromisoformat(str(due))
        waits.append((clock.now - before).total_seconds())
    assert waits == [30.0 * 2**n for n in range(10)] + [21_600.0] * 3


def test_events_that_nobody_wants_are_done(register: Register, clock: Clock) -> None:
    receivers = Receivers()
    register.credentials.suspend(FIRST, reason="r")
    assert send_due(register, [SIS], receivers, now=clock) == SendReport(1, 0, 0)
    assert receivers.take() == []


def test_claimed_events_are_nobody_elses_until_the_lease_ends(
    register: Register, clock: Clock
) -> None:
    register.credentials.revoke(FIRST, reason="r")
    lease = timedelta(minutes=1)
    [event] = register.outbox.claim(lease=lease)
    assert register.outbox.claim() == []
    clock.now += lease
    assert register.outbox.claim() == [event]


def test_nothing_is_announced_of_what_is_not_recorded(tmp_path: Path, clock: Clock) -> None:
    told: list[Announcement] = []
    url = f"sqlite:///{tmp_path / 'r.db'}"
    with Register.open_or_create(url, now=clock, has_outbox=True, on_event=told.append) as register:
        fill(register)
        before, told[:] = register.outbox.count(), []
        with pytest.raises(ZeroDivisionError):
            _announce_and_fail(register)
        assert (told, register.outbox.count()) == ([], before)


def _announce_and_fail(register: Register) -> None:
    with register.writing() as writing:
        writing.announce("credential.issued", FIRST, {})
        raise ZeroDivisionError


def test_callbacks_are_told_after_it_is_recorded(tmp_path: Path, clock: Clock) -> None:
    seen: list[tuple[str, str]] = []
    url = f"sqlite:///{tmp_path / 'r.db'}"

    def tell(announcement: Announcement) -> None:
        record = opened.credentials.find(announcement.subject)
        seen.append((announcement.event, record.standing if record is not None else "-"))

    with Register.open_or_create(url, now=clock, on_event=tell) as opened:
        fill(opened)
        seen.clear()
        opened.credentials.revoke(FIRST, reason="r")
        opened.credentials.revoke(FIRST, reason="again")
    assert seen == [("credential.revoked", "revoked")]


def test_callback_that_raises_undoes_nothing(tmp_path: Path, clock: Clock) -> None:
    def fail(announcement: Announcement) -> None:
        if announcement.event == "credential.revoked":
            raise LookupError(announcement.subject)

    with Register.open_or_create(f"sqlite:///{tmp_path / 'r.db'}", now=clock) as register:
        fill(register)
    with Register.open_or_create(
        f"sqlite:///{tmp_path / 'r.db'}", now=clock, on_event=fail
    ) as register:
        with pytest.raises(LookupError):
            register.credentials.revoke(FIRST, reason="r")
        record = register.credentials.find(FIRST)
        assert record is not None
        assert record.standing == "revoked"


def test_new_secrets_differ_and_can_be_read() -> None:
    one, other = new_secret(), new_secret()
    assert one.startswith("whsec_")
    assert len(decode_secret(one)) == 32
    assert decode_secret(one) != decode_secret(other)


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!", "hunter2hunter2"])
def test_secret_that_is_none_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        decode_secret(text)
    assert not text.removeprefix("whsec_") or text not in refused.value.message


def test_secret_is_in_no_repr() -> None:
    assert "sss" not in repr(LMS)
