"""Whatever holds a micro-credential, read as a description: a description, a badge, an EDC."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ModelError
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.reading import Fate, Finding, Reading

if TYPE_CHECKING:
    from testamur.model.elm import EuropeanDigitalCredential

__all__ = ["Format", "format_of", "read_document"]

_OPEN_BADGES = frozenset({"AchievementCredential", "OpenBadgeCredential"})
_EUROPEAN = "EuropeanDigitalCredential"
_ROUNDS = 4
# VC Data Model 1.1 → 2.0; what a badge says is the same in both.
_RENAMED = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}


class Format(StrEnum):
    """What a micro-credential is written as."""

    DESCRIPTION = "description"
    OPEN_BADGE = "open-badge"
    ELM = "elm"


def format_of(document: JsonObject) -> Format:
    """Return what a document is.

    Raises:
        ModelError: it is none of the three.
    """
    value = document.get("type")
    types = {each for each in (value if isinstance(value, list) else [value]) if _is_text(each)}
    if _EUROPEAN in types:
        return Format.ELM
    if types & _OPEN_BADGES:
        return Format.OPEN_BADGE
    if not {"@context", "type"} & document.keys() and {"language", "title"} <= document.keys():
        return Format.DESCRIPTION
    raise ModelError(
        "it is neither a description of a micro-credential, nor an Open Badge 3.0, nor a European"
        " Digital Credential; give one of these",
        code=Code.NOT_CONFORMANT,
    )


def read_document(document: JsonObject) -> Reading:
    """Read a micro-credential out of a JSON document of any of the three formats.

    Nothing is verified here. A European Digital Credential that has members which the European
    Learning Model 3.1 does not know is read without them; they are among the findings.

    Args:
        document: what `strict_json.parse` returned; not changed.

    Raises:
        ModelError: it is none of the three, breaks the rules of its format, or holds more values
            than would be verified (RESOURCE_LIMIT).
    """
    kind = format_of(document)
    _check_size(document)
    if kind is Format.DESCRIPTION:
        return Reading(MicroCredential.from_json(document))
    if kind is Format.OPEN_BADGE:
        return _read_badge(document)
    return _read_european(document)


def _check_size(document: JsonObject) -> None:
    waiting: list[Any] = [document]
    count = 0
    while waiting:
        value = waiting.pop()
        count += not isinstance(value, list)
        if count > limits.DOCUMENT_VALUES:
            raise ModelError(
                f"it holds more than {limits.DOCUMENT_VALUES} values; no micro-credential does",
                code=Code.RESOURCE_LIMIT,
            )
        if isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value


def _read_badge(document: JsonObject) -> Reading:
    from testamur.model.microcredential.open_badges import from_open_badge
    from testamur.model.ob3 import OPEN_BADGES_CONTEXT, AchievementCredential
    from testamur.model.vcdm import CREDENTIALS_V1, CREDENTIALS_V2

    contexts = document.get("@context")
    badge = {name: value for name, value in document.items() if name != "proof"}
    if not isinstance(contexts, list) or CREDENTIALS_V1 not in contexts:
        return from_open_badge(AchievementCredential.from_json(badge, path="credential"))
    badge = {_RENAMED.get(name, name): value for name, value in badge.items()}
    for name in ("credentialStatus", "credentialSchema"):
        badge.pop(name, None)
    badge["@context"] = [CREDENTIALS_V2, OPEN_BADGES_CONTEXT]
    reading = from_open_badge(AchievementCredential.from_json(badge, path="credential"))
    back = {new: old for old, new in _RENAMED.items()}
    findings = (Finding(back.get(e.path, e.path), e.fate, e.note) for e in reading.findings)
    return Reading(reading.description, tuple(findings))


def _read_european(document: JsonObject) -> Reading:
    from testamur.model.microcredential.europass import from_elm

    credential, unknown = _without_unknown(document)
    reading = from_elm(credential)
    note = "the European Learning Model 3.1 has no such member"
    findings = [*reading.findings, *(Finding(path, Fate.NO_PLACE, note) for path in unknown)]
    return Reading(reading.description, tuple(findings))


def _without_unknown(
    document: JsonObject,
) -> tuple[EuropeanDigitalCredential, list[str]]:
    """Read a credential without the members that its classes do not know; return their paths."""
    from pydantic import ValidationError

    from testamur.model.elm import EuropeanDigitalCredential

    unknown: list[str] = []
    for _ in range(_ROUNDS):
        try:
            return EuropeanDigitalCredential.model_validate(document), unknown
        except ValidationError as error:
            places = [e["loc"] for e in error.errors() if e["type"] == "extra_forbidden"]
            if not places or len(places) != error.error_count():
                break
            if not unknown:
                document = deepcopy(document)
            unknown += _remove(document, places)
    return EuropeanDigitalCredential.from_json(document, path="credential"), unknown


def _remove(document: JsonObject, places: list[tuple[int | str, ...]]) -> Iterator[str]:
    for place in places:
        here: Any = document
        path = ""
        for step in place[:-1]:
            if isinstance(step, int):
                if isinstance(here, list):
                    here, path = here[step], f"{path}[{step}]"
            else:
                here, path = here[step], f"{path}.{step}" if path else step
        here.pop(place[-1], None)
        yield f"{path}.{place[-1]}" if path else str(place[-1])


def _is_text(value: object) -> bool:
    return isinstance(value, str)
