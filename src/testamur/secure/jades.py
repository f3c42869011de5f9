"""JAdES: a credential inside a JWS in JSON, sealed with a certificate (ETSI TS 119 182-1).

What Europass publishes: a JWS JSON serialization (RFC 7515, 7.2) whose payload is the credential's
JSON text as it stands (`b64` false, RFC 7797). What is signed is that text, byte for byte: it is
never written anew.

Written is baseline B-B: signature, certificates, signing time. Read are all levels; what stands
beside the signature (`etsiU`: timestamps, certificates, revocation answers) is taken apart here and
judged by the verifier.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, kind, parse_object
from testamur.errors import Code, ParseError, ProofError, SigningKeyError
from testamur.keys.certificate import Certificate, SealAlgorithm
from testamur.keys.seal_signer import SealSigner
from testamur.secure._seal_header import (
    check_members,
    malformed,
    read_algorithm,
    read_certificates,
    read_signing_time,
    too_much,
)

__all__ = [
    "Component",
    "Level",
    "Seal",
    "SealSignature",
    "create",
    "parse",
    "parse_document",
    "verify_signature",
]

_GENERAL = frozenset({"payload", "signatures"})
_FLATTENED = frozenset({"payload", "protected", "header", "signature"})
_OF_SIGNATURE = frozenset({"protected", "header", "signature"})


class Level(StrEnum):
    """The levels of a seal (ETSI TS 119 182-1, 6.1), by what is there; nothing is checked."""

    B = "B-B"
    """signature, certificate and claimed signing time."""

    T = "B-T"
    """and a timestamp of the signature."""

    LT = "B-LT"
    """and the certificates and revocation answers of that time."""

    LTA = "B-LTA"
    """and a timestamp of all that."""


@dataclass(frozen=True, slots=True)
class Component:
    """One unsigned part of a seal: a member of `etsiU`."""

    name: str
    value: JsonValue


@dataclass(frozen=True, slots=True)
class SealSignature:
    """One signature of a sealed file, taken apart; nothing about it is verified.

    Attributes:
        header: the protected header.
        algorithm: its `alg`.
        certificates: its `x5c`: the seal's own, then others; at least one.
        signing_time: when it says it was made, aware.
        signing_input: the bytes that are signed.
        value: the signature.
        encoded_value: the same in base64url, which a timestamp is of.
        components: what stands beside it, in order.
    """

    header: JsonObject
    algorithm: SealAlgorithm
    certificates: tuple[Certificate, ...]
    signing_time: datetime
    signing_input: bytes
    value: bytes
    encoded_value: str
    components: tuple[Component, ...]

    @property
    def level(self) -> Level:
        """The highest level whose parts are all there."""
        names = {component.name for component in self.components}
        if "sigTst" not in names:
            return Level.B
        if not {"xVals", "rVals"} <= names:
            return Level.T
        return Level.LTA if "arcTst" in names else Level.LT


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed file that was taken apart; nothing about it is verified.

    Attributes:
        payload: the text that was sealed.
        document: the credential in it.
        signatures: at least one.
    """

    payload: str
    document: JsonObject
    signatures: tuple[SealSignature, ...]


def parse(content: bytes) -> Seal:
    """Take a sealed file apart.

    Raises:
        ParseError: not such a file (SEAL_MALFORMED), a header that asks for what is not allowed
            (SEAL_HEADER, SEAL_ALG), or too much of something (RESOURCE_LIMIT).
        SigningKeyError: a certificate cannot be read (CERTIFICATE_INVALID).
    """
    return parse_document(parse_object(content, max_bytes=limits.PRESENTATION_BYTES))


def parse_document(document: JsonObject) -> Seal:
    """Take a sealed file apart whose JSON was parsed already; like `parse`."""
    payload = document.get("payload")
    if not isinstance(payload, str):
        raise malformed(f"the seal's payload is {kind(payload)}, not a text")
    parts = _signature_parts(document)
    if not 0 < len(parts) <= limits.SEAL_SIGNATURES:
        raise ParseError(
            f"the file has {len(parts)} signatures; 1 to {limits.SEAL_SIGNATURES} are read",
            code=Code.RESOURCE_LIMIT if parts else Code.SEAL_MALFORMED,
        )
    signatures = tuple(_signature(part, payload) for part in parts)
    raw = {signature.header.get("b64", True) for signature in signatures}
    if len(raw) > 1:  # RFC 7797, section 3
        raise ParseError(
            "the signatures do not agree whether the payload is encoded (b64)",
            code=Code.SEAL_HEADER,
        )
    text = payload if raw == {False} else _decoded(payload)
    try:
        credential = parse_object(text)
    except ParseError as error:
        if error.code is Code.RESOURCE_LIMIT:
            raise
        raise malformed(f"the sealed payload is no JSON object: {error.message}") from error
    return Seal(payload=text, document=credential, signatures=signatures)


def verify_signature(signature: SealSignature) -> None:
    """Verify one signature with its own certificate's key (RFC 7515, 5.2).

    That says that nothing was changed, not whose certificate it is.

    Raises:
        ProofError: it does not fit (PROOF_INVALID). SigningKeyError: the key is not for the
            algorithm (SEAL_ALG), or is too weak (KEY_INVALID).
    """
    certificate = signature.certificates[0]
    if not certificate.verify(signature.algorithm, signature.value, signature.signing_input):
        raise ProofError(
            "the seal does not fit: the credential or the seal was changed after it was sealed",
            code=Code.PROOF_INVALID,
        )


def create(payload: str, *, signer: SealSigner, now: datetime) -> bytes:
    """Return the file of a sealed text, at baseline B-B.

    Args:
        payload: the JSON text of the credential, which stays as it is.
        signer: the seal's certificates and key.
        now: the signing time, aware; to the second.

    Raises:
        SigningKeyError: what the signer gave is not its certificate's signature.
    """
    certificate = signer.certificates[0]
    header: JsonObject = {
        "alg": signer.algorithm.value,
        "cty": "json",
        "kid": _base64(certificate.issuer_serial),
        "x5t#S256": multibase.encode_base64url(certificate.fingerprint)[1:],
        "x5c": [_base64(each.der) for each in signer.certificates],
        "typ": "jose+json",
        "b64": False,
        "sigT": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "crit": ["b64", "sigT"],
    }
    protected = multibase.encode_base64url(dumps(header).encode("utf-8"))[1:]
    signing_input = f"{protected}.{payload}".encode()
    value = signer.sign(signing_input)
    if not certificate.verify(signer.algorithm, value, signing_input):
        raise SigningKeyError(
            "what the signer gave is not a signature of its certificate's key",
            code=Code.SIGNING_KEY,
        )
    signature: JsonObject = {
        "protected": protected,
        "signature": multibase.encode_base64url(value)[1:],
    }
    return dumps({"payload": payload, "signatures": [signature]}).encode("utf-8")


def _signature_parts(document: JsonObject) -> Sequence[JsonObject]:
    """RFC 7515, 7.2.1 and 7.2.2: the general form, or the flattened one of a single signature."""
    general = "signatures" in document
    foreign = sorted(document.keys() - (_GENERAL if general else _FLATTENED))
    if foreign:
        raise malformed(f"the sealed file has {foreign[0][:40]!r}, which no seal has")
    if not general:
        return [{name: document[name] for name in document if name != "payload"}]
    signatures = document["signatures"]
    if not isinstance(signatures, list):
        raise malformed(f"signatures is {kind(signatures)}, not an array")
    found: list[JsonObject] = []
    for each in signatures:
        if not isinstance(each, dict) or not each.keys() <= _OF_SIGNATURE:
            raise malformed("a signature is no object of protected, header and signature")
        found.append(each)
    return found


def _signature(part: JsonObject, payload: str) -> SealSignature:
    encoded, value = part.get("protected"), part.get("signature")
    if not isinstance(encoded, str) or not isinstance(value, str) or not value:
        raise malformed("a signature lacks its protected header or its value")
    if len(encoded) > limits.SEAL_HEADER_BYTES:
        raise too_much("protected header", limits.SEAL_HEADER_BYTES, "bytes")
    header = _json(encoded, "protected header")
    unprotected = part.get("header", {})
    if not isinstance(unprotected, dict):
        raise malformed(f"a signature's header is {kind(unprotected)}, not an object")
    check_members(header, unprotected)
    return SealSignature(
        header=header,
        algorithm=read_algorithm(header),
        certificates=read_certificates(header),
        signing_time=read_signing_time(header),
        signing_input=f"{encoded}.{payload}".encode(),
        value=_base64url(value, "signature"),
        encoded_value=value,
        components=_components(unprotected.get("etsiU", [])),
    )


def _components(value: JsonValue) -> tuple[Component, ...]:
    """ETSI TS 119 182-1, 5.3.1: each an object of one member, in clear or base64url-encoded."""
    if not isinstance(value, list):
        raise malformed(f"the seal's etsiU is {kind(value)}, not an array")
    if len(value) > limits.SEAL_COMPONENTS:
        raise too_much("etsiU", limits.SEAL_COMPONENTS, "parts")
    found: list[Component] = []
    for each in value:
        part = _json(each, "etsiU") if isinstance(each, str) else each
        if not isinstance(part, dict) or len(part) != 1:
            raise malformed("a part of the seal's etsiU is no object of one member")
        found.extend(Component(name, content) for name, content in part.items())
    return tuple(found)


def _decoded(payload: str) -> str:
    try:
        return _base64url(payload, "payload").decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("the sealed payload is not UTF-8") from error


def _json(encoded: str, name: str) -> JsonObject:
    try:
        return parse_object(_base64url(encoded, name))
    except ParseError as error:
        if error.code is not Code.MALFORMED_INPUT:
            raise
        raise malformed(f"the seal's {name} is no JSON object: {error.message}") from error


def _base64url(text: str, name: str) -> bytes:
    try:
        return multibase.decode_base64url(text)
    except ParseError as error:
        raise malformed(f"the seal's {name} cannot be read: {error.message}") from error


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
