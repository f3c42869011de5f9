"""What an issuer publishes, beside what the audit trail says of it: keys, profiles, achievements,
pages.

All of it goes out under the issuer's name: a key that somebody put into the table would be
published as the issuer's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from testamur.canon import jcs
from testamur.canon.strict_json import parse_object
from testamur.errors import TestamurError
from testamur.register.schema import (
    achievement_versions,
    achievements,
    audit_trail,
    credentials,
    instant_text,
    issuers,
    keys,
    publications,
)
from testamur.register.trail import read_trail

__all__ = ["unsaid_public_data"]

_PAGE = 500
_KEY = ("key.added", "key.retired", "key.compromised")
_PROFILE = ("issuer.added", "issuer.updated")
_AGREED = "publication.agreed"
_OF_A_PAGE = (_AGREED, "publication.taken_back", "credential.erased")


def unsaid_public_data(connection: Connection) -> Iterator[str]:
    """Yield what would be published and is not as the audit trail says."""
    yield from _differing("the key", _said_keys(connection), _recorded_keys(connection))
    yield from _differing("the profile of", _said_profiles(connection), _profiles(connection))
    yield from _differing("achievement", _said_versions(connection), _versions(connection))
    yield from _pages(connection)


def _differing(what: str, said: dict[str, object], found: dict[str, object]) -> Iterator[str]:
    for name in sorted(said.keys() | found.keys()):
        if said.get(name) != found.get(name):
            yield f"{what} {name[:160]} is not recorded as the audit trail says"


def _said_keys(connection: Connection) -> dict[str, object]:
    said: dict[str, dict[str, object]] = {}
    for entry in list(read_trail(connection, actions=_KEY)):
        dates = said.setdefault(entry.subject, {})
        if entry.action == "key.added":
            dates |= {"key": entry.facts.get("publicKey"), "from": entry.facts.get("validFrom")}
        elif entry.action == "key.retired":
            dates["retired"] = entry.facts.get("at")
        else:
            dates["compromised"] = entry.facts.get("since")
    return dict(said)


def _recorded_keys(connection: Connection) -> dict[str, object]:
    found: dict[str, object] = {}
    for row in connection.execute(select(keys)):
        dates = {"retired": row.retired_at, "compromised": row.compromised_at}
        found[row.verification_method] = {
            "key": row.public_key,
            "from": instant_text(row.valid_from),
            **{name: instant_text(at) for name, at in dates.items() if at is not None},
        }
    return found


def _said_profiles(connection: Connection) -> dict[str, object]:
    entries = list(read_trail(connection, actions=_PROFILE))
    return {each.subject: each.facts.get("profile") for each in entries}


def _profiles(connection: Connection) -> dict[str, object]:
    return {row.uri: _digest(row.profile) for row in connection.execute(select(issuers))}


def _said_versions(connection: Connection) -> dict[str, object]:
    said: dict[str, set[object]] = {}
    for entry in list(read_trail(connection, actions=("achievement.recorded",))):
        version = entry.facts.get("version"), entry.facts.get("sha256")
        said.setdefault(entry.subject, set()).add(version)
    return dict(said)


def _versions(connection: Connection) -> dict[str, object]:
    query = select(achievements.c.uri, achievement_versions).join(
        achievements, achievements.c.id == achievement_versions.c.achievement_id
    )
    found: dict[str, set[object]] = {}
    for row in connection.execute(query):
        digest = _digest(row.document)
        is_whole = digest == bytes(row.content_hash).hex()
        found.setdefault(row.uri, set()).add((row.number, digest if is_whole else None))
    return dict(found)


def _pages(connection: Connection) -> Iterator[str]:
    """Yield credentials that have a public page to which, by the trail, nobody agrees."""
    after = 0
    while page := connection.execute(
        select(credentials.c.id, credentials.c.uri)
        .join(publications, publications.c.credential_id == credentials.c.id)
        .where(credentials.c.id > after)
        .order_by(credentials.c.id)
        .limit(_PAGE)
    ).all():
        after = page[-1].id
        agreed = _agreed(connection, [row.uri for row in page])
        for row in page:
            if row.uri not in agreed:
                yield f"{row.uri[:160]} has a page to which nobody agreed, by the audit trail"


def _agreed(connection: Connection, identifiers: Sequence[str]) -> set[str]:
    query = (
        select(audit_trail.c.subject, audit_trail.c.action)
        .where(audit_trail.c.subject.in_(identifiers), audit_trail.c.action.in_(_OF_A_PAGE))
        .order_by(audit_trail.c.sequence)
    )
    last = {row.subject: row.action for row in connection.execute(query)}
    return {identifier for identifier, action in last.items() if action == _AGREED}


def _digest(document: str) -> str | None:
    try:
        return jcs.digest(parse_object(document)).hex()
    except TestamurError:
        return None
