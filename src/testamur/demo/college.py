"""A made-up college at work: its register, its key, its learners, and what it publishes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from testamur import build
from testamur.demo.microcredentials import Row, describe
from testamur.issuer import IssuedCredential, Issuer
from testamur.issuing import Mechanism
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, did_web
from testamur.model import microcredential
from testamur.model.microcredential import Address, HashedIdentity, MicroCredential, Organisation
from testamur.model.ob3 import AchievementCredential
from testamur.publish import Published, Publisher
from testamur.register import Register
from testamur.secured import Secured

__all__ = ["LEARNERS", "NAME", "Award", "College", "Learner"]

HOST = "credentials.college.example"
SITE = f"https://{HOST}"
NAME = "College of the Examples"
_DESCRIPTION = "A made-up college for trying things out."
_OFFICE = "badge office"


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


@dataclass(frozen=True, slots=True)
class Award:
    """A micro-credential that was issued.

    Attributes:
        number: the row of the table, from 1.
        learner: who got it.
        asked: the unsigned credential.
        description: what it says.
        id: the credential's.
        embedded: with its proof in the JSON.
        token: the same credential as a JWT.
    """

    number: int
    learner: Learner
    asked: AchievementCredential
    description: MicroCredential
    id: str
    embedded: Secured
    token: Secured


class College:
    """An issuer with a register, one key, and a folder for its web server.

    Args:
        register: empty.
        key: its private key.
        folder: where it publishes.
        now: the clock of the demonstration, aware.
    """

    def __init__(
        self, register: Register, key: Ed25519PrivateKey, folder: Path, now: datetime
    ) -> None:
        self.did = did_web.did_web(HOST)
        signer = Ed25519Signer(key, f"{self.did}#key-1")
        register.issuers.add(
            build.profile(id=self.did, name=NAME, url=SITE, description=_DESCRIPTION)
        )
        register.keys.add(key.public_key, signer.verification_method, signer_hint="issuer-key.pem")
        register.lists.open_series(self.did, folder_url=f"{SITE}/status/")
        self.register = register
        self._issuer = Issuer(register, signer)
        self._publisher = Publisher(register, signer=signer, folder=folder, now=lambda: now)
        self._now = now.replace(microsecond=0)

    def award(self, number: int, row: Row, learner: Learner) -> Award:
        """Award a row of the table to a learner, once: under the same number never again."""
        achievement = f"{SITE}/achievements/{number:02}.json"
        description = describe(
            row,
            id=achievement,
            provider_id=f"{SITE}/providers/{number:02}",
            issuer=Organisation(
                id=self.did,
                name={"en": NAME},
                website=SITE,
                description={"en": _DESCRIPTION},
                address=Address(country="IE", locality="Dublin"),
            ),
            learner=microcredential.Learner(
                full_name=learner.name,
                identities=(HashedIdentity.of_email(learner.email, secrets.token_urlsafe()),),
            ),
            issued=self._now,
            image=self._publisher.site.picture_url(achievement),
        )
        asked = build.open_badge(description)
        issued = self._ask(number, learner, asked)
        token = self._issuer.secure_further(issued.id, Mechanism.VC_JWT, who=_OFFICE)
        return Award(number, learner, asked, description, issued.id, issued.secured, token)

    def note_file(self, award: Award, kind: str, content: bytes) -> None:
        """Note a file that carries a credential, so that it can be told from others."""
        record = self.register.credentials.find(award.id)
        if record is None:
            raise LookupError(f"{award.id} was not issued here")
        self.register.credentials.add_carrier(record, kind, sha256(content).digest())

    def ask_again(self, award: Award) -> bool:
        """Ask for a credential that was issued, as a process that was interrupted would.

        Returns:
            Whether the same came back.
        """
        again = self._ask(award.number, award.learner, award.asked)
        return not again.is_new and again.content == award.embedded.content

    def withdraw(self, revoked: Award, suspended: Award) -> None:
        """Revoke one credential, and suspend another."""
        self._issuer.revoke(revoked.id, reason="awarded by mistake", who="registrar")
        self._issuer.suspend(suspended.id, reason="the fee is not paid yet", who="registrar")

    def agree(self, award: Award) -> None:
        """Note that a learner agrees to a public page."""
        self.register.publications.agree(award.id, who=_OFFICE)

    def publish(self) -> Published:
        """Bring the folder for the web server up to date."""
        return self._publisher.publish()

    def _ask(
        self, number: int, learner: Learner, credential: AchievementCredential
    ) -> IssuedCredential:
        return self._issuer.issue(
            credential, key=f"award {number}", recipient=learner.email, who=_OFFICE
        )
