"""Ed25519 keys as PEM (PKCS #8, RFC 8410), encrypted or not."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from testamur.errors import SigningKeyError
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = [
    "decode_private_key",
    "decode_public_der",
    "decode_public_key",
    "encode_private_key",
    "encode_public_key",
    "open_private_key",
]

_MAX_BYTES = 16 * 1024


def encode_private_key(key: Ed25519PrivateKey, *, password: bytes | None) -> bytes:
    """Return a key as PKCS #8 PEM.

    Args:
        key: the key.
        password: encrypts the file; None leaves the key in clear, for the caller to protect.
    """
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        if not password:
            raise SigningKeyError("the password is empty; give one, or None for no encryption")
        encryption = serialization.BestAvailableEncryption(password)
    return ed25519.Ed25519PrivateKey.from_private_bytes(key.seed).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def decode_private_key(pem: bytes, *, password: bytes | None = None) -> Ed25519PrivateKey:
    """Read a PKCS #8 PEM.

    Raises:
        SigningKeyError: not such a PEM, not Ed25519, or the password is missing, wrong or needless.
    """
    key = open_private_key(pem[:_MAX_BYTES], password, kind="PKCS #8 PEM file")
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise SigningKeyError(
            "the private key is not an Ed25519 key; make one with `testamur key new`",
            expected="Ed25519",
            found=type(key).__name__,
        )
    return Ed25519PrivateKey(key.private_bytes_raw())


def open_private_key(pem: bytes, password: bytes | None, *, kind: str) -> PrivateKeyTypes:
    """Open a private key of any algorithm.

    Args:
        pem: the file.
        password: with which it is encrypted; None where it is in clear.
        kind: what it should be, for messages.

    Raises:
        SigningKeyError: it is no such file, or the password is missing, wrong or needless.
    """
    try:
        return serialization.load_pem_private_key(pem, password)
    except TypeError as error:  # a password for a key in clear, or none for an encrypted one
        remedy = "give its password" if password is None else "it is not encrypted: give none"
        raise SigningKeyError(f"the private key cannot be opened: {remedy}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(
            f"the private key cannot be read: it is no {kind}, or the password is wrong"
        ) from error


def encode_public_key(key: Ed25519PublicKey) -> bytes:
    """Return a public key as SubjectPublicKeyInfo PEM."""
    return ed25519.Ed25519PublicKey.from_public_bytes(key.public_bytes).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def decode_public_key(pem: bytes) -> Ed25519PublicKey:
    """Read a SubjectPublicKeyInfo PEM.

    Raises:
        SigningKeyError: not such a PEM, or not Ed25519.
    """
    try:
        key = serialization.load_pem_public_key(pem[:_MAX_BYTES])
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyError("the public key is no PEM file that can be read") from error
    return _checked(key)


def decode_public_der(der: bytes) -> Ed25519PublicKey:
    """Read a SubjectPublicKeyInfo in DER, as key services give it.

    Raises:
        SigningKeyError: not such a structure, or not Ed25519.
    """
    try:
        key = serialization.load_der_public_key(der[:_MAX_BYTES])
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyError("the public key is no SubjectPublicKeyInfo in DER") from error
    return _checked(key)


def _checked(key: object) -> Ed25519PublicKey:
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise SigningKeyError(
            "the public key is not an Ed25519 key", expected="Ed25519", found=type(key).__name__
        )
    return Ed25519PublicKey(key.public_bytes_raw())
