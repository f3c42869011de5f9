"""What issuers award, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from testamur.canon import jcs
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import RegisterError
from testamur.register.issuers import IssuerRecord
from testamur.register.schema import achievement_versions, achievements, issuers
from testamur.register.writing import Writing

__all__ = ["AchievementVersion", "achievements_of", "record_achievement", "versions_of"]


@dataclass(frozen=True, slots=True)
class AchievementVersion:
    """What was awarded, as it was at the time.

    Attributes:
        number: the register's own.
        id: the id of the achievement.
        version: from 1.
        document: the achievement, as JSON.
        created_at: when this version was first awarded or recorded, aware.
    """

    number: int
    id: str
    version: int
    document: Mapping[str, JsonValue] = field(compare=False)
    created_at: datetime


def record_achievement(
    writing: Writing, issuer: IssuerRecord, document: JsonObject
) -> AchievementVersion:
    """Record an achievement as it is now; what is recorded already is returned."""
    identifier = document.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise RegisterError("the achievement has no id", path="achievement.id")
    connection, digest = writing.connection, jcs.digest(document)
    mine = (achievements.c.issuer_id == issuer.number) & (achievements.c.uri == identifier)
    number = connection.execute(select(achievements.c.id).where(mine)).scalar_one_or_none()
    if number is None:
        connection.execute(achievements.insert().values(issuer_id=issuer.number, uri=identifier))
        number = connection.execute(select(achievements.c.id).where(mine)).scalar_one()
    query = _versions(issuer.id, identifier)
    row = connection.execute(
        query.where(achievement_versions.c.content_hash == digest)
    ).one_or_none()
    if row is None:
        newest = select(func.max(achievement_versions.c.number)).where(
            achievement_versions.c.achievement_id == number
        )
        version = (connection.execute(newest).scalar_one_or_none() or 0) + 1
        connection.execute(
            achievement_versions.insert().values(
                achievement_id=number,
                number=version,
                content_hash=digest,
                document=dumps(document),
                created_at=writing.now,
            )
        )
        facts: JsonObject = {"version": version, "sha256": digest.hex()}
        writing.record("achievement.recorded", identifier, facts)
        row = connection.execute(query.where(achievement_versions.c.content_hash == digest)).one()
    return _version(row)


def versions_of(
    connection: Connection, issuer: str, identifier: str
) -> tuple[AchievementVersion, ...]:
    """Return all versions of an achievement, the first first."""
    query = _versions(issuer, identifier).order_by(achievement_versions.c.number)
    return tuple(_version(row) for row in connection.execute(query))


def achievements_of(connection: Connection, issuer: str) -> tuple[AchievementVersion, ...]:
    """Return the newest version of each achievement of an issuer."""
    query = _versions(issuer, None).order_by(achievements.c.id, achievement_versions.c.number)
    newest = {row.uri: _version(row) for row in connection.execute(query)}
    return tuple(newest.values())


def _versions(issuer: str, identifier: str | None) -> Select[tuple[object, ...]]:
    query = (
        select(achievement_versions, achievements.c.uri)
        .join(achievements, achievements.c.id == achievement_versions.c.achievement_id)
        .join(issuers, issuers.c.id == achievements.c.issuer_id)
        .where(issuers.c.uri == issuer)
    )
    return query if identifier is None else query.where(achievements.c.uri == identifier)


def _version(row: Row[tuple[object, ...]]) -> AchievementVersion:
    return AchievementVersion(
        row.id, row.uri, row.number, parse_object(row.document), row.created_at
    )
