"""Ed25519 keys in Google Cloud KMS (algorithm EC_SIGN_ED25519).

The bytes themselves are signed (`data`, not `digest`). Both ways a CRC32C goes along, as Google's
guide to data integrity asks, so that a broken request is not taken for a key that does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from testamur import limits
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.pem import decode_public_key

__all__ = ["GoogleKmsClient", "GoogleKmsKey"]

_ALGORITHM = "EC_SIGN_ED25519"
_T = TypeVar("_T")


class GoogleKmsClient(Protocol):
    """What is asked of `google.cloud.kms.KeyManagementServiceClient()`."""

    def get_public_key(self, request: Any, *, retry: Any, timeout: float) -> Any:
        """Return the public key of a key version."""
        ...

    def asymmetric_sign(self, request: Any, *, retry: Any, timeout: float) -> Any:
        """Return a signature."""
        ...


class GoogleKmsKey:
    """An Ed25519 key in Google Cloud KMS; sign with `OutsideSigner(key, verification_method)`."""

    max_bytes: int | None = None

    def __init__(
        self,
        client: GoogleKmsClient,
        version: str,
        *,
        timeout: float = limits.KEY_SERVICE_SECONDS,
    ) -> None:
        """Ask for the public key.

        Args:
            client: `google.cloud.kms.KeyManagementServiceClient()`.
            version: the full name of a key version, as
                `projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1`.
            timeout: seconds for one request, tries at an unavailable service included.

        Raises:
            SigningKeyError: no such key, no permission, no answer, or not an Ed25519 key.
        """
        self._client = client
        self._version = version
        self._timeout = timeout
        self.service = f"Google Cloud KMS key {version[:300]}"
        if "/cryptoKeyVersions/" not in version:
            raise SigningKeyError(
                f"{version[:300]} names no version of a key, and each has a key of its own; add "
                "/cryptoKeyVersions/ and its number",
                code=Code.KEY_NOT_FOUND,
            )
        answer = self._ask(
            lambda retry: client.get_public_key(
                request={"name": version}, retry=retry, timeout=timeout
            )
        )
        if answer.algorithm.name != _ALGORITHM:
            raise SigningKeyError(
                f"the {self.service} is {answer.algorithm.name[:60]}; make one of the algorithm "
                f"{_ALGORITHM}",
                expected=_ALGORITHM,
                found=answer.algorithm.name[:60],
            )
        pem = answer.pem.encode("utf-8")
        if answer.name != version or answer.pem_crc32c != _crc32c(pem):
            raise self._broken()
        self.public_key: Ed25519PublicKey = decode_public_key(pem)

    @staticmethod
    def connect(version: str, *, timeout: float = limits.KEY_SERVICE_SECONDS) -> GoogleKmsKey:
        """Open a key with the credentials that Google's library finds by itself.

        Raises:
            ConfigurationError: google-cloud-kms is not installed, or finds no credentials.
            SigningKeyError: as above.
        """
        try:
            from google.auth.exceptions import GoogleAuthError
            from google.cloud import kms
        except ImportError as error:
            raise ConfigurationError(
                "keys in Google Cloud KMS need google-cloud-kms: pip install 'testamur[google]'"
            ) from error
        try:
            client = kms.KeyManagementServiceClient()
        except GoogleAuthError as error:
            raise ConfigurationError(
                "Google's library finds no credentials: run `gcloud auth application-default "
                "login`, or set GOOGLE_APPLICATION_CREDENTIALS"
            ) from error
        return GoogleKmsKey(client, version, timeout=timeout)

    def request_signature(self, data: bytes) -> bytes:
        """Return what Google Cloud KMS answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it gives no signature.
        """
        request = {"name": self._version, "data": data, "data_crc32c": _crc32c(data)}
        answer = self._ask(
            lambda retry: self._client.asymmetric_sign(
                request=request, retry=retry, timeout=self._timeout
            )
        )
        signature = bytes(answer.signature)
        if (
            not answer.verified_data_crc32c
            or answer.name != self._version
            or answer.signature_crc32c != _crc32c(signature)
        ):
            raise self._broken()
        return signature

    def _ask(self, request: Callable[[Any], _T]) -> _T:
        from google.api_core import exceptions, retry
        from google.auth.exceptions import GoogleAuthError

        again = retry.Retry(
            predicate=retry.if_exception_type(exceptions.ServiceUnavailable), timeout=self._timeout
        )
        try:
            return request(again)
        except exceptions.PermissionDenied as error:
            remedy = "give it the role roles/cloudkms.signerVerifier for this key"
            raise self._refused("permission denied", remedy) from error
        except exceptions.Unauthenticated as error:
            raise self._refused("no valid credentials", "renew them") from error
        except exceptions.NotFound as error:
            remedy = "check its project, location, key ring, key and version"
            raise self._refused("not found", remedy, Code.KEY_NOT_FOUND) from error
        except exceptions.InvalidArgument as error:
            remedy = "a JWT with images may be too long for it; a Data Integrity proof is 64 bytes"
            raise self._refused("it cannot sign this", remedy) from error
        except exceptions.FailedPrecondition as error:
            raise self._refused("the version is not enabled", "enable it") from error
        except (
            exceptions.ServerError,
            exceptions.TooManyRequests,
            exceptions.RetryError,
            GoogleAuthError,
        ) as error:
            raise SigningKeyError(
                f"{self.service} cannot be reached ({type(error).__name__}): check the network and "
                "the credentials of Google, and try again later",
                code=Code.UNREACHABLE,
            ) from error
        except exceptions.GoogleAPICallError as error:
            name, remedy = type(error).__name__, "see the key in the console of Google Cloud"
            raise self._refused(name, remedy) from error

    def _refused(self, what: str, remedy: str, code: Code = Code.SIGNING_KEY) -> SigningKeyError:
        return SigningKeyError(f"{self.service} refuses ({what}): {remedy}", code=code, found=what)

    def _broken(self) -> SigningKeyError:
        return SigningKeyError(
            f"{self.service}: a request or its answer was changed on the way, its checksums do not "
            "fit; try again",
            code=Code.SIGNING_KEY,
        )


def _crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli), as RFC 3720, appendix B.4 has it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _step(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value


_TABLE = tuple(_step(index) for index in range(256))
