"""carry.png against Open Badges 3.0 (5.3.1), the PNG specification, Pillow, PyPNG and a wallet."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zlib
from pathlib import Path

import png  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.carry import bake_png, extract_png
from testamur.errors import Code, InputError, ParseError, TestamurError
from testamur.secured import Secured, Securing

HOSTILE = Path(__file__).parents[3] / "../shared/data/hostile/inputs/png"
KEYWORD = "openbadgecredential"
CREDENTIAL = '{"type":["VerifiableCredential"],"name":"Żółw {","proof":{"proofValue":"z1"}}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"


def image(**text: str) -> bytes:
    """A small picture, written by Pillow, with text chunks."""
    info = PngImagePlugin.PngInfo()
    for keyword, value in text.items():
        info.add_itxt(keyword, value)
    picture = Image.new("RGBA", (3, 2))
    picture.putdata([(40 * x, 7, 250 - 30 * x, 128 + x) for x in range(6)])
    stream = io.BytesIO()
    picture.save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(*inserted: bytes) -> bytes:
    """The picture with raw chunks behind IHDR, which ends at byte 33 (8 + 4 + 4 + 13 + 4)."""
    plain = image()
    return plain[:33] + b"".join(inserted) + plain[33:]


def itxt(text: bytes, *, flag: bytes = b"\0", keyword: str = KEYWORD) -> bytes:
    return chunk(b"iTXt", keyword.encode() + b"\0" + flag + b"\0\0\0" + text)


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    return [(bytes(kind), bytes(body)) for kind, body in png.Reader(bytes=data).chunks()]


def read_like_a_wallet(data: bytes) -> str:
    """What Learner Credential Wallet takes for the credential (its app/lib/import.ts).

    Each byte is one character; from the first "{" behind the keyword, braces are counted until
    they balance.
    """
    text = data.decode("latin-1")
    start = text.index("{", text.index(KEYWORD) + len(KEYWORD))
    depth = 0
    for end in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[start : end + 1]
    raise AssertionError("the braces never balance")


json_objects = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(max_size=12)
        | st.just("]]>{{}"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    ),
    max_size=5,
)


@given(json_objects)
def test_json_comes_back_with_the_same_value(document: dict[str, object]) -> None:
    extracted = extract_png(bake_png(image(), json.dumps(document, ensure_ascii=False)))
    assert json.loads(extracted.content) == document
    assert not extracted.ambiguous


@given(json_objects)
def test_wallet_that_counts_braces_finds_exactly_the_json(document: dict[str, object]) -> None:
    baked = bake_png(image(), json.dumps(document).encode())
    assert read_like_a_wallet(baked).encode() == extract_png(baked).content
    assert json.loads(read_like_a_wallet(baked)) == document


def test_chunk_has_the_fields_that_open_badges_asks_for() -> None:
    """5.3.1.1: keyword openbadgecredential; "Compression MUST NOT be used"; languages empty."""
    kinds = chunks(bake_png(image(), JWS))
    assert kinds[1] == (
        b"iTXt",
        KEYWORD.encode() + b"\0" + b"\0" + b"\0" + b"\0" + b"\0" + JWS.encode(),
    )


def test_pillow_reads_the_credential_and_sees_the_same_pixels() -> None:
    with Image.open(io.BytesIO(bake_png(image(), CREDENTIAL))) as baked:
        assert isinstance(baked, PngImagePlugin.PngImageFile)
        assert json.loads(baked.text[KEYWORD]) == json.loads(CREDENTIAL)
        with Image.open(io.BytesIO(image())) as plain:
            assert baked.tobytes() == plain.tobytes()


def test_numbers_keep_their_spelling() -> None:
    text = '{"a":6.50,"b":1E2,"c":-0,"d":12345678901234567890}'
    assert extract_png(bake_png(image(), text)).content == text.encode()


def test_jws_is_baked_verbatim() -> None:
    assert extract_png(bake_png(image(), JWS)).content == JWS.encode()
    assert extract_png(bake_png(image(), f"{JWS}\n".encode())).content == JWS.encode()


def test_secured_credential_is_baked_from_its_own_bytes() -> None:
    document: JsonObject = {"other": "not used"}
    secured = Secured(document, CREDENTIAL.encode(), Securing.DATA_INTEGRITY)
    assert json.loads(extract_png(bake_png(image(), secured)).content) == json.loads(CREDENTIAL)


def test_chunk_goes_in_front_of_all_other_text() -> None:
    """A wallet searches for the keyword, so it must not meet it in another chunk's text first."""
    baked = bake_png(image(Comment=f"made for {KEYWORD} {{"), CREDENTIAL)
    assert [kind for kind, _ in chunks(baked)][:3] == [b"IHDR", b"iTXt", b"iTXt"]
    assert json.loads(read_like_a_wallet(baked)) == json.loads(CREDENTIAL)


def test_all_other_chunks_keep_their_bytes_and_order() -> None:
    original = with_chunks(chunk(b"gAMA", b"\0\0\xb1\x8f"), itxt(b"x", keyword="Title"))
    others = [each for each in chunks(bake_png(original, JWS)) if each[1][:19] != KEYWORD.encode()]
    assert others == chunks(original)


def test_baking_again_replaces_the_credential() -> None:
    """5.3.1.1: such a chunk "MUST NOT appear in a PNG more than once"."""
    once = bake_png(image(), CREDENTIAL)
    assert bake_png(once, CREDENTIAL) == once
    again = bake_png(once, JWS)
    assert again == bake_png(image(), JWS)
    assert again.count(KEYWORD.encode()) == 1


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_baking_replaces_a_credential_in_another_kind_of_text_chunk(kind: bytes) -> None:
    old = with_chunks(chunk(kind, KEYWORD.encode() + b"\0\0" + zlib.compress(b"{}")))
    assert bake_png(old, JWS) == bake_png(image(), JWS)


def test_bytes_behind_the_end_stay() -> None:
    assert bake_png(image() + b"tail", JWS) == bake_png(image(), JWS) + b"tail"


@pytest.mark.parametrize(
    "body",
    [
        itxt(CREDENTIAL.encode()),
        itxt(zlib.compress(CREDENTIAL.encode()), flag=b"\1"),
        itxt(b" \r\n" + CREDENTIAL.encode() + b"\n"),
        chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0pl\0Odznaka\0" + CREDENTIAL.encode()),
        itxt(CREDENTIAL.encode(), keyword="clrcredential"),
        chunk(b"tEXt", KEYWORD.encode() + b"\0" + CREDENTIAL.replace("Żółw", "Zolw").encode()),
        chunk(b"zTXt", KEYWORD.encode() + b"\0\0" + zlib.compress(b'{"name":"\xfc"}')),
    ],
    ids=["plain", "compressed", "padded", "language", "clr", "tEXt", "zTXt"],
)
def test_credential_in_any_kind_of_text_chunk_is_found(body: bytes) -> None:
    extracted = extract_png(with_chunks(body))
    assert not extracted.ambiguous
    assert json.loads(extracted.content)["name"] in ("Żółw {", "Zolw {", "ü")


@pytest.mark.parametrize("second", [b"{}", CREDENTIAL.encode()], ids=["another", "the same"])
def test_png_with_two_credentials_is_reported_as_ambiguous(second: bytes) -> None:
    extracted = extract_png(with_chunks(itxt(CREDENTIAL.encode()), itxt(second)))
    assert extracted.content == CREDENTIAL.encode()
    assert extracted.ambiguous


def test_itxt_is_preferred_to_the_kinds_that_the_standard_does_not_name() -> None:
    data = with_chunks(chunk(b"tEXt", KEYWORD.encode() + b"\0{}"), itxt(CREDENTIAL.encode()))
    assert extract_png(data).content == CREDENTIAL.encode()
    assert extract_png(data).ambiguous


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", Code.IMAGE_MALFORMED, "not a PNG"),
        (b"\xff\xd8\xff\xe0JFIF", Code.IMAGE_MALFORMED, "not a PNG"),
        (image()[:8], Code.IMAGE_MALFORMED, "cut off"),
        (image()[:8] + image()[33:], Code.IMAGE_MALFORMED, "IHDR"),
        (image()[:33] + image()[8:], Code.IMAGE_MALFORMED, "IHDR"),
        (image()[:-12], Code.IMAGE_MALFORMED, "cut off"),
        (image()[:8] + b"\xff\xff\xff\xff" + image()[12:], Code.IMAGE_MALFORMED, "cut off"),
        (with_chunks(b"\0\0\0\0\0\0\0\0\0\0\0\0"), Code.IMAGE_MALFORMED, "no type"),
        (with_chunks(itxt(b"{}")[:-1] + b"?"), Code.IMAGE_MALFORMED, "CRC"),
        (with_chunks(itxt(b"{}", flag=b"\2")), Code.IMAGE_MALFORMED, "compression flag"),
        (with_chunks(itxt(b"{}", flag=b"\1")), Code.IMAGE_MALFORMED, "decompressed"),
        (
            with_chunks(itxt(zlib.compress(b"{}")[:-2], flag=b"\1")),
            Code.IMAGE_MALFORMED,
            "cut off or has a tail",
        ),
        (
            with_chunks(itxt(zlib.compress(b"{}") + b"{}", flag=b"\1")),
            Code.IMAGE_MALFORMED,
            "cut off or has a tail",
        ),
        (
            with_chunks(chunk(b"zTXt", KEYWORD.encode() + b"\0\1" + zlib.compress(b"{}"))),
            Code.IMAGE_MALFORMED,
            "compression method",
        ),
        (
            with_chunks(chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0{}")),
            Code.IMAGE_MALFORMED,
            "laid out",
        ),
        (image(), Code.IMAGE_NO_CREDENTIAL, "no credential"),
        (with_chunks(itxt(b" \n")), Code.IMAGE_NO_CREDENTIAL, "empty"),
        (with_chunks(chunk(b"iTXt", b"")), Code.IMAGE_NO_CREDENTIAL, "no credential"),
        (with_chunks(chunk(b"xTXt", b"x" + itxt(b"{}"))), Code.IMAGE_NO_CREDENTIAL, "no cred"),
        (
            with_chunks(itxt(b"https://x.example/1", keyword="openbadges")),
            Code.IMAGE_NO_CREDENTIAL,
            "Open Badges 2.0",
        ),
    ],
)
def test_unusable_png_is_refused_with_its_reason(data: bytes, code: Code, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        extract_png(data)
    assert caught.value.code is code


def test_decompression_bomb_is_refused() -> None:
    bomb = zlib.compress(b"{" * (limits.CREDENTIAL_BYTES * 20), 9)
    with pytest.raises(ParseError, match="decompresses to more than") as caught:
        extract_png(with_chunks(itxt(bomb, flag=b"\1")))
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_credential_above_the_limit_is_refused() -> None:
    with pytest.raises(ParseError, match="may have") as caught:
        extract_png(with_chunks(itxt(b"{" + b" " * limits.CREDENTIAL_BYTES + b"}")))
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_image_above_the_limit_is_refused() -> None:
    for use in (extract_png, lambda data: bake_png(data, JWS)):
        with pytest.raises(ParseError, match="at most") as caught:
            use(image() + b"\0" * limits.IMAGE_BYTES)
        assert caught.value.code is Code.IMAGE_MALFORMED


def test_endless_row_of_chunks_is_refused() -> None:
    with pytest.raises(ParseError, match="chunks") as caught:
        extract_png(with_chunks(chunk(b"teSt", b"") * limits.IMAGE_CHUNKS))
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_baking_beyond_what_is_read_is_refused() -> None:
    padded = image() + b"\0" * (limits.IMAGE_BYTES - len(image()))
    full = with_chunks(chunk(b"teSt", b"") * (limits.IMAGE_CHUNKS - 3))
    assert extract_png(bake_png(full[:33] + full[45:], JWS)).content == JWS.encode()
    for data in (padded, full):
        with pytest.raises(InputError, match="smaller image") as caught:
            bake_png(data, JWS)
        assert caught.value.code is Code.RESOURCE_LIMIT


def test_baking_into_a_damaged_image_is_refused() -> None:
    damaged = bytearray(image())
    damaged[20] ^= 1  # the width, in IHDR
    with pytest.raises(ParseError, match="CRC of the IHDR chunk") as caught:
        bake_png(bytes(damaged), JWS)
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_png_cut_off_anywhere_is_refused() -> None:
    baked = bake_png(image(), CREDENTIAL)
    for length in range(len(baked)):
        with pytest.raises(ParseError) as caught:
            extract_png(baked[:length])
        assert caught.value.code is Code.IMAGE_MALFORMED


@given(st.data())
def test_changed_bytes_give_a_parse_error_or_a_result(data: st.DataObject) -> None:
    damaged = bytearray(bake_png(image(), CREDENTIAL))
    for position in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=4)):
        damaged[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ParseError):
        extract_png(bytes(damaged))
    with contextlib.suppress(ParseError):
        bake_png(bytes(damaged), JWS)


@given(st.binary(max_size=200))
def test_junk_raises_only_our_errors(junk: bytes) -> None:
    for attempt in (
        lambda: extract_png(junk),
        lambda: extract_png(image()[:8] + junk),
        lambda: extract_png(with_chunks(itxt(junk, flag=b"\1"))),
        lambda: bake_png(image(), junk),
    ):
        with contextlib.suppress(TestamurError):
            attempt()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("i-png-bad-crc", Code.IMAGE_MALFORMED),
        ("i-png-flag-2", Code.IMAGE_MALFORMED),
        ("i-png-sig-only", Code.IMAGE_MALFORMED),
        ("i-png-html-polyglot", None),
    ],
)
def test_recorded_hostile_png_gets_its_answer(name: str, code: Code | None) -> None:
    path = HOSTILE / f"{name}.png"
    if not path.is_file():
        pytest.skip("the shared data folder is not here")
    if code is None:
        assert json.loads(extract_png(path.read_bytes()).content)["name"] == "Teamwork Badge"
        return
    with pytest.raises(ParseError) as caught:
        extract_png(path.read_bytes())
    assert caught.value.code is code
