"""did:key: an identifier that is its own public key (did:key Method 1.0).

It proves that the same key signed, and nothing about who holds it.
"""

from __future__ import annotations

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, SigningKeyError
from testamur.keys import multikey
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["controller_document", "did_key", "verification_method"]

_PREFIX = "did:key:"


def did_key(key: Ed25519PublicKey) -> str:
    """Return the did:key of a public key."""
    return _PREFIX + multikey.encode_public_key(key)


def verification_method(key: Ed25519PublicKey) -> str:
    """Return the one verification method of the key's did:key: `did:key:X#X`."""
    value = multikey.encode_public_key(key)
    return f"{_PREFIX}{value}#{value}"


def controller_document(did: str) -> JsonObject:
    """Return the DID document of a did:key (Create a did:key document).

    Raises:
        SigningKeyError: not a did:key of a supported key, or not in its one spelling
            (code DID_INVALID or KEY_INVALID).
    """
    if not did.startswith(_PREFIX):
        raise SigningKeyError(
            f"{did[:80]!r} is not a did:key", code=Code.DID_INVALID, found=did[:80]
        )
    value = did.removeprefix(_PREFIX)
    multikey.decode_public_key(value)
    method = f"{did}#{value}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": value}
        ],
        "assertionMethod": [method],
        "authentication": [method],
    }
