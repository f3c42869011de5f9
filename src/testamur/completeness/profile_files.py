"""Profiles from files: those that ship with testamur, and those of anybody's own."""

from __future__ import annotations

import difflib
import importlib.resources
from functools import cache
from typing import Any

from testamur.canon.strict_json import JsonObject, JsonValue, parse
from testamur.completeness._yaml import parse_yaml
from testamur.completeness.profile import Profile
from testamur.errors import ConfigurationError, ModelError, ParseError

__all__ = ["PROFILES", "named_profile", "parse_profile"]

PROFILES = ("eu", "cedefop", "au", "nz", "surf", "1edtech", "lcw")
"""The profiles that ship with testamur."""

_MAX_BYTES = 256 * 1024


def parse_profile(content: bytes) -> Profile:
    """Read a profile from YAML or JSON.

    An item may begin as a copy of one that ships with testamur: `like: eu/level` takes all its
    members, and those that are written beside it take their place.

    Raises:
        ConfigurationError: it is none; the message says where and what to write.
    """
    if len(content) > _MAX_BYTES:
        raise ConfigurationError(f"the profile is longer than {_MAX_BYTES} bytes; no profile is")
    try:
        found = parse(content) if content.lstrip()[:1] == b"{" else parse_yaml(content)
        return Profile.from_json(_with_likes(found))
    except (ParseError, ModelError) as error:
        raise ConfigurationError(
            f"the profile cannot be used: {error.message}", path=error.path
        ) from error


def named_profile(name: str) -> Profile:
    """Return a profile that ships with testamur, by its id.

    Raises:
        ConfigurationError: there is none.
    """
    if name not in PROFILES:
        close = difflib.get_close_matches(name.lower(), PROFILES, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ConfigurationError(
            f"there is no profile {name[:80]!r}; {hint}there are {', '.join(PROFILES)}, and "
            "every file with a profile of your own"
        )
    return _shipped(name)


@cache
def _shipped(name: str) -> Profile:
    return Profile.from_json(_document(name))


@cache
def _document(name: str) -> JsonValue:
    file = importlib.resources.files("testamur.completeness") / "profiles" / f"{name}.yaml"
    return _with_likes(parse_yaml(file.read_bytes()))


def _with_likes(document: JsonValue) -> JsonValue:
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(items, list):
        return document
    return {**document, "items": [_like(item, at) for at, item in enumerate(items)]}


def _like(item: JsonValue, position: int) -> JsonValue:
    if not isinstance(item, dict) or "like" not in item:
        return item
    wanted = item["like"]
    name, _, identifier = wanted.partition("/") if isinstance(wanted, str) else ("", "", "")
    shipped: Any = _document(name) if name in PROFILES else {"items": []}
    model: JsonObject | None = next(
        (each for each in shipped["items"] if each["id"] == identifier), None
    )
    if model is None:
        raise ModelError(
            f"profile.items[{position}].like: {str(wanted)[:80]!r} is no item of a profile that "
            f"ships with testamur; write profile and item, as eu/level ({', '.join(PROFILES)})"
        )
    own = {name: value for name, value in item.items() if name != "like"}
    return {**model, "id": identifier, **own}
