"""`testamur key`: make the issuer's key, and say under which identifier it is known."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from testamur.canon.strict_json import JsonObject, dumps
from testamur.cli.commands import Command, show_help
from testamur.cli.files import write_private
from testamur.cli.options import PasswordFile, PublicKey, SignerName, examples
from testamur.cli.signing import new_password, open_issuer_key
from testamur.cli.terminal import print_json, print_line, print_note
from testamur.errors import ConfigurationError
from testamur.keys import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
    OutsideKey,
    OutsideSigner,
    did_jwk,
    did_key,
    did_web,
    pem,
)
from testamur.keys.multikey import encode_public_key

__all__ = ["register"]

_TEST = b"A test by `testamur key show`; it says nothing."
_PORT = re.compile("[0-9]{1,5}")
_FRAGMENT = re.compile(r"[A-Za-z0-9._~-]{1,100}")


_KeyArgument: TypeAlias = Annotated[
    Path | None,
    typer.Argument(metavar="KEY", help="The private key, made by `testamur key new`."),
]


class _Method(StrEnum):
    KEY = "key"
    JWK = "jwk"
    WEB = "web"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Make the issuer's key, and show the identifiers it is known under.",
        rich_markup_mode=None,
        epilog=examples("testamur key new --out issuer.pem", "testamur key did issuer.pem"),
    )
    group.command(
        "new",
        cls=Command,
        epilog=examples(
            "testamur key new --out issuer.pem",
            "testamur key new --out issuer.pem --password-file password.txt",
        ),
    )(_new)
    group.command(
        "show",
        cls=Command,
        short_help="Show the public half of a key.",
        epilog=examples(
            "testamur key show issuer.pem",
            "testamur key show --signer vault:transit/issuer",
        ),
    )(_show)
    group.command(
        "did",
        cls=Command,
        short_help="Show the identifier of a key.",
        epilog=examples(
            "testamur key did issuer.pem",
            "testamur key did issuer.pem --method web --host uni.example --document",
        ),
    )(_did)
    app.add_typer(group, name="key", short_help="Make and identify the issuer's key.")


def _new(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the private key goes.")],
    password_file: PasswordFile = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Store the key in clear, unencrypted.")
    ] = False,
) -> None:
    """Make an Ed25519 key.

    The file is encrypted PEM (PKCS #8), readable by you alone. It is never overwritten, and nobody
    can make it again: keep a copy of it, and of its password, in a safe place.
    """
    if no_password and password_file is not None:
        raise ConfigurationError("--no-password and --password-file exclude each other; give one")
    password = None if no_password else new_password(password_file=password_file)
    key = Ed25519PrivateKey.generate()
    write_private(out, pem.encode_private_key(key, password=password))
    print_line(f"Private key  {out} ({'in clear' if password is None else 'encrypted'})")
    print_line(f"DID          {did_key.did_key(key.public_key)}")
    print_line(f"Public key   {encode_public_key(key.public_key)}")


def _show(
    key_file: _KeyArgument = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    password_file: PasswordFile = None,
) -> None:
    """Show the public half of a key, in the forms that others ask for.

    With --signer it signs a test text as well, so that one sees that it can: its signature is
    checked, and thrown away.
    """
    key = open_issuer_key(
        key_file, signer=signer, public_key=public_key, password_file=password_file
    )
    if isinstance(key, OutsideKey):
        OutsideSigner.for_did_key(key).sign(_TEST)
        print_line(f"Kept in      {key.service}, which signs")
    print_line(f"DID          {did_key.did_key(key.public_key)}")
    print_line(f"Public key   {encode_public_key(key.public_key)}")
    print_line(f"JWK          {dumps(key.public_key.to_jwk())}")


def _did(
    key_file: _KeyArgument = None,
    method: Annotated[
        _Method, typer.Option(metavar="key|jwk|web", help="The DID method.")
    ] = _Method.KEY,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="For web: the host, as uni.example or uni.example:8443."),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="For web: a path on the host, as departments/physics."),
    ] = None,
    fragment: Annotated[
        str, typer.Option(metavar="NAME", help="For web: the key's name in the document.")
    ] = "key-1",
    document: Annotated[
        bool, typer.Option("--document", help="Print the DID document instead of the DID.")
    ] = False,
    signer: SignerName = None,
    public_key: PublicKey = None,
    password_file: PasswordFile = None,
) -> None:
    """Show the identifier (DID) of a key, or the document that an issuer publishes.

    A did:key or did:jwk is the key itself: it needs no publishing, and proves nothing about who
    holds it. A did:web says which domain stands behind the key; its document must be published
    there.
    """
    if method is _Method.WEB and host is None:
        raise ConfigurationError("--method web needs a host, as in --host college.example")
    if method is not _Method.WEB and host is not None:
        raise ConfigurationError(
            f"--method {method.value} takes no --host; leave it out, or write --method web"
        )
    key = open_issuer_key(
        key_file, signer=signer, public_key=public_key, password_file=password_file
    ).public_key
    published = _controller_document(key, method, host or "", path, fragment)
    did = str(published["id"])
    if document:
        print_json(published)
    else:
        print_line(did)
    if method is _Method.WEB:
        print_note(f"Publish the DID document (--document) at {did_web.document_url(did)}")
        print_note(f"and sign with --verification-method {did}#{fragment}")


def _controller_document(
    key: Ed25519PublicKey, method: _Method, host: str, path: str | None, fragment: str
) -> JsonObject:
    if method is _Method.KEY:
        return did_key.controller_document(did_key.did_key(key))
    if method is _Method.JWK:
        return did_jwk.controller_document(did_jwk.did_jwk(key))
    name, colon, port = _host_alone(host).partition(":")
    if colon and not _PORT.fullmatch(port):
        raise ConfigurationError(f"--host {host[:120]!r} has no port behind its colon")
    if not _FRAGMENT.fullmatch(fragment):
        raise ConfigurationError(
            f"--fragment {fragment[:80]!r} is no name for a key; write letters and digits, as key-1"
        )
    segments = tuple(path.strip("/").split("/")) if path else ()
    did = did_web.did_web(name, port=int(port) if colon else None, path=segments)
    return did_web.build_document(did, {fragment: key})


def _host_alone(host: str) -> str:
    """Return the host, unless it is a whole URL, or has a path behind it."""
    if "://" in host:
        raise ConfigurationError(
            f"--host {host[:120]!r} is a URL; give the host alone, as college.example"
        )
    name, slash, path = host.partition("/")
    if slash:
        raise ConfigurationError(
            f"--host {host[:120]!r} has a path; give the host alone, and the path by --path: "
            f"--host {name[:120]} --path {path[:120] or 'PATH'}"
        )
    return host
