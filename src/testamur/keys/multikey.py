"""Multikey: a public or secret key as one multibase string (Controlled Identifiers 1.0, Multikey).

Ed25519 and P-256 public keys are read; only Ed25519 is written. VC-DI-EDDSA: 0xed01 ‖ 32 bytes for
the public key, 0x8026 ‖ 32 bytes for the secret one.
"""

from __future__ import annotations

from testamur.canon import multibase
from testamur.errors import ParseError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from testamur.keys.protocols import VerificationKey

__all__ = ["decode_public_key", "decode_secret_key", "encode_public_key", "encode_secret_key"]

_ED25519_PUBLIC = b"\xed\x01"
_ED25519_SECRET = b"\x80\x26"
_P256_PUBLIC = b"\x80\x24"
_MAX_CHARACTERS = 128


def encode_public_key(key: Ed25519PublicKey) -> str:
    """Return the `publicKeyMultibase` of a key, "z6Mk…"."""
    return multibase.encode_base58(_ED25519_PUBLIC + key.public_bytes)


def encode_secret_key(key: Ed25519PrivateKey) -> str:
    """Return the `secretKeyMultibase` of a key, "z3u2…"; keep it secret."""
    return multibase.encode_base58(_ED25519_SECRET + key.seed)


def decode_public_key(text: str) -> VerificationKey:
    """Read a `publicKeyMultibase`.

    Raises:
        SigningKeyError: not base58-btc multibase, not Ed25519 or P-256, or not a good key.
    """
    data = _decode(text)
    if data.startswith(_ED25519_PUBLIC):
        return Ed25519PublicKey(data[2:])
    if data.startswith(_P256_PUBLIC):
        from testamur.keys.ecdsa import P256PublicKey  # rare

        return P256PublicKey.from_compressed_point(data[2:])
    raise SigningKeyError(
        f"{text[:24]!r} is a key of a kind that is not supported; Ed25519 keys begin with 'z6Mk'",
        found=text[:24],
    )


def decode_secret_key(text: str) -> Ed25519PrivateKey:
    """Read a `secretKeyMultibase`.

    Raises:
        SigningKeyError: not a multibase Ed25519 secret key. The message does not repeat the text.
    """
    try:
        data = multibase.decode_base58(text) if len(text) <= _MAX_CHARACTERS else b""
    except ParseError as error:
        raise SigningKeyError("the secret key is not base58-btc multibase") from error
    if not data.startswith(_ED25519_SECRET):
        raise SigningKeyError("the secret key is not an Ed25519 Multikey, which begins with 'z3u2'")
    return Ed25519PrivateKey(data[2:])


def _decode(text: str) -> bytes:
    if len(text) > _MAX_CHARACTERS:
        raise SigningKeyError(f"a Multikey is shorter than {len(text)} characters")
    try:
        return multibase.decode_base58(text)
    except ParseError as error:
        raise SigningKeyError(
            f"{text[:24]!r} is not a Multikey: {error.message}", found=text[:24]
        ) from error
