"""A college with a register, and the folder that it publishes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulator import key
from testamur import build
from testamur.fetch import FolderFetcher
from testamur.issuer import Issuer, Policy
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer
from testamur.publish import Published, Publisher
from testamur.register import Register
from testamur.trust import AllowList
from testamur.verification import Report, Verifier

__all__ = ["BASE", "DID", "NOW", "Badge", "College"]

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
DID = "did:web:college.example"
BASE = "https://college.example/"


@dataclass(frozen=True)
class Badge:
    """A badge that was issued."""

    id: str
    content: bytes


class College:
    """An issuer at work in a folder of the test: `register.db` and `web`.

    Attributes:
        now: its clock; move it with `advance`.
        web: the folder that is published into.
        register: its book.
        policy: what it adds to credentials.
    """

    def __init__(self, folder: Path, *, now: datetime = NOW, url: str | None = None) -> None:
        self.now = now
        self.web = folder / "web"
        self.register = Register.open_or_create(
            url if url is not None else f"sqlite:///{folder / 'register.db'}", now=lambda: self.now
        )
        self.signer = self.signer_of("key-1")
        self.policy = Policy()
        if self.register.issuers.find(DID) is None:
            self.register.issuers.add(build.profile(id=DID, name="Example College"))
            self.add_key("key-1")
            self.register.lists.open_series(DID, folder_url=f"{BASE}status/")

    @staticmethod
    def signer_of(name: str) -> Ed25519Signer:
        """Return the signer of one of its keys."""
        return Ed25519Signer(key(f"college {name}"), f"{DID}#{name}")

    def add_key(self, name: str) -> None:
        """Record a key."""
        signer = self.signer_of(name)
        self.register.keys.add(key(f"college {name}").public_key, signer.verification_method)

    def advance(self, **span: float) -> None:
        """Move the clock."""
        self.now += timedelta(**span)

    def issue(
        self,
        name: str = "Ada Nowak",
        *,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        achievement: dict[str, Any] | None = None,
        **more: Any,
    ) -> Badge:
        """Issue a badge, once for each name."""
        said: dict[str, Any] = {
            "id": f"{BASE}achievements/welding",
            "name": "Welding coordination",
            "description": "Plans and supervises welding.",
            "criteria": "Supervised written test and practical task.",
            **(achievement or {}),
        }
        credential = build.credential(
            build.profile(id=DID, name="Example College"),
            build.achievement(**said),
            recipient=build.recipient_by_name(name),
            valid_from=self.now,
            **more,
        )
        issuer = Issuer(self.register, self.signer, policy=self.policy)
        issued = issuer.issue(credential, key=f"award to {name}", mechanism=mechanism)
        assert issued.content is not None
        return Badge(issued.id, issued.content)

    def publisher(self, **changes: Any) -> Publisher:
        """Return a publisher of it."""
        arguments: dict[str, Any] = {
            "signer": self.signer,
            "folder": self.web,
            "now": lambda: self.now,
            **changes,
        }
        return Publisher(self.register, **arguments)

    def publish(self, **changes: Any) -> Published:
        """Publish."""
        return self.publisher(**changes).publish()

    def agree(self, credential: Badge) -> str:
        """Have the learner agree to a page; return its folder."""
        return f"c/{self.register.publications.agree(credential.id).token}"

    def examine(self, content: bytes, **changes: Any) -> Report:
        """Examine a credential as a stranger would, with the published folder as the web."""
        verifier = Verifier(
            now=changes.get("now", self.now),
            trust=AllowList({DID: "Example College"}),
            fetcher=FolderFetcher(self.web),
        )
        return verifier.examine(content)

    def files(self) -> dict[str, bytes]:
        """Return what is public."""
        public = self.web / "public"
        return {
            each.relative_to(public).as_posix(): each.read_bytes()
            for each in sorted(public.rglob("*"))
            if each.is_file()
        }

    def read(self, path: str) -> Any:
        """Return a public JSON file."""
        return json.loads((self.web / "public" / path).read_bytes())

    def list_path(self, purpose: str) -> str:
        """Return the path of its first list for a purpose."""
        (found, *_) = (each for each in self.register.lists.of(DID) if each.purpose == purpose)
        return found.url.removeprefix(BASE)

    def everything(self) -> dict[str, bytes]:
        """Return what is in the folder, its manifest included."""
        return {
            each.relative_to(self.web).as_posix(): each.read_bytes()
            for each in sorted(self.web.rglob("*"))
            if each.is_file()
        }
