"""Credentials inside a credential: endorsements, members of a collection, a presentation's.

Each goes down the line for itself, with its own contexts, its own proof and its own issuer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.verification.document_checks import subjects

__all__ = ["Endorsement", "collected", "endorsements", "presented"]


@dataclass(frozen=True, slots=True)
class Endorsement:
    """An endorsement and what it is attached to.

    Attributes:
        credential: an object, or a compact JWS.
        attached_to: the id of the object that holds it; None where that has no id.
        member: "endorsement" or "endorsementJwt".
    """

    credential: JsonValue
    attached_to: str | None
    member: str


def endorsements(value: JsonValue) -> Iterator[Endorsement]:
    """Find the endorsements at any depth of a credential, but not inside endorsements."""
    if isinstance(value, list):
        for each in value:
            yield from endorsements(each)
        return
    if not isinstance(value, dict):
        return
    for member, each in value.items():
        if member in ("endorsement", "endorsementJwt"):
            identifier = value.get("id")
            attached_to = identifier if isinstance(identifier, str) else None
            for credential in each if isinstance(each, list) else [each]:
                yield Endorsement(credential, attached_to, member)
        elif member not in ("proof", "verifiableCredential"):
            yield from endorsements(each)


def collected(document: JsonObject) -> list[JsonValue]:
    """Return the credentials a collection holds (CLR 2.0, ClrSubject)."""
    found: list[JsonValue] = []
    for subject in subjects(document):
        found += _items(subject.get("verifiableCredential"))
    return found


def presented(document: JsonObject) -> list[JsonValue]:
    """Return the credentials a presentation holds."""
    return _items(document.get("verifiableCredential"))


def _items(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
