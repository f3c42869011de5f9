"""AWS KMS through boto3, against a service on loopback that speaks its documented protocol."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator

import pytest

from key_services import (
    AWS_KEY,
    RFC_8032_MESSAGE,
    RFC_8032_PUBLIC,
    RFC_8032_SIGNATURE,
    Service,
    aws_kms,
)
from testamur.errors import Code, SigningKeyError
from testamur.keys.aws_kms import AwsKmsKey
from testamur.keys.outside import OutsideKey, OutsideSigner
from unit.scenes import OTHER_KEY

pytest.importorskip("boto3", reason="boto3 is not installed")


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with aws_kms() as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", service.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        yield service


def signer(key: AwsKmsKey) -> OutsideSigner:
    return OutsideSigner(key, "did:web:uni.example#key-1")


@pytest.mark.usefixtures("kms")
def test_key_signs_as_rfc_8032_does() -> None:
    key = AwsKmsKey.connect(AWS_KEY)
    assert isinstance(key, OutsideKey)
    assert key.public_key.public_bytes == RFC_8032_PUBLIC
    assert signer(key).sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


def test_message_itself_is_sent_and_never_a_hash(kms: Service) -> None:
    signer(AwsKmsKey.connect(AWS_KEY)).sign(b"data")
    operation, request = kms.requests[-1]
    assert operation == "Sign"
    assert request == {
        "KeyId": AWS_KEY,
        "Message": base64.b64encode(b"data").decode(),
        "MessageType": "RAW",
        "SigningAlgorithm": "ED25519_SHA_512",
    }


def test_key_behind_an_alias_is_held_by_its_own_name(kms: Service) -> None:
    # An alias can be led to another key at any time.
    signer(AwsKmsKey.connect("alias/issuer", region="eu-central-1")).sign(b"data")
    assert [request["KeyId"] for _, request in kms.requests] == ["alias/issuer", AWS_KEY]


def test_4096_bytes_are_signed_and_more_are_not_sent(kms: Service) -> None:
    key = signer(AwsKmsKey.connect(AWS_KEY))
    assert len(key.sign(bytes(4096))) == 64
    with pytest.raises(SigningKeyError, match="4096 bytes at most") as caught:
        key.sign(bytes(4097))
    assert caught.value.code is Code.RESOURCE_LIMIT
    assert len(kms.requests) == 2


def test_wrong_signature_is_refused_by_the_name_of_the_service(kms: Service) -> None:
    key = signer(AwsKmsKey.connect(AWS_KEY))
    wrong = base64.b64encode(OTHER_KEY.sign(b"data")).decode()
    kms.answers["Sign"] = (200, {"KeyId": AWS_KEY, "Signature": wrong})
    with pytest.raises(SigningKeyError, match="AWS KMS key arn:aws:kms") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


def test_answer_without_a_signature_is_refused(kms: Service) -> None:
    key = signer(AwsKmsKey.connect(AWS_KEY))
    kms.answers["Sign"] = (200, {"KeyId": AWS_KEY})
    with pytest.raises(SigningKeyError) as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize(
    ("spec", "usage"),
    [
        ("ECC_NIST_P256", "SIGN_VERIFY"),
        ("RSA_2048", "SIGN_VERIFY"),
        ("ECC_NIST_EDWARDS25519", "KEY_AGREEMENT"),
    ],
)
def test_key_of_another_kind_is_refused(kms: Service, spec: str, usage: str) -> None:
    kms.answers["GetPublicKey"] = (
        200,
        {
            "KeyId": AWS_KEY,
            "KeySpec": spec,
            "KeyUsage": usage,
            "PublicKey": base64.b64encode(kms.spki).decode(),
        },
    )
    with pytest.raises(SigningKeyError, match="ECC_NIST_EDWARDS25519") as caught:
        AwsKmsKey.connect(AWS_KEY)
    assert caught.value.found == spec


@pytest.mark.parametrize(
    ("name", "status", "code", "remedy"),
    [
        ("AccessDeniedException", 400, Code.SIGNING_KEY, "kms:Sign"),
        ("NotFoundException", 400, Code.KEY_NOT_FOUND, "region"),
        ("DisabledException", 400, Code.SIGNING_KEY, "enable"),
        ("KMSInvalidStateException", 400, Code.SIGNING_KEY, "deletion"),
        ("SomethingNewException", 400, Code.SIGNING_KEY, "console"),
        ("LimitExceededException", 400, Code.UNREACHABLE, "later"),
        ("KMSInternalException", 500, Code.UNREACHABLE, "later"),
    ],
)
@pytest.mark.parametrize("operation", ["GetPublicKey", "Sign"])
def test_refusal_is_named_with_its_remedy(
    kms: Service, operation: str, name: str, status: int, code: Code, remedy: str
) -> None:
    key = signer(AwsKmsKey.connect(AWS_KEY))
    kms.answers[operation] = (status, {"__type": name, "message": "no"})
    with pytest.raises(SigningKeyError, match=remedy) as caught:
        key.sign(b"data") if operation == "Sign" else AwsKmsKey.connect(AWS_KEY)
    assert caught.value.code is code
    assert caught.value.found == name
    assert "not-a-secret" not in str(caught.value)


def test_service_that_does_not_answer_in_time_is_given_up(kms: Service) -> None:
    kms.hang = threading.Event()
    with pytest.raises(SigningKeyError, match="cannot be reached") as caught:
        AwsKmsKey.connect(AWS_KEY, timeout=0.2)
    assert caught.value.code is Code.UNREACHABLE


@pytest.mark.usefixtures("kms")
def test_service_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1")
    with pytest.raises(SigningKeyError) as caught:
        AwsKmsKey.connect(AWS_KEY, timeout=0.5)
    assert caught.value.code is Code.UNREACHABLE
