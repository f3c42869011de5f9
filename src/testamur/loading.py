"""Any carrier → Secured. Nothing is verified here, and nothing is fetched."""

from __future__ import annotations

import os
import re
from typing import TypeAlias

from testamur import limits
from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject, dumps, kind, parse
from testamur.errors import Code, InputError, ParseError
from testamur.secure import vc_jwt
from testamur.secured import Carrier, Secured, Securing

__all__ = ["Source", "load", "load_embedded", "read_file"]

Source: TypeAlias = bytes | str | os.PathLike[str]
"""Bytes or text of a credential in any carrier, or the path of a file that holds them."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JWS = re.compile(rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}")
_ENVELOPED = frozenset({"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"})
_UPLOAD = frozenset({"credential", "deliveryDetails"})
_DATA_URL = lazy_pattern(r"data:application/(?:vc|vp)(?:-ld|\+ld\+json)?\+jwt(;base64url)?[,;](.+)")
_NOT_READ = {
    b"GIF8": "a GIF picture, which cannot hold a credential; ask for the PNG or SVG",
    b"RIFF": "a WebP picture or a sound, which cannot hold a credential; ask for the PNG or SVG",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"-----BEGIN": "a key or a certificate, not a credential",
    b"%PDF": "a PDF; credentials inside PDF files are not read yet",
    b"PK\x03\x04": "a ZIP archive; take the credential out of it first",
    b"\xff\xd8\xff": "a JPEG picture, which cannot hold a credential; ask for the PNG or SVG",
    b"\xef\xbb\xbf": "text with a byte order mark; save it as UTF-8 without",
}
_MAX_BYTES = max(limits.PRESENTATION_BYTES, limits.IMAGE_BYTES)


def load(source: Source) -> Secured:
    """Take a credential or presentation out of whatever carries it.

    Reads JSON, a compact JWS, a sealed European Digital Credential, a baked PNG or SVG, and an
    enveloped credential or presentation. The exact bytes of the credential are kept. Of an upload
    to Europass (a `credential` beside its `deliveryDetails`) the unsigned credential is taken.

    Args:
        source: bytes or text of the carrier, or a path-like object (`pathlib.Path`) of a file.
            A plain `str` is always text, never a path.

    Raises:
        ParseError: the format is not one of these, or breaks its rules.
        SigningKeyError: the certificate of a seal cannot be read.
        InputError: the file cannot be read.
    """
    if isinstance(source, os.PathLike):
        content = read_file(source)
    elif isinstance(source, str):
        try:
            content = source.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ParseError("the text holds half of a surrogate pair") from error
    else:
        content = bytes(source)
    if len(content) > _MAX_BYTES:
        raise _too_large()
    if content.startswith(_PNG):
        from testamur.carry.png import extract_png  # most credentials come without a picture

        extracted = extract_png(content)
        return _baked(extracted.content, Carrier.PNG, ambiguous=extracted.ambiguous)
    text = content.strip(b" \t\r\n")
    if text[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise ParseError("this is a web page, not a credential; ask for the file behind it")
    if content[4:8] == b"ftyp":
        raise ParseError("this is a HEIC picture or a film; ask for the PNG or SVG")
    if text.startswith(b"<"):
        from testamur.carry.svg import extract_svg

        extracted = extract_svg(content)
        return _baked(extracted.content, Carrier.SVG, ambiguous=extracted.ambiguous)
    if isinstance(source, str) and _looks_like_a_name(text):
        raise ParseError(
            f"the text {source[:80]!r} is no credential; a str is taken as the content itself: for "
            "a file give pathlib.Path(…), and fetch a URL first"
        )
    return _load_text(text, content)


def load_embedded(value: object) -> Secured:
    """Take in a credential that stands inside a document: an object, or a compact JWS.

    Raises:
        ParseError: it is neither.
    """
    if isinstance(value, str):
        return _from_token(value, Carrier.JWT)
    if not isinstance(value, dict):
        raise ParseError(
            f"an embedded credential is {kind(value)}; it must be an object or a compact JWS"
        )
    return _from_document(value, dumps(value).encode("utf-8"), Carrier.JSON)


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Read a file that is not larger than the largest carrier.

    Raises:
        InputError: it is not there, cannot be read or is no file. ParseError: it is too large.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes long to import
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        from pathlib import Path

        raise InputError(f"{Path(path)} cannot be read: {error.strerror or error}") from error
    if len(content) > _MAX_BYTES:
        raise _too_large()
    return content


def _looks_like_a_name(text: bytes) -> bool:
    """Whether a text is one short line that is neither JSON nor a token: a path, or a URL."""
    return (
        0 < len(text) < 1024
        and b"\n" not in text
        and not text.startswith((b"{", b"[", b'"'))
        and not _JWS.fullmatch(text)
    )


def _load_text(text: bytes, content: bytes) -> Secured:
    if not text:
        raise ParseError("there is nothing in it; a credential was expected")
    for beginning, what in _NOT_READ.items():
        if text.startswith(beginning):
            raise ParseError(f"this is {what}")
    if _JWS.fullmatch(text):
        return _from_token(text.decode("ascii"), Carrier.JWT)
    document = parse(content, max_bytes=limits.PRESENTATION_BYTES)
    if isinstance(document, list):
        raise ParseError(
            "this is a JSON array; give one credential, or a VerifiablePresentation that holds "
            "several",
            expected="object",
            found="array",
        )
    if not isinstance(document, dict):
        raise ParseError(
            f"this is {kind(document)} in JSON; a credential is an object, written {{…}}",
            expected="object",
            found=kind(document),
        )
    if "payload" in document and "@context" not in document:
        return _from_seal(document, content)
    upload = document.get("credential")
    if isinstance(upload, dict) and document.keys() <= _UPLOAD:
        return _from_document(upload, dumps(upload).encode("utf-8"), Carrier.JSON)
    return _from_document(document, content, Carrier.JSON)


def _baked(content: bytes, carrier: Carrier, *, ambiguous: bool) -> Secured:
    text = content.strip(b" \t\r\n")
    if _JWS.fullmatch(text):
        secured = _from_token(text.decode("ascii"), carrier)
    else:
        document = parse(content)
        if not isinstance(document, dict):
            raise ParseError(f"the picture holds {kind(document)}, not a credential")
        secured = _from_document(document, content, carrier)
    if not ambiguous:
        return secured
    remark = (
        Code.IMAGE_AMBIGUOUS,
        "The picture holds more than one credential; only the first was looked at.",
    )
    return Secured(
        document=secured.document,
        content=secured.content,
        securing=secured.securing,
        carrier=carrier,
        token=secured.token,
        remarks=(remark,),
    )


def _from_seal(document: JsonObject, content: bytes) -> Secured:
    from testamur.secure import jades  # most credentials have no certificates

    seal = jades.parse_document(document)
    return Secured(document=seal.document, content=content, securing=Securing.JADES)


def _from_document(document: JsonObject, content: bytes, carrier: Carrier) -> Secured:
    types = document.get("type")
    names = types if isinstance(types, list) else [types]
    if any(isinstance(name, str) and name in _ENVELOPED for name in names):
        return _from_token(_enveloped_token(document), carrier)
    securing = Securing.DATA_INTEGRITY if "proof" in document else Securing.NONE
    return Secured(document=document, content=content, securing=securing, carrier=carrier)


def _enveloped_token(document: JsonObject) -> str:
    """VC Data Model 2.0, Enveloped Verifiable Credentials: `id` is a data: URL."""
    identifier = document.get("id")
    match = _DATA_URL.fullmatch(identifier) if isinstance(identifier, str) else None
    if match is None:
        raise ParseError(
            "the enveloped credential's id is no data: URL with a JWT; it should begin with "
            "data:application/vc+jwt,",
            code=Code.NOT_CONFORMANT,
            path="id",
        )
    from urllib.parse import unquote

    return unquote(match[2])


def _from_token(text: str, carrier: Carrier) -> Secured:
    token = vc_jwt.parse(text)
    return Secured(
        document=token.document,
        content=text.encode("utf-8"),
        securing=Securing.VC_JWT,
        carrier=carrier,
        token=text,
    )


def _too_large() -> ParseError:
    return ParseError(
        f"the file is larger than {_MAX_BYTES} bytes; no credential is", code=Code.RESOURCE_LIMIT
    )
