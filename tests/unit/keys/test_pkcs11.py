"""PKCS #11 with SoftHSM2: a token of its own, made in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from key_services import (
    PIN,
    RFC_8032_MESSAGE,
    RFC_8032_PUBLIC,
    RFC_8032_SIGNATURE,
    soft_token,
)
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.issuing import issue
from testamur.keys import OutsideKey, OutsideSigner, did_key
from testamur.keys.pkcs11 import Pkcs11Token, Pkcs11Uri
from testamur.verification import Verifier
from unit.scenes import KEY, NOW, badge

pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
needs_token = pytest.mark.skipif(
    soft_token() is None, reason="SoftHSM2 (Debian: softhsm2) with Ed25519 is not installed"
)


def module() -> str:
    token = soft_token()
    return token[0] if token is not None else ""


@pytest.fixture
def token() -> Iterator[Pkcs11Token]:
    with Pkcs11Token.open(module(), "issuer", pin=PIN) as opened:
        yield opened


@needs_token
@pytest.mark.parametrize(
    ("label", "identifier"), [("key-1", None), (None, b"\xa1"), ("key-1", b"\xa1")]
)
def test_key_signs_as_rfc_8032_does(
    token: Pkcs11Token, label: str | None, identifier: bytes | None
) -> None:
    key = token.key(label, id=identifier)
    assert isinstance(key, OutsideKey)
    assert key.public_key.public_bytes == RFC_8032_PUBLIC
    signer = OutsideSigner(key, "did:web:uni.example#key-1")
    assert signer.sign(RFC_8032_MESSAGE) == RFC_8032_SIGNATURE


@needs_token
def test_badge_that_a_token_signed_verifies(token: Pkcs11Token) -> None:
    signer = OutsideSigner.for_did_key(token.key("key-1"))
    profile = {"id": did_key.did_key(signer.public_key), "type": ["Profile"], "name": "University"}
    secured = issue(badge(issuer=profile), signer=signer, now=NOW)
    checks = Verifier(now=NOW).examine(secured).checks
    assert {check.name.value for check in checks if check.answer.value == "failed"} <= {"trust"}


@needs_token
def test_key_that_the_token_made_itself_signs() -> None:
    # Its point comes wrapped in an OCTET STRING; that of an imported key comes bare.
    import pkcs11

    curve = {pkcs11.Attribute.EC_PARAMS: bytes.fromhex("06032b6570")}  # RFC 8410, id-Ed25519
    made = pkcs11.lib(module()).get_token(token_label="issuer")
    with made.open(rw=True, user_pin=PIN) as session:
        session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS, curve, local=True
        ).generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label="made", id=b"\x0a"
        )
    with Pkcs11Token.open(module(), "issuer", pin=PIN) as opened:
        signer = OutsideSigner.for_did_key(opened.key("made"))
        assert len(signer.sign(b"data")) == 64


@needs_token
def test_two_keys_of_a_token_sign_side_by_side(token: Pkcs11Token) -> None:
    old, new = (OutsideSigner.for_did_key(token.key(name)) for name in ("key-1", "key-2"))
    assert old.public_key != new.public_key
    messages = [str(number).encode() for number in range(200)]

    def check(number: int) -> bool:
        signer = (old, new)[number % 2]
        return signer.public_key.verify(signer.sign(messages[number]), messages[number])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(check, range(len(messages))))


@needs_token
def test_key_of_another_kind_is_refused(token: Pkcs11Token) -> None:
    with pytest.raises(SigningKeyError, match="must be an Ed25519 key") as caught:
        token.key("p256")
    assert caught.value.code is Code.KEY_INVALID


@needs_token
def test_key_that_is_not_the_published_one_signs_nothing(token: Pkcs11Token) -> None:
    signer = OutsideSigner(token.key("key-1", public_key=KEY.public_key), "did:web:uni.example#k")
    with pytest.raises(SigningKeyError, match="PKCS #11 token 'issuer', key 'key-1' answered"):
        signer.sign(b"data")


@needs_token
@pytest.mark.parametrize(("label", "identifier"), [("key-9", None), (None, b"\x09")])
def test_key_that_is_not_there_is_named(
    token: Pkcs11Token, label: str | None, identifier: bytes | None
) -> None:
    with pytest.raises(SigningKeyError, match="has no keys named") as caught:
        token.key(label, id=identifier)
    assert caught.value.code is Code.KEY_NOT_FOUND


@needs_token
def test_name_that_several_keys_have_is_refused(token: Pkcs11Token) -> None:
    with pytest.raises(SigningKeyError, match=r"has [34] keys named") as caught:
        token.key()
    assert caught.value.code is Code.KEY_NOT_FOUND


@needs_token
def test_wrong_pin_is_refused_and_not_repeated() -> None:
    with pytest.raises(SigningKeyError, match="the PIN is wrong") as caught:
        Pkcs11Token.open(module(), "issuer", pin="98765432")
    assert caught.value.code is Code.SIGNING_KEY
    assert "98765432" not in str(caught.value)


@needs_token
def test_token_that_is_not_there_is_named() -> None:
    with pytest.raises(SigningKeyError, match="'other' refuses") as caught:
        Pkcs11Token.open(module(), "other", pin=PIN)
    assert caught.value.code is Code.KEY_NOT_FOUND


@needs_token
@pytest.mark.usefixtures("token")
def test_token_is_opened_once_in_a_process() -> None:
    with pytest.raises(SigningKeyError, match="open already"):
        Pkcs11Token.open(module(), "issuer", pin=PIN)


@needs_token
def test_key_of_a_closed_token_signs_no_more() -> None:
    with Pkcs11Token.open(module(), "issuer", pin=PIN) as opened:
        signer = OutsideSigner.for_did_key(opened.key("key-1"))
    with pytest.raises(SigningKeyError, match="open it again") as caught:
        signer.sign(b"data")
    assert caught.value.code is Code.UNREACHABLE


@pytest.mark.parametrize("name", ["missing.so", "text.so"])
def test_module_that_cannot_be_loaded_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(SigningKeyError, match="the module is the right one") as caught:
        Pkcs11Token.open(tmp_path / name, "issuer", pin=PIN)
    assert str(tmp_path / name) in caught.value.message


# RFC 7512.


def test_uri_names_module_token_key_and_file_of_the_pin() -> None:
    uri = (
        "pkcs11:token=The%20issuer;object=key%2D1;id=%a1%02;type=private"
        "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/testamur/pin"
    )
    assert Pkcs11Uri.parse(uri) == Pkcs11Uri(
        module="/usr/lib/softhsm/libsofthsm2.so",
        token="The issuer",
        label="key-1",
        id=b"\xa1\x02",
        pin_file=Path("/etc/testamur/pin"),
    )


def test_uri_may_name_the_key_by_its_id_alone() -> None:
    found = Pkcs11Uri.parse("pkcs11:token=t;id=%01?module-path=/m.so")
    assert (found.label, found.id, found.pin_file) == (None, b"\x01", None)


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("pkcs11:", "names no token"),
        ("pkcs11:token=t;object=k", "names no module-path"),
        ("pkcs11:token=t?module-path=/m.so", "names no key"),
        ("pkcs11:object=k?module-path=/m.so", "names no token"),
        ("pkcs11:token=t;object=k;object=l?module-path=/m.so", "given twice"),
        ("pkcs11:token=t;serial=1;object=k?module-path=/m.so", "serial"),
        ("pkcs11:token=t;object=%ff?module-path=/m.so", "UTF-8"),
        ("pkcs11:token=t;object=k?module-path=/m.so&pin-value=4711", "can be read by others"),
    ],
)
def test_uri_that_is_not_enough_or_not_safe_is_refused(uri: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        Pkcs11Uri.parse(uri)
    assert "4711" not in str(caught.value)
