"""VC-JWT: a credential inside a compact JWS (Open Badges 3.0, 8.2 JSON Web Token Proof Format).

The payload is the credential itself (VC Data Model 2.0) or holds it in `vc` (1.1), with `iss`,
`sub`, `jti`, `nbf` and `exp` beside it. A reader sees the credential, so the claims beside it must
say the same: a token whose `exp` has passed and whose `validUntil` has not is refused.

EdDSA is written; EdDSA, Ed25519 (RFC 9864), ES256 and RS256 are read. The algorithm follows from
the key, never from the token alone.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon import multibase
from testamur.canon.contexts import CREDENTIALS_V1
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, kind, parse_object
from testamur.errors import Code, ModelError, ParseError, ProofError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Algorithm, Signer, VerificationKey
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp

__all__ = [
    "ClaimsMode",
    "Token",
    "check_claims",
    "create",
    "from_payload",
    "parse",
    "payload_text",
    "verify_signature",
]

_ALGORITHM_NAMES: Mapping[Algorithm, tuple[str, ...]] = {
    Algorithm.ED25519: ("EdDSA", "Ed25519"),
    Algorithm.ES256: ("ES256",),
    Algorithm.RS256: ("RS256",),
}
_HEADER_MEMBERS = frozenset({"alg", "typ", "kid", "jwk", "cty", "iss"})
_TYPES = frozenset({"JWT", "jwt", "vc+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "vp+jwt"})
_CLAIMS = ("iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce", "cnf")
_CLAIM_NAMES = frozenset(_CLAIMS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_SHORT = 1024  # characters
_MIN_SECONDS, _MAX_SECONDS = -62_135_596_800, 253_402_300_799  # the years 1 to 9999


class ClaimsMode(StrEnum):
    """How closely the claims must repeat the credential."""

    STRICT = "strict"
    """iss, jti, nbf, and sub where the subject has an id, must be there (Open Badges 3.0)."""

    LENIENT = "lenient"
    """Claims may be missing, as in the official samples; those that are there must agree."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was taken apart; nothing about it is verified.

    Attributes:
        text: the compact JWS.
        header: the protected header.
        algorithm: its `alg`.
        kid: its `kid`, the URL of a key; None where it has none.
        jwk: its `jwk`; it counts only when the issuer publishes the same key.
        payload: the JSON object in the payload.
        signature: the bytes of its signature.
        document: the credential in it, without the claims that stand beside it.
    """

    text: str
    header: JsonObject
    algorithm: str
    kid: str | None
    jwk: JsonObject | None
    payload: JsonObject
    signature: bytes
    document: JsonObject


def create(document: JsonObject, *, signer: Signer) -> str:
    """Return the compact JWS of a credential, signed with EdDSA.

    `sub` is left out where the subject has no id, as with hashed identifiers; `nbf` and `exp` are
    whole seconds, rounded down.

    Args:
        document: the credential, with its Data Integrity proofs if it has any.
        signer: an Ed25519 signer; its verification method becomes the `kid`.

    Raises:
        ModelError: a date of the credential cannot be read. SigningKeyError: the key cannot sign.
    """
    clash = next((claim for claim in _CLAIMS if claim in document), None)
    if clash is not None:
        raise ModelError(
            f"the credential has a member {clash}, which is a claim of the token; remove it",
            path=f"credential.{clash}",
        )
    header: JsonObject = {"alg": "EdDSA", "typ": "JWT", "kid": signer.verification_method}
    claims: JsonObject = {}
    for claim, value in _expected_claims(document).items():
        if value is not None:
            claims[claim] = value if isinstance(value, str) else _whole_seconds(value)
    if _is_version_1(document):
        payload: JsonObject = {**claims, "vc": document}
    else:
        payload = {**document, **claims}
    signing_input = f"{_encode(header)}.{_encode(payload)}".encode("ascii")
    signature = signer.sign(signing_input)
    if len(signature) != 64:
        raise SigningKeyError(
            f"the signer gave {len(signature)} bytes; an Ed25519 signature has 64",
            code=Code.SIGNING_KEY,
        )
    return f"{signing_input.decode('ascii')}.{multibase.encode_base64url(signature)[1:]}"


def parse(text: str) -> Token:
    """Take a compact JWS apart.

    Raises:
        ParseError: not a compact JWS of JSON objects (JWT_MALFORMED), a header that asks for what
            is not allowed (JWT_HEADER, JWT_ALG), or too long (RESOURCE_LIMIT).
    """
    return from_payload(text, None)


def from_payload(text: str, payload: JsonObject | None) -> Token:
    """Take a compact JWS apart, with its payload where that was parsed already; like `parse`."""
    if len(text) > limits.CREDENTIAL_BYTES:
        raise ParseError(
            f"the token is {len(text)} characters long; at most {limits.CREDENTIAL_BYTES} are read",
            code=Code.RESOURCE_LIMIT,
        )
    parts = text.split(".")
    if len(parts) != 3:
        raise _malformed(f"a compact JWS has three parts between dots; this text has {len(parts)}")
    header, (algorithm, kid, jwk) = _header(parts[0])
    if not parts[2]:
        raise ParseError("the token has no signature", code=Code.JWT_ALG)
    signature = _decode_base64url(parts[2], "signature")
    if payload is None:
        payload = _decode(parts[1], "payload")
    return Token(
        text=text,
        header=header,
        algorithm=algorithm,
        kid=kid,
        jwk=jwk,
        payload=payload,
        signature=signature,
        document=_credential(payload),
    )


def payload_text(part: str) -> str | None:
    """Return the JSON text in the second part of a compact JWS; None where it cannot be read."""
    try:
        return multibase.decode_base64url(part).decode("utf-8")
    except (ParseError, UnicodeDecodeError):
        return None


def verify_signature(token: Token, *, key: VerificationKey) -> None:
    """Verify a token's signature with a key (RFC 7515, 5.2).

    Raises:
        ProofError: the token's algorithm is not the key's (JWT_ALG), or the signature does not fit
            (PROOF_INVALID).
    """
    names = _ALGORITHM_NAMES[key.algorithm]
    if token.algorithm not in names:
        raise ProofError(
            f"the token says {token.algorithm[:20]!r}, but the issuer's key is for {names[0]}",
            code=Code.JWT_ALG,
            expected=names[0],
            found=token.algorithm[:20],
        )
    if isinstance(key, Ed25519PublicKey):
        # RFC 7515, 5.2, step 8: over the text before the last dot, as it stands.
        valid = key.verify(token.signature, token.text.rpartition(".")[0].encode("ascii"))
    else:
        from testamur.secure import _jose  # slow to load, and few tokens need it

        valid = _jose.is_valid(token.text, key=key, algorithms=names)
    if not valid:
        raise ProofError(
            "the signature does not fit: the token was changed after it was signed, or another key "
            "signed it",
            code=Code.PROOF_INVALID,
        )


def check_claims(
    token: Token, *, mode: ClaimsMode, now: datetime, skew: timedelta = timedelta(0)
) -> tuple[str, ...]:
    """Check the claims against the credential; `nbf` and `exp` count also where they stand alone.

    Dates are compared as instants to the whole second.

    Returns:
        The claims that the standard asks for and the token lacks; always empty in STRICT mode.

    Raises:
        ProofError: code JWT_CLAIMS.
    """
    payload, expected = token.payload, _expected_claims(token.document)
    missing = tuple(
        claim for claim, wanted in expected.items() if wanted is not None and claim not in payload
    )
    if missing and mode is ClaimsMode.STRICT:
        raise _claim_error(f"the token has no {missing[0]}, which repeats what the credential says")
    for claim in ("iss", "sub", "jti"):
        if claim in payload and payload[claim] != expected[claim]:
            raise _claim_error(
                f"the token's {claim} is {str(payload[claim])[:120]!r}, but the credential says "
                f"{str(expected[claim])[:120]!r}"
            )
    for claim in ("nbf", "exp", "iat"):
        if claim not in payload:
            continue
        moment, wanted = _instant(payload[claim], claim), expected.get(claim)
        if isinstance(wanted, datetime) and abs(moment - wanted) >= _SECOND:
            raise _claim_error(f"the token's {claim} is another moment than the credential's")
        if claim == "exp" and wanted is None and moment <= now - skew:
            raise _claim_error("the token has expired")
        if claim == "nbf" and wanted is None and moment > now + skew:
            raise _claim_error("the token is not valid yet")
    return missing


def _header(part: str) -> tuple[JsonObject, tuple[str, str | None, JsonObject | None]]:
    # Every token of one key has the same header.
    return _short_header(part) if len(part) <= _SHORT else _long_header(part)


def _long_header(part: str) -> tuple[JsonObject, tuple[str, str | None, JsonObject | None]]:
    header = _decode(part, "header")
    return header, _read_header(header)


_short_header = functools.lru_cache(maxsize=256)(_long_header)


def _read_header(header: JsonObject) -> tuple[str, str | None, JsonObject | None]:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        raise ParseError("the token's alg is missing or is no text", code=Code.JWT_ALG)
    if not any(algorithm in names for names in _ALGORITHM_NAMES.values()):
        raise ParseError(
            f"the token's algorithm {algorithm[:20]!r} is not accepted; EdDSA, ES256 and RS256 are",
            code=Code.JWT_ALG,
            found=algorithm[:20],
        )
    foreign = sorted(header.keys() - _HEADER_MEMBERS)
    if foreign:
        raise ParseError(
            f"the token's header has {foreign[0][:40]!r}; Open Badges 3.0 allows alg, typ, kid and "
            "jwk alone",
            code=Code.JWT_HEADER,
            found=foreign[0][:40],
        )
    type_ = header.get("typ", "JWT")
    if not isinstance(type_, str) or type_ not in _TYPES:
        raise ParseError(
            f"the token's typ {str(type_)[:40]!r} is not one of a credential; write JWT",
            code=Code.JWT_HEADER,
        )
    kid, jwk = header.get("kid"), header.get("jwk")
    if kid is not None and not isinstance(kid, str):
        raise ParseError(f"the token's kid is {kind(kid)}, not a URL", code=Code.JWT_HEADER)
    if jwk is not None and not isinstance(jwk, dict):
        raise ParseError(f"the token's jwk is {kind(jwk)}, not an object", code=Code.JWT_HEADER)
    if kid is None and jwk is None:
        raise ParseError(
            "the token names no key; its header needs a kid, the URL of the issuer's key",
            code=Code.JWT_HEADER,
        )
    return algorithm, kid, jwk


def _credential(payload: JsonObject) -> JsonObject:
    """The credential: in `vc` (or `vp`) for version 1.1, else the payload without the claims.

    Open Badges 3.0 Recommended Practices: the base context and the claim must agree on the version.
    """
    claim = next((name for name in ("vc", "vp") if name in payload), None)
    if claim is None:
        document = {
            member: value for member, value in payload.items() if member not in _CLAIM_NAMES
        }
        if "credentialSubject" in document:  # a presentation has no validUntil: its exp counts
            _set_end(document, payload.get("exp"))
        if _is_version_1(document):
            raise _malformed("the token holds a credential of version 1.1 outside its vc claim")
        return document
    inner = payload[claim]
    if not isinstance(inner, dict):
        raise _malformed(f"the token's {claim} is {kind(inner)}, not a credential")
    if "@context" in payload or "credentialSubject" in payload:
        raise _malformed(
            f"the token holds two credentials: its own members, and another in {claim}"
        )
    if not _is_version_1(inner):
        raise _malformed(
            f"the token holds a credential in its {claim} claim, which is the form of version 1.1, "
            "but its base context is another"
        )
    return inner


def _set_end(document: JsonObject, expires: JsonValue) -> None:
    """Open Badges 3.0, 8.2.1: where there is no validUntil, `exp` sets it."""
    readable = isinstance(expires, int) and not isinstance(expires, bool)
    if readable and "validUntil" not in document and 0 <= int(str(expires)) <= _MAX_SECONDS:
        end = _EPOCH + timedelta(seconds=int(str(expires)))
        document["validUntil"] = format_date_time_stamp(end)


def _expected_claims(document: JsonObject) -> dict[str, str | datetime | None]:
    """What the claims must say, from the credential; None where it has no such value."""
    # A presentation is its holder's, and is about nobody (VC Data Model 1.1, 6.3.1).
    issuer = document.get("issuer", document.get("holder"))
    subject = document.get("credentialSubject")
    names = (
        ("issuanceDate", "expirationDate")
        if _is_version_1(document)
        else (
            "validFrom",
            "validUntil",
        )
    )
    return {
        "iss": _id(issuer),
        "sub": _id(subject),
        "jti": _id(document),
        "nbf": _date(document, names[0]),
        "exp": _date(document, names[1]),
    }


def _id(value: JsonValue) -> str | None:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def _date(document: JsonObject, member: str) -> datetime | None:
    value = document.get(member)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ModelError(
            f"{member} is {kind(value)}, not a dateTimeStamp", code=Code.VALIDITY_MALFORMED
        )
    return parse_date_time_stamp(value)


def _is_version_1(document: JsonObject) -> bool:
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    return first == CREDENTIALS_V1


def _instant(value: JsonValue, claim: str) -> datetime:
    """Read a NumericDate (RFC 7519, section 2)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _claim_error(f"the token's {claim} is {kind(value)}, not a number of seconds")
    if not _MIN_SECONDS <= value <= _MAX_SECONDS:
        raise _claim_error(f"the token's {claim} is outside the years 1 to 9999")
    return _moment(value)


@functools.lru_cache(maxsize=1024)
def _moment(seconds: float) -> datetime:
    # The tokens of a batch have the same.
    return _EPOCH + timedelta(seconds=float(seconds))


def _whole_seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND


def _encode(value: JsonObject) -> str:
    return multibase.encode_base64url(dumps(value).encode("utf-8"))[1:]


def _decode(part: str, name: str) -> JsonObject:
    try:
        return parse_object(_decode_base64url(part, name))
    except ParseError as error:
        if error.code is Code.RESOURCE_LIMIT or error.code is Code.JWT_MALFORMED:
            raise
        raise _malformed(f"the token's {name} is no JSON object: {error.message}") from error


def _decode_base64url(part: str, name: str) -> bytes:
    try:
        return multibase.decode_base64url(part)
    except ParseError as error:
        raise _malformed(f"the token's {name} cannot be read: {error.message}") from error


def _malformed(message: str) -> ParseError:
    return ParseError(message, code=Code.JWT_MALFORMED)


def _claim_error(message: str) -> ProofError:
    return ProofError(message, code=Code.JWT_CLAIMS)
