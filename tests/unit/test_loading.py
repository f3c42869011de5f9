"""Any carrier → Secured: the exact bytes kept, nothing verified, everything bounded."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2
from testamur.canon.strict_json import JsonFloat
from testamur.errors import Code, InputError, ParseError
from testamur.loading import load, load_embedded, read_file
from testamur.secured import Carrier, Secured, Securing
from unit.scenes import Document, badge, credential, signed, token

Picture = Callable[..., bytes]

TEXT = json.dumps(signed(badge()), indent=1)
TOKEN = token(badge())


def refusal(source: bytes | str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        load(source)
    return caught.value


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*texts: str) -> bytes:
    """A picture of one pixel with uncompressed iTXt chunks (PNG, 11.3.3.4)."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    baked = [chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text.encode()) for text in texts]
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(baked) + pixels + chunk(b"IEND", b"")


def svg(*texts: str) -> bytes:
    """A picture with the credential as text of the element, or as its attribute for a JWS."""
    baked = "".join(
        f'<openbadges:credential verify="{text}"/>'
        if text.count(".") == 2 and "{" not in text
        else f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
        for text in texts
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">{baked}<g/></svg>'
    ).encode()


# Each carrier


@pytest.mark.parametrize("padding", ["", "\n", " \t\r\n"])
def test_json_is_loaded_and_its_bytes_are_kept(padding: str) -> None:
    content = f"{padding}{TEXT}{padding}".encode()
    secured = load(content)
    assert secured == Secured(
        document=json.loads(TEXT), content=content, securing=Securing.DATA_INTEGRITY
    )


@pytest.mark.parametrize("padding", ["", "\n", " \t\r\n"])
def test_jwt_is_loaded_with_the_credential_out_of_its_payload(padding: str) -> None:
    secured = load(f"{padding}{TOKEN}{padding}")
    assert secured == Secured(
        document=badge(),
        content=TOKEN.encode(),
        securing=Securing.VC_JWT,
        carrier=Carrier.JWT,
        token=TOKEN,
    )


@pytest.mark.parametrize("picture", [png, svg])
@pytest.mark.parametrize("text", [TEXT, TOKEN], ids=["json", "jwt"])
def test_baked_credential_is_loaded_out_of_its_picture(picture: Picture, text: str) -> None:
    secured = load(picture(text))
    plain = load(text)
    assert secured.carrier is (Carrier.PNG if picture is png else Carrier.SVG)
    assert secured.content == text.encode()
    assert (secured.document, secured.securing, secured.token) == (
        plain.document,
        plain.securing,
        plain.token,
    )
    assert secured.remarks == ()


@pytest.mark.parametrize("text", [TEXT, TOKEN], ids=["json", "jwt"])
def test_picture_with_two_credentials_gives_the_first_and_says_so(text: str) -> None:
    # Open Badges 3.0, 5.3.1.1: the chunk "MUST NOT" occur twice; the first one is extracted.
    secured = load(png(text, json.dumps(credential())))
    assert secured.content == text.encode()
    assert [code for code, _ in secured.remarks] == [Code.IMAGE_AMBIGUOUS]
    assert secured.carrier is Carrier.PNG
    assert secured.token == (text if text == TOKEN else None)


@pytest.mark.parametrize(
    "media_type", ["vc+jwt", "vp+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "vc+jwt;base64url"]
)
def test_enveloped_credential_is_loaded_out_of_its_data_url(media_type: str) -> None:
    document = {
        "@context": CREDENTIALS_V2,
        "id": f"data:application/{media_type},{TOKEN}",
        "type": ["EnvelopedVerifiableCredential"],
    }
    secured = load(json.dumps(document))
    assert secured.token == TOKEN
    assert secured.securing is Securing.VC_JWT
    assert load_embedded({**document, "type": "EnvelopedVerifiablePresentation"}).token == TOKEN


def test_enveloped_credential_may_be_percent_encoded() -> None:
    document: Document = {
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{quote(TOKEN).replace('.', '%2E')}",
    }
    assert load_embedded(document).token == TOKEN


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        5,
        "",
        TOKEN,
        "urn:x:1",
        f"data:text/plain,{TOKEN}",
        f"data:application/vc,{TOKEN}",
        "data:application/vc+jwt,",
        f"https://uni.example/?data:application/vc+jwt,{TOKEN}",
        f"data:application/vc+sd-jwt,{TOKEN}~",
    ],
)
def test_envelope_without_a_jwt_in_its_id_is_refused(identifier: object) -> None:
    document = {"type": "EnvelopedVerifiableCredential", "id": identifier}
    error = refusal(json.dumps(document))
    assert error.code is Code.NOT_CONFORMANT
    assert error.path == "id"


@pytest.mark.parametrize("content", ["no jwt", "a.b.c", "%ff.%ff.%ff", "%0A"])
def test_envelope_around_what_is_no_jwt_is_refused(content: str) -> None:
    document = {
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{content}",
    }
    assert refusal(json.dumps(document)).code is Code.JWT_MALFORMED


def test_document_without_a_proof_is_loaded_as_unsecured() -> None:
    secured = load(json.dumps(credential()))
    assert secured.securing is Securing.NONE
    assert load(json.dumps({**credential(), "proof": None})).securing is Securing.DATA_INTEGRITY


def test_numbers_keep_how_they_were_written() -> None:
    number = load('{"a": 6.50}').document["a"]
    assert isinstance(number, JsonFloat)
    assert number.lexical == "6.50"


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (None, ()),
        (5, ()),
        ([], ()),
        ("X", ("X",)),
        (["X", 5, "VerifiablePresentation"], ("X", "VerifiablePresentation")),
        ("VerifiablePresentation", ("VerifiablePresentation",)),
    ],
)
def test_types_are_the_strings_among_them(types: object, expected: tuple[str, ...]) -> None:
    secured = load(json.dumps({"type": types}))
    assert secured.types == expected
    assert secured.is_presentation is ("VerifiablePresentation" in expected)


# What is no credential


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "nothing"),
        (b" \r\n\t", "nothing"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\xff\xd8\xff\xe0JFIF", "JPEG"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"[]", "array"),
        (b"5", "number"),
        (b'"x"', "string"),
        (b"null", "null"),
        (b"true", "boolean"),
        (b"{", "not JSON"),
        (b"GIF89a", "GIF"),
        (b"RIFF....WEBP", "WebP"),
        (b"....ftypheic", "HEIC"),
        (b"-----BEGIN PRIVATE KEY-----", "key"),
        (b"<!DOCTYPE html><p>", "web page"),
        (b" <HTML>", "web page"),
        (b"\xfe\xff\x00{", "UTF-16"),
        (b"\x00\x01", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
    ],
)
def test_anything_else_is_refused_by_name(content: bytes, named: str) -> None:
    error = refusal(content)
    assert error.code is Code.MALFORMED_INPUT
    assert named in error.message


@pytest.mark.parametrize("content", [b"a.b.c", b"a.."])
def test_text_that_looks_like_a_token_is_taken_for_one(content: bytes) -> None:
    assert refusal(content).code is Code.JWT_MALFORMED


def test_half_of_a_surrogate_pair_in_a_text_is_refused() -> None:
    assert refusal('{"a": "\ud800"}').code is Code.MALFORMED_INPUT


@pytest.mark.parametrize("picture", [png, svg])
@pytest.mark.parametrize("text", ["5", "[]", "null", "x", "", '{"a":1,"a":2}'])
def test_picture_that_holds_no_credential_is_refused(picture: Picture, text: str) -> None:
    error = refusal(picture(text))
    assert error.code in (Code.MALFORMED_INPUT, Code.IMAGE_MALFORMED, Code.IMAGE_NO_CREDENTIAL)


def test_picture_without_a_credential_is_refused() -> None:
    assert refusal(png()).code is Code.IMAGE_NO_CREDENTIAL
    assert refusal(svg()).code is Code.IMAGE_NO_CREDENTIAL


def test_path_of_a_picture_is_no_special_case(tmp_path: Path) -> None:
    file = tmp_path / "badge.anything"
    file.write_bytes(png(TEXT))
    assert load(file) == load(png(TEXT))


# Bounds


def test_larger_input_than_allowed_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("testamur.loading._MAX_BYTES", 10)
    assert refusal(b"{" * 11).code is Code.RESOURCE_LIMIT
    assert refusal(b"{" * 10).code is Code.MALFORMED_INPUT
    file = tmp_path / "large"
    file.write_bytes(b"{" * 11)
    with pytest.raises(ParseError) as caught:
        load(file)
    assert caught.value.code is Code.RESOURCE_LIMIT
    file.write_bytes(b"{" * 10)
    assert read_file(file) == b"{" * 10


def test_largest_carrier_decides_the_bound() -> None:
    with pytest.raises(ParseError) as caught:
        load(bytes(max(limits.PRESENTATION_BYTES, limits.IMAGE_BYTES) + 1))
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_token_is_bounded_by_what_a_credential_may_have() -> None:
    assert refusal("a." + "a" * limits.CREDENTIAL_BYTES + ".a").code is Code.RESOURCE_LIMIT


def test_json_of_more_values_than_any_wallet_holds_is_refused_before_it_is_parsed() -> None:
    # Every three bytes become an object of 56; a tenth of what is let in shows it.
    assert refusal(b'{"a":[' + b"[]," * 2_000_000 + b"0]}").code is Code.RESOURCE_LIMIT


# Files


def test_file_that_is_not_there_is_no_verdict_on_a_credential(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(InputError) as caught:
            load(path)
        assert type(caught.value) is InputError
        assert str(path) in caught.value.message


def test_text_is_never_taken_for_a_path(tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    file.write_text(TEXT)
    assert "pathlib.Path" in refusal(str(file)).message
    assert "fetch a URL" in refusal("https://uni.example/badge.json").message


# Inside a document


def test_embedded_credential_is_an_object_or_a_jwt() -> None:
    document = signed(badge())
    secured = load_embedded(document)
    assert secured.document == document
    assert json.loads(secured.content) == document
    assert load_embedded(TOKEN) == load(TOKEN)


@pytest.mark.parametrize("value", [None, 5, True, [], [TOKEN], 1.5])
def test_embedded_value_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(ParseError) as caught:
        load_embedded(value)
    assert caught.value.code is Code.MALFORMED_INPUT


@pytest.mark.parametrize("value", ["", "https://uni.example/1", "\ud800", "é", "{}"])
def test_embedded_text_that_is_no_jwt_is_refused(value: str) -> None:
    with pytest.raises(ParseError) as caught:
        load_embedded(value)
    assert caught.value.code is Code.JWT_MALFORMED
