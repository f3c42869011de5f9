"""Multibase: the two encodings in scope, base58-btc ("z") and base64url without padding ("u")."""

from __future__ import annotations

import csv
import io

import pytest

import shared_data
from testamur.canon import multibase
from testamur.errors import ParseError

FOLDER = "vectors/multibase"
FILES = {
    "basic": b"yes mani !",
    "leading_zero": b"\x00yes mani !",
    "two_leading_zeros": b"\x00\x00yes mani !",
    "case_insensitivity": b"hello world",
}
IN_SCOPE = {"base58btc": multibase.encode_base58, "base64url": multibase.encode_base64url}


def rows(name: str) -> dict[str, str]:
    """Encoding → text; the first line of a file is its heading."""
    lines = list(csv.reader(io.StringIO(shared_data.read_text(f"{FOLDER}/{name}.csv"))))
    return {row[0]: row[1].strip().strip('"') for row in lines[1:]}


# multiformats/multibase, tests/basic.csv and leading_zero.csv.


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("z7paNL19xttacUY", b"yes mani !"),
        ("ueWVzIG1hbmkgIQ", b"yes mani !"),
        ("z17paNL19xttacUY", b"\x00yes mani !"),
        ("uAHllcyBtYW5pICE", b"\x00yes mani !"),
    ],
)
def test_published_text_is_read_and_written(text: str, data: bytes) -> None:
    encode = multibase.encode_base58 if text.startswith("z") else multibase.encode_base64url
    assert multibase.decode(text) == data
    assert encode(data) == text


@pytest.mark.parametrize("name", ["basic", "leading_zero", "two_leading_zeros"])
def test_published_file_is_read_and_written(name: str) -> None:
    found = rows(name)
    for encoding, encode in IN_SCOPE.items():
        assert multibase.decode(found[encoding]) == FILES[name]
        assert encode(FILES[name]) == found[encoding]


@pytest.mark.parametrize("name", FILES)
def test_other_encodings_are_refused(name: str) -> None:
    others = {encoding: text for encoding, text in rows(name).items() if encoding not in IN_SCOPE}
    assert len(others) >= 10
    for text in others.values():
        with pytest.raises(ParseError):
            multibase.decode(text)
