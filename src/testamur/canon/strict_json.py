"""JSON in and out, strictly: I-JSON (RFC 7493) in, the same lexical numbers out.

`json.loads` accepts what must not reach a verifier: duplicate names (two readers see two
documents), NaN and Infinity, numbers that overflow to infinity, lone surrogates, any depth. And it
forgets how a number was written, which a model must not: 6.50 read and written again stays 6.50.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NoReturn, TypeAlias

from testamur import limits
from testamur._lazy import lazy_pattern
from testamur.errors import Code, ParseError

__all__ = ["JsonFloat", "JsonObject", "JsonValue", "dumps", "parse", "parse_object"]

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"

_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_SURROGATE_ESCAPE = lazy_pattern(r"\\u[dD][89a-fA-F]")
_WHITESPACE = " \t\n\r"


class JsonFloat(float):
    """A JSON number with a fraction or an exponent, which remembers how it was written.

    Attributes:
        lexical: the number's text in the document, for example "6.50" or "1E2".
    """

    __slots__ = ("lexical",)
    lexical: str

    def __new__(cls, lexical: str) -> JsonFloat:
        number = super().__new__(cls, lexical)
        number.lexical = lexical
        return number

    def __repr__(self) -> str:
        return self.lexical

    def __reduce__(self) -> tuple[type[JsonFloat], tuple[str]]:
        return JsonFloat, (self.lexical,)

    def __copy__(self) -> JsonFloat:
        return self

    def __deepcopy__(self, memo: object) -> JsonFloat:
        return self


def parse(data: bytes | str, *, max_bytes: int = limits.CREDENTIAL_BYTES) -> JsonValue:
    """Parse one JSON text as I-JSON (RFC 8259, RFC 7493).

    Args:
        data: UTF-8 bytes without a byte order mark, or text.
        max_bytes: the longest text, in bytes (characters where text is given).

    Raises:
        ParseError: not UTF-8, not JSON, a duplicate name, a number that is not finite, a lone
            surrogate (code MALFORMED_INPUT); too long, too deep (code RESOURCE_LIMIT).
    """
    if len(data) > max_bytes:
        raise ParseError(
            f"the JSON text is {len(data)} bytes long; at most {max_bytes} are read",
            code=Code.RESOURCE_LIMIT,
        )
    text = _decode(data) if isinstance(data, bytes) else data
    brackets = text.count("[") + text.count("{")
    # A text cannot have more commas and brackets than characters, nor be deeper than its brackets:
    # most texts need no further counting.
    if len(text) > limits.JSON_VALUES and text.count(",") + brackets > limits.JSON_VALUES:
        raise ParseError(
            f"the JSON text has more than {limits.JSON_VALUES} values", code=Code.RESOURCE_LIMIT
        )
    if text.startswith("\ufeff"):
        raise ParseError("the JSON text starts with a byte order mark; save it as UTF-8 without")
    try:
        value = _read(text)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise ParseError(
            f"not JSON: {what} at line {error.lineno}, column {error.colno}"
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    if brackets > limits.JSON_DEPTH:
        _check_depth(value)
    if _may_hold_surrogates(text, isinstance(data, bytes)):
        _check_surrogates(value)
    return value


def parse_object(data: bytes | str, *, max_bytes: int = limits.CREDENTIAL_BYTES) -> JsonObject:
    """Parse one JSON text that must be an object; otherwise like `parse`."""
    value = parse(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise ParseError(
            f"the JSON text is {kind(value)}; a credential is an object, written {{…}}",
            expected="object",
            found=kind(value),
        )
    return value


def dumps(
    value: JsonValue,
    *,
    indent: int | None = None,
    ascii_only: bool = False,
    escape_braces: bool = False,
) -> str:
    r"""Write a JSON value; members keep their order and numbers their lexical form.

    Args:
        value: what `parse` returns, or plain Python values of the same kinds.
        indent: spaces per level; None for the compact form.
        ascii_only: write every non-ASCII character as an escape.
        escape_braces: also write `{` and `}` inside strings as `\u007b` and `\u007d`, for readers
            that find the end of an object by counting braces.

    Raises:
        ValueError: a number that is not finite. TypeError: not a JSON value.
    """
    encode = encode_basestring_ascii if ascii_only else encode_basestring
    if escape_braces:
        encode = _escaping_braces(encode)
    return _compact(value, encode) if indent is None else _indented(value, encode, indent, "\n")


def kind(value: object) -> str:
    """Name the JSON kind of a value, with its article, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, (list, tuple)) else "an object"


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8: byte {error.start} is {data[error.start]:#04x}") from error


def _read(text: str) -> JsonValue:
    """Do what `json.loads` does with our hooks, without building a decoder for each text."""
    start = len(text) - len(text.lstrip(_WHITESPACE))
    value: JsonValue
    value, end = _DECODER.raw_decode(text, start)
    if end != len(text):
        rest = text[end:].lstrip(_WHITESPACE)
        if rest:
            raise json.JSONDecodeError("Extra data", text, len(text) - len(rest))
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            break
        seen.add(name)
    raise ParseError(
        f"the name {name[:80]!r} occurs twice in one object; each may occur once",
        found=name[:80],
    )


def _float(lexical: str) -> float:
    if len(lexical) > limits.JSON_NUMBER_CHARACTERS:
        raise _long_number(lexical)
    number = JsonFloat(lexical)
    if not math.isfinite(number):
        raise ParseError(f"the number {lexical} is too large for JSON", found=lexical)
    return number


def _int(lexical: str) -> int | float:
    if len(lexical) > limits.JSON_NUMBER_CHARACTERS:
        raise _long_number(lexical)
    return JsonFloat(lexical) if lexical == "-0" else int(lexical)


def _long_number(lexical: str) -> ParseError:
    return ParseError(
        f"a number is {len(lexical)} characters long; at most "
        f"{limits.JSON_NUMBER_CHARACTERS} are read",
        code=Code.RESOURCE_LIMIT,
    )


def _constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not JSON", found=name)


def _too_deep() -> ParseError:
    return ParseError(
        f"objects and arrays are nested more than {limits.JSON_DEPTH} deep",
        code=Code.RESOURCE_LIMIT,
    )


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant
)


def _check_depth(value: JsonValue) -> None:
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, (dict, list))]:
        depth += 1
        if depth > limits.JSON_DEPTH:
            raise _too_deep()
        level = [
            each
            for container in level
            for each in (container.values() if isinstance(container, dict) else container)
        ]


def _may_hold_surrogates(text: str, decoded: bool) -> bool:
    """Whether a string may hold one: from an escape, or where the text was not decoded here."""
    if not decoded and not text.isascii():
        return True
    return "\\" in text and _SURROGATE_ESCAPE.search(text) is not None


def _check_surrogates(value: JsonValue) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise ParseError("a string holds half of a surrogate pair; it is not Unicode text")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_surrogates(name)
            _check_surrogates(each)
    elif isinstance(value, list):
        for each in value:
            _check_surrogates(each)


def _compact(value: object, encode: Callable[[str], str]) -> str:
    if isinstance(value, dict):
        # Most values are strings: a call for each of them would take longer than the rest.
        members = [
            f"{encode(name)}:{encode(each) if type(each) is str else _compact(each, encode)}"
            for name, each in value.items()
        ]
        return "{" + ",".join(members) + "}"
    if isinstance(value, (list, tuple)):
        items = [encode(each) if type(each) is str else _compact(each, encode) for each in value]
        return "[" + ",".join(items) + "]"
    return _scalar(value, encode)


def _indented(value: object, encode: Callable[[str], str], indent: int, newline: str) -> str:
    inner = newline + " " * indent
    if isinstance(value, dict):
        brackets = "{}"
        items = [
            f"{encode(name)}: {_indented(each, encode, indent, inner)}"
            for name, each in value.items()
        ]
    elif isinstance(value, (list, tuple)):
        brackets = "[]"
        items = [_indented(each, encode, indent, inner) for each in value]
    else:
        return _scalar(value, encode)
    if not items:
        return brackets
    return brackets[0] + inner + f",{inner}".join(items) + newline + brackets[1]


def _scalar(value: object, encode: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return encode(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("JSON has no NaN and no Infinity")
        return repr(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _escaping_braces(encode: Callable[[str], str]) -> Callable[[str], str]:
    def escaped(string: str) -> str:
        return encode(string).replace("{", "\\u007b").replace("}", "\\u007d")

    return escaped
