"""The desk at which one credential after the other is recorded, signed, verified and marked."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from testamur._telemetry import traced
from testamur.batch.signers import KeyInMemory, SignerFactory
from testamur.batch.status_lists import StatusPlace
from testamur.canon import rdfc10
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import (
    CanonicalizationError,
    Code,
    ConfigurationError,
    ModelError,
    RegisterError,
    TestamurError,
)
from testamur.issuer.asked import Asked
from testamur.issuer.chunks import read_chunk
from testamur.issuer.inspection import inspect_output
from testamur.issuer.issued import IssuedCredential
from testamur.issuer.many import finish_chunk
from testamur.issuer.packed import issue_and_pack
from testamur.issuer.policy import Policy
from testamur.issuer.single import (
    Plan,
    Superseding,
    abandon,
    conclude,
    give_up_renewal,
    plan_credential,
    read_plan,
    with_status,
)
from testamur.issuing import Mechanism, check_document, issue
from testamur.keys import Ed25519Signer, multikey
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer
from testamur.model.ob3 import OPEN_BADGES_EXTENSIONS
from testamur.register import CredentialRecord, Register, State
from testamur.register.credentials import require_credential
from testamur.register.issuer_keys import require_key
from testamur.register.issuers import require_issuer
from testamur.register.places import require_series
from testamur.register.refreshes import note_refresh, refresh_url
from testamur.register.schema import credentials
from testamur.register.writing import Writing
from testamur.secured import Secured

__all__ = ["Desk", "chunk_of"]

_STAND_IN = (StatusPlace("https://issuer.invalid/status/1", 0, "revocation", "1"),)
"""for the places that a credential gets when it is recorded."""


class Desk:
    """Where an issuer's credentials are made.

    Args:
        register: where everything is recorded.
        signer: holds a key that the register knows.
        policy: what is kept, and what is added.
        factory: makes the signer in other processes, where the key is not in memory.

    Raises:
        RegisterError: REGISTER_UNKNOWN, where the register does not know the key.
    """

    def __init__(
        self,
        register: Register,
        signer: Signer,
        *,
        policy: Policy,
        factory: SignerFactory | None,
    ) -> None:
        """Look up the key."""
        self.register = register
        self.signer = signer
        self.policy = policy
        self.issuer_id = split_url(signer.verification_method)[0]
        self._factory = factory
        with register.reading() as connection:
            key = require_key(connection, signer.verification_method)
        public_key = multikey.decode_public_key(key.public_key)
        if not isinstance(public_key, Ed25519PublicKey):
            raise ConfigurationError("the register's key is none of Ed25519")
        self._public_key = public_key

    @traced("testamur.issue")
    def issue(
        self,
        document: JsonObject,
        *,
        asked: Asked,
        key: str | None,
        mechanism: Mechanism,
        who: str | None,
        superseding: Superseding | None = None,
    ) -> IssuedCredential:
        """Issue a document, or hand out what was issued for it.

        Raises:
            TestamurError: as `testamur.issuer.Issuer.issue`.
        """
        document = self._with_refresh(document)
        # Whatever would keep it from being signed is said before anything is recorded.
        complete = with_status(document, _STAND_IN)
        check_document(complete)
        rdfc10.check_lossless(complete)
        with self.register.writing() as writing:
            plan = plan_credential(
                writing,
                document,
                asked=asked,
                verification_method=self.signer.verification_method,
                mechanism=Mechanism(mechanism),
                policy=self.policy,
                superseding=superseding,
                who=who,
            )
            known = None if isinstance(plan, Plan) else plan
            if known is not None and not known.is_signed:
                plan = read_plan(writing, known.number) or known
        if isinstance(plan, Plan):
            return self.finish(plan, key=key, who=who)
        return self._again(plan.id, key)

    def unfinished(self) -> list[CredentialRecord]:
        """Return what is recorded for this issuer and not signed."""
        found = self.register.credentials.unfinished()
        return [each for each in found if each.issuer == self.issuer_id]

    def resume(self, *, who: str | None = None) -> list[IssuedCredential]:
        """Finish what was interrupted, and return it."""
        finished: list[IssuedCredential] = []
        chunks: set[int] = set()
        for record in self.unfinished():
            with self.register.writing() as writing:
                plan = read_plan(writing, record.number)
                chunk = None if plan is not None else chunk_of(writing.connection, record)
                work = None if chunk is None or chunk in chunks else read_chunk(writing, chunk)
            if plan is not None:
                finished.append(self.finish(plan, key=None, who=who))
            elif work is not None and chunk is not None:
                chunks.add(chunk)
                made = issue_and_pack(work.task(self.signer_factory(), self.policy))
                finish_chunk(self.register, work, made, self.signer.verification_method)
                finished += [
                    IssuedCredential(each.id, each.key, each.content, is_new=True)
                    for each in made.credentials
                ]
        return finished

    def finish(self, plan: Plan, *, key: str | None, who: str | None) -> IssuedCredential:
        """Sign what is recorded, verify it, and mark it as issued.

        Raises:
            TestamurError: as `testamur.issuing.issue`; or it renews what was withdrawn meanwhile,
                and is abandoned (REGISTER_CONFLICT).
        """
        try:
            secured = self.sign(
                dict(plan.document),
                places=plan.places,
                now=plan.planned_at,
                mechanism=plan.mechanism,
            )
        except (ModelError, CanonicalizationError, ConfigurationError) as error:
            self._give_up(plan, error, who)
            raise
        with self.register.writing() as writing:
            refused = give_up_renewal(writing, plan, who=who)
            if refused is None:
                return self._conclude(writing, plan, secured.content, key=key, who=who)
        raise RegisterError(f"{refused}; it was withdrawn meanwhile", code=Code.REGISTER_CONFLICT)

    def _conclude(
        self, writing: Writing, plan: Plan, content: bytes, *, key: str | None, who: str | None
    ) -> IssuedCredential:
        """Mark what was signed as issued."""
        counts, is_ours = conclude(
            writing,
            plan,
            content,
            verification_method=self.signer.verification_method,
            policy=self.policy,
            who=who,
        )
        url = refresh_url(plan.document)
        if is_ours and url is not None:
            note_refresh(writing, plan.number, url, sha256(content).digest())
        return IssuedCredential(plan.id, key, counts, is_new=is_ours)

    def sign(
        self,
        document: JsonObject,
        *,
        places: tuple[StatusPlace, ...],
        now: datetime,
        mechanism: Mechanism,
    ) -> Secured:
        """Sign what is recorded, and verify it as a stranger would.

        Raises:
            TestamurError: as `testamur.issuing.issue`. BatchError: it would not be accepted.
        """
        secured = issue(document, signer=self.signer, now=now, mechanism=mechanism)
        with self.register.reading() as connection:
            series = require_series(connection, require_issuer(connection, self.issuer_id))
        inspect_output(
            secured,
            lists=series.lists,
            places=places,
            signer=self.signer,
            public_key=self._public_key,
            now=now,
        )
        return secured

    def _again(self, identifier: str, key: str | None) -> IssuedCredential:
        """Hand out what was issued before; a chunk that was interrupted is finished first."""
        book = self.register.credentials
        record = book.find(identifier)
        if record is not None and record.state is State.PLANNED:
            self.resume()
            record = book.find(identifier)
        if record is None or record.state is not State.ISSUED:
            raise RegisterError(f"{identifier[:160]} was abandoned", code=Code.REGISTER_CONFLICT)
        return IssuedCredential(identifier, key, book.content(record), is_new=False)

    def _give_up(self, plan: Plan, error: TestamurError, who: str | None) -> None:
        with self.register.writing() as writing:
            record = require_credential(writing.connection, plan.id)
            if record.state is State.PLANNED:
                reason = f"{type(error).__name__}: {error.code}"
                abandon(writing, record, reason=reason, who=who)

    def _with_refresh(self, document: JsonObject) -> JsonObject:
        if self.policy.refresh_url is None or "refreshService" in document:
            return document
        name = str(document.get("id", "")).rpartition(":")[2]
        context = document.get("@context")
        contexts: list[JsonValue] = list(context) if isinstance(context, list) else [context]
        if OPEN_BADGES_EXTENSIONS not in contexts:
            contexts.append(OPEN_BADGES_EXTENSIONS)
        return {
            **document,
            "@context": contexts,
            "refreshService": {
                "id": f"{self.policy.refresh_url}{name}",
                "type": "1EdTechCredentialRefresh",
            },
        }

    def signer_factory(self) -> SignerFactory:
        """Return what makes the signer in other processes."""
        if self._factory is not None:
            return self._factory
        if isinstance(self.signer, Ed25519Signer):
            return KeyInMemory.of(self.signer)
        raise ConfigurationError(
            "the key is not in memory, so a batch needs a factory that makes the signer in each "
            "process; give Issuer one"
        )


def chunk_of(connection: Connection, record: CredentialRecord) -> int | None:
    """Return the number of the chunk of a credential; None where it was planned alone."""
    query = select(credentials.c.chunk_id).where(credentials.c.id == record.number)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else int(found)
