"""Documents as the register keeps them: zlib, with what a batch's documents share left out."""

from __future__ import annotations

import zlib

from testamur.errors import Code, RegisterError

__all__ = ["DICTIONARY_BYTES", "Packer", "pack", "unpack"]

DICTIONARY_BYTES = 16 * 1024
"""bytes: so far does zlib look back here."""

_LEVEL = 6
_WINDOW = 14  # bits: `DICTIONARY_BYTES`
_MEMORY = 6  # a smaller state is copied faster
_MOST = 64 * 1024 * 1024


class Packer:
    """Packs one document after the other; a call packs one.

    Args:
        dictionary: what they have in common, of which the last `DICTIONARY_BYTES` are used.
    """

    def __init__(self, dictionary: bytes = b"") -> None:
        tail = dictionary[-DICTIONARY_BYTES:]
        settings = (_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY)
        self._fresh = (
            zlib.compressobj(*settings, zdict=tail) if tail else zlib.compressobj(*settings)
        )

    def __call__(self, content: bytes) -> bytes:
        """Return the document, packed."""
        compressor = self._fresh.copy()  # with the dictionary worked into it already
        return compressor.compress(content) + compressor.flush()


def pack(content: bytes) -> bytes:
    """Return a document, packed without a dictionary."""
    return zlib.compress(content, _LEVEL)


def unpack(packed: bytes, dictionary: bytes = b"") -> bytes:
    """Return what was packed.

    Raises:
        RegisterError: REGISTER_DAMAGED.
    """
    tail = dictionary[-DICTIONARY_BYTES:]
    expander = zlib.decompressobj(zdict=tail) if tail else zlib.decompressobj()
    try:
        content = expander.decompress(packed, _MOST)
    except zlib.error as error:
        raise _damaged() from error
    if not expander.eof or expander.unused_data:
        raise _damaged()
    return content


def _damaged() -> RegisterError:
    return RegisterError(
        "a document in the register is damaged; restore it from a backup",
        code=Code.REGISTER_DAMAGED,
    )
