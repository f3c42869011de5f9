"""Vault's Transit engine through hvac, against its documented API on loopback."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator

import pytest

from key_services import (
    RFC_8032_MESSAGE,
    RFC_8032_PUBLIC,
    RFC_8032_SIGNATURE,
    VAULT_TOKEN,
    Service,
    vault,
)
from testamur.errors import Code, SigningKeyError
from testamur.keys.outside import OutsideKey, OutsideSigner
from testamur.keys.vault_transit import VaultTransitKey
from unit.scenes import OTHER_KEY

pytest.importorskip("hvac", reason="hvac is not installed")

KEY, SIGN = "transit/keys/issuer", "transit/sign/issuer"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with vault() as service:
        monkeypatch.setenv("VAULT_ADDR", service.url)
        monkeypatch.setenv("VAULT_TOKEN", VAULT_TOKEN)
        yield service


def signer(key: VaultTransitKey) -> OutsideSigner:
    return OutsideSigner(key, "did:web:uni.example#key-1")


def key_answer(**members: object) -> tuple[int, dict[str, object]]:
    public = base64.b64encode(RFC_8032_PUBLIC).decode()
    data = {"type": "ed25519", "latest_version": 1, "keys": {"1": {"public_key": public}}}
    return 200, {"data": {**data, **members}}


@pytest.mark.usefixtures("server")
def test_key_signs_as_rfc_8032_does() -> None:
    key = VaultTransitKey.connect("issuer")
    assert isinstance(key, OutsideKey)
    assert key.public_key.public_bytes == RFC_8032_PUBLIC
    assert signer(key).sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


@pytest.mark.parametrize(("version", "used"), [(None, 2), (1, 1)])
def test_version_is_held_from_the_beginning(
    server: Service, version: int | None, used: int
) -> None:
    # A rotation in Vault makes another key, which the issuer has not published.
    signer(VaultTransitKey.connect("issuer", version=version)).sign(b"data")
    path, request = server.requests[-1]
    assert path == SIGN
    assert request == {"input": base64.b64encode(b"data").decode(), "key_version": used}


def test_signature_of_another_version_is_refused(server: Service) -> None:
    key = signer(VaultTransitKey.connect("issuer", version=1))
    text = f"vault:v2:{base64.b64encode(server.key.sign(b'data')).decode()}"
    server.answers[SIGN] = (200, {"data": {"signature": text}})
    with pytest.raises(SigningKeyError, match="version 1"):
        key.sign(b"data")


@pytest.mark.parametrize(
    "signature",
    [base64.b64encode(OTHER_KEY.sign(b"data")).decode(), "", "?", "AAAA"],
    ids=["another key", "nothing", "no base64", "short"],
)
def test_wrong_signature_is_refused_by_the_name_of_the_service(
    server: Service, signature: str
) -> None:
    key = signer(VaultTransitKey.connect("issuer"))
    server.answers[SIGN] = (200, {"data": {"signature": f"vault:v2:{signature}"}})
    with pytest.raises(SigningKeyError, match="Vault key transit/issuer") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize("kind", ["ecdsa-p256", "rsa-2048", "aes256-gcm96"])
def test_key_of_another_type_is_refused(server: Service, kind: str) -> None:
    server.answers[KEY] = key_answer(type=kind)
    with pytest.raises(SigningKeyError, match="ed25519") as caught:
        VaultTransitKey.connect("issuer")
    assert caught.value.found == kind


def test_key_that_is_derived_for_each_context_is_refused(server: Service) -> None:
    server.answers[KEY] = key_answer(derived=True)
    with pytest.raises(SigningKeyError, match="derived"):
        VaultTransitKey.connect("issuer")


@pytest.mark.parametrize(
    "members",
    [{"keys": {}}, {"keys": None}, {"keys": {"1": {}}}, {"keys": {"1": 1700000000}}, {}],
    ids=["no versions", "none", "no key", "symmetric", "another version"],
)
def test_version_that_is_not_there_is_refused(server: Service, members: dict[str, object]) -> None:
    server.answers[KEY] = key_answer(**members)
    with pytest.raises(SigningKeyError, match="version 3") as caught:
        VaultTransitKey.connect("issuer", version=3)
    assert caught.value.code is Code.KEY_NOT_FOUND


def test_token_without_permission_is_told_which_policy_it_needs(
    server: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = signer(VaultTransitKey.connect("issuer"))
    server.answers[SIGN] = (403, {"errors": ["permission denied"]})
    with pytest.raises(SigningKeyError, match="update on transit/sign/issuer") as caught:
        key.sign(b"data")
    assert caught.value.code is Code.SIGNING_KEY
    monkeypatch.setenv("VAULT_TOKEN", "another-token")
    with pytest.raises(SigningKeyError, match="read on transit/keys/issuer") as caught:
        VaultTransitKey.connect("issuer")
    assert "another-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, Code.SIGNING_KEY),
        (404, Code.KEY_NOT_FOUND),
        (429, Code.UNREACHABLE),
        (500, Code.UNREACHABLE),
        (503, Code.UNREACHABLE),
        (307, Code.SIGNING_KEY),
    ],
)
def test_refusal_is_told_apart_from_an_outage(server: Service, status: int, code: Code) -> None:
    key = signer(VaultTransitKey.connect("issuer"))
    server.answers[SIGN] = (status, {"errors": ["no"]})
    with pytest.raises(SigningKeyError, match="Vault key transit/issuer") as caught:
        key.sign(b"data")
    assert caught.value.code is code


def test_server_that_does_not_answer_in_time_is_given_up(server: Service) -> None:
    server.hang = threading.Event()
    with pytest.raises(SigningKeyError, match="cannot be reached") as caught:
        VaultTransitKey.connect("issuer", timeout=0.2)
    assert caught.value.code is Code.UNREACHABLE
