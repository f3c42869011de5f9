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
_NOBODY = "urn:testamur:nobody"
_OF_THE_ENVELOPE = ("learner", "issuer", "issued")


def read(subject: MicroCredential | Secured | JsonObject) -> Reading:
    """Read a description out of whatever holds one: see `check`.

    Raises:
        ModelError: it is none of them, or breaks their rules.
    """
    if isinstance(subject, MicroCredential):
        return Reading(subject)
    document = _document(subject)
    if is_description(document):
        return Reading(MicroCredential.from_json(document))
    types = _types(document)
    if _OPEN_BADGES.intersection(types):
        return _read_badge(document)
    if _EUROPEAN in types:
        return _read_european(document)
    if "Achievement" in types:
        return _read_achievement(document)
    raise ModelError(
        "it is neither a description of a micro-credential, nor an Open Badge 3.0, nor a European "
        "Digital Credential; give one of these"
    )


def is_description(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a description: a credential has a context or a type, and this has neither."""
    if isinstance(subject, MicroCredential):
        return True
    document = _document(subject)
    return not {"@context", "type"} & document.keys() and {"language", "title"} <= document.keys()


def is_credential(subject: MicroCredential | Secured | JsonObject) -> bool:
    """Whether it is a credential that a description can be read from: an award to somebody."""
    if isinstance(subject, MicroCredential):
        return False
    return bool({*_OPEN_BADGES, _EUROPEAN}.intersection(_types(_document(subject))))


def _read_badge(document: JsonObject) -> Reading:
    from testamur.model.microcredential.open_badges import from_open_badge
    from testamur.model.ob3 import AchievementCredential

    return from_open_badge(AchievementCredential.from_json(_in_version_2(document)))


def _read_european(document: JsonObject) -> Reading:
    from testamur.model.elm import EuropeanDigitalCredential
    from testamur.model.microcredential.europass import from_elm

    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return from_elm(EuropeanDigitalCredential.from_json(unsigned))


def _in_version_2(document: JsonObject) -> JsonObject:
    """Take the envelope of VC 1.1 for that of 2.0; what the badge says is the same in both."""
    from testamur.model.ob3.credential import OPEN_BADGES_CONTEXT
    from testamur.model.vcdm import CREDENTIALS_V1, CREDENTIALS_V2

    contexts = document.get("@context")
    badge = {name: value for name, value in document.items() if name != "proof"}
    if not isinstance(contexts, list) or CREDENTIALS_V1 not in contexts:
        return badge
    renamed = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}
    badge = {
        renamed.get(name, name): value
        for name, value in badge.items()
        if name not in ("credentialStatus", "credentialSchema")
    }
    return {**badge, "@context": [CREDENTIALS_V2, OPEN_BADGES_CONTEXT]}


def _read_achievement(document: JsonObject) -> Reading:
    """Read an achievement as if somebody had got it, and leave out who, from whom and when."""
    from testamur.model.ob3.credential import OPEN_BADGES_CONTEXT
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
    reading = _read_badge(badge)
    left_out: dict[str, Any] = dict.fromkeys(_OF_THE_ENVELOPE)
    return Reading(reading.description.model_copy(update=left_out), reading.findings)


def _document(subject: Any) -> JsonObject:
    return subject.document if isinstance(subject, Secured) else subject


def _types(document: JsonObject) -> list[str]:
    value = document.get("type")
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
