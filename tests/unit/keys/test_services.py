"""Keys that are kept elsewhere, by the words that name them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.errors import ConfigurationError, InputError, SigningKeyError
from testamur.keys import multikey, pem
from testamur.keys.services import open_service_key, read_public_key
from unit.scenes import KEY

PUBLIC = multikey.encode_public_key(KEY.public_key)


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    yield
    open_service_key.cache_clear()


def nobody(_token: str) -> bytes | None:
    return None


def test_command_is_opened_once(tmp_path: Path) -> None:
    name = f"command:{sys.executable} {tmp_path / 'sign.py'}"
    opened = open_service_key(name, PUBLIC, nobody)
    assert opened.public_key == KEY.public_key
    assert open_service_key(name, PUBLIC, nobody) is opened


@pytest.mark.parametrize(
    ("name", "public", "said"),
    [
        ("alias/issuer", None, "names no key; write pkcs11:"),
        ("awskms:", None, "names no key"),
        ("ftp:key", None, "names no key"),
        ("vault:transit/", None, "vault:transit/KEY"),
        ("vault:transit/k?version=two", None, "version=2"),
        ("command:sign", None, "signer.public_key"),
        ("command:sign 'it", PUBLIC, "quotation mark"),
    ],
)
def test_name_that_names_nothing_is_refused(name: str, public: str | None, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        open_service_key(name, public, nobody)


def test_token_without_a_pin_says_how_to_give_it() -> None:
    asked: list[str] = []

    def ask(token: str) -> bytes | None:
        asked.append(token)
        return None

    uri = "pkcs11:token=issuer;object=key-1?module-path=/nowhere/module.so"
    with pytest.raises(ConfigurationError, match="pin-source=file:PATH"):
        open_service_key(uri, None, ask)
    assert asked == ["issuer"]


@pytest.mark.parametrize("pin", [b"", b"\xff", b"1" * 300], ids=["empty", "no text", "long"])
def test_pin_that_is_none_is_refused(pin: bytes) -> None:
    uri = "pkcs11:token=issuer;object=key-1?module-path=/nowhere/module.so"
    with pytest.raises(ConfigurationError, match="no PIN"):
        open_service_key(uri, None, lambda _: pin)


def test_public_key_is_written_out_or_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "public.pem"
    path.write_bytes(pem.encode_public_key(KEY.public_key))
    assert read_public_key(str(path)) == read_public_key(PUBLIC) == KEY.public_key
    with pytest.raises(InputError, match="cannot be read"):
        read_public_key(str(tmp_path / "missing.pem"))
    with pytest.raises(SigningKeyError, match="z6Mk"):
        # did:key Method v0.7, P-256 test vector: another kind of key.
        read_public_key("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")
