"""did:jwk: an identifier that is a public JWK (did:jwk Method)."""

from __future__ import annotations

from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.errors import Code, ParseError, SigningKeyError
from testamur.keys import jwk
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["controller_document", "did_jwk", "verification_method"]

_PREFIX = "did:jwk:"
_MAX_CHARACTERS = 4096


def did_jwk(key: Ed25519PublicKey) -> str:
    """Return the did:jwk of a public key."""
    text = dumps(key.to_jwk()).encode("utf-8")
    return _PREFIX + multibase.encode_base64url(text)[1:]


def verification_method(key: Ed25519PublicKey) -> str:
    """Return the one verification method of the key's did:jwk: `did:jwk:…#0`."""
    return did_jwk(key) + "#0"


def controller_document(did: str) -> JsonObject:
    """Return the DID document of a did:jwk.

    Raises:
        SigningKeyError: not a did:jwk of a supported public key (code DID_INVALID or KEY_INVALID).
    """
    if not did.startswith(_PREFIX) or len(did) > _MAX_CHARACTERS:
        raise SigningKeyError(
            f"{did[:80]!r} is not a did:jwk", code=Code.DID_INVALID, found=did[:80]
        )
    try:
        key = parse_object(multibase.decode_base64url(did.removeprefix(_PREFIX)))
    except ParseError as error:
        raise SigningKeyError(
            f"{did[:80]!r} does not hold a JWK: {error.message}", code=Code.DID_INVALID
        ) from error
    jwk.decode_public_key(key)
    method = f"{did}#0"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": key}
        ],
        "assertionMethod": [method],
        "authentication": [method],
    }
