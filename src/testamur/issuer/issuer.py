"""The issuer at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from testamur import build
from testamur.batch.chunk import CHUNK_ROWS
from testamur.batch.engine import Engine, InProcess
from testamur.batch.learner import Learner
from testamur.batch.signers import SignerFactory
from testamur.build.identifiers import mint_id
from testamur.canon.strict_json import JsonObject
from testamur.errors import (
    Code,
    ConfigurationError,
    RegisterError,
)
from testamur.issuer.asked import asked_for
from testamur.issuer.chunks import abandon_chunk
from testamur.issuer.desk import Desk, chunk_of
from testamur.issuer.further import secure_further
from testamur.issuer.issued import IssuedCredential
from testamur.issuer.many import BatchRun
from testamur.issuer.policy import Policy
from testamur.issuer.reissue import reissue
from testamur.issuer.single import (
    Superseding,
    abandon,
)
from testamur.issuing import Mechanism
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.model.base import Model
from testamur.model.dates import format_date_time_stamp
from testamur.model.ob3 import (
    AchievementCredential,
    Profile,
)
from testamur.model.vcdm import Credential
from testamur.register import CredentialRecord, Register, Relation, State, StatusChange
from testamur.register.credentials import require_credential
from testamur.register.issuers import require_issuer
from testamur.secured import Secured

__all__ = ["Issuer"]


class Issuer:
    """Issues through a register: recorded first, then signed, verified, and marked as issued.

    A crash at any moment leaves a credential unrecorded, or recorded and unfinished; which it is,
    `unfinished` says, and `resume` finishes it, to the same bytes. Asking again for the same gives
    the same credential, whether or not it was finished.

    Args:
        register: where everything is recorded.
        signer: holds a key that the register knows as one of the issuer's.
        policy: what is kept, and what is added.
        factory: makes the signer in the processes of a batch, where the key is not in memory.

    Raises:
        RegisterError: REGISTER_UNKNOWN, where the register does not know the key.
    """

    def __init__(
        self,
        register: Register,
        signer: Signer,
        *,
        policy: Policy | None = None,
        factory: SignerFactory | None = None,
    ) -> None:
        """Take up work."""
        self._register = register
        self._signer = signer
        self._policy = policy if policy is not None else Policy()
        self._desk = Desk(register, signer, policy=self._policy, factory=factory)

    @property
    def id(self) -> str:
        """The issuer's id."""
        return split_url(self._signer.verification_method)[0]

    @property
    def register_id(self) -> str:
        """The id of the register."""
        return self._register.id

    def issue(
        self,
        credential: Credential | JsonObject,
        *,
        key: str | None = None,
        recipient: str | None = None,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        who: str | None = None,
    ) -> IssuedCredential:
        """Issue a credential, once.

        Args:
            credential: a badge, an endorsement or a European Digital Credential, unsigned and
                without status, which is added.
            key: yours, as the number of a decision: the same key never gives a second credential.
                Without one, a badge is known by achievement, recipient and day.
            recipient: who it is for, where the credential says it by a hash only.
            mechanism: how it is secured.
            who: does it.

        Raises:
            ModelError, CanonicalizationError: the credential cannot be signed as it is.
            RegisterError: REGISTER_CONFLICT, where another content was issued under the key; the
                key that signs is retired or compromised; the register cannot be written.
            SigningKeyError: the key cannot sign now; the credential stays unfinished.
        """
        document = _unsigned(credential)
        return self._desk.issue(
            document,
            asked=asked_for(document, key=key, recipient=recipient),
            key=key,
            mechanism=Mechanism(mechanism),
            who=who,
        )

    def issue_many(
        self,
        model: AchievementCredential | JsonObject,
        learners: Iterable[Learner],
        *,
        engine: Engine | None = None,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        chunk_rows: int = CHUNK_ROWS,
    ) -> Iterator[IssuedCredential]:
        """Issue what a model credential shows to many learners, in their order, each once.

        Each chunk is recorded before it is signed, and handed on when it is marked as issued. A
        run that was interrupted is started again with the same rows: those that were issued to
        are handed out again, those that were recorded are finished. A row is known by its key,
        or without one by the achievement and all that the row says.

        Args:
            model: an unsigned badge without status; its id and recipient play no part.
            learners: the rows, read no further ahead than needed.
            engine: where they are signed; in this process where it is None.
            mechanism: how they are secured.
            chunk_rows: rows that are recorded together.

        Raises:
            ModelError, CanonicalizationError, BatchError: a row cannot be signed as it is, or a
                sample does not verify; nothing of its chunk is issued.
            RegisterError: as `issue`.
            ConfigurationError: the key is not in memory, and there is no factory.
        """
        run = BatchRun(
            self._register,
            model.to_json() if isinstance(model, Model) else model,
            verification_method=self._signer.verification_method,
            factory=self._desk.signer_factory(),
            engine=engine if engine is not None else InProcess(),
            mechanism=Mechanism(mechanism),
            policy=self._policy,
        )
        return run.issue(learners, chunk_rows)

    def secure_further(
        self, identifier: str, mechanism: Mechanism, *, who: str | None = None
    ) -> Secured:
        """Secure an issued credential in a further way, as a JWT for software that reads no other.

        It stays one credential: the same id, the same content, the same places in status lists.
        The register notes it as a carrier.

        Args:
            identifier: its id.
            mechanism: how it is secured, too.
            who: does it.

        Raises:
            RegisterError: REGISTER_UNKNOWN, also where its document is not kept; REGISTER_CONFLICT,
                where it is not issued, or revoked; the key must not sign. SigningKeyError: as
                `issue`.
        """
        return secure_further(self._desk, identifier, Mechanism(mechanism), who=who)

    def unfinished(self) -> list[CredentialRecord]:
        """Return what is recorded and not signed: under way elsewhere, or interrupted."""
        return self._desk.unfinished()

    def resume(self, *, who: str | None = None) -> list[IssuedCredential]:
        """Finish what was interrupted, and return it; also what another process has under way.

        Raises:
            TestamurError: as `issue`; what was finished before stays so.
        """
        return self._desk.resume(who=who)

    def abandon(self, identifier: str, *, reason: str, who: str | None = None) -> None:
        """Give up a credential that is unfinished, with the rest of its chunk; its key is free.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is not unfinished.
        """
        with self._register.writing() as writing:
            record = require_credential(writing.connection, identifier)
            if record.state is not State.PLANNED:
                raise RegisterError(
                    f"{identifier[:160]} is {record.state}, not unfinished",
                    code=Code.REGISTER_CONFLICT,
                )
            chunk = chunk_of(writing.connection, record)
            if chunk is None:
                abandon(writing, record, reason=reason, who=who)
            else:
                abandon_chunk(writing, chunk, reason=reason, who=who)

    def revoke(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """Withdraw a credential for good; None where it is already.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it cannot be; no reason given.
        """
        return self._register.credentials.revoke(identifier, reason=reason, who=who)

    def suspend(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """Withdraw a credential for now; None where it is already. Errors as `revoke`."""
        return self._register.credentials.suspend(identifier, reason=reason, who=who)

    def reinstate(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """End a suspension; None where there is none. Errors as `revoke`."""
        return self._register.credentials.reinstate(identifier, reason=reason, who=who)

    def replace(
        self,
        identifier: str,
        credential: Credential | JsonObject,
        *,
        reason: str,
        recipient: str | None = None,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        who: str | None = None,
    ) -> IssuedCredential:
        """Issue a corrected credential, and revoke the old one at the moment when it is issued.

        Args:
            identifier: the id of the old one, which then points to the new one in the register.
            credential: the corrected one, unsigned and without status.
            reason: why.
            recipient: as in `issue`.
            mechanism: how it is secured.
            who: does it.

        Raises:
            RegisterError: REGISTER_CONFLICT, where the old one is replaced or renewed already;
                errors as `issue`.
        """
        if not reason.strip():
            raise RegisterError("say why it is replaced", path="reason")
        document, key = _unsigned(credential), f"replaces {identifier}"
        return self._desk.issue(
            document,
            asked=asked_for(document, key=key, recipient=recipient),
            key=key,
            mechanism=Mechanism(mechanism),
            who=who,
            superseding=Superseding(identifier, Relation.REPLACES, reason),
        )

    def renew(
        self,
        identifier: str,
        *,
        valid_from: datetime,
        valid_until: datetime | None,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        who: str | None = None,
    ) -> IssuedCredential:
        """Issue a credential that says the same for a further time; the old one runs out by itself.

        Args:
            identifier: the id of the old one.
            valid_from: when the new one begins to hold, aware.
            valid_until: when it ends to hold, aware; None: never.
            mechanism: how it is secured.
            who: does it.

        Raises:
            RegisterError: the old one is not there, or its document is not kept; errors as
                `issue`.
        """
        register = self._register.credentials
        record = register.find(identifier)
        if record is None:
            raise RegisterError(
                f"no credential {identifier[:160]!r} is in the register; look for it with "
                "`testamur credential list`",
                code=Code.REGISTER_UNKNOWN,
            )
        content = register.content(record)
        if content is None:
            raise RegisterError(
                f"no document of {identifier[:160]!r} is kept, so it cannot be renewed; issue a "
                "new credential",
                code=Code.REGISTER_UNKNOWN,
            )
        document = dict(load(content).document)
        for name in ("proof", "credentialStatus", "refreshService", "validUntil"):
            document.pop(name, None)
        document["id"] = mint_id()
        begins = format_date_time_stamp(valid_from.replace(microsecond=0))
        document["validFrom"] = begins
        document |= {name: begins for name in ("issued", "issuanceDate") if name in document}
        if valid_until is not None:
            document["validUntil"] = format_date_time_stamp(valid_until.replace(microsecond=0))
        key = f"renews {identifier}"
        asked = asked_for(document, key=key, recipient=record.recipient)
        return self._desk.issue(
            document,
            asked=asked,
            key=key,
            mechanism=Mechanism(mechanism),
            who=who,
            superseding=Superseding(identifier, Relation.RENEWS, "renewed"),
        )

    def reissue(
        self, signed_with: str, *, now: datetime, who: str | None = None
    ) -> Iterator[IssuedCredential]:
        """Issue again all that a key signed and that still holds, with the key of this issuer.

        What a compromise asks for: nothing that the key signed verifies any more. Each credential
        is renewed, says the same, and begins and ends to hold when the old one did; one that was
        renewed already, for a later time, gives one for both times. What is revoked, replaced or
        has ended is left out, and so is what is suspended, until it is reinstated. A run that was
        interrupted is started again: what was renewed with another key is handed out again.

        Args:
            signed_with: the URL of the key, as `did:web:uni.example#key-1`.
            now: the clock, aware.
            who: does it.

        Raises:
            RegisterError: REGISTER_UNKNOWN, where it is none of this issuer's keys; as `renew`.
            ConfigurationError: it is the key that signs here.
        """
        return reissue(
            self,
            self._register,
            signed_with,
            own=self._signer.verification_method,
            now=now,
            who=who,
        )

    def endorse(
        self,
        endorsed_id: str,
        comment: str | None = None,
        *,
        valid_from: datetime,
        valid_until: datetime | None = None,
        key: str | None = None,
        who: str | None = None,
    ) -> IssuedCredential:
        """Issue an endorsement of a credential, an achievement or a profile, of one's own or not.

        Args:
            endorsed_id: its id.
            comment: what is said of it, in Markdown.
            valid_from: aware.
            valid_until: aware; None: it holds for good.
            key: yours; without one, the same thing is endorsed once with the same comment.
            who: does it.

        Raises:
            TestamurError: as `issue`.
        """
        with self._register.reading() as connection:
            profile = require_issuer(connection, self.id).profile
        endorsement = build.endorsement(
            Profile.from_json(dict(profile)),
            endorsed_id,
            comment,
            valid_from=valid_from.replace(microsecond=0),
            valid_until=valid_until,
        )
        known_by = key if key is not None else f"endorses {endorsed_id}: {comment}"
        document = endorsement.to_json()
        return self._desk.issue(
            document,
            asked=asked_for(document, key=known_by, recipient=None),
            key=key,
            mechanism=Mechanism.EDDSA_RDFC_2022,
            who=who,
        )

    def newest(self, identifier: str) -> CredentialRecord:
        """Return what a credential was replaced or renewed by, at the end of that chain.

        Raises:
            RegisterError: REGISTER_UNKNOWN.
        """
        with self._register.reading() as connection:
            record = require_credential(connection, identifier)
            while record.superseded_by is not None:
                following = require_credential(connection, record.superseded_by)
                if following.state is not State.ISSUED:
                    break
                record = following
            return record


def _unsigned(credential: Credential | JsonObject) -> JsonObject:
    document = credential.to_json() if isinstance(credential, Model) else dict(credential)
    if not {"proof", "credentialStatus"}.isdisjoint(document):
        raise ConfigurationError(
            "the credential has a proof or a status already; both are given to it here"
        )
    return document
