"""Multibase against the vectors of multiformats and of Bitcoin's base58, in one spelling only."""

from __future__ import annotations

import base64
import hashlib

import pytest

from testamur.canon import multibase
from testamur.errors import ParseError

# multiformats/multibase, tests/basic.csv, leading_zero.csv and two_leading_zeros.csv.
BASE58 = [
    (b"yes mani !", "z7paNL19xttacUY"),
    (b"\x00yes mani !", "z17paNL19xttacUY"),
    (b"\x00\x00yes mani !", "z117paNL19xttacUY"),
    # draft-msporny-base58, test vectors.
    (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    (b"", "z"),
    (b"\x00", "z1"),
]
BASE64URL = [
    (b"yes mani !", "ueWVzIG1hbmkgIQ"),
    (b"\x00yes mani !", "uAHllcyBtYW5pICE"),
    (b"\x00\x00yes mani !", "uAAB5ZXMgbWFuaSAh"),
    (b"", "u"),
]


@pytest.mark.parametrize(("data", "text"), BASE58)
def test_base58_has_the_published_text_both_ways(data: bytes, text: str) -> None:
    assert multibase.encode_base58(data) == text
    assert multibase.decode_base58(text) == data
    assert multibase.decode(text) == data


@pytest.mark.parametrize(("data", "text"), BASE64URL)
def test_base64url_has_the_published_text_both_ways(data: bytes, text: str) -> None:
    assert multibase.encode_base64url(data) == text
    assert multibase.decode_base64url(text[1:]) == data
    assert multibase.decode(text) == data


@pytest.mark.parametrize("text", ["", "7paNL19xttacUY", "Z7Pznk19XTTzBtx", "meWVzIG1hbmkgIQ", "f0"])
def test_other_bases_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        multibase.decode(text)


@pytest.mark.parametrize("character", ["0", "O", "I", "l", " ", "\n", "-", "_", "é", "１"])
def test_character_outside_the_base58_alphabet_is_refused_and_named(character: str) -> None:
    with pytest.raises(ParseError) as caught:
        multibase.decode_base58(f"z7pa{character}")
    assert caught.value.found == character


def test_base58_is_the_number_of_its_digits_at_every_length() -> None:
    # The definition, digit by digit: draft-msporny-base58, section 3 and 4.
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    for length in (*range(70), 127, 128, 129, 2900):
        data = (hashlib.sha512(bytes([length % 256])).digest() * 46)[:length]
        number, text = int.from_bytes(data), ""
        while number:
            number, digit = divmod(number, 58)
            text = alphabet[digit] + text
        text = "z" + "1" * (length - len(data.lstrip(b"\0"))) + text
        assert multibase.encode_base58(data) == text
        assert multibase.decode_base58(text) == data
    for digit, character in enumerate(alphabet):
        assert multibase.decode_base58(f"z{character}") == bytes([digit])
        assert multibase.encode_base58(bytes([digit])) == f"z{character}"


def test_first_wrong_character_is_the_one_that_is_named() -> None:
    with pytest.raises(ParseError) as caught:
        multibase.decode_base58("zabcl0O")
    assert caught.value.found == "l"


def test_base58_text_is_bounded_since_decoding_takes_more_than_linear_time() -> None:
    longest = "z" + "1" * (multibase.MAX_CHARACTERS - 1)
    assert multibase.decode_base58(longest) == bytes(multibase.MAX_CHARACTERS - 1)
    with pytest.raises(ParseError):
        multibase.decode_base58(longest + "1")


@pytest.mark.parametrize(
    "text",
    [
        "eWVzIG1hbmkgIQ==",  # RFC 7515, 2: "with all trailing '=' characters omitted"
        "eWVz IG1hbmkgIQ",
        "eWVz\nIG1h",
        "+/+/",
        "A",  # no whole byte
        "AB",  # four stray bits: the canonical text of 0x00 is AA
        "AAB",  # two stray bits
        "é",
    ],
)
def test_any_other_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        multibase.decode_base64url(text)


def test_all_bytes_survive_base64url_as_the_standard_library_writes_it() -> None:
    data = bytes(range(256))
    text = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert multibase.encode_base64url(data) == "u" + text
    assert multibase.decode_base64url(text) == data
