"""The issuer at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace as _replace
from datetime import datetime

from sqlalchemy import Connection, select

from testamur import build
from testamur.batch.chunk import CHUNK_ROWS
from testamur.batch.engine import Engine, InProcess
from testamur.batch.learner import Learner
from testamur.batch.signers import KeyInMemory, SignerFactory
from testamur.build.identifiers import mint_id
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
from testamur.issuer.asked import Asked, asked_for
from testamur.issuer.chunks import abandon_chunk, issue_and_pack, read_chunk
from testamur.issuer.inspection import inspect_output
from testamur.issuer.issued import IssuedCredential
from testamur.issuer.many import BatchRun, finish_chunk
from testamur.issuer.policy import Policy
from testamur.issuer.single import (
    Plan,
    Superseding,
    abandon,
    conclude,
    plan_credential,
    read_plan,
)
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519Signer, multikey
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.model.base import Model
from testamur.model.dates import format_date_time_stamp
from testamur.model.ob3 import (
    OPEN_BADGES_EXTENSIONS,
    AchievementCredential,
    EndorsementCredential,
    Profile,
    check_for_issue,
)
from testamur.model.parse import parse_credential
from testamur.register import CredentialRecord, Register, Relation, State, StatusChange
from testamur.register.credentials import require_credential
from testamur.register.parties import require_issuer, require_key
from testamur.register.places import require_series
from testamur.register.schema import credentials

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
        self._factory = factory
        with register.reading() as connection:
            key = require_key(connection, signer.verification_method)
        public_key = multikey.decode_public_key(key.public_key)
        if not isinstance(public_key, Ed25519PublicKey):
            raise ConfigurationError("the register's key is none of Ed25519")
        self._public_key = public_key

    @property
    def id(self) -> str:
        """The issuer's id."""
        return split_url(self._signer.verification_method)[0]

    def issue(
        self,
        credential: AchievementCredential | EndorsementCredential | JsonObject,
        *,
        key: str | None = None,
        recipient: str | None = None,
        mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
        who: str | None = None,
    ) -> IssuedCredential:
        """Issue a credential, once.

        Args:
            credential: unsigned and without status, which is added.
            key: yours, as the number of a decision: the same key never gives a second credential.
                Without one, an award is known by achievement, recipient and day.
            recipient: who it is for, where the credential says it by a hash only.
            mechanism: how it is secured.
            who: does it.

        Raises:
            ModelError, CanonicalizationError: the credential cannot be signed as it is.
            RegisterError: REGISTER_CONFLICT, where another content was issued under the key; the
                key that signs is retired or compromised; the register cannot be written.
            SigningKeyError: the key cannot sign now; the credential stays unfinished.
        """
        return self._issue(credential, key=key, recipient=recipient, mechanism=mechanism, who=who)

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
            factory=self._signer_factory(),
            engine=engine if engine is not None else InProcess(),
            mechanism=Mechanism(mechanism),
            policy=self._policy,
        )
        return run.issue(learners, chunk_rows)

    def unfinished(self) -> list[CredentialRecord]:
        """Return what is recorded and not signed: under way elsewhere, or interrupted."""
        return [each for each in self._register.credentials.unfinished() if each.issuer == self.id]

    def resume(self, *, who: str | None = None) -> list[IssuedCredential]:
        """Finish what was interrupted, and return it; also what another process has under way.

        Raises:
            TestamurError: as `issue`; what was finished before stays so.
        """
        finished: list[IssuedCredential] = []
        chunks: set[int] = set()
        for record in self.unfinished():
            with self._register.writing() as writing:
                plan = read_plan(writing, record.number)
                chunk = None if plan is not None else _chunk_of(writing.connection, record)
                work = None if chunk is None or chunk in chunks else read_chunk(writing, chunk)
            if plan is not None:
                finished.append(self._finish(plan, key=None, who=who))
            elif work is not None and chunk is not None:
                chunks.add(chunk)
                made = issue_and_pack(work.task(self._signer_factory(), self._policy))
                finish_chunk(self._register, work, made, self._signer.verification_method)
                finished += [
                    IssuedCredential(each.id, each.key, each.content, is_new=True)
                    for each in made.credentials
                ]
        return finished

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
            chunk = _chunk_of(writing.connection, record)
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
        credential: AchievementCredential | JsonObject,
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
        return self._issue(
            credential,
            key=f"replaces {identifier}",
            recipient=recipient,
            mechanism=mechanism,
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
            RegisterError: the old one's document is not kept; errors as `issue`.
        """
        register = self._register.credentials
        record = register.find(identifier)
        content = None if record is None else register.content(record)
        if record is None or content is None:
            raise RegisterError(
                f"no document of {identifier[:160]!r} is kept, so it cannot be renewed; issue a "
                "new credential",
                code=Code.REGISTER_UNKNOWN,
            )
        document = dict(load(content).document)
        for name in ("proof", "credentialStatus", "refreshService", "validUntil"):
            document.pop(name, None)
        document["id"] = mint_id()
        document["validFrom"] = format_date_time_stamp(valid_from.replace(microsecond=0))
        if valid_until is not None:
            document["validUntil"] = format_date_time_stamp(valid_until.replace(microsecond=0))
        return self._issue(
            document,
            key=f"renews {identifier}",
            recipient=None,
            mechanism=mechanism,
            who=who,
            superseding=Superseding(identifier, Relation.RENEWS, "renewed"),
            kept_recipient=record.recipient,
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
        return self._issue(
            endorsement,
            key=known_by,
            recipient=None,
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

    def _issue(
        self,
        credential: AchievementCredential | EndorsementCredential | JsonObject,
        *,
        key: str | None,
        recipient: str | None,
        mechanism: Mechanism,
        who: str | None,
        superseding: Superseding | None = None,
        kept_recipient: str | None = None,
    ) -> IssuedCredential:
        document = credential.to_json() if isinstance(credential, Model) else dict(credential)
        if not {"proof", "credentialStatus"}.isdisjoint(document):
            raise ConfigurationError(
                "the credential has a proof or a status already; both are given to it here"
            )
        document = self._with_refresh(document)
        asked: Asked = asked_for(document, key=key, recipient=recipient)
        if kept_recipient is not None:
            asked = _replace(asked, recipient=kept_recipient)
        # Whatever would keep it from being signed is said before anything is recorded.
        check_for_issue(parse_credential(document))
        rdfc10.check_lossless(document)
        with self._register.writing() as writing:
            plan = plan_credential(
                writing,
                document,
                asked=asked,
                verification_method=self._signer.verification_method,
                mechanism=Mechanism(mechanism),
                policy=self._policy,
                superseding=superseding,
                who=who,
            )
            known = None if isinstance(plan, Plan) else plan
            if known is not None and not known.is_signed:
                plan = read_plan(writing, known.number) or known
        if isinstance(plan, Plan):
            return self._finish(plan, key=key, who=who)
        return self._again(plan.id, key)

    def _finish(self, plan: Plan, *, key: str | None, who: str | None) -> IssuedCredential:
        """Sign what is recorded, verify it, and mark it as issued."""
        with self._register.reading() as connection:
            lists = require_series(connection, require_issuer(connection, self.id)).lists
        try:
            secured = issue(
                dict(plan.document),
                signer=self._signer,
                now=plan.planned_at,
                mechanism=plan.mechanism,
            )
        except (ModelError, CanonicalizationError, ConfigurationError) as error:
            self._give_up(plan, error, who)
            raise
        inspect_output(
            secured,
            lists=lists,
            places=plan.places,
            signer=self._signer,
            public_key=self._public_key,
            now=plan.planned_at,
        )
        with self._register.writing() as writing:
            content, is_ours = conclude(
                writing,
                plan,
                secured.content,
                verification_method=self._signer.verification_method,
                policy=self._policy,
                who=who,
            )
        return IssuedCredential(plan.id, key, content, is_new=is_ours)

    def _again(self, identifier: str, key: str | None) -> IssuedCredential:
        """Hand out what was issued before; a chunk that was interrupted is finished first."""
        book = self._register.credentials
        record = book.find(identifier)
        if record is not None and record.state is State.PLANNED:
            self.resume()
            record = book.find(identifier)
        if record is None or record.state is not State.ISSUED:
            raise RegisterError(f"{identifier[:160]} was abandoned", code=Code.REGISTER_CONFLICT)
        return IssuedCredential(identifier, key, book.content(record), is_new=False)

    def _give_up(self, plan: Plan, error: TestamurError, who: str | None) -> None:
        with self._register.writing() as writing:
            record = require_credential(writing.connection, plan.id)
            if record.state is State.PLANNED:
                reason = f"{type(error).__name__}: {error.code}"
                abandon(writing, record, reason=reason, who=who)

    def _with_refresh(self, document: JsonObject) -> JsonObject:
        if self._policy.refresh_url is None or "refreshService" in document:
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
                "id": f"{self._policy.refresh_url}{name}",
                "type": "1EdTechCredentialRefresh",
            },
        }

    def _signer_factory(self) -> SignerFactory:
        if self._factory is not None:
            return self._factory
        if isinstance(self._signer, Ed25519Signer):
            return KeyInMemory.of(self._signer)
        raise ConfigurationError(
            "the key is not in memory, so a batch needs a factory that makes the signer in each "
            "process; give Issuer one"
        )


def _chunk_of(connection: Connection, record: CredentialRecord) -> int | None:
    query = select(credentials.c.chunk_id).where(credentials.c.id == record.number)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else int(found)
