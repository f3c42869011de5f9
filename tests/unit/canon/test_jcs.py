"""JCS against the examples and the appendix of RFC 8785."""

from __future__ import annotations

import struct

import pytest
import rfc8785

from testamur.canon import jcs
from testamur.canon.strict_json import JsonValue, parse, parse_object
from testamur.errors import CanonicalizationError, Code

# RFC 8785, 3.2.2 (the input) and 3.2.4 (the output, in hexadecimal).
SAMPLE = """{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
  "literals": [null, true, false]
}"""
CANONICAL = bytes.fromhex(
    "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a"
    "5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22"
    "737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
)

# RFC 8785, appendix B: the bits of a double and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


def test_sample_of_the_rfc_has_the_bytes_of_the_rfc() -> None:
    assert jcs.canonicalize(parse(SAMPLE)) == CANONICAL


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_double_is_written_as_the_appendix_says(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert jcs.canonicalize(number) == text.encode()


@pytest.mark.parametrize(("text", "canonical"), [("6.50", b"6.5"), ("1E2", b"100"), ("-0", b"0")])
def test_number_that_keeps_its_spelling_is_still_written_canonically(
    text: str, canonical: bytes
) -> None:
    assert jcs.canonicalize(parse(text)) == canonical


def test_names_are_sorted_by_their_utf_16_code_units() -> None:
    # RFC 8785, 3.2.3: U+1F600 begins with the unit D83D and so comes before U+FB33.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(parse_object(jcs.canonicalize(dict.fromkeys(names, 0)))) == expected


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), [1, {"a": 10**20}], "\ud800", {"\udfff": 1}, float("inf"), float("nan")],
)
def test_value_that_i_json_has_not_is_refused(value: JsonValue) -> None:
    with pytest.raises(CanonicalizationError) as caught:
        jcs.canonicalize(value)
    assert caught.value.code is Code.NOT_CONFORMANT


def test_largest_exact_integers_are_accepted() -> None:
    assert jcs.canonicalize([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"


def test_nesting_beyond_the_stack_is_refused() -> None:
    value: JsonValue = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(CanonicalizationError) as caught:
        jcs.canonicalize(value)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_names_are_sorted_so_whatever_stands_before_the_character_that_differs() -> None:
    value: JsonValue = {"x\ufb33": 1, "x\U0001f600": {"\uffff": 3, "\U00010000": 2}}
    assert (
        jcs.canonicalize(value)
        == '{"x\U0001f600":{"\U00010000":2,"\uffff":3},"x\ufb33":1}'.encode()
    )


def test_every_character_is_escaped_as_the_rfc_says() -> None:
    # RFC 8785, 3.2.2.2: the two-character escapes, lower-case \\u00xx, anything else as it is.
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
    for point in (*range(0xD800), *range(0xE000, 0x11000)):
        expected = short.get(point, chr(point) if point >= 0x20 else f"\\u{point:04x}")
        assert jcs.canonicalize(chr(point)) == f'"{expected}"'.encode()


def test_value_without_fractions_is_written_without_a_detour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rfc8785, "dumps", None)
    value: JsonValue = {"😀": [1, None, True, False, "ż\n"], "ﬀ": {"c": -5, "b": [], "d": {}}}
    canonical = '{"😀":[1,null,true,false,"ż\\n"],"ﬀ":{"b":[],"c":-5,"d":{}}}'
    assert jcs.canonicalize(value) == canonical.encode()


@pytest.mark.parametrize("value", [{1: 2}, {"a": 1, None: 2}, {"a": b"x"}, [{1, 2}]])
def test_value_that_json_has_not_is_refused(value: object) -> None:
    with pytest.raises(CanonicalizationError):
        jcs.canonicalize(value)  # type: ignore[arg-type]


def test_no_plain_value_is_changed_by_what_is_added_to_the_library() -> None:
    value: JsonValue = {"b": [1, 2.5, None, True], "a": "é"}
    assert jcs.canonicalize(value) == rfc8785.dumps(value)
