"""The objects of an export: assertions, badge classes and issuers, found by their ids.

Read are: the JSON of Open Badges 2.0, embedded or by reference, one object or an array of them; the
older JSON of Moodle; what Badgr's API (version 2) answers; signed assertions (JWS); and PNG
pictures with any of these in them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from testamur import limits
from testamur.canon.strict_json import JsonObject, JsonValue, parse
from testamur.carry.png import extract_open_badges_2
from testamur.errors import Code, InputError, ParseError
from testamur.protocols import Fetcher, OfflineFetcher

__all__ = ["Library", "types_of"]

_PNG = b"\x89PNG"
_JWS = re.compile(rb"[\w-]+\.([\w-]+)\.[\w-]*")
_URL = re.compile(rb"https?://\S+")

# Badgr's API → Open Badges 2.0; what stays without a name here is Badgr's own.
_BADGR: Mapping[str, str] = {
    "openBadgeId": "id",
    "badgeclassOpenBadgeId": "badge",
    "issuerOpenBadgeId": "issuer",
    "entityType": "type",
    "alignments": "alignment",
}
_BADGR_OWN = frozenset(
    {"acceptance", "badgeclass", "badgeclassName", "createdAt", "createdBy", "entityId", "pending"}
    | {"notify", "recipientCount", "staff", "criteriaUrl", "criteriaNarrative", "badgrDomain"}
    | {"awardCriteria", "qualityRating", "source", "sourceUrl"}
)


class Library:
    """The objects of an export.

    Args:
        fetcher: asked for what is referred to and not given; nothing is fetched unless it is one
            that does.
    """

    def __init__(self, fetcher: Fetcher | None = None) -> None:
        """Begin with nothing in it."""
        self._fetcher = fetcher if fetcher is not None else OfflineFetcher()
        self._objects: dict[str, JsonObject] = {}
        self._assertions: list[JsonObject] = []

    def add(self, content: bytes) -> None:
        """Take in what a file holds.

        Raises:
            ParseError: it holds nothing of Open Badges 2.0. FetchError: it holds a URL alone, which
                cannot be fetched.
        """
        if content.startswith(_PNG):
            content = extract_open_badges_2(content)
        text = content.strip()
        if _URL.fullmatch(text):
            url = text.decode("ascii", "replace")
            text = self._fetcher.fetch(url, max_bytes=limits.FETCH_BYTES).content
        self._take(_parsed(text))

    def assertions(self) -> Iterator[JsonObject]:
        """Yield all assertions, in the order in which they were added."""
        yield from self._assertions

    def resolve(self, value: JsonValue) -> JsonObject:
        """Return an object that stands here, or that is referred to by its id.

        Raises:
            FetchError: it is not given, and cannot be fetched.
            ParseError: it is no object.
        """
        if isinstance(value, dict):
            known = self._objects.get(str(value.get("id")))
            return value if len(value) > 1 or known is None else known
        if not isinstance(value, str):
            raise ParseError("it refers to nothing: write an object, or the URL of one")
        if value not in self._objects:
            fetched = self._fetcher.fetch(value, max_bytes=limits.FETCH_BYTES)
            document = _parsed(fetched.content.strip())
            if not isinstance(document, dict):
                raise ParseError(f"{value[:160]} answers with no object", url=value[:160])
            self._objects[value] = _as_open_badges(document)
        return self._objects[value]

    def _take(self, document: JsonValue) -> None:
        if isinstance(document, dict) and isinstance(document.get("result"), list):
            document = document["result"]  # an answer of Badgr's API
        many = document if isinstance(document, list) else [document]
        for each in many:
            if not isinstance(each, dict):
                raise ParseError("it holds something that is no object")
            self._take_object(_as_open_badges(each))

    def _take_object(self, said: JsonObject) -> None:
        kinds = types_of(said)
        if not kinds & {"Assertion", "BadgeClass", "Issuer", "Profile"}:
            raise ParseError(
                "it is no Assertion, BadgeClass or Issuer of Open Badges 2.0; a badge of version "
                "3.0 needs no taking over",
                code=Code.NOT_CONFORMANT,
            )
        identifier = said.get("id")
        if "Assertion" in kinds:
            if isinstance(identifier, str) and identifier in self._objects:
                return
            self._assertions.append(said)
        if isinstance(identifier, str):
            self._objects[identifier] = said


def types_of(said: Mapping[str, JsonValue]) -> set[str]:
    """Return the types of an object; of version 1, which says none, what its members tell."""
    kinds = said.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    named = {each for each in listed if isinstance(each, str) and each}
    if named:
        return named
    if "recipient" in said and "badge" in said:
        return {"Assertion"}
    if "criteria" in said:
        return {"BadgeClass"}
    return {"Issuer"} if "name" in said and "url" in said else set()


def _parsed(text: bytes) -> JsonValue:
    token = _JWS.fullmatch(text)
    if token is not None:
        try:
            text = base64.urlsafe_b64decode(token[1] + b"=" * (-len(token[1]) % 4))
        except (ValueError, binascii.Error) as error:
            raise ParseError("the signed badge cannot be read") from error
    if not text:
        raise InputError("there is nothing in it; an export of Open Badges 2.0 was expected")
    return parse(text, max_bytes=limits.PRESENTATION_BYTES)


def _as_open_badges(said: JsonObject) -> JsonObject:
    """Return an object of Badgr's API in the terms of Open Badges 2.0; others as they are."""
    if "entityType" not in said:
        return said
    renamed: JsonObject = {
        _BADGR.get(name, name): value
        for name, value in said.items()
        if name not in _BADGR_OWN and value not in (None, [], {}) and not _is_entity(name, said)
    }
    criteria = {
        "id": said.get("criteriaUrl"),
        "narrative": said.get("criteriaNarrative"),
    }
    given: JsonObject = {name: value for name, value in criteria.items() if value}
    if given:
        renamed["criteria"] = given
    return renamed


def _is_entity(name: str, said: JsonObject) -> bool:
    """Whether a member is Badgr's own number of what another member names by its URL."""
    return name == "issuer" and "issuerOpenBadgeId" in said
