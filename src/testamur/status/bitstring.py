"""BitString: the status values of a list, in the bytes that the specification puts them in.

Bitstring Status List 1.0, "Bitstring Generation Algorithm", "Bitstring Expansion Algorithm" and
"Bitstring Encoding": index 0 is the left-most (most significant) bit of the first byte; a value of
`statusSize` bits starts at bit `index * statusSize`.
"""

from __future__ import annotations

import base64
import zlib

from testamur import limits
from testamur._lazy import lazy_pattern
from testamur.errors import Code, StatusError

__all__ = ["BitString"]

_BASE64URL = lazy_pattern(r"[A-Za-z0-9_-]*")
_GZIP = 16 + zlib.MAX_WBITS
# RFC 1952, 2.3: deflate, no flags, no time (0), no extra flags, system 3 as in the specification's
# example. Written here because zlib names the system it runs on, and equal lists are to give equal
# bytes.
_GZIP_HEADER = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3))
_SPARSE = 64
"""A list is sparse where at most one byte in so many is not zero."""
_PATH = "credentialSubject.encodedList"


class BitString:
    """Status values of equal size, changed in place while a list is being built.

    Reading and writing one value takes the same time however long the list is.

    Args:
        length: entries, all zero at first; together they fill whole bytes.
        status_size: bits per entry, from 1 to `limits.STATUS_SIZE_BITS`.

    Attributes:
        status_size: bits per entry.

    Raises:
        ValueError: a length or size that is not possible.
    """

    __slots__ = ("_bytes", "_mask", "status_size")

    def __init__(self, length: int, *, status_size: int = 1) -> None:
        _require_size(status_size)
        bits = length * status_size
        if not 0 <= bits <= limits.STATUS_LIST_BITS or bits % 8:
            raise ValueError(
                f"{length} entries of {status_size} bits do not fill whole bytes, "
                f"or are more than {limits.STATUS_LIST_BITS} bits"
            )
        self.status_size = status_size
        self._mask = (1 << status_size) - 1
        self._bytes = bytearray(bits // 8)

    @classmethod
    def decode(
        cls,
        encoded: str,
        *,
        status_size: int = 1,
        max_bits: int = limits.STATUS_LIST_BITS,
    ) -> BitString:
        """Expand an `encodedList` ("Bitstring Expansion Algorithm").

        Args:
            encoded: "u" (Multibase base64url) and one gzip member, without padding.
            status_size: bits per entry, from 1 to `limits.STATUS_SIZE_BITS`.
            max_bits: the longest list, in bits; nothing beyond is decompressed.

        Raises:
            StatusError: STATUS_MALFORMED; RESOURCE_LIMIT.
        """
        _require_size(status_size)
        if not encoded.startswith("u"):
            raise _malformed("does not start with u, the Multibase prefix of base64url")
        bits = cls(0, status_size=status_size)
        bits._bytes = _expand(encoded[1:], max_bits // 8)
        return bits

    def encode(self) -> str:
        """Compress into an `encodedList` ("Bitstring Generation Algorithm", step 3).

        The same values give the same text wherever the same zlib runs.
        """
        # Where few bytes are not zero, zlib's default gives the very bytes of published lists. In a
        # denser list it searches long for repetitions that are not there; looking for runs only is
        # several times as fast, and the text is shorter.
        dense = len(self._bytes) - self._bytes.count(0) > len(self._bytes) // _SPARSE
        compressor = zlib.compressobj(
            wbits=-zlib.MAX_WBITS, strategy=zlib.Z_RLE if dense else zlib.Z_DEFAULT_STRATEGY
        )
        body = compressor.compress(self._bytes) + compressor.flush()
        checksum = zlib.crc32(self._bytes).to_bytes(4, "little")
        size = len(self._bytes).to_bytes(4, "little")
        member = _GZIP_HEADER + body + checksum + size
        return "u" + base64.urlsafe_b64encode(member).rstrip(b"=").decode("ascii")

    def get(self, index: int) -> int:
        """Return the value at an index.

        Raises:
            StatusError: STATUS_RANGE, beyond the list.
        """
        first, last, shift = self._locate(index)
        return int.from_bytes(self._bytes[first:last]) >> shift & self._mask

    def set(self, index: int, value: int) -> None:
        """Change the value at an index.

        Raises:
            StatusError: STATUS_RANGE, beyond the list.
            ValueError: the value does not fit into an entry.
        """
        first, last, shift = self._locate(index)
        if not 0 <= value <= self._mask:
            raise ValueError(f"{value} does not fit into {self.status_size} bits")
        word = int.from_bytes(self._bytes[first:last]) & ~(self._mask << shift) | value << shift
        self._bytes[first:last] = word.to_bytes(last - first)

    def count_set(self) -> int:
        """Count the bits that are set: with `status_size` 1, the entries that are not 0."""
        return int.from_bytes(self._bytes).bit_count()

    def missing_in(self, other: BitString) -> list[int]:
        """Return the indexes that are set here and not in another list, of one bit per entry.

        Raises:
            ValueError: the lists are not of one length, or have larger entries.
        """
        if len(self._bytes) != len(other._bytes) or (self.status_size, other.status_size) != (1, 1):
            raise ValueError("lists of different kinds cannot be held against each other")
        return [
            place * 8 + bit
            for place, (mine, theirs) in enumerate(zip(self._bytes, other._bytes, strict=True))
            if mine & ~theirs
            for bit in range(8)
            if mine & ~theirs & 0x80 >> bit
        ]

    def __len__(self) -> int:
        """Entries in the list."""
        return len(self._bytes) * 8 // self.status_size

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BitString):
            return NotImplemented
        return self.status_size == other.status_size and self._bytes == other._bytes

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _locate(self, index: int) -> tuple[int, int, int]:
        """Return the first byte of an entry, the byte after it, and the bits to its right."""
        start = index * self.status_size
        end = start + self.status_size
        if start < 0 or end > len(self._bytes) * 8:
            raise StatusError(
                f"statusListIndex {index} is beyond the status list, which has {len(self)} entries",
                code=Code.STATUS_RANGE,
                path="credentialStatus.statusListIndex",
                expected=f"0 to {len(self) - 1}",
                found=str(index),
            )
        last = (end + 7) // 8
        return start // 8, last, last * 8 - end


def _expand(encoded: str, max_bytes: int) -> bytearray:
    # Deflate lengthens what it cannot shorten by less than one part in a thousand, base64 by a
    # third: a longer text cannot be a list that is short enough.
    if len(encoded) > max_bytes * 3 // 2 + 1024:
        raise _too_long(max_bytes)
    if not _BASE64URL.fullmatch(encoded) or len(encoded) % 4 == 1:
        raise _malformed("is not base64url without padding")
    compressed = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    decompressor = zlib.decompressobj(_GZIP)
    try:
        expanded = decompressor.decompress(compressed, max_bytes + 1)
    except zlib.error as error:
        raise _malformed(f"is not gzip (RFC 1952): {error}") from error
    if len(expanded) > max_bytes:
        raise _too_long(max_bytes)
    if not decompressor.eof:
        raise _malformed("is gzip that ends too early")
    if decompressor.unused_data:
        raise _malformed("has bytes after the end of its gzip member")
    return bytearray(expanded)


def _require_size(status_size: int) -> None:
    if not 1 <= status_size <= limits.STATUS_SIZE_BITS:
        raise ValueError(f"statusSize {status_size} is not from 1 to {limits.STATUS_SIZE_BITS}")


def _malformed(what: str) -> StatusError:
    return StatusError(f"the status list's encodedList {what}", path=_PATH)


def _too_long(max_bytes: int) -> StatusError:
    return StatusError(
        f"the status list has more than {max_bytes * 8} bits; longer ones are not expanded",
        code=Code.RESOURCE_LIMIT,
        path=_PATH,
        expected=f"at most {max_bytes * 8} bits",
    )
