"""Google Cloud KMS through Google's own client, against its own messages over gRPC on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from key_services import (
    GOOGLE_VERSION,
    RFC_8032_MESSAGE,
    RFC_8032_PUBLIC,
    RFC_8032_SIGNATURE,
    Google,
    google_kms,
)
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys import google_kms as module
from testamur.keys.google_kms import GoogleKmsKey
from testamur.keys.outside import OutsideKey, OutsideSigner
from unit.scenes import OTHER_KEY

grpc = pytest.importorskip("grpc", reason="grpcio is not installed")
pytest.importorskip("google.cloud.kms", reason="google-cloud-kms is not installed")


@pytest.fixture
def kms() -> Iterator[Google]:
    with google_kms() as service:
        yield service


def signer(kms: Google, *, timeout: float = 10.0) -> OutsideSigner:
    key = GoogleKmsKey(kms.client(), GOOGLE_VERSION, timeout=timeout)
    return OutsideSigner(key, "did:web:uni.example#key-1")


def sets(**members: object) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        for name, value in members.items():
            setattr(answer, name, value)
        return answer

    return change


def test_key_signs_as_rfc_8032_does(kms: Google) -> None:
    key = GoogleKmsKey(kms.client(), GOOGLE_VERSION)
    assert isinstance(key, OutsideKey)
    assert key.public_key.public_bytes == RFC_8032_PUBLIC
    assert signer(kms).sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


def test_long_message_is_sent_as_it_is(kms: Google) -> None:
    data = bytes(range(256)) * 64
    assert signer(kms).sign(data) == kms.service.key.sign(data)


def test_checksum_is_crc_32c() -> None:
    # RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and counting up.
    assert module._crc32c(bytes(32)) == 0x8A9136AA
    assert module._crc32c(b"\xff" * 32) == 0x62A8AB43
    assert module._crc32c(bytes(range(32))) == 0x46DD794E


@pytest.mark.parametrize(
    "change",
    [
        sets(signature_crc32c=1),
        sets(verified_data_crc32c=False),
        sets(name=GOOGLE_VERSION[:-1] + "2"),
    ],
    ids=["signature", "data", "name"],
)
def test_answer_whose_checksums_do_not_fit_is_refused(
    kms: Google, change: Callable[[Any], Any]
) -> None:
    key = signer(kms)
    kms.change["AsymmetricSign"] = change
    with pytest.raises(SigningKeyError, match="checksums") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize(
    "change", [sets(pem_crc32c=1), sets(name=GOOGLE_VERSION[:-1] + "2")], ids=["key", "name"]
)
def test_public_key_whose_checksum_does_not_fit_is_refused(
    kms: Google, change: Callable[[Any], Any]
) -> None:
    kms.change["GetPublicKey"] = change
    with pytest.raises(SigningKeyError, match="checksums"):
        signer(kms)


def test_wrong_signature_is_refused_by_the_name_of_the_service(kms: Google) -> None:
    wrong = OTHER_KEY.sign(b"data")
    key = signer(kms)
    kms.change["AsymmetricSign"] = sets(signature=wrong, signature_crc32c=module._crc32c(wrong))
    with pytest.raises(SigningKeyError, match="Google Cloud KMS key projects/p") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize("algorithm", ["EC_SIGN_P256_SHA256", "RSA_SIGN_PSS_2048_SHA256"])
def test_key_of_another_kind_is_refused(kms: Google, algorithm: str) -> None:
    kms.change["GetPublicKey"] = sets(algorithm=algorithm)
    with pytest.raises(SigningKeyError, match="EC_SIGN_ED25519") as caught:
        signer(kms)
    assert caught.value.found == algorithm


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        ("PERMISSION_DENIED", Code.SIGNING_KEY, "signerVerifier"),
        ("UNAUTHENTICATED", Code.SIGNING_KEY, "renew"),
        ("NOT_FOUND", Code.KEY_NOT_FOUND, "key ring"),
        ("FAILED_PRECONDITION", Code.SIGNING_KEY, "enable"),
        ("INVALID_ARGUMENT", Code.SIGNING_KEY, "too long"),
        ("OUT_OF_RANGE", Code.SIGNING_KEY, "console"),
        ("UNAVAILABLE", Code.UNREACHABLE, "later"),
        ("RESOURCE_EXHAUSTED", Code.UNREACHABLE, "later"),
        ("INTERNAL", Code.UNREACHABLE, "later"),
    ],
)
def test_refusal_is_named_with_its_remedy(
    kms: Google, status: str, code: Code, remedy: str
) -> None:
    signer(kms)  # it can be had, until it is refused
    kms.change["GetPublicKey"] = lambda _: grpc.StatusCode[status]
    with pytest.raises(SigningKeyError, match=remedy) as caught:
        signer(kms, timeout=2.0)
    assert caught.value.code is code


def test_refusal_to_sign_is_named_too(kms: Google) -> None:
    key = signer(kms)
    kms.change["AsymmetricSign"] = lambda _: grpc.StatusCode.PERMISSION_DENIED
    with pytest.raises(SigningKeyError, match="signerVerifier") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


def test_service_that_does_not_answer_in_time_is_given_up(kms: Google) -> None:
    kms.service.hang = threading.Event()
    with pytest.raises(SigningKeyError, match="cannot be reached") as caught:
        signer(kms, timeout=0.3)
    assert caught.value.code is Code.UNREACHABLE


def test_name_of_a_key_without_its_version_is_refused_unasked(kms: Google) -> None:
    with pytest.raises(SigningKeyError, match="cryptoKeyVersions"):
        GoogleKmsKey(kms.client(), GOOGLE_VERSION.partition("/cryptoKeyVersions")[0])
    assert not kms.service.requests


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/credentials.json")
    with pytest.raises(ConfigurationError, match="gcloud auth"):
        GoogleKmsKey.connect(GOOGLE_VERSION)
