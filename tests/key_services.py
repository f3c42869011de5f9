"""Key services on loopback, as their makers document them; what they sign, OpenSSL signs.

AWS KMS and Vault are spoken over HTTP, Google Cloud KMS over gRPC, each by its maker's own client.
A token for PKCS #11 is one of SoftHSM2, where that is installed.
"""

from __future__ import annotations

import atexit
import base64
import functools
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = [
    "GOOGLE_VERSION",
    "PIN",
    "RFC_8032_MESSAGE",
    "RFC_8032_PUBLIC",
    "RFC_8032_SEED",
    "RFC_8032_SIGNATURE",
    "Google",
    "Service",
    "aws_kms",
    "google_kms",
    "soft_token",
    "vault",
]

# RFC 8032, 7.1, TEST 3.
RFC_8032_SEED = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
RFC_8032_PUBLIC = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
RFC_8032_MESSAGE = bytes.fromhex("af82")
RFC_8032_SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)

PIN = "5678"
GOOGLE_VERSION = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"


@dataclass
class Service:
    """What a service holds, and how it is to behave.

    Attributes:
        url: its address on loopback.
        key: what it signs with.
        answers: operation → a whole answer in the place of the right one.
        requests: what it was asked: operations and bodies.
        hang: where set to an event, no answer is given before that is set.
    """

    url: str = ""
    key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(RFC_8032_SEED)
    )
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hang: threading.Event | None = None

    @property
    def spki(self) -> bytes:
        """The public key as SubjectPublicKeyInfo."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def pem(self) -> str:
        """The public key as PEM."""
        return (
            self.key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )


_Respond = Callable[[Service, str, dict[str, str], dict[str, Any]], tuple[int, dict[str, Any]]]


@contextmanager
def _http(respond: _Respond) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            if service.hang is not None:
                service.hang.wait(30)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = respond(service, self.path, headers, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        if service.hang is not None:
            service.hang.set()
        server.shutdown()
        server.server_close()
        thread.join()


# AWS KMS, API reference: JSON 1.1 over POST, the operation in X-Amz-Target.

AWS_KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@contextmanager
def aws_kms() -> Iterator[Service]:
    """Run AWS KMS with one key, `AWS_KEY`, whose alias is alias/issuer."""
    with _http(_aws) as service:
        yield service


def _aws(
    service: Service, _path: str, headers: dict[str, str], body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    operation = headers["x-amz-target"].removeprefix("TrentService.")
    service.requests.append((operation, body))
    if operation in service.answers:
        return service.answers[operation]
    if not headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
        return 400, {"__type": "MissingAuthenticationTokenException"}
    if body["KeyId"] not in (AWS_KEY, "alias/issuer"):
        return 400, {"__type": "NotFoundException", "message": "not found"}
    if operation == "GetPublicKey":
        return 200, {
            "KeyId": AWS_KEY,
            "KeySpec": "ECC_NIST_EDWARDS25519",
            "KeyUsage": "SIGN_VERIFY",
            "PublicKey": base64.b64encode(service.spki).decode(),
            "SigningAlgorithms": ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
        }
    message = base64.b64decode(body["Message"])
    if body["SigningAlgorithm"] != "ED25519_SHA_512" or body["MessageType"] != "RAW":
        return 400, {"__type": "ValidationException"}
    if len(message) > 4096:
        return 400, {"__type": "ValidationException"}
    return 200, {
        "KeyId": AWS_KEY,
        "Signature": base64.b64encode(service.key.sign(message)).decode(),
        "SigningAlgorithm": "ED25519_SHA_512",
    }


# Vault, Transit secrets engine API: GET /v1/transit/keys/:name, POST /v1/transit/sign/:name.

VAULT_TOKEN = "s.token-of-the-test"


@contextmanager
def vault() -> Iterator[Service]:
    """Run Vault with one key, transit/issuer, whose versions 1 and 2 are the same key."""
    with _http(_vault) as service:
        yield service


def _vault(
    service: Service, path: str, headers: dict[str, str], body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    operation = path.removeprefix("/v1/")
    service.requests.append((operation, body))
    if headers.get("x-vault-token") != VAULT_TOKEN:
        return 403, {"errors": ["permission denied"]}
    if operation in service.answers:
        return service.answers[operation]
    if operation == "transit/keys/issuer":
        public = base64.b64encode(service.key.public_key().public_bytes_raw()).decode()
        return 200, {
            "data": {
                "type": "ed25519",
                "derived": False,
                "latest_version": 2,
                "keys": {
                    number: {
                        "creation_time": "2026-01-01T00:00:00Z",
                        "name": "ed25519",
                        "public_key": public,
                    }
                    for number in ("1", "2")
                },
                "name": "issuer",
            }
        }
    if operation == "transit/sign/issuer":
        signature = service.key.sign(base64.b64decode(body["input"]))
        version = body.get("key_version", 2)
        text = f"vault:v{version}:{base64.b64encode(signature).decode()}"
        return 200, {"data": {"key_version": version, "signature": text}}
    return 404, {"errors": []}


# Google Cloud KMS, gRPC: google.cloud.kms.v1.KeyManagementService, with Google's own messages.


@dataclass
class Google:
    """Google Cloud KMS with one key version, and how it is to behave.

    Attributes:
        target: its address on loopback.
        service: what it holds.
        change: operation → changes its answer, or returns a gRPC status in the place of one.
    """

    target: str
    service: Service
    change: dict[str, Callable[[Any], Any]] = field(default_factory=dict)

    def client(self) -> Any:
        """Return Google's own client, connected to it without TLS."""
        import grpc
        from google.cloud import kms
        from google.cloud.kms_v1.services.key_management_service.transports import (
            KeyManagementServiceGrpcTransport,
        )

        channel = grpc.insecure_channel(self.target)
        return kms.KeyManagementServiceClient(
            transport=KeyManagementServiceGrpcTransport(channel=channel)
        )


@contextmanager
def google_kms() -> Iterator[Google]:
    """Run Google Cloud KMS with one key version, `GOOGLE_VERSION`."""
    import grpc
    from google.cloud.kms_v1 import types

    def crc(data: bytes) -> int:
        value = 0xFFFFFFFF
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = (value >> 1) ^ (0x82F63B78 * (value & 1))
        return value ^ 0xFFFFFFFF

    def answered(operation: str, request: Any, context: Any, make: Callable[[], Any]) -> Any:
        google.service.requests.append((operation, {"name": request.name}))
        if google.service.hang is not None:
            google.service.hang.wait(30)
        if request.name != GOOGLE_VERSION:
            context.abort(grpc.StatusCode.NOT_FOUND, "not found")
        answer = make()
        changed = google.change.get(operation, lambda given: given)(answer)
        if isinstance(changed, grpc.StatusCode):
            context.abort(changed, "refused")
        return changed

    def public_key(request: Any, context: Any) -> Any:
        pem = google.service.pem
        return answered(
            "GetPublicKey",
            request,
            context,
            lambda: types.PublicKey(
                pem=pem,
                algorithm="EC_SIGN_ED25519",
                pem_crc32c=crc(pem.encode()),
                name=request.name,
            ),
        )

    def sign(request: Any, context: Any) -> Any:
        signature = google.service.key.sign(request.data)
        return answered(
            "AsymmetricSign",
            request,
            context,
            lambda: types.AsymmetricSignResponse(
                signature=signature,
                signature_crc32c=crc(signature),
                verified_data_crc32c=request.data_crc32c == crc(request.data),
                name=request.name,
            ),
        )

    def method(function: Callable[[Any, Any], Any], request: Any, response: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(
            function,
            request_deserializer=request.deserialize,
            response_serializer=response.serialize,
        )

    handlers = {
        "GetPublicKey": method(public_key, types.GetPublicKeyRequest, types.PublicKey),
        "AsymmetricSign": method(sign, types.AsymmetricSignRequest, types.AsymmetricSignResponse),
    }
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("google.cloud.kms.v1.KeyManagementService", handlers)]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    google = Google(f"127.0.0.1:{port}", Service())
    server.start()
    try:
        yield google
    finally:
        if google.service.hang is not None:
            google.service.hang.set()
        server.stop(None).wait()


# PKCS #11, by SoftHSM2.

_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


@functools.cache
def soft_token() -> tuple[str, str] | None:
    """Make a token with the key of RFC 8032, "key-1", once in a process.

    It has another Ed25519 key, "key-2", and a key of P-256, "p256"; a SoftHSM2 module reads its
    settings once in a process.

    Returns:
        The module's path and the token's label; None where SoftHSM2 is not installed, or was
        built without Ed25519.
    """
    module = next((each for each in _MODULES if Path(each).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="testamur-softhsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    try:
        _fill_token(folder)
    except subprocess.CalledProcessError:
        return None
    return module, "issuer"


def _fill_token(folder: Path) -> None:
    _softhsm("--init-token", "--free", "--label", "issuer", "--so-pin", "1234", "--pin", PIN)
    keys = (
        ("key-1", "a1", Ed25519PrivateKey.from_private_bytes(RFC_8032_SEED)),
        ("key-2", "a2", Ed25519PrivateKey.generate()),
        ("p256", "a3", ec.generate_private_key(ec.SECP256R1())),
    )
    for label, identifier, key in keys:
        file = folder / f"{label}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        _softhsm(
            "--import", str(file), "--token", "issuer", "--pin", PIN,
            "--label", label, "--id", identifier,
        )  # fmt: skip
        file.unlink()


def _softhsm(*args: str) -> None:
    subprocess.run(["softhsm2-util", *args], check=True, capture_output=True)
