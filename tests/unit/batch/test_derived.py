"""What is derived from a batch's secret: unguessable, unique, and the same every time."""

from __future__ import annotations

import base64
import re
from hashlib import blake2b
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.batch.derived import PlaceOrder, batch_label, choose, row_secrets

SECRET = bytes(range(32))


def mac(position: int) -> bytes:
    computed = blake2b(key=SECRET, person=b"testamur row", digest_size=40)
    computed.update(position.to_bytes(8, "big"))
    return computed.digest()


def test_id_is_a_uuid_of_version_8_out_of_the_mac_of_the_position() -> None:
    # RFC 9562, 5.8: version 8 in octet 6, variant 10 in octet 8, all other bits our own.
    derived = row_secrets(SECRET, 7)
    uuid = UUID(derived.id.removeprefix("urn:uuid:"))
    assert (uuid.version, uuid.variant) == (8, RFC_4122)
    expected = bytearray(mac(7)[:16])
    expected[6] = expected[6] & 0x0F | 0x80
    expected[8] = expected[8] & 0x3F | 0x80
    assert uuid.bytes == bytes(expected)
    assert derived.id == f"urn:uuid:{uuid}"


def test_salt_is_other_bytes_of_the_same_mac() -> None:
    salt = row_secrets(SECRET, 7).salt
    assert base64.urlsafe_b64decode(salt) == mac(7)[16:40]


def test_rows_and_batches_have_nothing_in_common() -> None:
    rows = [row_secrets(secret, n) for secret in (SECRET, bytes(32)) for n in range(500)]
    assert len({each.id for each in rows}) == len({each.salt for each in rows}) == 1000


def test_label_names_the_batch_and_tells_nothing_of_the_secret() -> None:
    assert re.fullmatch("[0-9a-f]{12}", batch_label(SECRET))
    assert batch_label(SECRET) != batch_label(bytes(32))
    assert batch_label(SECRET) not in SECRET.hex()


def test_choice_is_one_of_what_there_is_and_differs_from_chunk_to_chunk() -> None:
    assert {choose(SECRET, number, 3) for number in range(100)} == {0, 1, 2}
    assert choose(SECRET, 1, 1) == 0


@pytest.mark.parametrize("length", [2, 3, 5, 8, 9, 1000, 131_072, 131_080])
def test_every_place_of_a_list_is_given_away_once(length: int) -> None:
    order = PlaceOrder(SECRET, "revocation 1", length)
    assert sorted(order[position] for position in range(length)) == list(range(length))


@settings(deadline=None, max_examples=40)
@given(
    secret=st.binary(min_size=32, max_size=32),
    label=st.text(max_size=20),
    length=st.integers(2, 700),
)
def test_order_is_a_permutation_whatever_the_secret_and_the_length(
    secret: bytes, label: str, length: int
) -> None:
    order = PlaceOrder(secret, label, length)
    places = [order[position] for position in range(length)]
    assert sorted(places) == list(range(length))
    assert places == [PlaceOrder(secret, label, length)[each] for each in range(length)]


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(0, 33_554_431), max_size=50))
def test_no_two_positions_share_a_place_in_the_largest_list(positions: set[int]) -> None:
    order = PlaceOrder(SECRET, "revocation 1", 33_554_432)
    places = {order[position] for position in positions}
    assert len(places) == len(positions)
    assert all(0 <= place < 33_554_432 for place in places)


def test_neighbours_do_not_stay_neighbours_and_lists_differ() -> None:
    order, other = (PlaceOrder(SECRET, f"revocation {n}", 131_072) for n in (1, 2))
    places = [order[position] for position in range(4_000)]
    # Of random pairs one in 65,536 are neighbours; of 3,999 hardly any.
    near = sum(abs(a - b) == 1 for a, b in pairwise(places))
    assert near < 5
    # Half of the first rows lie in the lower half, give or take six standard deviations.
    assert abs(sum(place < 65_536 for place in places) - 2_000) < 190
    assert sum(order[n] == other[n] for n in range(4_000)) < 5


@pytest.mark.parametrize("position", [-1, 100])
def test_position_beyond_the_list_has_no_place(position: int) -> None:
    with pytest.raises(IndexError, match="100 places"):
        PlaceOrder(SECRET, "revocation 1", 100)[position]


@pytest.mark.parametrize("length", [0, 1, 2**32 + 1])
def test_list_that_cannot_be_ordered_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="no order"):
        PlaceOrder(SECRET, "revocation 1", length)
