"""PEM against cryptography's own reading and writing, RFC 8410 and OpenSSL."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519PrivateKey, pem
from unit.scenes import KEY

# RFC 8410, 10.1 and 10.3: one key pair.
RFC_PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""
RFC_PRIVATE = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
OPEN = serialization.NoEncryption()
P256 = ec.derive_private_key(7, ec.SECP256R1())


def refusal(content: bytes, password: bytes | None = None) -> SigningKeyError:
    with pytest.raises(SigningKeyError) as caught:
        pem.decode_private_key(content, password=password)
    assert caught.value.code is Code.KEY_INVALID
    return caught.value


def test_key_pair_of_rfc_8410_is_read_and_written() -> None:
    private = pem.decode_private_key(RFC_PRIVATE)
    assert private.public_key == pem.decode_public_key(RFC_PUBLIC)
    assert pem.encode_private_key(private, password=None) == RFC_PRIVATE
    assert pem.encode_public_key(private.public_key) == RFC_PUBLIC


@pytest.mark.parametrize("password", [b"correct horse", "zażółć".encode(), b"\x00\xff"])
def test_encrypted_file_is_read_by_cryptography_and_by_us(password: bytes) -> None:
    content = pem.encode_private_key(KEY, password=password)
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    other = serialization.load_pem_private_key(content, password)
    assert isinstance(other, ed25519.Ed25519PrivateKey)
    assert other.private_bytes_raw() == KEY.seed
    assert pem.decode_private_key(content, password=password) == KEY


def test_file_that_cryptography_encrypted_is_read() -> None:
    other = ed25519.Ed25519PrivateKey.from_private_bytes(KEY.seed)
    encryption = serialization.BestAvailableEncryption(b"secret")
    assert (
        pem.decode_private_key(other.private_bytes(PEM, PKCS8, encryption), password=b"secret")
        == KEY
    )


def test_empty_password_is_refused_and_not_taken_for_none() -> None:
    with pytest.raises(SigningKeyError) as caught:
        pem.encode_private_key(KEY, password=b"")
    assert caught.value.code is Code.KEY_INVALID


def test_wrong_missing_and_needless_passwords_are_told_apart() -> None:
    encrypted = pem.encode_private_key(KEY, password=b"secret")
    assert "wrong" in refusal(encrypted, b"Secret").message
    assert "give its password" in refusal(encrypted).message
    assert "not encrypted" in refusal(RFC_PRIVATE, b"secret").message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no PEM",
        RFC_PUBLIC,
        RFC_PRIVATE[:60],
        RFC_PRIVATE.replace(b"MC4C", b"MC4D"),
        b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        b"\n" * 16 * 1024 + RFC_PRIVATE,
    ],
)
def test_file_that_holds_no_private_key_is_refused(content: bytes) -> None:
    refusal(content)


@pytest.mark.parametrize("key", [P256, rsa.generate_private_key(65537, 2048)], ids=["P-256", "RSA"])
def test_key_of_another_kind_is_refused(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
) -> None:
    assert refusal(key.private_bytes(PEM, PKCS8, OPEN)).expected == "Ed25519"
    with pytest.raises(SigningKeyError) as caught:
        pem.decode_public_key(key.public_key().public_bytes(PEM, SPKI))
    assert caught.value.expected == "Ed25519"


@pytest.mark.parametrize("content", [b"", b"no PEM", RFC_PRIVATE, RFC_PUBLIC[:40]])
def test_file_that_holds_no_public_key_is_refused(content: bytes) -> None:
    with pytest.raises(SigningKeyError) as caught:
        pem.decode_public_key(content)
    assert caught.value.code is Code.KEY_INVALID


def test_public_key_of_small_order_is_refused_in_a_file_too() -> None:
    identity = ed25519.Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31))
    with pytest.raises(SigningKeyError, match="small order"):
        pem.decode_public_key(identity.public_bytes(PEM, SPKI))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_reads_our_file_and_we_read_its_own() -> None:
    def openssl(*arguments: str, given: bytes = b"") -> bytes:
        run = subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True)
        return run.stdout

    ours = pem.encode_private_key(KEY, password=b"secret")
    public = openssl("pkey", "-pubout", "-passin", "pass:secret", given=ours)
    assert pem.decode_public_key(public) == KEY.public_key
    theirs = openssl("genpkey", "-algorithm", "ed25519")
    key = pem.decode_private_key(theirs)
    assert pem.encode_public_key(key.public_key) == openssl("pkey", "-pubout", given=theirs)
    assert pem.encode_private_key(key, password=None) == theirs


def test_public_key_can_be_written_for_a_key_that_was_just_made() -> None:
    key = Ed25519PrivateKey.generate()
    other = serialization.load_pem_public_key(pem.encode_public_key(key.public_key))
    assert isinstance(other, ed25519.Ed25519PublicKey)
    assert other.public_bytes_raw() == key.public_key.public_bytes
