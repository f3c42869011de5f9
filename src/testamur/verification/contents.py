"""What a credential says, for people to read. Only called once its proof is genuine.

Reads the original document, since that is what was signed. Members of an unexpected kind are left
out here; the structure check names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.verification.document_checks import issuer_id, subjects
from testamur.verification.european import european_contents, is_european
from testamur.verification.report import Aligned, Contents, Evidence, ResultShown

__all__ = ["common_contents", "read_contents"]


def read_contents(document: JsonObject, common: Mapping[str, Any] | None = None) -> Contents:
    """Return what the credential says.

    Args:
        document: the credential.
        common: what `common_contents` found, where it is known.
    """
    if is_european(document):
        return Contents(
            id=_text(document.get("id")),
            types=tuple(_texts(document.get("type"))),
            issuer_id=issuer_id(document),
            **_period(document),
            **european_contents(document),
        )
    subject = _subject(document)
    if common is None:
        common = common_contents(document)
    return Contents(
        id=_text(document.get("id")),
        recipient=_recipient(subject),
        **_period(document),
        results=tuple(_results(subject, _object(subject.get("achievement")))),
        evidence=tuple(
            Evidence(
                name=_text(item.get("name")),
                url=_text(item.get("id")),
                narrative=_text(item.get("narrative")),
            )
            for item in _objects(document.get("evidence"))
        ),
        **common,
    )


def common_contents(document: JsonObject) -> dict[str, Any]:
    """Return the members of its contents that credentials of one achievement have in common."""
    subject = _subject(document)
    achievement = _object(subject.get("achievement"))
    issuer = _object(document.get("issuer"))
    creator = _object(achievement.get("creator"))
    criteria = _object(achievement.get("criteria"))
    return {
        "types": tuple(_texts(document.get("type"))),
        "name": _text(document.get("name")) or _text(achievement.get("name")),
        "description": _text(document.get("description")),
        "issuer_id": issuer_id(document),
        "issuer_name": _text(issuer.get("name")),
        "achievement_id": _text(achievement.get("id")),
        "achievement_name": _text(achievement.get("name")),
        "achievement_type": _text(achievement.get("achievementType")),
        "achievement_description": _text(achievement.get("description")),
        "criteria": _text(criteria.get("narrative")) or _text(criteria.get("id")),
        "field_of_study": _text(achievement.get("fieldOfStudy")),
        "creator_name": _text(creator.get("name")),
        "creator_country": _text(_object(creator.get("address")).get("addressCountry")),
        "credits": _text(subject.get("creditsEarned"))
        or _text(achievement.get("creditsAvailable")),
        "language": _text(achievement.get("inLanguage")),
        "alignments": tuple(_alignments(achievement)),
    }


def _period(document: JsonObject) -> dict[str, Any]:
    return {
        "valid_from": _text(document.get("validFrom")) or _text(document.get("issuanceDate")),
        "valid_until": _text(document.get("validUntil")) or _text(document.get("expirationDate")),
    }


def _subject(document: JsonObject) -> JsonObject:
    people = subjects(document)
    return people[0] if len(people) == 1 else {}  # of several, none is "the" recipient


def _recipient(subject: JsonObject) -> str | None:
    """The subject's id, or a plaintext identifier; a hash is no name."""
    for identity in _objects(subject.get("identifier")):
        if identity.get("hashed") is False:
            return _text(identity.get("identityHash"))
    return _text(subject.get("id"))


def _alignments(achievement: JsonObject) -> Iterator[Aligned]:
    for item in _objects(achievement.get("alignment")):
        name, url = _text(item.get("targetName")), _text(item.get("targetUrl"))
        if name is not None and url is not None:
            yield Aligned(
                name=name,
                url=url,
                code=_text(item.get("targetCode")),
                framework=_text(item.get("targetFramework")),
                type=_text(item.get("targetType")),
                description=_text(item.get("targetDescription")),
            )


def _results(subject: JsonObject, achievement: JsonObject) -> Iterator[ResultShown]:
    achieved = _objects(subject.get("result"))
    if not achieved:
        return
    names = {
        description.get("id"): _text(description.get("name"))
        for description in _objects(achievement.get("resultDescription"))
        if isinstance(description.get("id"), str)
    }
    for item in achieved:
        reference = item.get("resultDescription")
        yield ResultShown(
            name=names.get(reference) if isinstance(reference, str) else None,
            value=_text(item.get("value")) or _text(item.get("achievedLevel")),
            status=_text(item.get("status")),
        )


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _texts(value: JsonValue) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _text(value: JsonValue) -> str | None:
    """Text as it is, a number as it is written, the text of a (first) language object."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{float(value):.15g}"
    return value if isinstance(value, str) and value else None
