"""Whether a credential is about the person that was asked for (Open Badges 3.0, 8.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ModelError
from testamur.verification import answers
from testamur.verification.document_checks import objects, subjects
from testamur.verification.european import subject_emails
from testamur.verification.policy import Policy
from testamur.verification.report import Check, CheckName

if TYPE_CHECKING:
    from testamur.model.ob3 import IdentityObject

__all__ = ["check_recipient"]

_SPEC = "Open Badges 3.0, 8.6 Recipient Identity"


def check_recipient(document: JsonObject, policy: Policy) -> Check:
    """Answer "is it this person's?", by id or by e-mail address (Open Badges 3.0, 8.6)."""
    wanted = [text for text in (policy.recipient_id, policy.recipient_email) if text is not None]
    if not wanted:
        return answers.not_applicable(
            CheckName.RECIPIENT,
            "You did not ask whether it belongs to a certain person.",
            spec=_SPEC,
        )
    people = subjects(document)
    matched = (
        policy.recipient_id is None
        or any(_is_known_by_id(person, policy.recipient_id) for person in people)
    ) and (
        policy.recipient_email is None
        or any(_is_known_by_email(person, policy.recipient_email) for person in people)
    )
    shown = " and ".join(wanted)
    if not matched and not _is_comparable(people, policy):
        return answers.could_not_check(
            CheckName.RECIPIENT,
            Code.RECIPIENT_MISMATCH,
            f"It names nobody in a way that {shown} could be compared with.",
            spec=_SPEC,
            evidence={"asked for": shown},
        )
    if matched:
        return answers.passed(
            CheckName.RECIPIENT,
            f"It is about {shown}.",
            spec=_SPEC,
            evidence={"asked for": shown},
        )
    return answers.failed(
        CheckName.RECIPIENT,
        Code.RECIPIENT_MISMATCH,
        f"It is not about {shown}, as far as its identifiers show.",
        spec=_SPEC,
        evidence={"asked for": shown},
    )


def _is_comparable(people: list[JsonObject], policy: Policy) -> bool:
    """Whether the subjects have an id, or an e-mail address, where one was asked for."""
    if policy.recipient_id is not None:
        return any("id" in person or _identities(person) for person in people)
    if any(map(subject_emails, people)):
        return True
    kinds = [identity.identity_type for person in people for identity in _identities(person)]
    return "emailAddress" in kinds


def _is_known_by_id(subject: JsonObject, wanted: str) -> bool:
    return subject.get("id") == wanted or any(
        identity.matches(identity.identity_type, wanted) for identity in _identities(subject)
    )


def _is_known_by_email(subject: JsonObject, wanted: str) -> bool:
    return wanted in subject_emails(subject) or any(
        identity.matches("emailAddress", wanted) for identity in _identities(subject)
    )


def _identities(subject: JsonObject) -> list[IdentityObject]:
    """The subject's identifiers; the structure check has found them well formed."""
    from testamur.model.ob3 import IdentityObject

    try:
        return [IdentityObject.from_json(each) for each in objects(subject.get("identifier"))]
    except ModelError:
        return []  # not an Open Badge: its `identifier` means something else
