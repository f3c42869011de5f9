"""Whatever holds a micro-credential → its description; an achievement on its own included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from testamur.errors import ModelError
from testamur.model.microcredential import MicroCredential
from testamur.model.microcredential.documents import Format, format_of, read_document
from testamur.model.microcredential.reading import Reading
from testamur.secured import Secured

if TYPE_CHECKING:
    from testamur.canon.strict_json import JsonObject

__all__ = ["is_credential", "is_description", "read"]

_ACHIEVEMENT = "Achievement"
_NOBODY = "urn:testamur:nobody"
_OF_THE_ENVELOPE = ("learner", "issuer", "issued")


def read(subject: MicroCredential | Secured | JsonObject) -> Reading:
    """Read a description out of whatever holds one: see `check`.

    Raises:
        ModelError: nothing that is known holds one here, or it breaks the rules of its format.
    """
    if isinstance(subject, MicroCredential):
        return Reading(subject)
    document = _document(subject)
    if _is_achievement(document):
        return _read_achievement(document)
    return read_document(document)


def is_description(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a description: a credential has a context or a type, and this has neither."""
    return isinstance(subject, MicroCredential) or _format(subject) is Format.DESCRIPTION


def is_credential(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a credential that a description can be read from: an award to somebody."""
    if isinstance(subject, MicroCredential):
        return False
    return _format(subject) in (Format.OPEN_BADGE, Format.ELM)


def _format(subject: Secured | JsonObject) -> Format | None:
    try:
        return format_of(_document(subject))
    except ModelError:
        return None


def _is_achievement(document: JsonObject) -> bool:
    types = document.get("type")
    return types == _ACHIEVEMENT or (isinstance(types, list) and _ACHIEVEMENT in types)


def _read_achievement(document: JsonObject) -> Reading:
    """Read an achievement as if somebody had got it, and leave out who, from whom and when."""
    from testamur.model.ob3 import OPEN_BADGES_CONTEXT
    from testamur.model.vcdm import CREDENTIALS_V2

    subject: JsonObject = {"id": _NOBODY, "type": ["AchievementSubject"]}
    achievement = {name: value for name, value in document.items() if name != "@context"}
    badge: JsonObject = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_CONTEXT],
        "id": _NOBODY,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _NOBODY,
        "validFrom": "2000-01-01T00:00:00Z",
        "credentialSubject": {**subject, "achievement": achievement},
    }
    reading = read_document(badge)
    left_out: dict[str, Any] = dict.fromkeys(_OF_THE_ENVELOPE)
    return Reading(reading.description.model_copy(update=left_out), reading.findings)


def _document(subject: Any) -> JsonObject:
    return subject.document if isinstance(subject, Secured) else subject
