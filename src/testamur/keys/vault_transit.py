"""Ed25519 keys in the Transit engine of HashiCorp Vault, or of OpenBao, which has the same API."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from testamur import limits
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["VaultTransitKey"]

_TYPE = "ed25519"


class VaultTransitKey:
    """One version of an Ed25519 key in Vault; sign with `OutsideSigner(key, method)`.

    When a key is rotated in Vault, its new version is a new key, which must be published under a
    name of its own; so the version is held from the beginning.
    """

    max_bytes: int | None = None

    def __init__(
        self, client: Any, name: str, *, mount: str = "transit", version: int | None = None
    ) -> None:
        """Ask for the public key.

        Args:
            client: an `hvac.Client`, which has its address and its token.
            name: the name of the key.
            mount: where the Transit engine is mounted.
            version: of the key; its latest unless given.

        Raises:
            SigningKeyError: no such key, no permission, no answer, or not an Ed25519 key.
        """
        self._transit = client.secrets.transit
        self._name, self._mount = name, mount
        self.service = f"Vault key {mount}/{name}"
        data = self._ask(
            lambda: self._transit.read_key(name, mount_point=mount), f"read on {mount}/keys/{name}"
        )
        kind = str(data.get("type"))
        if kind != _TYPE:
            raise SigningKeyError(
                f"the {self.service} is of the type {kind[:40]}; make one of the type {_TYPE}",
                expected=_TYPE,
                found=kind[:40],
            )
        if data.get("derived"):
            raise SigningKeyError(
                f"the {self.service} is derived anew for each context, so it is not one key; make "
                "one without derived=true"
            )
        self.version = version if version is not None else _integer(data.get("latest_version"))
        self.public_key = self._key_of(data)

    @staticmethod
    def connect(
        name: str,
        *,
        mount: str = "transit",
        version: int | None = None,
        timeout: float = limits.KEY_SERVICE_SECONDS,
    ) -> VaultTransitKey:
        """Open a key at the address and with the token that hvac finds by itself.

        These are the environment variables of Vault, VAULT_ADDR and VAULT_TOKEN, or the token that
        `vault login` left. `timeout` is in seconds, for one request.

        Raises:
            ConfigurationError: hvac is not installed. SigningKeyError: as above.
        """
        try:
            import hvac
        except ImportError as error:
            raise ConfigurationError(
                "keys in Vault need hvac: pip install 'testamur[vault]'"
            ) from (error)
        client = hvac.Client(timeout=timeout, allow_redirects=False)
        return VaultTransitKey(client, name, mount=mount, version=version)

    def request_signature(self, data: bytes) -> bytes:
        """Return what Vault answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it gives no signature.
        """
        answer = self._ask(
            lambda: self._transit.sign_data(
                self._name,
                hash_input=base64.b64encode(data).decode("ascii"),
                key_version=self.version,
                mount_point=self._mount,
            ),
            f"update on {self._mount}/sign/{self._name}",
        )
        # "vault:v2:" and base64
        prefix, _, signature = str(answer.get("signature")).rpartition(":")
        if prefix != f"vault:v{self.version}":
            raise SigningKeyError(
                f"{self.service} did not sign with version {self.version} of the key",
                code=Code.SIGNING_KEY,
                found=prefix[:40],
            )
        return _decode(signature)

    def _key_of(self, data: Mapping[str, Any]) -> Ed25519PublicKey:
        keys = data.get("keys")
        found = keys.get(str(self.version)) if isinstance(keys, dict) else None
        public = found.get("public_key") if isinstance(found, dict) else None
        if not isinstance(public, str):
            raise SigningKeyError(
                f"the {self.service} has no version {self.version} that can be used",
                code=Code.KEY_NOT_FOUND,
            )
        return Ed25519PublicKey(_decode(public))

    def _ask(self, request: Callable[[], Any], needed: str) -> Mapping[str, Any]:
        from hvac import exceptions

        try:
            answer = request()
        except (exceptions.Forbidden, exceptions.Unauthorized) as error:
            raise self._refused(
                "permission denied", f"check the token, whose policy must allow {needed}"
            ) from error
        except exceptions.InvalidPath as error:
            raise self._refused(
                "no such key or engine", "check both names", Code.KEY_NOT_FOUND
            ) from error
        except exceptions.InvalidRequest as error:
            raise self._refused("it cannot do this", "see the key and its versions") from error
        except (exceptions.VaultError, OSError) as error:  # those of requests are OSErrors
            raise SigningKeyError(
                f"{self.service} cannot be reached ({type(error).__name__}): check VAULT_ADDR, the "
                "network, and that Vault is unsealed",
                code=Code.UNREACHABLE,
            ) from error
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise self._refused("its answer is none of Vault's", "check VAULT_ADDR")
        return data

    def _refused(self, what: str, remedy: str, code: Code = Code.SIGNING_KEY) -> SigningKeyError:
        return SigningKeyError(f"{self.service} refuses ({what}): {remedy}", code=code, found=what)


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
