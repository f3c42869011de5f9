"""Ed25519 keys in AWS Key Management Service (key spec ECC_NIST_EDWARDS25519).

ED25519_SHA_512 is Ed25519 of RFC 8032, and takes the message itself (MessageType RAW), at most
4096 bytes. ED25519_PH_SHA_512 is Ed25519ph, another signature that no verifier of credentials
knows; it is never asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from testamur import limits
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.pem import decode_public_der

__all__ = ["AwsKmsKey", "KmsClient"]

_MAX_BYTES = 4096
_SPEC = "ECC_NIST_EDWARDS25519"
_ALGORITHM = "ED25519_SHA_512"
_REMEDIES = {
    "AccessDeniedException": "allow it kms:GetPublicKey and kms:Sign for this key",
    "NotFoundException": "check the key's id and region",
    "DisabledException": "enable the key",
    "KMSInvalidStateException": "see the key's state: it may be waiting for its deletion",
    "InvalidKeyUsageException": "it must be a key for SIGN_VERIFY",
    "ExpiredTokenException": "renew the credentials of AWS",
    "UnrecognizedClientException": "check the credentials of AWS",
}
_NOT_NOW = frozenset(
    {
        "DependencyTimeoutException",
        "KMSInternalException",
        "KeyUnavailableException",
        "ThrottlingException",
        "LimitExceededException",
    }
)


class KmsClient(Protocol):
    """What is asked of `boto3.client("kms")`."""

    def get_public_key(self, *, KeyId: str) -> Mapping[str, Any]:  # noqa: N803
        """Return the public key, and what the key is for."""
        ...

    def sign(
        self,
        *,
        KeyId: str,  # noqa: N803
        Message: bytes,  # noqa: N803
        MessageType: str,  # noqa: N803
        SigningAlgorithm: str,  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return a signature."""
        ...


class AwsKmsKey:
    """An Ed25519 key in AWS KMS; sign with `OutsideSigner(key, verification_method)`."""

    max_bytes: int | None = _MAX_BYTES

    def __init__(self, client: KmsClient, key_id: str) -> None:
        """Ask for the public key; from then on the key itself is meant, wherever an alias leads.

        Args:
            client: `boto3.client("kms")`, or what does the same.
            key_id: the key's id or ARN, or an alias as `alias/issuer`.

        Raises:
            SigningKeyError: no such key, no permission, no answer, or not an Ed25519 key.
        """
        self._client = client
        self.service = f"AWS KMS key {key_id[:200]}"
        answer = self._ask(lambda: client.get_public_key(KeyId=key_id))
        spec, usage = str(answer.get("KeySpec")), str(answer.get("KeyUsage"))
        if spec != _SPEC or usage != "SIGN_VERIFY":
            raise SigningKeyError(
                f"the {self.service} is {spec[:40]} for {usage[:40]}; make one of the spec {_SPEC} "
                "for SIGN_VERIFY",
                expected=_SPEC,
                found=spec[:40],
            )
        self._key_id = str(answer.get("KeyId") or key_id)
        self.public_key: Ed25519PublicKey = decode_public_der(_bytes(answer.get("PublicKey")))

    @staticmethod
    def connect(
        key_id: str,
        *,
        region: str | None = None,
        timeout: float = limits.KEY_SERVICE_SECONDS,
    ) -> AwsKmsKey:
        """Open a key with the credentials and settings that boto3 finds by itself.

        Args:
            key_id: as above; where it is an ARN, its region counts.
            region: the region of AWS; boto3's own unless given.
            timeout: seconds for one request.

        Raises:
            ConfigurationError: boto3 is not installed. SigningKeyError: as above.
        """
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise ConfigurationError(
                "keys in AWS KMS need boto3: pip install 'testamur[aws]'"
            ) from error
        config = Config(
            connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 3}
        )
        try:
            client = boto3.client("kms", region_name=_region(key_id) or region, config=config)
        except BotoCoreError as error:
            raise ConfigurationError(f"AWS KMS cannot be used: {str(error)[:200]}") from error
        return AwsKmsKey(client, key_id)

    def request_signature(self, data: bytes) -> bytes:
        """Return what AWS KMS answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it gives no signature.
        """
        answer = self._ask(
            lambda: self._client.sign(
                KeyId=self._key_id,
                Message=data,
                MessageType="RAW",
                SigningAlgorithm=_ALGORITHM,
            )
        )
        return _bytes(answer.get("Signature"))

    def _ask(self, request: Any) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: Mapping[str, Any] = request()
        except ClientError as error:
            name = str(error.response.get("Error", {}).get("Code"))[:80]
            remedy = _REMEDIES.get(name, "see the key and its policy in the console of AWS")
            code = Code.KEY_NOT_FOUND if name == "NotFoundException" else Code.SIGNING_KEY
            if name in _NOT_NOW:
                code, remedy = Code.UNREACHABLE, "try again later"
            raise SigningKeyError(
                f"{self.service} refuses ({name}): {remedy}", code=code, found=name
            ) from error
        except BotoCoreError as error:
            raise SigningKeyError(
                f"{self.service} cannot be reached ({type(error).__name__}): check the network, "
                "the region and the credentials of AWS",
                code=Code.UNREACHABLE,
            ) from error
        return answer


def _region(key_id: str) -> str | None:
    parts = key_id.split(":")
    return parts[3] or None if parts[0] == "arn" and len(parts) > 3 else None


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
