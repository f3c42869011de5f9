"""A university in memory: issuer, did:web host and status host, served as a Fetcher.

Whole stories run on it without a network. What the issuer does is seen by nobody before
`publish()`, as with real hosts; what a host does wrong is one line: `serve`, `take_down`.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import unchecked
from testamur import build
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import Code, FetchError
from testamur.fetch import MemoryFetcher
from testamur.issuing import Mechanism, issue
from testamur.keys import did_web
from testamur.keys.ed25519 import Ed25519PrivateKey
from testamur.keys.signer import Ed25519Signer
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    CredentialStatus,
    EndorsementCredential,
    Profile,
)
from testamur.protocols import Fetched
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list
from testamur.trust import AllowList
from testamur.verification import Policy, Verifier

__all__ = ["LEARNER", "NOW", "Simulator", "key", "learner"]

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
"""The clock of most stories: after context-3.0.3 changed."""

_LIST_ENTRIES = 131_072


def key(label: str) -> Ed25519PrivateKey:
    """Return a key that is the same for the same label, in every run."""
    return Ed25519PrivateKey(hashlib.sha256(f"testamur tests: {label}".encode()).digest())


learner = Ed25519Signer.for_did_key(key("learner"))
"""The learner's own key."""

LEARNER = learner.verification_method.partition("#")[0]
"""The learner's did:key."""


class Simulator:
    """An issuer with everything it hosts.

    Attributes:
        host: its host name. did: its did:web. name: what it is trusted as.
        now: its clock, and the verifiers'; move it with `advance`.
        documents: URL → what is served there.
        requested: the URLs that were asked for, in order.
    """

    def __init__(self, host: str = "uni.example", *, now: datetime = NOW) -> None:
        self.host = host
        self.name = "Example University"
        self.did = did_web.did_web(host)
        self.now = now
        self.documents: dict[str, bytes | Fetched] = {}
        self.requested: list[str] = []
        self._down: set[str] = set()
        self._keys: dict[str, Ed25519PrivateKey] = {}
        self._dates: dict[str, JsonObject] = {}
        self._bits: dict[str, BitString] = {}
        self._issued = 0
        self.rotate_key()
        self.publish()

    # The issuer's keys.

    @property
    def fragment(self) -> str:
        """The fragment of the key it signs with."""
        return next(reversed(self._keys))

    @property
    def signer(self) -> Ed25519Signer:
        """It signs with its newest key."""
        return self.signer_of(self.fragment)

    def signer_of(self, fragment: str) -> Ed25519Signer:
        """Return the signer of one of its keys, old ones included."""
        return Ed25519Signer(self._keys[fragment], f"{self.did}#{fragment}")

    def rotate_key(self) -> str:
        """Retire the key it signs with, if any, and sign with a new one from now on."""
        if self._keys:
            self.retire(self.fragment)
        fragment = f"key-{len(self._keys) + 1}"
        self._keys[fragment] = key(f"{self.host} {fragment}")
        return fragment

    def retire(self, fragment: str) -> None:
        """Stop using a key: what it signed before is still good."""
        self._dates[fragment] = {"expires": _stamp(self.now)}

    def compromise(self, fragment: str) -> None:
        """Revoke a key that others may have: nothing it signed is good."""
        self._dates[fragment] = {"revoked": _stamp(self.now)}

    # What it issues.

    @property
    def profile(self) -> Profile:
        """The issuer's profile."""
        return build.profile(id=self.did, name=self.name, url=f"https://{self.host}")

    @property
    def achievement(self) -> Achievement:
        """What its badges are for."""
        return build.achievement(
            id=f"https://{self.host}/achievements/teamwork",
            name="Teamwork",
            description="Works well in a team.",
            criteria="Nominated by peers.",
            achievement_type="MicroCredential",
        )

    def badge(
        self, *indexes: int, purpose: str = "revocation", **changes: Any
    ) -> AchievementCredential:
        """Build a badge for the learner, with a status entry for each index; not signed."""
        self._issued += 1
        arguments: dict[str, Any] = {
            "recipient": build.recipient_by_id(LEARNER),
            "valid_from": self.now,
            "id": f"https://{self.host}/credentials/{self._issued}",
            "status": [self.status_entry(index, purpose) for index in indexes],
        }
        arguments |= changes
        issuer = arguments.pop("issuer", self.profile)
        achievement = arguments.pop("achievement", self.achievement)
        return build.credential(issuer, achievement, **arguments)

    def status_entry(self, index: int, purpose: str = "revocation") -> CredentialStatus:
        """Return the status entry of an index in the list for a purpose."""
        entry = bitstring_status_list.build_entry(
            list_url=self.list_url(purpose), index=index, purpose=purpose
        )
        return CredentialStatus.from_json(entry)

    def issue(
        self,
        *indexes: int,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        **changes: Any,
    ) -> Secured:
        """Build a badge as `badge` does, and sign it."""
        credential: AchievementCredential = self.badge(*indexes, **changes)
        return issue(credential, signer=self.signer, now=self.now, mechanism=mechanism)

    def endorse(
        self, endorsed_id: str, *, mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022
    ) -> Secured:
        """Endorse something that has an id."""
        self._issued += 1
        endorsement: EndorsementCredential = build.endorsement(
            self.profile,
            endorsed_id,
            "We know it, and it is good.",
            valid_from=self.now,
            id=f"https://{self.host}/endorsements/{self._issued}",
        )
        return issue(endorsement, signer=self.signer, now=self.now, mechanism=mechanism)

    # Its status lists.

    def list_url(self, purpose: str = "revocation") -> str:
        """Return where the list for a purpose is published."""
        return f"https://{self.host}/status/{purpose}"

    def revoke(self, index: int) -> None:
        """Withdraw a badge for good."""
        self.set_status("revocation", index, 1)

    def suspend(self, index: int) -> None:
        """Withdraw a badge for now."""
        self.set_status("suspension", index, 1)

    def reinstate(self, index: int) -> None:
        """End a suspension."""
        self.set_status("suspension", index, 0)

    def set_status(self, purpose: str, index: int, value: int) -> None:
        """Set a value in the list for a purpose."""
        self.bits(purpose).set(index, value)

    def bits(self, purpose: str) -> BitString:
        """Return the values of the list for a purpose; change them in place."""
        return self._bits.setdefault(purpose, BitString(_LIST_ENTRIES))

    def list_document(self, purpose: str = "revocation", **changes: Any) -> JsonObject:
        """Return the unsigned list for a purpose."""
        arguments: dict[str, Any] = {
            "list_url": self.list_url(purpose),
            "issuer": self.did,
            "purposes": (purpose,),
            "bits": self.bits(purpose),
            "valid_from": self.now,
            "valid_until": self.now + timedelta(days=7),
        }
        return bitstring_status_list.build_list_credential(**(arguments | changes))

    def sign(self, document: JsonObject) -> bytes:
        """Sign a document."""
        return issue(document, signer=self.signer, now=self.now).content

    # Its hosts.

    @property
    def did_document(self) -> JsonObject:
        """Its DID document, with every key that it ever signed with."""
        public = {fragment: each.public_key for fragment, each in self._keys.items()}
        document = did_web.build_document(self.did, public)
        methods = document["verificationMethod"]
        assert isinstance(methods, list)
        dated: list[JsonValue] = [
            {**method, **self._dates.get(fragment, {})}
            for fragment, method in zip(self._keys, methods, strict=True)
            if isinstance(method, dict)
        ]
        return {**document, "verificationMethod": dated}

    def publish(self) -> None:
        """Put the DID document and the status lists on their hosts, as they are now."""
        self.serve_json(did_web.document_url(self.did), self.did_document)
        for purpose in ("revocation", "suspension"):
            self.serve(self.list_url(purpose), self.sign(self.list_document(purpose)))

    def serve(self, url: str, content: bytes) -> None:
        """Serve something, in place of what was there."""
        self.documents[url] = content

    def serve_list(
        self, signer: Ed25519Signer | None = None, purpose: str = "revocation", **changes: Any
    ) -> None:
        """Serve another list in place of the one for a purpose, whoever signs it."""
        document = self.list_document(purpose, **changes)
        secured = unchecked.sign(document, signer=signer or self.signer, now=self.now)
        self.serve(self.list_url(purpose), secured.content)

    def serve_json(self, url: str, document: JsonObject) -> None:
        """Serve a JSON document."""
        self.serve(url, dumps(document).encode("utf-8"))

    def take_down(self, *urls: str) -> None:
        """Let the hosts of these URLs no longer answer."""
        self._down.update(urls)

    def advance(self, **time: float) -> None:
        """Move the clock: the arguments are those of a timedelta."""
        self.now += timedelta(**time)

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Answer as the hosts do (Fetcher)."""
        if url in self._down:
            raise FetchError(f"{url} does not answer", code=Code.UNREACHABLE, url=url)
        memory = MemoryFetcher(self.documents)
        try:
            return memory.fetch(url, max_bytes=max_bytes)
        finally:
            self.requested += memory.requested

    # Those who ask.

    def verifier(self, *also_trusted: str, **policy: Any) -> Verifier:
        """Return a verifier that trusts this issuer; the arguments are those of a Policy."""
        issuers = {self.did: self.name} | {other: other for other in also_trusted}
        return Verifier(
            now=self.now, trust=AllowList(issuers), policy=Policy(**policy), fetcher=self
        )


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
