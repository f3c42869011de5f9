"""What a caller asks for: under which key it is known, and whether it is the same as before."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from testamur.batch.learner import Learner, fingerprint
from testamur.canon.jcs import canonicalize
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ConfigurationError
from testamur.register.recipients import folded

__all__ = ["Asked", "asked_for", "asked_for_row", "recipient_of"]

_OF_THE_RUN = {"@context", "id", "validFrom", "credentialStatus", "proof", "refreshService"}
"""Members that differ from one try to the next, though the same is asked for."""

_LOCAL = "urn:epass:"
"""Begins ids that mean something within one European Digital Credential only."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    Attributes:
        key: the same for the same award; a second credential under it is never issued.
        content: the same for the same content; another one under the same key is refused.
        recipient: who it is for, in plain text; None where nobody said it.
    """

    key: str = field(repr=False)
    content: str = field(repr=False)
    recipient: str | None = field(repr=False)


def asked_for(document: JsonObject, *, key: str | None, recipient: str | None) -> Asked:
    """Say what a document that is issued alone asks for.

    Without a key it is known by achievement, recipient and day of the award.

    Args:
        document: unsigned.
        key: of the caller.
        recipient: who it is for; read from the document where it is None.

    Raises:
        ConfigurationError: neither a key nor a recipient can be told.
    """
    who = recipient if recipient is not None else recipient_of(document)
    subject = document.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    if key is None:
        if who is None:
            raise ConfigurationError(
                "the credential names its recipient by a hash, from which nobody can tell whether "
                "it was issued before; say who it is for (recipient, --recipient), or give the "
                "award a key of your own (key, --as)"
            )
        achievement = subject.get("achievement")
        identifier = achievement.get("id") if isinstance(achievement, dict) else achievement
        if identifier is None:
            raise ConfigurationError("give what is issued a key: it is no achievement")
        day = str(document.get("awardedDate") or document.get("validFrom"))[:10]
        known_by = _known_by("award", str(identifier), folded(who), day)
    else:
        known_by = _known_by("key", key)
    said: JsonObject = {name: value for name, value in document.items() if name not in _OF_THE_RUN}
    said["credentialSubject"] = _unsalted(subject)
    content: list[JsonValue] = [said, None if who is None else folded(who)]
    return Asked(known_by, _text(content), who)


def asked_for_row(learner: Learner, *, achievement: str, pattern: str) -> Asked:
    """Say what a row of a roster asks for.

    Without a key it is known by the achievement and all that the row says.

    Args:
        learner: the row.
        achievement: the id of the achievement.
        pattern: what is the same for all rows, as `pattern_text` gives it.
    """
    said = fingerprint((learner,))
    known_by = (
        _known_by("row", achievement, said)
        if learner.key is None
        else _known_by("key", learner.key)
    )
    return Asked(known_by, f"{pattern} {said}", learner.email or learner.id or learner.name)


def pattern_text(pattern: JsonObject) -> str:
    """Return what stands for all that is the same for all rows, in hexadecimal."""
    text = _text({name: value for name, value in pattern.items() if name not in _OF_THE_RUN})
    return sha256(text.encode("utf-8")).hexdigest()


def recipient_of(document: JsonObject) -> str | None:
    """Return who a document names in plain text: an id, else an address, else a name."""
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        return None
    identifier = subject.get("id")
    if isinstance(identifier, str) and not identifier.startswith(_LOCAL):
        return identifier
    identifiers = subject.get("identifier")
    entries = identifiers if isinstance(identifiers, list) else [identifiers]
    plain = {
        str(entry.get("identityType")): entry.get("identityHash")
        for entry in entries
        if isinstance(entry, dict) and entry.get("hashed") is False
    }
    found = plain.get("emailAddress") or next(iter(plain.values()), None)
    return str(found) if len(plain) == len(entries) and found is not None else None


def _unsalted(subject: JsonObject) -> JsonObject:
    """Leave out hashed identifiers, whose salts are new in each try."""
    identifiers = subject.get("identifier")
    entries = identifiers if isinstance(identifiers, list) else [identifiers]
    plain = [each for each in entries if isinstance(each, dict) and each.get("hashed") is False]
    rest: JsonObject = {name: value for name, value in subject.items() if name != "identifier"}
    return {**rest, "identifier": list(plain)}


def _known_by(*parts: str) -> str:
    return "\0".join(parts)


def _text(value: JsonValue) -> str:
    return canonicalize(value).decode("utf-8")
