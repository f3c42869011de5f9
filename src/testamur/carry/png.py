"""A credential baked into a PNG image (Open Badges 3.0, 5.3.1 PNG).

The file is taken apart at its chunk boundaries and put together again; pixels are never decoded,
so an image looks exactly as before, and every other chunk keeps its bytes and its place.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from testamur import limits
from testamur.carry.baked import Extracted, malformed, read_content, text_to_bake
from testamur.errors import Code, InputError, ParseError
from testamur.secured import Secured

__all__ = ["bake_png", "extract_open_badges_2", "extract_png"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_CLR_KEYWORD = b"clrcredential"
_OPEN_BADGES_2_KEYWORD = b"openbadges"
_TEXT_KINDS = (b"iTXt", b"tEXt", b"zTXt")
_KEYWORD_BYTES = 79  # PNG 11.3.3.1: the longest keyword
_FRAME_BYTES = 12  # PNG 5.3: length, type and CRC, four bytes each


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chunk; `raw` is all of it, from the length to the CRC."""

    kind: bytes
    raw: memoryview

    @property
    def body(self) -> memoryview:
        return self.raw[8:-4]

    @property
    def is_intact(self) -> bool:
        """Whether the CRC fits the type and the body (PNG 5.5)."""
        return zlib.crc32(self.raw[4:-4]) == int.from_bytes(self.raw[-4:], "big")

    @property
    def keyword(self) -> bytes | None:
        """The keyword of a text chunk; None for any other chunk."""
        if self.kind not in _TEXT_KINDS:
            return None
        return bytes(self.body[: _KEYWORD_BYTES + 1]).partition(b"\0")[0]


def bake_png(image: bytes, content: Secured | bytes | str) -> bytes:
    """Put a credential into a PNG image, in place of the one it may hold already.

    The chunk goes right behind IHDR: a reader that searches the file for the keyword finds it
    before any other text. Proofs are not checked.

    Args:
        image: the PNG file, at most `limits.IMAGE_BYTES` long.
        content: the secured credential, or its JSON or compact JWS; see `text_to_bake`.

    Returns:
        The baked PNG file.

    Raises:
        ParseError: the image is not a PNG or is damaged (IMAGE_MALFORMED); the JSON is not strict.
        InputError: the content cannot be baked; the baked image would be too large
            (RESOURCE_LIMIT).
    """
    chunks = list(_chunks(image))
    for chunk in chunks:
        if not chunk.is_intact:
            raise _damaged(chunk)
    header, *rest = chunks
    text = text_to_bake(content).encode("ascii")
    # keyword, NUL, compression flag 0, method 0, empty language NUL, empty translation NUL, text
    credential = _chunk(b"iTXt", _KEYWORD + b"\0\0\0\0\0" + text)
    kept = [chunk.raw for chunk in rest if chunk.keyword != _KEYWORD]
    after_end = image[len(_SIGNATURE) + sum(len(chunk.raw) for chunk in chunks) :]
    baked = b"".join([_SIGNATURE, header.raw, credential, *kept, after_end])
    if len(baked) > limits.IMAGE_BYTES or len(kept) + 2 > limits.IMAGE_CHUNKS:
        raise InputError(
            f"the baked image would have {len(baked)} bytes in {len(kept) + 2} chunks; at most "
            f"{limits.IMAGE_BYTES} bytes in {limits.IMAGE_CHUNKS} chunks are read. Use a smaller "
            "image",
            code=Code.RESOURCE_LIMIT,
        )
    return baked


def extract_png(data: bytes) -> Extracted:
    """Take the credential out of a PNG image.

    The first iTXt chunk with the keyword counts, as 5.3.1.2 says; where there is none, the first
    tEXt or zTXt chunk, which some bakers write. Compressed text is read although bakers MUST NOT
    write it. Nothing is fetched and the credential is not checked.

    Args:
        data: the PNG file, at most `limits.IMAGE_BYTES` long.

    Raises:
        ParseError: not a PNG, or cut off, or its credential chunk is damaged (IMAGE_MALFORMED);
            no credential in it (IMAGE_NO_CREDENTIAL).
    """
    found: list[_Chunk] = []
    is_open_badges_2 = False
    for chunk in _chunks(data):
        if chunk.keyword in (_KEYWORD, _CLR_KEYWORD):
            found.append(chunk)
        is_open_badges_2 = is_open_badges_2 or chunk.keyword == _OPEN_BADGES_2_KEYWORD
    if not found:
        raise _no_credential(is_open_badges_2)
    first = min(found, key=lambda chunk: chunk.kind != b"iTXt")
    if not first.is_intact:
        raise _damaged(first)
    return read_content(
        _text(first),
        ambiguous=len(found) > 1,
        where=f"the {first.kind.decode()} chunk with the credential",
    )


def extract_open_badges_2(data: bytes) -> bytes:
    """Take out what a picture of Open Badges 2.0 or 1.x holds: JSON, a compact JWS, or a URL.

    Nothing is fetched, and nothing of it can be verified.

    Args:
        data: the PNG file, at most `limits.IMAGE_BYTES` long.

    Raises:
        ParseError: as `extract_png`.
    """
    found = [chunk for chunk in _chunks(data) if chunk.keyword == _OPEN_BADGES_2_KEYWORD]
    if not found:
        raise ParseError(
            "the PNG carries no badge of Open Badges 2.0 (no text chunk with the keyword "
            "openbadges)",
            code=Code.IMAGE_NO_CREDENTIAL,
        )
    first = min(found, key=lambda chunk: chunk.kind != b"iTXt")
    if not first.is_intact:
        raise _damaged(first)
    where = f"the {first.kind.decode()} chunk with the badge"
    return read_content(_text(first), ambiguous=len(found) > 1, where=where).content


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Walk the chunks from IHDR to IEND by their lengths (PNG 5.3, 5.6); the rest is ignored.

    CRCs are left to the caller: only those of chunks that are used matter.
    """
    if len(data) > limits.IMAGE_BYTES:
        raise malformed(
            f"the image has {len(data)} bytes; at most {limits.IMAGE_BYTES} are read. Use a "
            "smaller image"
        )
    if not data.startswith(_SIGNATURE):
        raise malformed("not a PNG image: its first eight bytes are others; save it as PNG")
    view = memoryview(data)
    position = len(_SIGNATURE)
    for number in range(limits.IMAGE_CHUNKS):
        length = int.from_bytes(view[position : position + 4], "big")
        end = position + length + _FRAME_BYTES
        if position + _FRAME_BYTES > len(data) or end > len(data):
            raise malformed(
                f"the PNG ends inside the chunk at byte {position}; it was cut off or is damaged. "
                "Get the file again"
            )
        chunk = _Chunk(bytes(view[position + 4 : position + 8]), view[position:end])
        if not chunk.kind.isalpha():
            raise malformed(f"the PNG chunk at byte {position} has no type; the file is damaged")
        if (number == 0) != (chunk.kind == b"IHDR"):
            raise malformed("a PNG starts with one IHDR chunk, and this one does not")
        yield chunk
        if chunk.kind == b"IEND":
            return
        position = end
    raise malformed(f"the PNG has more than {limits.IMAGE_CHUNKS} chunks; save it again")


def _text(chunk: _Chunk) -> bytes:
    """Return the text of a text chunk as UTF-8 (PNG 11.3.3.2 to 11.3.3.4)."""
    rest = bytes(chunk.body).partition(b"\0")[2]
    if chunk.kind == b"tEXt":
        return rest.decode("latin-1").encode()
    if chunk.kind == b"zTXt":
        _check_method(rest[:1])
        return _inflate(rest[1:]).decode("latin-1").encode()
    flag = rest[:1]
    fields = rest[2:].split(b"\0", 2)
    if flag not in (b"\0", b"\1") or len(fields) != 3:
        raise malformed(
            "the iTXt chunk with the credential is not laid out as PNG 11.3.3.4 says: compression "
            "flag 0 or 1, method, language, translated keyword, text"
        )
    if flag == b"\0":
        return fields[2]
    _check_method(rest[1:2])
    return _inflate(fields[2])


def _check_method(method: bytes) -> None:
    if method != b"\0":
        raise malformed("the credential chunk uses an unknown compression method; only 0 exists")


def _inflate(data: bytes) -> bytes:
    """Decompress a zlib stream, up to the size of a credential."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, limits.CREDENTIAL_BYTES + 1)
    except zlib.error as error:
        raise malformed("the credential chunk cannot be decompressed; it is damaged") from error
    if len(text) > limits.CREDENTIAL_BYTES:
        raise malformed(
            f"the credential chunk decompresses to more than {limits.CREDENTIAL_BYTES} bytes"
        )
    if not stream.eof or stream.unused_data:
        raise malformed("the compressed text in the credential chunk is cut off or has a tail")
    return text


def _chunk(kind: bytes, body: bytes) -> bytes:
    length = len(body).to_bytes(4, "big")
    return length + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _damaged(chunk: _Chunk) -> ParseError:
    return malformed(
        f"the CRC of the {chunk.kind.decode()} chunk is wrong: the file is damaged or was edited "
        "by hand. Get it again"
    )


def _no_credential(is_open_badges_2: bool) -> ParseError:
    if is_open_badges_2:
        message = (
            "this is an Open Badges 2.0 badge (keyword openbadges), which carries no verifiable "
            "credential; ask the issuer for an Open Badges 3.0 one"
        )
    else:
        message = (
            "the PNG carries no credential (no text chunk with the keyword openbadgecredential); "
            "it may have been saved again by a program that drops it, so use the original file"
        )
    return ParseError(message, code=Code.IMAGE_NO_CREDENTIAL)
