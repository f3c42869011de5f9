from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.issuing import SUITES, Mechanism, issue
from testamur.keys import Ed25519PrivateKey, Ed25519PublicKey, OutsideKey, OutsideSigner, Signer
from testamur.keys.aws_kms import AwsKmsKey
from testamur.keys.google_kms import GoogleKmsKey
from testamur.keys.pkcs11 import Pkcs11Token
from testamur.keys.vault_transit import VaultTransitKey
from testamur.secure.data_integrity import parse_proofs
from unit.scenes import ISSUER, KEY, NOW, OTHER_KEY, badge


@dataclass(frozen=True)
class Elsewhere:
    """A key that answers as it is told."""

    key: Ed25519PrivateKey = KEY
    answer: bytes | None = None
    max_bytes: int | None = None
    service: str = "the key in the tower"

    @property
    def public_key(self) -> Ed25519PublicKey:
        return KEY.public_key

    def request_signature(self, data: bytes) -> bytes:
        return self.key.sign(data) if self.answer is None else self.answer


def test_signer_gives_the_signature_of_the_key_elsewhere() -> None:
    key = Elsewhere()
    signer = OutsideSigner(key, "did:web:uni.example#key-1")
    assert isinstance(key, OutsideKey)
    assert isinstance(signer, Signer)
    assert signer.controller == "did:web:uni.example"
    assert signer.public_key == KEY.public_key
    assert signer.sign(b"data") == KEY.sign(b"data")


def test_signer_of_a_did_key_or_did_jwk_is_named_by_the_key_elsewhere() -> None:
    assert OutsideSigner.for_did_key(Elsewhere()).controller == ISSUER
    assert OutsideSigner.for_did_jwk(Elsewhere()).verification_method.endswith("#0")


@pytest.mark.parametrize(
    "key",
    [
        Elsewhere(OTHER_KEY),
        Elsewhere(answer=KEY.sign(b"other data")),
        Elsewhere(answer=b""),
        Elsewhere(answer=bytes(64)),
        Elsewhere(answer=KEY.sign(b"data")[:-1]),
        Elsewhere(answer=KEY.sign(b"data") + b"\n"),
    ],
    ids=["another key", "other data", "nothing", "zeros", "cut", "longer"],
)
def test_signature_that_is_not_the_keys_is_never_used(key: Elsewhere) -> None:
    signer = OutsideSigner(key, "did:web:uni.example#key-1")
    with pytest.raises(SigningKeyError, match="the key in the tower answered") as caught:
        signer.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize("mechanism", Mechanism)
def test_nothing_is_issued_with_a_wrong_signature(mechanism: Mechanism) -> None:
    signer = OutsideSigner.for_did_key(Elsewhere(OTHER_KEY))
    with pytest.raises(SigningKeyError, match="the key in the tower"):
        issue(badge(), signer=signer, now=NOW, mechanism=mechanism)


@pytest.mark.parametrize("mechanism", [each for each in Mechanism if each is not Mechanism.VC_JWT])
def test_every_proof_fits_a_service_that_signs_4096_bytes(mechanism: Mechanism) -> None:
    signer = OutsideSigner.for_did_key(Elsewhere(max_bytes=4096))
    description = "A very long description. " * 400
    document = badge(description=description)
    secured = issue(document, signer=signer, now=NOW, mechanism=mechanism)
    assert len(parse_proofs(secured.document, tuple(SUITES.values()))) == 1


def test_token_that_is_too_long_for_the_service_is_refused_before_it_is_sent() -> None:
    signer = OutsideSigner.for_did_key(Elsewhere(max_bytes=4096, answer=b"never asked"))
    document = badge(description="A very long description. " * 400)
    with pytest.raises(SigningKeyError, match="eddsa-rdfc-2022") as caught:
        issue(document, signer=signer, now=NOW, mechanism=Mechanism.VC_JWT)
    assert caught.value.code is Code.RESOURCE_LIMIT
    assert caught.value.expected == "4096 bytes at most"


@pytest.mark.parametrize(("length", "is_signed"), [(4096, True), (4097, False)])
def test_limit_of_a_service_is_inclusive(length: int, is_signed: bool) -> None:
    signer = OutsideSigner.for_did_key(Elsewhere(max_bytes=4096))
    if is_signed:
        assert len(signer.sign(bytes(length))) == 64
    else:
        with pytest.raises(SigningKeyError):
            signer.sign(bytes(length))


def test_signer_without_a_method_that_can_be_looked_up_is_refused() -> None:
    with pytest.raises(SigningKeyError) as caught:
        OutsideSigner(Elsewhere(), "key-1")
    assert caught.value.code is Code.DID_INVALID


@pytest.mark.parametrize(
    ("package", "extra", "connect"),
    [
        ("boto3", "aws", lambda: AwsKmsKey.connect("alias/issuer")),
        ("google.cloud", "google", lambda: GoogleKmsKey.connect("a/cryptoKeyVersions/1")),
        ("hvac", "vault", lambda: VaultTransitKey.connect("issuer")),
        ("pkcs11", "pkcs11", lambda: Pkcs11Token.open("module.so", "issuer", pin="1")),
    ],
)
def test_library_that_is_not_installed_is_named_with_its_extra(
    package: str, extra: str, connect: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert extra in project["project"]["optional-dependencies"]
    with pytest.raises(ConfigurationError, match=rf"testamur\[{extra}\]"):
        connect()
