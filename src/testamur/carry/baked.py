"""What a baked badge holds, whatever the image format (Open Badges 3.0, 5.3 Baked Badge)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from testamur import limits
from testamur.canon.strict_json import dumps, parse_object
from testamur.errors import Code, InputError, ParseError
from testamur.secured import Secured, Securing

__all__ = ["Extracted", "malformed", "read_content", "text_to_bake"]

_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_WHITESPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in an image; nothing in it is checked.

    Attributes:
        content: the credential as it was baked, without white space around it: UTF-8 JSON or a
            compact JWS. At most `limits.CREDENTIAL_BYTES` long, never empty.
        ambiguous: the image holds more than one credential, so that another reader may find
            another one; `content` is the first.
    """

    content: bytes
    ambiguous: bool


def text_to_bake(content: Secured | bytes | str) -> str:
    r"""Write a credential as the ASCII text that is put into an image.

    JSON is written compactly, with non-ASCII characters and the braces inside strings as `\u`
    escapes. No value changes, so no Data Integrity proof does. Learner Credential Wallet and
    VerifierPlus take each byte for one character and find the end of the credential by counting
    braces. A compact JWS is left as it is.

    Args:
        content: a secured credential, or its JSON or compact JWS. Proofs are not looked at.

    Raises:
        ParseError: the content looks like JSON and is not strict JSON.
        InputError: neither a JSON object nor a compact JWS; a presentation, or a credential that
            nothing secures (NOT_CONFORMANT); too long (RESOURCE_LIMIT).
    """
    if isinstance(content, Secured):
        _check_securing(content)
        content = content.content
    if len(content) > limits.CREDENTIAL_BYTES:
        raise _too_long(len(content))
    text = (_decode(content) if isinstance(content, bytes) else content).strip()
    if _COMPACT_JWS.fullmatch(text):
        return text
    if not text.startswith("{"):
        raise InputError(
            f"what is to be baked starts with {text[:20]!r}; give a credential with its proof, as "
            "a JSON object, or as a compact JWS of three base64url parts",
            expected="JSON object or compact JWS",
            found=text[:20],
        )
    written = dumps(parse_object(text), ascii_only=True, escape_braces=True)
    if len(written) > limits.CREDENTIAL_BYTES:
        raise _too_long(len(written))
    return written


def read_content(data: bytes, *, ambiguous: bool, where: str) -> Extracted:
    """Return what a carrier's credential field holds.

    Args:
        data: the bytes of the field.
        ambiguous: whether the image has another such field.
        where: the field's name, for messages.

    Raises:
        ParseError: the field is blank (IMAGE_NO_CREDENTIAL) or too long (IMAGE_MALFORMED).
    """
    content = data.strip(_WHITESPACE)
    if not content:
        raise ParseError(
            f"{where} is empty; ask the issuer for the badge again", code=Code.IMAGE_NO_CREDENTIAL
        )
    if len(content) > limits.CREDENTIAL_BYTES:
        raise malformed(
            f"{where} holds {len(content)} bytes; a credential may have "
            f"{limits.CREDENTIAL_BYTES} at most"
        )
    return Extracted(content, ambiguous)


def malformed(message: str) -> ParseError:
    """Return the error for an image that is not what its format asks for."""
    return ParseError(message, code=Code.IMAGE_MALFORMED)


def _check_securing(secured: Secured) -> None:
    # "The contents of the file MUST represent exactly one OpenBadgeCredential" (5.3)
    if secured.is_presentation:
        raise InputError(
            "a presentation cannot be baked, since a badge image holds exactly one credential; "
            "bake each credential into an image of its own",
            code=Code.NOT_CONFORMANT,
        )
    if secured.securing is Securing.JADES:
        raise InputError(
            "a badge image holds an Open Badge, and this is a sealed European Digital Credential; "
            "hand over its file as it is",
            code=Code.NOT_CONFORMANT,
        )
    if secured.securing is Securing.NONE:
        raise InputError(
            "the credential has no proof; issue it before it is baked",
            code=Code.NOT_CONFORMANT,
        )


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"what is to be baked is not UTF-8: byte {error.start} is "
            f"{content[error.start]:#04x}; give the credential's own JSON or compact JWS"
        ) from error


def _too_long(length: int) -> InputError:
    return InputError(
        f"the credential takes {length} bytes; at most {limits.CREDENTIAL_BYTES} can be baked. "
        "Link to large images and evidence instead of embedding them",
        code=Code.RESOURCE_LIMIT,
    )
