"""Strict JSON: what RFC 8259 and I-JSON (RFC 7493) allow, and nothing else."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from testamur import limits
from testamur.canon.strict_json import JsonFloat, JsonObject, dumps, kind, parse, parse_object
from testamur.errors import Code, ParseError


def refusal(data: bytes | str, *, max_bytes: int = limits.CREDENTIAL_BYTES) -> ParseError:
    with pytest.raises(ParseError) as caught:
        parse(data, max_bytes=max_bytes)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, true, false, null, "x"]}', {"a": [1, True, False, None, "x"]}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\u0000\\b\\f\\/"', "\x00\b\f/"),
        ("0", 0),
        ("-7", -7),
        (" [ ] ", []),
        ('{"": {}}', {"": {}}),
    ],
)
def test_json_text_is_read_as_rfc_8259_says(text: str, value: object) -> None:
    assert parse(text) == value
    assert parse(text.encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,]",
        "{'a': 1}",
        '{"a": 1} {"a": 1}',
        "// comment\n{}",
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "True",
        '"\t"',
        '"\\x"',
        '"\\u12"',
        "NaN",
        "Infinity",
        "[-Infinity]",
    ],
)
def test_text_that_is_not_json_is_refused(text: str) -> None:
    assert refusal(text).code is Code.MALFORMED_INPUT


def test_name_that_occurs_twice_is_refused_and_named() -> None:
    # RFC 7493, 2.3: "Objects in I-JSON messages MUST NOT have members with duplicate names."
    error = refusal('{"validUntil": "2020", "a": {"b": 1, "b": 2}}')
    assert error.code is Code.MALFORMED_INPUT
    assert error.found == "b"


def test_name_that_is_spelled_with_an_escape_the_second_time_is_still_the_same_name() -> None:
    assert refusal('{"id": 1, "\\u0069d": 2}').found == "id"


@pytest.mark.parametrize("text", ["1e400", "-1e400", "[1.5e999]"])
def test_number_that_overflows_to_infinity_is_refused(text: str) -> None:
    assert refusal(text).code is Code.MALFORMED_INPUT


@pytest.mark.parametrize(
    "data", [b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", "\ufeff{}", b'"\xed\xa0\x80"', b'"\xc0\xaf"']
)
def test_text_that_is_not_utf_8_without_byte_order_mark_is_refused(data: bytes | str) -> None:
    assert refusal(data).code is Code.MALFORMED_INPUT


@pytest.mark.parametrize(
    "data",
    [
        b'"\\ud800"',
        b'{"a": ["\\udc00x"]}',
        b'{"\\ud800": 1}',
        b'"\\uD800"',
        b'"\\uDfFF"',
        b'"\\uDBFFx"',
        '"\ud800"',
        '{"\udfff": 1}',
        '["x", {"a": "\ude00\ud83d"}]',
        '"\\ude00\\ud83d"',
    ],
)
def test_half_of_a_surrogate_pair_is_refused(data: bytes | str) -> None:
    # RFC 7493, 2.1: "MUST NOT include code points that identify Surrogates".
    assert refusal(data).code is Code.MALFORMED_INPUT


@pytest.mark.parametrize(
    "data",
    [b'"\\\\ud800"', b'"\\u0041\\u00E9"', '"\\ud83d\\ude00"', '"\U0001f600"', '"\ud7ff\ue000"'],
)
def test_what_only_looks_like_half_of_a_surrogate_pair_is_read(data: bytes | str) -> None:
    assert parse(data) == json.loads(data)


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\xa0", "\u2028", "\x00", "\x1f"])
def test_only_the_white_space_of_rfc_8259_may_surround_a_value(space: str) -> None:
    assert parse(" \t\r\n1 \t\r\n") == 1
    assert refusal(f"{space}1").code is Code.MALFORMED_INPUT
    assert refusal(f"1{space}").code is Code.MALFORMED_INPUT


def test_what_follows_the_value_is_refused_where_it_stands() -> None:
    assert "Extra data at line 2, column 3" in refusal('{"a": 1}\n  {}').message


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_is_read_to_the_limit_and_refused_beyond(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    depth = limits.JSON_DEPTH
    inner = "[]" if opening == "[" else "{}"
    deepest = opening * (depth - 1) + inner + closing * (depth - 1)
    parse(deepest)
    assert refusal(opening + deepest + closing).code is Code.RESOURCE_LIMIT
    # Beside other brackets, of which there may be more than levels.
    parse(deepest.replace(inner, f"[{{}},[],{inner}]", 1).replace(opening, "", 1)[:-1])
    assert refusal(f"[[],{deepest},{{}}]").code is Code.RESOURCE_LIMIT


def test_brackets_beside_each_other_and_inside_strings_are_not_nesting() -> None:
    many = limits.JSON_DEPTH + 1
    assert parse("[" + ",".join(["[]"] * many) + "]") == [[]] * many
    assert parse('{"[{": "' + "[" * many + '"}') == {"[{": "[" * many}


@pytest.mark.parametrize("filler", ["0,", "[],", "{},"])
def test_values_are_read_to_the_limit_and_refused_beyond(filler: str) -> None:
    # An outer bracket, and for each value a comma and maybe a bracket.
    count = (limits.JSON_VALUES - 1) // (filler.count(",") + filler.count("[") + filler.count("{"))
    most = "[" + filler * count + "0]"
    parse(most)
    assert refusal("[0," + most + "]").code is Code.RESOURCE_LIMIT


def test_nesting_far_beyond_any_stack_is_refused_without_being_followed() -> None:
    assert refusal(b"[" * 1_000_000).code is Code.RESOURCE_LIMIT


def test_text_longer_than_the_bound_is_refused_before_it_is_read() -> None:
    assert refusal(b"not JSON", max_bytes=7).code is Code.RESOURCE_LIMIT
    assert refusal(b"not JSON", max_bytes=8).code is Code.MALFORMED_INPUT


@pytest.mark.parametrize("digits", ["9" * 65, "1." + "0" * 63, "1" * 60 + "e1234"])
def test_number_of_too_many_characters_is_refused(digits: str) -> None:
    assert len(digits) > limits.JSON_NUMBER_CHARACTERS
    assert refusal(digits).code is Code.RESOURCE_LIMIT


def test_number_of_as_many_characters_as_allowed_is_read_exactly() -> None:
    digits = "9" * limits.JSON_NUMBER_CHARACTERS
    assert parse(digits) == int(digits)


@pytest.mark.parametrize("text", ["6.50", "1E2", "1e-7", "-0", "-0.0", "1.0", "123456789.123"])
def test_number_keeps_how_it_was_written(text: str) -> None:
    value = parse(text)
    assert isinstance(value, JsonFloat)
    assert value == float(text)
    assert value.lexical == text
    assert dumps(value) == text
    pickled = pickle.loads(pickle.dumps(value))  # noqa: S301  our own bytes
    for copied in (copy.copy(value), copy.deepcopy(value), pickled):
        assert isinstance(copied, JsonFloat)
        assert copied.lexical == text


def test_only_an_object_is_an_object() -> None:
    assert parse_object(b'{"a": 1}') == {"a": 1}
    for text in ("[]", '"x"', "1", "null", "true"):
        with pytest.raises(ParseError) as caught:
            parse_object(text)
        assert caught.value.expected == "object"


def test_object_longer_than_the_bound_is_refused() -> None:
    with pytest.raises(ParseError) as caught:
        parse_object(b"{}    ", max_bytes=5)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_written_json_is_what_the_standard_library_reads() -> None:
    value: JsonObject = {"a": [1, 2.5, True, False, None, 'é\n"\\\x00\x7f'], "b": {}, "c": []}
    assert json.loads(dumps(value)) == value
    assert dumps({"b": 1, "a": 2}) == '{"b":1,"a":2}'
    assert dumps(("a", ())) == '["a",[]]'  # type: ignore[arg-type]


def test_indented_json_is_laid_out_as_the_standard_library_does() -> None:
    value: JsonObject = {"a": [1, {"b": []}], "c": {}, "d": "x"}
    assert dumps(value, indent=2) == json.dumps(value, indent=2)


def test_ascii_only_writes_escapes_for_everything_else() -> None:
    assert dumps("é€😀", ascii_only=True) == '"\\u00e9\\u20ac\\ud83d\\ude00"'
    assert dumps("é€😀") == '"é€😀"'


def test_braces_inside_strings_can_be_escaped_so_that_counting_them_finds_the_end() -> None:
    value: JsonObject = {"{": "}{", "b": ["{"]}
    text = dumps(value, escape_braces=True)
    assert text == '{"\\u007b":"\\u007d\\u007b","b":["\\u007b"]}'
    assert json.loads(text) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_number_that_json_has_not_is_a_mistake_of_the_caller(value: float | list[float]) -> None:
    with pytest.raises(ValueError, match="NaN"):
        dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [b"x", {1, 2}, {1: 2}, object()])
def test_value_that_json_has_not_is_a_mistake_of_the_caller(value: object) -> None:
    with pytest.raises(TypeError):
        dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "a boolean"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "a string"),
        ([], "an array"),
        ((), "an array"),
        ({}, "an object"),
    ],
)
def test_kinds_are_named_for_people(value: object, name: str) -> None:
    assert kind(value) == name
