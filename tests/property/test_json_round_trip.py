"""What was read is written as it was, and what was written is read as it was."""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from property.arbitrary import BOUNDED, WIDE, json_values, lexical_numbers, texts
from testamur.canon import jcs, multibase, strict_json
from testamur.canon.strict_json import JsonFloat, dumps, parse
from testamur.errors import CanonicalizationError, ParseError, TestamurError


def written(value: Any) -> Any:
    """A value with every number replaced by its text, so that 6.5 and 6.50 differ."""
    if isinstance(value, dict):
        return {name: written(each) for name, each in value.items()}
    if isinstance(value, list):
        return [written(each) for each in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ("number", value.lexical if isinstance(value, JsonFloat) else str(value))
    return value


@WIDE
@given(
    value=json_values,
    indent=st.none() | st.integers(0, 4),
    ascii_only=st.booleans(),
    braces=st.booleans(),
)
def test_what_is_written_is_read_as_it_was_with_its_numbers(
    value: Any, indent: int | None, ascii_only: bool, braces: bool
) -> None:
    text = dumps(value, indent=indent, ascii_only=ascii_only, escape_braces=braces)
    assert written(parse(text)) == written(value)
    assert written(parse(text.encode())) == written(value)
    assert json.loads(text) == value
    assert text.isascii() or not ascii_only


@WIDE
@given(lexical=lexical_numbers)
def test_every_number_keeps_its_text(lexical: str) -> None:
    try:
        value = parse(lexical)
    except ParseError:
        assert abs(float(lexical)) == float("inf")
        return
    assert value == json.loads(lexical)
    assert dumps(value) == lexical


@WIDE
@given(value=json_values)
def test_canonical_json_is_that_of_rfc_8785_whatever_the_spelling(value: Any) -> None:
    plain = json.loads(dumps(value))
    try:
        expected = rfc8785.dumps(plain)
    except rfc8785.CanonicalizationError:
        expected = None
    try:
        found = jcs.canonicalize(value)
    except CanonicalizationError:
        found = None
    assert found == expected
    if found is not None:
        # It is canonical already: reading every number as the double it is changes nothing.
        assert rfc8785.dumps(json.loads(found, parse_int=float)) == found


@WIDE
@given(data=st.binary(max_size=100))
def test_multibase_has_one_text_for_every_bytes(data: bytes) -> None:
    for text in (multibase.encode_base58(data), multibase.encode_base64url(data)):
        assert multibase.decode(text) == data


@WIDE
@given(text=texts.map(lambda text: "z" + text) | texts.map(lambda text: "u" + text) | texts)
def test_multibase_text_is_the_only_one_of_its_bytes_or_is_refused(text: str) -> None:
    try:
        data = multibase.decode(text)
    except ParseError:
        return
    assert text in (multibase.encode_base58(data), multibase.encode_base64url(data))


@WIDE
@given(data=st.binary(max_size=200) | st.text(max_size=100))
def test_junk_is_json_or_raises_our_error(data: bytes | str) -> None:
    try:
        value = strict_json.parse(data)
    except TestamurError:
        return
    assert strict_json.parse(dumps(value)) == value


@BOUNDED
@given(value=json_values, flip=st.integers(0, 10**6))
def test_json_with_a_changed_byte_is_read_or_raises_our_error(value: Any, flip: int) -> None:
    data = bytearray(dumps(value).encode())
    data[flip % len(data)] ^= 1 << flip % 8
    try:
        strict_json.parse(bytes(data))
    except TestamurError:
        return
