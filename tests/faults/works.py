"""An institution at work: what issues, publishes and reads in the tests of faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TextIO, TypeVar

from faults.run import attempt, note
from simulator import key
from testamur import build
from testamur.batch import Learner
from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.issuer import IssuedCredential, Issuer, Policy
from testamur.keys import Ed25519Signer
from testamur.publish import Publisher, Schedule
from testamur.publish.pictures import Pictures
from testamur.register import Register
from testamur.register.connect import make_engine

T = TypeVar("T")

__all__ = [
    "BASE",
    "DID",
    "FULL",
    "REFUSED",
    "Works",
    "change_and_publish",
    "issue_for_ever",
    "publish_for_ever",
    "publish_once",
    "warm_up",
]

DID = "did:web:works.example"
BASE = "https://works.example/"
ROWS = 7
REFUSED, FULL = "refused", 3


class Works:
    """An issuer with a register, as each process opens it for itself.

    Args:
        url: of the register.
        key_number: which of its keys signs; the first process that needs a key records it.
        is_patient: whether a register that is not there is waited for.
    """

    def __init__(self, url: str, *, key_number: int = 0, is_patient: bool = True) -> None:
        self.register = attempt(
            lambda: Register.open_or_create(url, now=lambda: datetime.now(UTC), actor="works"),
            is_patient=is_patient,
        )
        self.profile = build.profile(id=DID, name="Example Works")
        name = f"key-{key_number}"
        self.signer = Ed25519Signer(key(f"works {name}"), f"{DID}#{name}")
        attempt(self._set_up, is_patient=is_patient)
        policy = Policy(refresh_url=f"{BASE}refresh/")
        self.issuer = Issuer(self.register, self.signer, policy=policy)

    def _set_up(self) -> None:
        self.register.issuers.add(self.profile)
        if self.register.keys.find(self.signer.verification_method) is None:
            self.register.keys.add(
                self.signer.key.public_key,
                self.signer.verification_method,
                valid_from=datetime.now(UTC) - timedelta(days=1),
            )
        if self.register.lists.series(DID) is None:
            self.register.lists.open_series(DID, folder_url=f"{BASE}status/")

    def publisher(self, web: Path) -> Publisher:
        """Return a publisher; lists are signed anew every second."""
        schedule = Schedule(
            ttl=timedelta(seconds=1),
            renew_after=timedelta(seconds=1),
            valid_for=timedelta(minutes=10),
        )
        return Publisher(
            self.register,
            signer=self.signer,
            folder=web,
            now=lambda: datetime.now(UTC),
            schedule=schedule,
        )

    def issue(self, name: str) -> IssuedCredential:
        """Issue a badge, once for each name."""
        credential = build.credential(
            self.profile,
            build.achievement(
                id=f"{BASE}achievements/welding",
                name="Welding",
                description="Welds.",
                criteria="Seen to weld.",
            ),
            recipient=build.recipient_by_name(name),
            valid_from=datetime.now(UTC).replace(microsecond=0),
        )
        return self.issuer.issue(credential, key=name)

    def issue_many(self, name: str) -> Iterator[IssuedCredential]:
        """Issue a batch."""
        credential = build.credential(
            self.profile,
            build.achievement(
                id=f"{BASE}achievements/rivets",
                name="Rivets",
                description="Rivets.",
                criteria="Seen to rivet.",
            ),
            recipient=build.recipient_by_name("x"),
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        )
        rows = (Learner(key=f"{name}/{row}", name=f"P {row}") for row in range(ROWS))
        yield from self.issuer.issue_many(credential, rows, chunk_rows=ROWS)


class _Clerk:
    """Issues, agrees to pages, withdraws, suspends and erases as chance has it."""

    def __init__(self, works: Works, file: TextIO, chance: Random) -> None:
        self._works = works
        self._file = file
        self._chance = chance
        self._current: list[IssuedCredential] = []

    def do_something(self, name: str) -> None:
        dice = self._chance.random()
        if dice < 0.3 or len(self._current) < 3:
            issued = self._patiently(lambda: self._works.issue(name))
            note(self._file, "issued", issued)
            self._current.append(issued)
            if self._chance.random() < 0.6:
                self._write_down("agreed", issued, self._agree)
        elif dice < 0.35:
            for issued in self._patiently(lambda: list(self._works.issue_many(name))):
                note(self._file, "issued", issued)
                self._current.append(issued)
        else:
            self._change(self._chance.randrange(len(self._current)))

    def _change(self, at: int) -> None:
        issued = self._current[at]
        book = self._works.register.credentials
        what = self._chance.choice(("revoked", "suspended", "reinstated", "agreed", "taken back"))
        if what == "revoked":
            self._write_down(what, issued, lambda each: book.revoke(each, reason="a mistake"))
            del self._current[at]
        elif what == "suspended":
            self._write_down(what, issued, lambda each: book.suspend(each, reason="a doubt"))
        elif what == "reinstated":
            self._write_down(what, issued, lambda each: book.reinstate(each, reason="cleared"))
        elif what == "agreed":
            self._write_down(what, issued, self._agree)
        else:
            self._write_down(what, issued, self._works.register.publications.take_back)

    def _agree(self, identifier: str) -> object:
        return self._works.register.publications.agree(identifier)

    def _write_down(self, what: str, issued: IssuedCredential, do: Callable[[str], object]) -> None:
        self._patiently(lambda: do(issued.id))
        note(self._file, what, issued)

    @staticmethod
    def _patiently(call: Callable[[], T]) -> T:
        return attempt(call, is_patient=True)


def issue_for_ever(url: str, log: Path, seed: int) -> None:
    """Be at work until killed."""
    works = Works(url)
    with log.open("a") as file:
        clerk = _Clerk(works, file, Random(seed))
        number = 0
        while True:
            number += 1
            clerk.do_something(f"{seed}/{number}")


def publish_for_ever(url: str, web: Path, key_number: int, log: Path) -> None:
    """Publish until killed; another publisher that is at work is waited for, and noted."""
    _without_png()
    works = Works(url, key_number=key_number)
    publisher = works.publisher(web)
    with log.open("a") as file:
        while True:
            try:
                publisher.publish()
            except ConfigurationError as error:
                if "another run is at work" not in error.message:
                    raise
                file.write(f"{REFUSED}\n")
                time.sleep(0.05)
            except RegisterError as error:
                if error.code is not Code.REGISTER_UNAVAILABLE:
                    raise
                time.sleep(0.05)
            else:
                file.write("published\n")
            file.flush()


def change_and_publish(url: str, web: Path, log: Path, times: int) -> None:
    """Suspend, reinstate and revoke, and publish each change."""
    works = Works(url)
    publisher, book = works.publisher(web), works.register.credentials
    doubtful = works.issue("doubtful")
    mistaken = [works.issue(f"mistaken {number}") for number in range(times // 10 + 1)]
    works.register.publications.agree_all([each.id for each in (doubtful, *mistaken)])
    with log.open("a") as file:
        for number in range(times):
            if number % 10 == 0:
                book.revoke(mistaken[number // 10].id, reason="a mistake")
                note(file, "revoked", mistaken[number // 10])
            elif book.suspend(doubtful.id, reason="a doubt") is None:
                book.reinstate(doubtful.id, reason="cleared")
            publisher.publish()


def publish_once(url: str, web: Path, key_number: int) -> int:
    """Publish; return FULL where our own error says that there is no room."""
    _without_png()
    try:
        Works(url, key_number=key_number, is_patient=False).publisher(web).publish()
    except ConfigurationError as error:
        return FULL if "the disk has room" in error.message else 1
    except RegisterError as error:
        return FULL if error.code is Code.REGISTER_UNAVAILABLE else 1
    return 0


def warm_up(url: str, folder: Path) -> None:
    """Load all that is used, so that processes that are started from this one begin at once."""
    _without_png()
    make_engine(url).dispose()  # nothing is connected: connections do not survive a fork
    works = Works(f"sqlite:///{folder / 'warm.db'}")
    works.register.publications.agree(works.issue("warm").id)
    list(works.issue_many("warm"))
    works.publisher(folder / "warm").publish()
    works.register.close()


def _without_png() -> None:
    Pictures.png = lambda *_: None  # type: ignore[method-assign]
