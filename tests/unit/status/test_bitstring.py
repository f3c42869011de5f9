"""BitString against gzip and base64 of the standard library, and against hostile encodings."""

from __future__ import annotations

import base64
import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur import limits
from testamur.errors import Code, StatusError
from testamur.status import BitString


def encoded(member: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(member).rstrip(b"=").decode()


def compressed(encoded_list: str) -> bytes:
    text = encoded_list[1:]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def refusal(encoded_list: str, *, max_bits: int = limits.STATUS_LIST_BITS) -> StatusError:
    with pytest.raises(StatusError) as caught:
        BitString.decode(encoded_list, max_bits=max_bits)
    assert caught.value.path == "credentialSubject.encodedList"
    return caught.value


@given(
    size=st.integers(1, limits.STATUS_SIZE_BITS),
    data=st.binary(min_size=1, max_size=64),
)
def test_value_is_the_bits_from_the_left(size: int, data: bytes) -> None:
    bits = BitString.decode(encoded(gzip.compress(data)), status_size=size)
    text = "".join(f"{byte:08b}" for byte in data)
    assert len(bits) == len(text) // size
    for index in range(len(bits)):
        assert bits.get(index) == int(text[index * size : (index + 1) * size], 2)


@given(
    size=st.integers(1, limits.STATUS_SIZE_BITS),
    changes=st.lists(st.tuples(st.integers(0, 63), st.integers(0, 2**16 - 1)), max_size=40),
)
def test_what_is_set_is_found_again_and_nothing_else(
    size: int, changes: list[tuple[int, int]]
) -> None:
    bits = BitString(64, status_size=size)
    expected = [0] * 64
    for index, value in changes:
        expected[index] = value % (1 << size)
        bits.set(index, expected[index])
    assert [bits.get(index) for index in range(64)] == expected
    decoded = BitString.decode(bits.encode(), status_size=size)
    assert decoded == bits
    text = "".join(f"{value:0{size}b}" for value in expected)
    assert gzip.decompress(compressed(bits.encode())) == int(text, 2).to_bytes(len(text) // 8)


def test_first_bit_is_the_most_significant_of_the_first_byte() -> None:
    bits = BitString(16)
    bits.set(0, 1)
    bits.set(15, 1)
    assert gzip.decompress(compressed(bits.encode())) == b"\x80\x01"


def test_encoding_names_no_time_and_is_the_same_each_time() -> None:
    bits = BitString(131_072)
    bits.set(42, 1)
    assert bits.encode() == bits.encode()
    assert compressed(bits.encode())[:10] == bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3))


@pytest.mark.parametrize("percent", [0, 0.1, 1, 2, 5, 50, 100])
def test_list_of_any_density_is_gzip_that_anybody_reads(percent: float) -> None:
    bits, expected = BitString(200_000), bytearray(25_000)
    chosen = random.Random(7).sample(range(200_000), int(percent * 2_000))
    for index in chosen:
        bits.set(index, 1)
        expected[index // 8] |= 128 >> index % 8
    text = bits.encode()
    assert gzip.decompress(compressed(text)) == expected
    assert BitString.decode(text) == bits
    assert bits.count_set() == len(chosen)


def test_text_depends_on_the_values_and_not_on_how_they_came_about() -> None:
    one, other = BitString(131_072), BitString(131_072)
    for index in range(0, 131_072, 20):
        one.set(index, 1)
        other.set(131_071 - index, 1)
    for index in range(131_072):
        other.set(index, one.get(index))
    assert one.encode() == other.encode() == BitString.decode(one.encode()).encode()


def test_dense_list_is_no_longer_than_as_zlib_makes_it_by_default() -> None:
    bits = BitString(200_000)
    for index in random.Random(7).sample(range(200_000), 10_000):
        bits.set(index, 1)
    data = gzip.decompress(compressed(bits.encode()))
    assert len(compressed(bits.encode())) < len(gzip.compress(data, 6))


def test_bits_that_are_set_are_counted_whatever_the_size_of_a_value() -> None:
    bits = BitString(16, status_size=4)
    bits.set(3, 15)
    bits.set(15, 1)
    assert bits.count_set() == 5
    assert BitString(16).count_set() == 0


def test_list_of_the_largest_size_is_read() -> None:
    data = bytes(limits.STATUS_LIST_BITS // 8)
    assert len(BitString.decode(encoded(gzip.compress(data)))) == limits.STATUS_LIST_BITS


def test_incompressible_list_of_the_largest_size_allowed_is_read() -> None:
    data = b"".join(zlib.crc32(bytes([n % 256, n // 256])).to_bytes(4) for n in range(4096))
    bits = BitString.decode(encoded(gzip.compress(data)), max_bits=len(data) * 8)
    assert len(bits) == len(data) * 8


def test_bomb_is_not_expanded() -> None:
    bomb = encoded(gzip.compress(bytes(64 * 1024 * 1024)))
    assert refusal(bomb).code == Code.RESOURCE_LIMIT


def test_list_one_byte_too_long_is_refused() -> None:
    assert refusal(encoded(gzip.compress(bytes(9))), max_bits=64).code == Code.RESOURCE_LIMIT
    assert len(BitString.decode(encoded(gzip.compress(bytes(8))), max_bits=64)) == 64


def test_text_too_long_for_any_list_is_refused_before_it_is_decoded() -> None:
    assert refusal("u" + "A" * 2000, max_bits=64).code == Code.RESOURCE_LIMIT


MEMBER = gzip.compress(bytes(16_384), mtime=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        encoded(MEMBER)[1:],
        "z" + encoded(MEMBER)[1:],
        "U" + encoded(MEMBER)[1:],
        encoded(MEMBER) + "=",
        encoded(MEMBER) + "==",
        encoded(MEMBER) + "\n",
        " " + encoded(MEMBER),
        encoded(MEMBER).replace("-", "+").replace("_", "/"),
        "u" + encoded(MEMBER)[1:10] + "é" + encoded(MEMBER)[10:],
        "uAAAAA",
    ],
)
def test_text_that_is_not_multibase_base64url_is_refused(text: str) -> None:
    assert refusal(text).code == Code.STATUS_MALFORMED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        MEMBER[:-1],
        MEMBER[:-8],
        MEMBER[:10],
        MEMBER[:4],
        MEMBER + b"\x00",
        MEMBER + MEMBER,
        MEMBER[:-5] + b"\xff" + MEMBER[-4:],
        MEMBER[:-1] + b"\xff",
        zlib.compress(bytes(16_384)),
        zlib.compress(bytes(16_384), wbits=-15),
        bytes(16_384),
        b"\x1f\x8b\x09" + MEMBER[3:],
    ],
    ids=[
        "nothing",
        "one byte",
        "last byte missing",
        "trailer missing",
        "header only",
        "half a header",
        "trailing byte",
        "second member",
        "wrong checksum",
        "wrong length",
        "zlib",
        "raw deflate",
        "not compressed",
        "other method",
    ],
)
def test_bytes_that_are_not_one_gzip_member_are_refused(data: bytes) -> None:
    assert refusal(encoded(data)).code == Code.STATUS_MALFORMED


@given(st.text() | st.text("-_AZaz09uH4sI").map(lambda text: f"u{text}") | st.binary().map(encoded))
def test_any_text_is_a_list_or_a_status_error(text: str) -> None:
    try:
        BitString.decode(text, max_bits=1024)
    except StatusError as error:
        assert error.code in (Code.STATUS_MALFORMED, Code.RESOURCE_LIMIT)  # noqa: PT017


@given(position=st.integers(0, len(MEMBER) - 1), flip=st.integers(1, 255))
def test_changed_byte_is_never_read_as_another_list(position: int, flip: int) -> None:
    changed = bytearray(MEMBER)
    changed[position] ^= flip
    try:
        bits = BitString.decode(encoded(bytes(changed)))
    except StatusError:
        return
    # Time, level and system in the header carry no data, nor do all bits of a deflate block.
    assert bits == BitString(131_072)


@pytest.mark.parametrize("index", [-1, 16, 2**40])
def test_index_beyond_the_list_is_a_range_error(index: int) -> None:
    bits = BitString(16)
    for act in (lambda: bits.get(index), lambda: bits.set(index, 1)):
        with pytest.raises(StatusError) as caught:
            act()
        assert caught.value.code == Code.STATUS_RANGE


def test_entry_that_only_partly_fits_is_out_of_range() -> None:
    bits = BitString.decode(encoded(gzip.compress(b"\xff\xff")), status_size=3)
    assert len(bits) == 5
    assert bits.get(4) == 7
    with pytest.raises(StatusError):
        bits.get(5)


@pytest.mark.parametrize("value", [-1, 4])
def test_value_that_does_not_fit_is_a_programming_mistake(value: int) -> None:
    with pytest.raises(ValueError, match="2 bits"):
        BitString(16, status_size=2).set(0, value)


@pytest.mark.parametrize(
    ("length", "size"), [(-8, 1), (7, 1), (limits.STATUS_LIST_BITS + 8, 1), (8, 0), (8, 17)]
)
def test_impossible_size_is_a_programming_mistake(length: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"bits|statusSize"):
        BitString(length, status_size=size)


def test_lists_differ_by_size_of_their_values() -> None:
    assert BitString(16) != BitString(8, status_size=2)
    assert BitString(16) != "uH4s"


@given(st.sets(st.integers(0, 63)), st.sets(st.integers(0, 63)))
def test_what_is_missing_in_another_list_is_the_difference_of_the_sets(
    mine: set[int], theirs: set[int]
) -> None:
    lists = []
    for places in (mine, theirs):
        bits = BitString(64)
        for place in places:
            bits.set(place, 1)
        lists.append(bits)
    assert lists[0].missing_in(lists[1]) == sorted(mine - theirs)


def test_lists_of_different_kinds_are_not_held_against_each_other() -> None:
    with pytest.raises(ValueError, match="different kinds"):
        BitString(64).missing_in(BitString(72))
    with pytest.raises(ValueError, match="different kinds"):
        BitString(64).missing_in(BitString(32, status_size=2))
