"""An award: what is the same for all learners of a batch, and how a learner is put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from testamur import build
from testamur.batch.derived import SECRET_BYTES, row_secrets
from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
from testamur.batch.status_lists import StatusLists, StatusPlace
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import ConfigurationError
from testamur.model.dates import LexicalDateTime, format_date_time_stamp
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    IdentifierType,
    Profile,
    check_for_issue,
    identity_hash,
)
from testamur.model.parse import parse_credential
from testamur.status import bitstring_status_list

__all__ = ["Award", "Varying"]

_NOBODY: JsonObject = {
    "type": "IdentityObject",
    "hashed": False,
    "identityHash": "Nobody",
    "identityType": IdentifierType.NAME.value,
}


@dataclass(frozen=True, slots=True)
class Varying:
    """All that a learner's credential has of its own, as it stands in the document.

    Attributes:
        id: the credential's id.
        members: members of the credential that it has of its own, or in place of the award's:
            of validFrom, validUntil, awardedDate, evidence and credentialStatus those that are
            there, in this order.
        subject: the same of credentialSubject: id, identifier, activityStartDate,
            activityEndDate, creditsEarned, licenseNumber, narrative, result, role, term.
        places: where its status will be published.
    """

    id: str
    members: JsonObject
    subject: JsonObject
    places: tuple[StatusPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What is the same for all learners of a batch.

    Attributes:
        pattern: the credential without id, recipient and status; do not change it. Members that a
            learner has too (as a narrative) hold for the learners who have none of their own.
        secret: `SECRET_BYTES` random bytes of this batch alone: see `testamur.batch.derived`.
        status: where the status will be published; None for credentials without.
        digest: SHA-256 over all of it.

    Raises:
        ModelError: the pattern breaks the standard, or `check_for_issue` objects.
        ConfigurationError: it is no pattern of a badge, or the secret has another length.
    """

    pattern: JsonObject = field(compare=False)
    secret: bytes = field(repr=False, compare=False)
    status: StatusLists | None = field(default=None, compare=False)
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise ConfigurationError(
                f"a batch's secret has {SECRET_BYTES} random bytes, as of "
                f"secrets.token_bytes({SECRET_BYTES}), not {len(self.secret)}"
            )
        subject = self.pattern.get("credentialSubject")
        if not isinstance(subject, dict) or not {"id", "identifier"}.isdisjoint(subject):
            raise ConfigurationError("an award's pattern has one credentialSubject, of nobody")
        if not {"id", "credentialStatus", "proof"}.isdisjoint(self.pattern):
            raise ConfigurationError("an award's pattern has no id, no status and no proof")
        self._nobodys()
        said: list[JsonValue] = [self.pattern, self.secret.hex(), repr(self.status)]
        if self.status is not None and self.status.secret is not None:
            said.append(self.status.secret.hex())
        object.__setattr__(self, "digest", sha256(dumps(said).encode()).digest())

    @property
    def issuer_id(self) -> str:
        """The id of the issuer."""
        issuer = self.pattern["issuer"]
        return str(issuer["id"] if isinstance(issuer, dict) else issuer)

    @property
    def achievement(self) -> Achievement:
        """What is awarded."""
        return self._nobodys().credential_subject.achievement

    def _nobodys(self) -> AchievementCredential:
        return _check(self._merged("urn:uuid:0", {}, {"identifier": [_NOBODY]}))

    @staticmethod
    def of(
        issuer: Profile,
        achievement: Achievement,
        *,
        secret: bytes,
        valid_from: datetime,
        valid_until: datetime | None = None,
        status: StatusLists | None = None,
    ) -> Award:
        """Award an achievement.

        Args:
            issuer: who awards it.
            achievement: what is awarded.
            secret: as in `Award`.
            valid_from: aware; for learners who have none of their own.
            valid_until: aware; the same.
            status: as in `Award`.

        Raises:
            ModelError: it breaks the standard, or `check_for_issue` objects.
        """
        model = build.credential(
            issuer,
            achievement,
            recipient=build.recipient_by_name("Nobody"),
            valid_from=valid_from,
            valid_until=valid_until,
            id="urn:uuid:0",
        )
        return Award.like(model.to_json(), secret=secret, valid_from=valid_from, status=status)

    @staticmethod
    def like(
        document: JsonObject,
        *,
        secret: bytes,
        valid_from: datetime,
        status: StatusLists | None = None,
    ) -> Award:
        """Award what a model credential shows: everything in it, but to other learners.

        Args:
            document: an unsigned badge. Its id and its recipient may be missing and play no part.
            secret: as in `Award`.
            valid_from: aware; for learners who have none of their own, where the model has none.
            status: as in `Award`.

        Raises:
            ConfigurationError: it is signed, or has a status, which no two credentials may share.
            ModelError: it breaks the standard, or `check_for_issue` objects.
        """
        if "proof" in document:
            raise ConfigurationError("the model credential is signed; remove its proof")
        if "credentialStatus" in document:
            raise ConfigurationError(
                "the model credential has a credentialStatus, and no two credentials may share "
                "one; remove it, and name the list's URL for the whole batch"
            )
        pattern = {name: value for name, value in document.items() if name != "id"}
        if "validFrom" not in pattern:
            pattern["validFrom"] = format_date_time_stamp(valid_from.replace(microsecond=0))
        subject = pattern.get("credentialSubject")
        if isinstance(subject, list) and len(subject) == 1:
            subject = subject[0]
        if isinstance(subject, dict):
            nobody = {n: v for n, v in subject.items() if n not in ("id", "identifier")}
            pattern["credentialSubject"] = nobody
        return Award(pattern=pattern, secret=secret, status=status)

    def varying(self, learner: Learner, position: int) -> Varying:
        """Return all that is different in this learner's credential.

        Nothing is checked here: whoever writes the credential does.

        Args:
            learner: the row.
            position: of the row in its roster, from 0.
        """
        row = row_secrets(self.secret, position)
        places = self.places(position)
        members: JsonObject = {}
        _put_dates(
            members,
            validFrom=learner.valid_from,
            validUntil=learner.valid_until,
            awardedDate=learner.awarded_date,
        )
        if learner.evidence:
            members["evidence"] = [_evidence(each) for each in learner.evidence]
        entries: list[JsonValue] = [_entry(place) for place in places]
        if entries:
            # The 1EdTech schemas take a single status as an object, as `build.credential` does.
            members["credentialStatus"] = entries[0] if len(entries) == 1 else entries
        return Varying(row.id, members, _subject(learner, row.salt), places)

    def places(self, position: int) -> tuple[StatusPlace, ...]:
        """Return where the status of the row at `position` will be published."""
        return () if self.status is None else self.status.places(self.secret, position)

    def document(self, learner: Learner, position: int) -> JsonObject:
        """Return a learner's credential as JSON, not signed and not checked yet."""
        varying = self.varying(learner, position)
        return self._merged(varying.id, varying.members, varying.subject)

    def credential(self, learner: Learner, position: int) -> AchievementCredential:
        """Return a learner's credential, checked and not signed.

        Raises:
            ModelError: what the learner has breaks the standard, or `check_for_issue` objects.
        """
        return _check(self.document(learner, position))

    def _merged(self, identifier: str, members: JsonObject, subject: JsonObject) -> JsonObject:
        pattern = self.pattern
        ours = pattern["credentialSubject"]
        common = ours if isinstance(ours, dict) else {}
        # What names the recipient comes first, as in a credential that was built from a model.
        first = {**_only(subject, "id"), **_only(common, "type"), **_only(subject, "identifier")}
        return {
            **_only(pattern, "@context"),
            "id": identifier,
            **pattern,
            **members,
            "credentialSubject": {**first, **common, **subject},
        }


def _check(document: JsonObject) -> AchievementCredential:
    model = parse_credential(document)
    if not isinstance(model, AchievementCredential):
        raise ConfigurationError(
            "the model credential is no badge of Open Badges 3.0 under the VC Data Model 2.0; "
            "its types are VerifiableCredential and AchievementCredential"
        )
    check_for_issue(model)
    return model


def _subject(learner: Learner, salt: str) -> JsonObject:
    subject: JsonObject = {}
    if learner.id is not None:
        subject["id"] = learner.id
    identifiers: list[JsonValue] = list(_identifiers(learner, salt))
    if identifiers:
        subject["identifier"] = identifiers
    _put_dates(
        subject,
        activityStartDate=learner.activity_start_date,
        activityEndDate=learner.activity_end_date,
    )
    _put(
        subject,
        creditsEarned=learner.credits_earned,
        licenseNumber=learner.license_number,
        narrative=learner.narrative,
    )
    if learner.results:
        subject["result"] = [_result(each) for each in learner.results]
    _put(subject, role=learner.role, term=learner.term)
    return subject


def _identifiers(learner: Learner, salt: str) -> Iterator[JsonObject]:
    if learner.name is not None:
        yield {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": learner.name,
            "identityType": "name",
        }
    if learner.email is not None:
        yield {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity_hash(learner.email, salt),
            "identityType": "emailAddress",
            "salt": salt,
        }


def _entry(place: StatusPlace) -> JsonObject:
    return bitstring_status_list.build_entry(
        list_url=place.list_url, index=place.index, purpose=place.purpose
    )


def _evidence(evidence: LearnerEvidence) -> JsonObject:
    document: JsonObject = {}
    _put(document, id=evidence.id)
    document["type"] = ["Evidence"]
    _put(
        document,
        name=evidence.name,
        description=evidence.description,
        narrative=evidence.narrative,
    )
    return document


def _result(result: LearnerResult) -> JsonObject:
    document: JsonObject = {"type": ["Result"], "resultDescription": result.description}
    _put(
        document,
        achievedLevel=result.achieved_level,
        status=None if result.status is None else str(result.status),
        value=result.value,
    )
    return document


def _only(document: JsonObject, name: str) -> JsonObject:
    return {name: document[name]} if name in document else {}


def _put(document: JsonObject, **members: JsonValue) -> None:
    for name, value in members.items():
        if value is not None:
            document[name] = value


def _put_dates(document: JsonObject, **members: datetime | None) -> None:
    for name, value in members.items():
        if value is not None:
            # A roster's dates are in their final form already; others must be brought into it.
            document[name] = (
                value.lexical
                if isinstance(value, LexicalDateTime) and value.tzinfo is not None
                else format_date_time_stamp(value)
            )
