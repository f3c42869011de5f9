"""Reading members of status documents: the right kind, or a StatusError that says where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject, JsonValue, kind
from testamur.errors import StatusError

__all__ = [
    "array",
    "fault",
    "integer",
    "issuer_id",
    "optional_text",
    "require_type",
    "single_object",
    "status_messages",
    "strings",
    "text",
    "url",
]

# An absolute URL as far as a status document needs it; what may be fetched is decided in fetch.
_URL = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
_HEXADECIMAL = lazy_pattern(r"0x[0-9A-Fa-f]{1,8}")


def fault(path: str, expected: str, value: object) -> StatusError:
    """Make the error for a member of the wrong kind."""
    if value is None:
        found = "missing or null"
    else:
        found = repr(value)[:80] if isinstance(value, (str, int)) else kind(value)
    return StatusError(
        f"{path} is {found}; it must be {expected}", path=path, expected=expected, found=found
    )


def require_type(document: JsonObject, name: str, path: str) -> None:
    """Require that the object's `type` is, or includes, this name."""
    value = document.get("type")
    if name not in (value if isinstance(value, list) else [value]):
        raise fault(f"{path}.type", name, value)


def single_object(value: JsonValue, path: str) -> JsonObject:
    """Return an object, which may stand alone in an array."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise fault(path, "one object", value)
    return value


def array(value: JsonValue, path: str) -> list[JsonObject]:
    """Return an array of objects."""
    if not isinstance(value, list):
        raise fault(path, "an array", value)
    objects: list[JsonObject] = []
    for position, item in enumerate(value):
        if not isinstance(item, dict):
            raise fault(f"{path}[{position}]", "an object", item)
        objects.append(item)
    return objects


def text(value: JsonValue, path: str) -> str:
    """Return a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise fault(path, "a string", value)
    return value


def optional_text(document: JsonObject, name: str, path: str) -> str | None:
    """Return a member that is a string, or None where it is missing."""
    return text(document[name], f"{path}.{name}") if name in document else None


def strings(value: JsonValue, path: str) -> tuple[str, ...]:
    """Return one string, or an array of at least one, as a tuple."""
    items: Sequence[JsonValue] = value if isinstance(value, list) else [value]
    if not items:
        raise fault(path, "a string or an array of strings", value)
    return tuple(text(item, path) for item in items)


def url(value: JsonValue, path: str) -> str:
    """Return an absolute URL."""
    if not isinstance(value, str) or not _URL.fullmatch(value):
        raise fault(path, "an absolute URL", value)
    return value


def integer(value: JsonValue, path: str, *, minimum: int, maximum: int) -> int:
    """Return a JSON integer within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise fault(path, f"an integer from {minimum} to {maximum}", value)
    return value


def issuer_id(document: JsonObject, path: str) -> str:
    """Return the id of `issuer`, which is a URL or an object with one."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        return url(issuer.get("id"), f"{path}.issuer.id")
    return url(issuer, f"{path}.issuer")


def status_messages(document: JsonObject, name: str, *, path: str, size: int) -> Mapping[int, str]:
    """Return value → message; ordered by `status`, since JSON-LD keeps no order here."""
    if name not in document:
        return {}
    items = array(document[name], f"{path}.{name}")
    messages: dict[int, str] = {}
    for position, item in enumerate(items):
        place = f"{path}.{name}[{position}]"
        status = item.get("status")
        if not isinstance(status, str) or not _HEXADECIMAL.fullmatch(status):
            raise fault(f"{place}.status", 'a hexadecimal number as "0x1"', status)
        messages[int(status, 16)] = text(item.get("message"), f"{place}.message")
    if len(items) != 1 << size or set(messages) != set(range(1 << size)):
        raise fault(f"{path}.{name}", f"one message for each of {1 << size} values", items)
    return messages
