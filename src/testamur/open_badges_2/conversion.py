"""An assertion of Open Badges 2.0 as an unsigned badge of 3.0, with what had no place in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from testamur import build
from testamur.build.identifiers import mint_id
from testamur.build.recipients import Recipient
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import InputError, ModelError, TestamurError
from testamur.model.dates import parse_date_time_stamp
from testamur.model.microcredential.reading import Fate, Finding
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    Alignment,
    Evidence,
    IdentityObject,
    Image,
    Profile,
    Related,
)
from testamur.open_badges_2.library import Library

__all__ = ["Converted", "Takeover"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH = re.compile(r"(sha256|md5)\$[0-9A-Fa-f]+")
_LATEST = 253_402_300_799  # 9999-12-31T23:59:59Z
_KNOWN = {
    "assertion": {"@context", "type", "badge", "recipient", "issuedOn", "expires", "evidence"}
    | {"narrative", "revoked", "revocationReason"},
    "badge": {"@context", "type", "id", "name", "description", "image", "criteria", "issuer"}
    | {"tags", "alignment", "alignments", "version", "@language", "related"},
}
_NOTES = {
    "id": "a credential that is issued anew has an id of its own",
    "uid": "a credential that is issued anew has an id of its own",
    "verification": "whether it was hosted or signed; neither was checked",
    "verify": "whether it was hosted or signed; neither was checked",
    "image": "the picture of the old badge; bake the new credential into it",
    "issuedOn": "the time of day is not said; midnight UTC was written",
    "endorsement": "an endorsement is signed by others, who must give it anew",
}
_NO_PLACE = "Open Badges 3.0 has no member for it"


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of an assertion.

    Attributes:
        source: the assertion's id.
        credential: unsigned; None where it must not or cannot be issued anew.
        refused: why, where there is none.
        recipient: the plain address or id, where it is known.
        findings: what was not carried over as it stood.
    """

    source: str
    credential: AchievementCredential | None
    refused: str | None = None
    recipient: str | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()


class Takeover:
    """Takes over an issuer's own badges.

    Args:
        library: the objects of the export.
        issuer: who issues them anew.
        from_issuers: the ids under which that issuer was known in Open Badges 2.0, or what they
            begin with, where it ends with a slash. Badges of anybody else are refused.
        addresses: e-mail addresses of people who may have been awarded something. Hashes that must
            not be issued any more, MD5 and those without a salt, are told by them; all others are
            taken over as they are, or with a salt of their own where the address is known.
        new_id: where new ids come from.
    """

    def __init__(
        self,
        library: Library,
        *,
        issuer: Profile,
        from_issuers: Collection[str],
        addresses: Sequence[str] = (),
        new_id: Callable[[], str] = mint_id,
    ) -> None:
        """Convert nothing yet."""
        self._library = library
        self._issuer = issuer
        self._from = tuple(from_issuers)
        self._addresses = tuple(addresses)
        self._new_id = new_id
        self._hashes: dict[tuple[str, str], dict[str, str]] = {}
        self._achievements: dict[str, tuple[Achievement, tuple[Finding, ...]]] = {}

    def convert(self) -> Iterator[Converted]:
        """Yield what comes of each assertion, in their order."""
        for number, assertion in enumerate(self._library.assertions(), 1):
            source = str(assertion.get("id") or assertion.get("uid") or f"assertion {number}")
            try:
                yield self._convert(assertion, source)
            except TestamurError as error:
                yield Converted(source, None, error.message)

    def _convert(self, assertion: JsonObject, source: str) -> Converted:
        if assertion.get("revoked") is True:
            why = assertion.get("revocationReason")
            return Converted(source, None, f"it was revoked{f': {why}' if why else ''}")
        badge = self._library.resolve(assertion.get("badge"))
        self._require_own(badge)
        findings = _left_over(assertion, "assertion")
        evidence = _evidence(assertion.get("evidence"))
        badge, evidence, moved = _told_apart(badge, evidence)
        findings += moved
        achievement, more = self._achievement(badge)
        recipient, plain = self._recipient(assertion)
        issued_on, is_day = _instant(assertion.get("issuedOn"), "issuedOn")
        if is_day:
            findings.append(Finding("issuedOn", Fate.APPROXIMATED, _NOTES["issuedOn"]))
        expires = assertion.get("expires")
        credential = build.credential(
            self._issuer,
            achievement,
            recipient=recipient,
            valid_from=issued_on,
            valid_until=None if not expires else _instant(expires, "expires")[0],
            evidence=evidence,
            narrative=_text(assertion.get("narrative")),
            new_id=self._new_id,
        )
        return Converted(source, credential, None, plain, (*findings, *more))

    def _require_own(self, badge: JsonObject) -> None:
        said = badge.get("issuer")
        identifier = said.get("id") if isinstance(said, dict) else said
        text = str(identifier or "")
        if any(text == own or (own.endswith("/") and text.startswith(own)) for own in self._from):
            return
        name = said.get("name") if isinstance(said, dict) else None
        raise InputError(
            f"it was awarded by {text[:160] or 'nobody who is named'}"
            f"{f' ({str(name)[:80]})' if name else ''}, which is not said to be you"
        )

    def _achievement(self, badge: JsonObject) -> tuple[Achievement, tuple[Finding, ...]]:
        key = dumps(badge)
        if key not in self._achievements:
            findings = _left_over(badge, "badge")
            identifier = _text(badge.get("id"))
            if identifier is None:
                identifier = f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"
                findings.append(Finding("badge.id", Fate.APPROXIMATED, "it has none; one was made"))
            self._achievements[key] = _to_achievement(badge, identifier), tuple(findings)
        return self._achievements[key]

    def _recipient(self, assertion: JsonObject) -> tuple[Recipient, str | None]:
        said = assertion.get("recipient")
        if not isinstance(said, dict):
            raise InputError("recipient is missing: it says nobody to whom it was awarded")
        kinds = said.get("type")
        kind = str(kinds[0] if isinstance(kinds, list) and kinds else kinds)
        plain = _text(said.get("plaintextIdentity"))
        identity, salt = _text(said.get("identity")), _text(said.get("salt")) or ""
        is_hash = identity is not None and _HASH.fullmatch(identity) is not None
        if plain is None and identity is not None and not is_hash:
            plain = identity  # also where `hashed` is said of it, as some Moodles do
        if kind in ("url", "id") and plain is not None:
            return build.recipient_by_id(plain), plain
        if kind != "email" or (plain is None and identity is None):
            raise InputError(
                f"recipient is a {kind[:40]!r}, from which no recipient of Open Badges 3.0 follows"
            )
        if plain is None and identity is not None:
            plain = self._known(identity, salt)
        if plain is not None:
            return build.recipient_by_email(plain), plain
        if salt == "" or str(identity).startswith("md5$"):
            raise InputError(
                "recipient is hashed without a salt or with MD5, which must not be issued any "
                "more; give the addresses of your people, by which it is told"
            )
        return Recipient(identifiers=(_identity(str(identity), salt),)), None

    def _known(self, identity: str, salt: str) -> str | None:
        algorithm, _, digest = identity.partition("$")
        if (algorithm, salt) not in self._hashes:
            self._hashes[algorithm, salt] = {
                _digest(algorithm, each + salt): each for each in self._addresses
            }
        return self._hashes[algorithm, salt].get(digest.lower())


def _to_achievement(badge: JsonObject, identifier: str) -> Achievement:
    criteria = badge.get("criteria")
    page, narrative = _text(criteria), None
    if isinstance(criteria, dict):
        page, narrative = _text(criteria.get("id")), _text(criteria.get("narrative"))
    return build.achievement(
        id=identifier,
        name=_required(badge, "name"),
        description=_required(badge, "description"),
        criteria=narrative,
        criteria_url=page,
        image=_image(badge.get("image")),
        alignments=[_alignment(each) for each in _objects(badge, "alignment", "alignments")],
        tags=[str(each) for each in _list(badge.get("tags")) if each],
        version=_text(badge.get("version")),
        in_language=_text(badge.get("@language")),
        related=[
            Related(
                id=_required(each, "id"),
                version=_text(each.get("version")),
                in_language=_text(each.get("@language")),
            )
            for each in _objects(badge, "related")
        ],
    )


def _told_apart(
    badge: JsonObject, evidence: list[Evidence]
) -> tuple[JsonObject, list[Evidence], list[Finding]]:
    """Let one page be evidence or criteria: Moodle gives the page of the award as both.

    It is evidence where the criteria are said in words, for it is about one person.
    """
    criteria = badge.get("criteria")
    said = criteria if isinstance(criteria, dict) else {"id": criteria}
    page, narrative = _text(said.get("id")), _text(said.get("narrative"))
    if page is None or all(each.id != page for each in evidence):
        return badge, evidence, []
    if narrative is None:
        note = "it is the page that stands as the criteria already"
        rest = [each for each in evidence if each.id != page]
        return badge, rest, [Finding("evidence", Fate.APPROXIMATED, note)]
    note = "it is the page of this award, which stands as evidence"
    finding = Finding("badge.criteria.id", Fate.APPROXIMATED, note)
    return {**badge, "criteria": {"narrative": narrative}}, evidence, [finding]


def _left_over(said: JsonObject, kind: str) -> list[Finding]:
    prefix = "" if kind == "assertion" else f"{kind}."
    return [
        Finding(f"{prefix}{name}", Fate.NO_PLACE, _NOTES.get(name, _NO_PLACE))
        for name, value in said.items()
        if name not in _KNOWN[kind] and value not in (None, "", [], {})
    ]


def _alignment(said: JsonObject) -> Alignment:
    return build.alignment(
        name=_required(said, "targetName"),
        url=_required(said, "targetUrl"),
        code=_text(said.get("targetCode")),
        description=_text(said.get("targetDescription")),
        framework=_text(said.get("targetFramework")),
    )


def _evidence(value: JsonValue) -> list[Evidence]:
    found = []
    for each in _list(value):
        said: Mapping[str, JsonValue] = each if isinstance(each, dict) else {"id": each}
        evidence = build.evidence(
            id=_text(said.get("id")) or _text(said.get("url")),
            name=_text(said.get("name")),
            description=_text(said.get("description")),
            narrative=_text(said.get("narrative")),
            genre=_text(said.get("genre")),
            audience=_text(said.get("audience")),
        )
        found.append(evidence)
    return found


def _image(value: JsonValue) -> Image | str | None:
    if isinstance(value, dict):
        identifier = _text(value.get("id"))
        return None if identifier is None else build.image(identifier, _text(value.get("caption")))
    text = _text(value)
    return None if text is None or text.endswith(",") else text  # a data: URL with nothing in it


def _identity(identity: str, salt: str) -> IdentityObject:
    return IdentityObject.from_json(
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity,
            "identityType": "emailAddress",
            "salt": salt,
        }
    )


def _instant(value: JsonValue, member: str) -> tuple[datetime, bool]:
    """Return an instant, and whether only its day was said."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LATEST:
        return datetime.fromtimestamp(value, UTC), False  # Open Badges 1
    if isinstance(value, str) and _DAY.fullmatch(value):
        return parse_date_time_stamp(f"{value}T00:00:00Z", path=member), True
    if not isinstance(value, str):
        raise ModelError(f"{member} is no date; write it as 2026-06-01T00:00:00Z", path=member)
    return parse_date_time_stamp(value, path=member), False


def _digest(algorithm: str, text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    if algorithm == "md5":
        return hashlib.md5(data, usedforsecurity=False).hexdigest()  # to recognize, never to write
    return hashlib.sha256(data).hexdigest()


def _required(said: Mapping[str, JsonValue], member: str) -> str:
    text = _text(said.get(member))
    if text is None:
        raise ModelError(f"{member} is missing; Open Badges 3.0 asks for it", path=member)
    return text


def _objects(said: Mapping[str, JsonValue], *names: str) -> list[JsonObject]:
    return [each for name in names for each in _list(said.get(name)) if isinstance(each, dict)]


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: JsonValue) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
