"""A real https server on loopback, with a certificate authority of its own."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[socket.socket], None]

HOST = "issuer.test"


@dataclass
class Server:
    """What the tests know of the server.

    Attributes:
        port: the port on 127.0.0.1.
        ssl_context: a client configuration that trusts the server's authority.
        requests: the bytes of each request.
        server_names: the name in each TLS handshake (SNI).
        connections: how many connections were accepted.
        answers: path → what the server does with the connection.
    """

    port: int
    ssl_context: ssl.SSLContext
    requests: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    def says(self, path: str, *parts: bytes) -> str:
        """Let the path answer with these bytes, and return its URL."""
        self.answers[path] = lambda connection: connection.sendall(b"".join(parts))
        return f"{self.origin}{path}"

    def does(self, path: str, answer: Answer) -> str:
        """Let the path do this with the connection, and return its URL."""
        self.answers[path] = answer
        return f"{self.origin}{path}"


def _certificate(folder: Path, name: str) -> Path:
    """Write a self-signed authority's key and certificate for a host name, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _serve(listener: socket.socket, context: ssl.SSLContext, server: Server) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_answer, args=(connection, context, server), daemon=True).start()


def _answer(connection: socket.socket, context: ssl.SSLContext, server: Server) -> None:
    # The client hangs up whenever it has seen enough.
    with (
        contextlib.suppress(OSError),
        connection,
        context.wrap_socket(connection, server_side=True) as stream,
    ):
        request = b""
        while b"\r\n\r\n" not in request:
            request += stream.recv(65_536)
        server.requests.append(request)
        server.answers[request.split()[1].decode()](stream)
        stream.unwrap()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    file = _certificate(tmp_path, HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    client = ssl.create_default_context(cafile=str(file))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(port=listener.getsockname()[1], ssl_context=client)

        def note_name(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
            server.server_names.append(name)

        context.sni_callback = note_name
        thread = threading.Thread(target=_serve, args=(listener, context, server), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
