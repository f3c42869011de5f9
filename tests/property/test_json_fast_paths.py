"""What is read and written in a hurry is what the plain way gives, and refused alike.

The oracles are other people's: `json` of the standard library with hooks of the tests' own, and the
package rfc8785.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from property.arbitrary import WIDE, json_values
from testamur.canon import jcs
from testamur.canon.strict_json import JsonFloat, dumps, parse
from testamur.errors import CanonicalizationError, ParseError

MANY = settings(WIDE, max_examples=400)


class Name(StrEnum):
    A = "a\n"


class Count(IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


# Characters that are written, sorted or encoded specially by one rule or another.
hard_texts = st.text(
    st.sampled_from(
        'ab9"\\/:{}[], \x00\x07\b\t\n\f\r\x1f\x7f\x80é\u2028\ud7ff\ue000ﬀ\uffff😀\U00010000'
    )
    | st.characters(),  # any other, halves of surrogate pairs included
    max_size=8,
)
hard_numbers = (
    st.integers()
    | st.sampled_from([2**53 - 1, 2**53, 1 - 2**53, -(2**53), 10**15, 10**21, -0.0, 1e16, 1e21])
    | st.floats()
    | st.sampled_from(["6.50", "1E2", "-0", "-0.0", "1e-7", "1.0"]).map(JsonFloat)
)
odd = st.sampled_from([Name.A, Count.ONE, Text("x"), (), (1, "é"), b"x", {1: 2}, {None: 1}, {1, 2}])
hard_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | hard_texts | hard_numbers | odd,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(hard_texts, inner, max_size=5)
        | st.dictionaries(hard_texts, inner, max_size=3).map(OrderedDict)
    ),
    max_leaves=15,
)
"""Values of JSON, and values that are not."""

json_like_texts = st.lists(
    st.sampled_from('{}[],:"\\ \t\n\r\f\x0b\xa0\ufeffa-0.eE+1')
    | st.sampled_from(["{}", "[]", '"a":', '"b":1', '"a" :2,', '[{"a":[', "]}]", '"[[[{{{"'])
    | st.sampled_from(["null", "true", "NaN", "-Infinity", "1.50", "-0", "9" * 65, "1e999"])
    | st.sampled_from(['"\\ud83d"', '"\\uDE00"', '"\ud83d"', '"\\ud83d\\ude00"', '"\\\\ud800"'])
    | st.sampled_from(["[" * 64, "]" * 64]),
    max_size=12,
).map("".join)
texts_of_values = st.builds(
    lambda value, indent, before, after: before + dumps(value, indent=indent) + after,
    json_values,
    st.none() | st.integers(0, 3),
    st.sampled_from(["", " ", "\n\t\r ", "\x0b", "\xa0", "0"]),
    st.sampled_from(["", "\n", " \t\r\n", "\x0c", "\u2003", "x", "{}"]),
)


class Refused(Exception):  # noqa: N818  it is an answer
    """What the plain reader says no to, by its message."""


def read_plainly(text: str) -> Any:
    """`json.loads`, with each rule of strict JSON written down in the plainest way."""

    def named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for place, (name, _) in enumerate(pairs):
            if name in [earlier for earlier, _ in pairs[:place]]:
                raise Refused(f"the name {name!r} occurs twice in one object; each may occur once")
        return dict(pairs)

    def number(lexical: str) -> Any:
        if len(lexical) > 64:
            raise Refused(f"a number is {len(lexical)} characters long; at most 64 are read")
        if lexical.lstrip("-").isdigit() and lexical != "-0":
            return int(lexical)
        if abs(float(lexical)) == float("inf"):
            raise Refused(f"the number {lexical} is too large for JSON")
        return ("number", lexical)

    def constant(name: str) -> Any:
        raise Refused(f"{name} is not JSON")

    def depth(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0

    if text.startswith("\ufeff"):
        raise Refused("the JSON text starts with a byte order mark; save it as UTF-8 without")
    try:
        value = json.loads(
            text,
            object_pairs_hook=named,
            parse_float=number,
            parse_int=number,
            parse_constant=constant,
        )
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        place = f"line {error.lineno}, column {error.colno}"
        raise Refused(f"not JSON: {what} at {place}") from error
    if depth(value) > 64:
        raise Refused("objects and arrays are nested more than 64 deep")
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("a string holds half of a surrogate pair; it is not Unicode text") from error
    return value


def spelled(value: Any) -> Any:
    """A value with each number that keeps its text replaced as the plain reader does."""
    if isinstance(value, dict):
        return {name: spelled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [spelled(each) for each in value]
    return ("number", value.lexical) if isinstance(value, JsonFloat) else value


@MANY
@given(text=json_like_texts | texts_of_values)
def test_text_is_read_or_refused_as_by_the_plain_reader(text: str) -> None:
    answers: list[Any] = []
    for read in (read_plainly, parse):
        try:
            answers.append(("read", spelled(read(text))))
        except (Refused, ParseError) as error:
            answers.append(("refused", str(error)))
    assert answers[0] == answers[1]
    assert repr(answers[0]) == repr(answers[1])  # the order of the members, and 1 is not True


@MANY
@given(value=hard_values)
def test_compact_json_is_that_of_the_standard_library(value: Any) -> None:
    # It writes names of other types, and forgets how a number was written; we do neither.
    if any(not isinstance(each, str) for each in names(value)) or not_finite(value):
        written = None
    else:
        try:
            written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        except TypeError:
            written = None
    try:
        found = dumps(value)
    except (TypeError, ValueError):
        found = None
    if has_spelling(value):
        assert found is None or json.loads(found) == json.loads(written or "")
    else:
        assert found == written
    if found is not None:
        assert json.loads(dumps(value, indent=2, ascii_only=True)) == json.loads(found)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, (list, tuple)):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


def names(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *(name for each in value.values() for name in names(each))]
    if isinstance(value, (list, tuple)):
        return [name for each in value for name in names(each)]
    return []


def not_finite(value: Any) -> bool:
    return any(isinstance(leaf, float) and leaf - leaf != 0 for leaf in leaves(value))


def has_spelling(value: Any) -> bool:
    return any(isinstance(leaf, JsonFloat) for leaf in leaves(value))


@MANY
@given(value=hard_values)
def test_canonical_json_and_its_refusals_are_those_of_rfc8785(value: Any) -> None:
    assert answer(jcs.canonicalize, value) == answer(rfc8785.dumps, value)


def answer(canonicalize: Callable[[Any], bytes], value: Any) -> bytes | str:
    """The canonical bytes, or the reason that rfc8785 gives."""
    try:
        return canonicalize(value)
    except CanonicalizationError as error:
        return str(error.__cause__)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        return str(error)
