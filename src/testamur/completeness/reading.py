"""Whatever holds a micro-credential → its description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from testamur.errors import ModelError
from testamur.model.microcredential import MicroCredential
from testamur.model.microcredential.reading import Reading
from testamur.secured import Secured

if TYPE_CHECKING:
    from testamur.canon.strict_json import JsonObject

__all__ = ["is_credential", "is_description", "read"]

_OPEN_BADGES = frozenset({"AchievementCredential", "OpenBadgeCredential"})
_EUROPEAN = "EuropeanDigitalCredential"


def read(subject: MicroCredential | Secured | JsonObject) -> Reading:
    """Read a description out of a description, an Open Badge or a European credential.

    Raises:
        ModelError: it is none of them, or breaks their rules.
    """
    if isinstance(subject, MicroCredential):
        return Reading(subject)
    document = _document(subject)
    if is_description(document):
        return Reading(MicroCredential.from_json(document))
    raise ModelError(
        "it is neither a description of a micro-credential nor a credential of Open Badges 3.0 or "
        "of the European Learning Model; give one of these"
    )


def is_description(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a description: a credential has a context or a type, and this has neither."""
    if isinstance(subject, MicroCredential):
        return True
    document = _document(subject)
    return not {"@context", "type"} & document.keys() and "title" in document


def is_credential(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a credential that a description can be read from."""
    if isinstance(subject, MicroCredential):
        return False
    return bool({*_OPEN_BADGES, _EUROPEAN} & set(_types(_document(subject))))


def _document(subject: Any) -> JsonObject:
    return subject.document if isinstance(subject, Secured) else subject


def _types(document: JsonObject) -> list[str]:
    value = document.get("type")
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
