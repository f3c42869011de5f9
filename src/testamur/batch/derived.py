"""Everything random in a batch, derived from one secret and the row's position.

A credential needs an id that nobody can guess, a salt, and a place in a status list that tells
nothing about its neighbours. Drawn afresh, they would differ whenever a chunk is computed again
(after a crash, on another machine), and a learner could get two credentials that count. Derived,
the same row gives the same bytes as often as it is computed, and nothing need be remembered of the
places that were given away.

Why that is as good as drawing:

- Ids and salts are keyed BLAKE2b (RFC 7693) of the position, under a secret of 32 random bytes: to
  whoever lacks the secret they are independent random bytes (it is a pseudo-random function). A
  UUID of version 8 (RFC 9562, 5.8) has 122 random bits, as one of version 4 has.
- Places are a permutation of the list: two positions never share one, by construction. It is a
  Feistel network whose round functions are random tables, one network for each list, so the order
  of a roster (as the alphabet) cannot be read from the places, and the herd stays a herd.
- The secret stands in no credential. Who has it can tell which credential belongs to which row of
  which batch, and guess salts; so it is kept like the roster itself. It signs nothing.

One secret serves one batch: two different learners at one position would get the same id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sys
from array import array
from dataclasses import dataclass
from hashlib import blake2b

__all__ = ["SECRET_BYTES", "PlaceOrder", "RowSecrets", "batch_label", "choose", "row_secrets"]

SECRET_BYTES = 32
"""bytes of a batch's secret."""

_ROUNDS = 16  # twice what small Feistel networks need against the attacks known (cf. SP 800-38G)
_ROW = b"testamur row"  # at most 16 bytes
_ID_BYTES, _SALT_BYTES = 16, 24
_PLACES = b"testamur batch: places"
_CHOICE = b"testamur batch: choice"
_LABEL = b"testamur batch: label"
_VARIANT_DIGITS = "89ab"  # RFC 9562, 4.1: the first two of these four bits are 1 and 0


@dataclass(frozen=True, slots=True)
class RowSecrets:
    """What is unguessable about one row.

    Attributes:
        id: the credential's id, `urn:uuid:` and a UUID of version 8.
        salt: for a hashed identifier; 32 characters of base64url, 192 bits.
    """

    id: str
    salt: str


def row_secrets(secret: bytes, position: int) -> RowSecrets:
    """Derive what is unguessable about a row.

    Args:
        secret: `SECRET_BYTES` random bytes.
        position: of the row in its roster, from 0.
    """
    derived = blake2b(
        position.to_bytes(8, "big"), key=secret, person=_ROW, digest_size=_ID_BYTES + _SALT_BYTES
    ).digest()
    digits = derived[:_ID_BYTES].hex()
    variant = _VARIANT_DIGITS[int(digits[16], 16) & 3]
    uuid = f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
    salt = base64.urlsafe_b64encode(derived[_ID_BYTES:]).decode("ascii")
    return RowSecrets(id=f"urn:uuid:{uuid}", salt=salt)


def batch_label(secret: bytes) -> str:
    """Derive a public name for a batch: 12 hexadecimal digits that tell nothing of the secret."""
    return hmac.digest(secret, _LABEL, "sha256")[:6].hex()


def choose(secret: bytes, number: int, size: int) -> int:
    """Choose one of `size` things for the chunk `number`, so that nobody can foresee which."""
    derived = hmac.digest(secret, _CHOICE + number.to_bytes(8, "big"), "sha256")
    return int.from_bytes(derived, "big") % size


class PlaceOrder:
    """The order in which the places of one status list are given away: a keyed permutation.

    Each half of the index is changed in turn by a random function of the other half, which can be
    undone, so the whole is a permutation of the numbers with that many bits. Results beyond the
    list's end are permuted again until they fall into it ("cycle walking"), which keeps it one.

    Args:
        secret: of the batch.
        label: which list; every list gets a permutation of its own.
        length: places in the list, at least 2 and at most 2 to the power of 32.
    """

    __slots__ = ("_length", "_low_bits", "_low_mask", "_rounds")

    def __init__(self, secret: bytes, label: str, length: int) -> None:
        if not 2 <= length <= 1 << 32:
            raise ValueError(f"a list of {length} places has no order; it has 2 to 2**32")
        bits = (length - 1).bit_length()
        low, high = bits // 2, bits - bits // 2
        if low == 0:
            low = high = 1
        key = hmac.digest(secret, _PLACES + label.encode("utf-8"), "sha256")
        self._length = length
        self._low_bits = low
        self._low_mask = (1 << low) - 1
        self._rounds = [
            (
                _random_function(key, step, inputs=1 << low, bits=high),
                _random_function(key, step + 1, inputs=1 << high, bits=low),
            )
            for step in range(0, _ROUNDS, 2)
        ]

    def __getitem__(self, position: int) -> int:
        """Return the place that is given away at `position`, both from 0 below the length."""
        if not 0 <= position < self._length:
            raise IndexError(f"the list has {self._length} places, and none at {position}")
        place = position
        while True:
            high, low = place >> self._low_bits, place & self._low_mask
            for of_low, of_high in self._rounds:
                high ^= of_low[low]
                low ^= of_high[high]
            place = high << self._low_bits | low
            if place < self._length:
                return place


def _random_function(key: bytes, step: int, *, inputs: int, bits: int) -> array[int]:
    """Return the values of a random function from `inputs` numbers to numbers of `bits` bits."""
    stream = hashlib.shake_256(key + bytes((step,))).digest(2 * inputs)
    values = array("H", stream)
    if sys.byteorder == "big":
        values.byteswap()
    mask = (1 << bits) - 1
    return array("H", (value & mask for value in values))
