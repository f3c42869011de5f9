"""A made-up college: its key, its identifier, its learners, and what it publishes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from testamur import build
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.badge_image import badge_svg
from testamur.demo.microcredentials import Row, describe
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, did_web
from testamur.model import microcredential
from testamur.model.microcredential import Address, HashedIdentity, MicroCredential, Organisation
from testamur.model.ob3 import AchievementCredential, CredentialStatus
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list

__all__ = ["LEARNERS", "College", "Learner"]

HOST = "credentials.college.example"
SITE = f"https://{HOST}"
NAME = "College of the Examples"
_LIST_LENGTH = 131_072
_VALID_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who does not exist."""

    name: str

    @property
    def email(self) -> str:
        """An address that cannot exist."""
        ascii_name = self.name.encode("ascii", "ignore").decode("ascii")
        return f"{ascii_name.lower().replace(' ', '.')}@learner.example"


LEARNERS = tuple(
    Learner(name)
    for name in (
        "Ada Nowak", "Élise Martin", "Jonas Weber", "Sofia Rossi", "Mateo García", "Anna Kowalska",
        "Lukas Müller", "Maria Borg", "Jan Novák", "Emma Murphy", "Marko Petrovski", "Aino Niemi",
        "Liam Byrne", "Chloé Bernard", "Zofia Wójcik", "Erik Lindqvist", "Aoife Kelly",
        "Nikos Papadopoulos", "Oliver Smith", "Amelia Jones", "Wei Chen", "Giulia Ricci",
        "Freja Hansen", "Luca Camilleri", "Ingrid Olsen", "Hugo Dubois", "Elena Vella", "Ana Zupan",
        "Manon Laurent", "Oskar Nilsson", "Priya Sharma", "Piotr Zieliński", "Karl Farrugia",
        "Austėja Kazlauskaitė", "Tomas Jankauskas", "Lea Gruber", "Jules Moreau", "Harry Brown",
        "Mia Schmidt", "Finn Becker", "Noor de Vries", "Rasa Petrauskienė", "Eleni Georgiou",
        "Amir Haddad",
    )
)  # fmt: skip


@dataclass(slots=True)
class College:
    """An issuer with one key, two status lists, and everything it hosts in a mapping.

    Attributes:
        key: its private key.
        now: the clock of the demonstration, aware.
        files: what its web server answers: path below the site → content.
    """

    key: Ed25519PrivateKey
    now: datetime
    files: dict[str, bytes] = field(default_factory=dict)
    _bits: dict[str, BitString] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._bits = {purpose: BitString(_LIST_LENGTH) for purpose in ("revocation", "suspension")}
        profile = build.profile(
            id=self.did, name=NAME, url=SITE, description="A made-up college for trying things out."
        )
        document = did_web.build_document(self.did, {"key-1": self.key.public_key})
        self._host(did_web.document_path(self.did), document)
        self._host("issuer.json", profile.to_json())
        self.publish_status()

    @property
    def did(self) -> str:
        """Its identifier."""
        return did_web.did_web(HOST)

    @property
    def signer(self) -> Ed25519Signer:
        """Signs with its key."""
        return Ed25519Signer(self.key, f"{self.did}#key-1")

    @property
    def organisation(self) -> Organisation:
        """What it says of itself."""
        return Organisation(
            id=self.did,
            name={"en": NAME},
            website=SITE,
            description={"en": "A made-up college for trying things out."},
            address=Address(country="IE", locality="Dublin"),
        )

    def award(
        self, number: int, row: Row, learner: Learner
    ) -> tuple[AchievementCredential, MicroCredential, int]:
        """Build the credential for a learner.

        Returns:
            The credential, what it describes, and its place in the status lists.
        """
        index = bitstring_status_list.random_index(_LIST_LENGTH, self._taken.__contains__)
        self._taken.add(index)
        image = f"images/{number:02}.svg"
        self.files[image] = badge_svg(row.title, issuer=NAME, subtitle=row.sector)
        description = describe(
            row,
            id=f"{SITE}/achievements/{number:02}.json",
            provider_id=f"{SITE}/providers/{number:02}",
            issuer=self.organisation,
            learner=microcredential.Learner(
                full_name=learner.name,
                identities=(HashedIdentity.of_email(learner.email, secrets.token_urlsafe()),),
            ),
            issued=self.now.replace(microsecond=0),
            image=f"{SITE}/{image}",
        )
        credential = build.open_badge(
            description, status=[self._entry(purpose, index) for purpose in self._bits]
        )
        achievement = credential.credential_subject.achievement
        self._host(f"achievements/{number:02}.json", achievement.to_json())
        return credential, description, index

    def sign(self, credential: AchievementCredential, mechanism: Mechanism) -> Secured:
        """Sign a credential."""
        return issue(credential, signer=self.signer, now=self.now, mechanism=mechanism)

    def set_status(self, purpose: str, index: int) -> None:
        """Revoke or suspend a credential, and publish the list."""
        self._bits[purpose].set(index, 1)
        self.publish_status()

    def publish_status(self) -> None:
        """Publish both status lists, each a signed credential."""
        for purpose, bits in self._bits.items():
            document = bitstring_status_list.build_list_credential(
                list_url=f"{SITE}/status/{purpose}.json",
                issuer=self.did,
                purposes=(purpose,),
                bits=bits,
                valid_from=self.now,
                valid_until=self.now + _VALID_FOR,
            )
            secured = issue(document, signer=self.signer, now=self.now)
            self.files[f"status/{purpose}.json"] = secured.content

    def urls(self) -> Iterator[tuple[str, str]]:
        """Yield (URL, path) of everything it hosts."""
        for path in sorted(self.files):
            yield f"{SITE}/{path}", path

    def _entry(self, purpose: str, index: int) -> CredentialStatus:
        return build.status_entry(
            list_url=f"{SITE}/status/{purpose}.json", index=index, purpose=purpose
        )

    def _host(self, path: str, document: JsonObject) -> None:
        self.files[path] = (dumps(document, indent=2) + "\n").encode("utf-8")
