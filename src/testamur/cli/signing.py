"""The issuer's key: its file, its password, and under which identifier it signs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import typer

from testamur._environment import (
    PASSWORD_VARIABLE,
    checked_password,
    password_in,
    password_in_environment,
    password_of,
    pin_of,
)
from testamur.cli.terminal import print_note, visible
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.fetch import OfflineFetcher
from testamur.keys import (
    Ed25519PrivateKey,
    Ed25519Signer,
    KeySealSigner,
    OutsideKey,
    OutsideSigner,
    Resolver,
    SealAlgorithm,
    did_jwk,
    did_key,
    retrieve,
)
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.key_file import exposure, open_private_key, require_private
from testamur.loading import read_file

if TYPE_CHECKING:
    from testamur.batch.signers import SignerFactory

__all__ = [
    "IssuerKey",
    "IssuerSigner",
    "KeySource",
    "ask",
    "check_one_key",
    "check_self_contained",
    "choose_signer",
    "new_password",
    "open_issuer_key",
    "open_key_elsewhere",
    "read_key",
    "read_seal",
    "self_contained_method",
    "signer_under",
]

IssuerKey: TypeAlias = Ed25519PrivateKey | OutsideKey
IssuerSigner: TypeAlias = Ed25519Signer | OutsideSigner

_SELF_CONTAINED = ("did:key:", "did:jwk:")


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the issuer's key is.

    Attributes:
        file: the key file, or None.
        service: what `--signer` says, or None.
        public_key: what `--public-key` says, or None.
        password_file: of the key file, or None.
        verification_method: the URL under which the key is published, or None.
    """

    file: Path | None
    service: str | None
    public_key: str | None
    password_file: Path | None
    verification_method: str | None

    def factory(self, signer: IssuerSigner) -> SignerFactory | None:
        """Return what opens a key elsewhere in other processes; None for one in memory."""
        if isinstance(signer, Ed25519Signer):
            return None
        from testamur.batch.signers import KeyElsewhere

        return KeyElsewhere(
            open_key_elsewhere,
            (self.service, self.public_key),
            signer.verification_method,
            signer.public_key.public_bytes,
        )


def open_issuer_key(
    path: Path | None,
    *,
    signer: str | None,
    public_key: str | None,
    password_file: Path | None,
) -> IssuerKey:
    """Open the issuer's key, from a file or where `--signer` says; warn where others can read it.

    Raises:
        typer.TyperException: none or both are given.
        ConfigurationError: what else is needed is not given.
        InputError: a file cannot be read. SigningKeyError: the key cannot be had.
    """
    if signer is None and path is not None:
        if public_key is not None:
            raise ConfigurationError("--public-key can be used together with --signer only")
        key = read_key(path, password_file=password_file)
        _warn_if_exposed(path)
        return key
    check_one_key(path, signer)
    if password_file is not None:
        raise ConfigurationError("--password-file is for a key file, and not for --signer")
    return open_key_elsewhere(signer or "", public_key)


def open_key_elsewhere(signer: str, public_key: str | None) -> OutsideKey:
    """Open a key where `--signer` says; also in other processes, which call it by its name.

    Raises:
        TestamurError: as `testamur.keys.services.open_service_key`.
    """
    # Loaded here, since few keep their keys elsewhere.
    from testamur.keys.services import open_service_key

    return open_service_key(signer, public_key, _pin_of)


def check_one_key(path: Path | None, signer: str | None) -> None:
    """Check that the command line names one key.

    Raises:
        typer.TyperException: none or two are given.
    """
    if (path is None) == (signer is None):
        raise typer.TyperException(
            "give the issuer's key: either a key file (--key), or --signer where it is kept "
            "elsewhere"
        )


def read_key(path: Path | None, *, password_file: Path | None) -> Ed25519PrivateKey:
    """Read a private key file; where it is encrypted, with its password.

    Raises:
        ConfigurationError: no file is named.
        InputError: the file cannot be read. SigningKeyError: it is no such key, or the password is
            wrong. ConfigurationError: there is no password.
    """
    if path is None:
        raise ConfigurationError("--key is needed: the file with the issuer's private key")
    given = None if password_file is None else _password_in(password_file)
    return open_private_key(path, password=given, ask=lambda: password_of(path, ask))


def self_contained_method(key: Ed25519PublicKey, issuer: str | None) -> str | None:
    """Return the URL of a key that is itself the issuer's did:key or did:jwk; None: it is not."""
    for own in (did_key.verification_method(key), did_jwk.verification_method(key)):
        if split_url(own)[0] == issuer:
            return own
    return None


def check_self_contained(key: Ed25519PublicKey, verification_method: str) -> None:
    """Refuse a key under the URL of a did:key or did:jwk that is another key.

    Raises:
        ConfigurationError: it is. SigningKeyError: it is no URL of a key.
    """
    if verification_method.startswith(_SELF_CONTAINED):
        method = retrieve(
            verification_method, purpose="assertionMethod", resolver=Resolver(OfflineFetcher())
        )
        if method.key.to_jwk() != key.to_jwk():
            raise _not_this_key(split_url(verification_method)[0])


def read_seal(
    path: Path, certificates: Path, *, password_file: Path | None, algorithm: SealAlgorithm | None
) -> KeySealSigner:
    """Read a seal's private key, and its certificate with those that lead to an authority.

    Raises:
        InputError: a file cannot be read. SigningKeyError: it is none, the two do not belong
            together, or the password is wrong. ConfigurationError: there is no password.
    """
    content = read_file(path)
    require_private(content, path)
    _warn_if_exposed(path)
    try:
        return KeySealSigner.from_pem(
            content,
            read_file(certificates),
            password=_password_of(content, path, password_file),
            algorithm=algorithm,
        )
    except SigningKeyError as error:
        raise SigningKeyError(
            f"{path} and {certificates}: {error.message}", code=error.code
        ) from error


def new_password(*, password_file: Path | None) -> bytes:
    """Return the password for a new key.

    Raises:
        InputError: the password file cannot be read. ConfigurationError: there is no password, or
            one that cannot be used.
    """
    if password_file is not None:
        return _password_in(password_file)
    password = password_in_environment()
    if password is not None:
        return password
    answer = ask("Password for the new key", confirm=True)
    if answer is None:
        raise ConfigurationError(
            f"the key needs a password: give --password-file, or set {PASSWORD_VARIABLE}; or store "
            "it in clear with --no-password"
        )
    return checked_password(answer.encode("utf-8", "surrogateescape"), "the password")


def signer_under(key: IssuerKey, verification_method: str) -> IssuerSigner:
    """Return a signer with a key under the URL at which it is published.

    Raises:
        SigningKeyError: it is no URL of a key.
    """
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Signer(key, verification_method)
    return OutsideSigner(key, verification_method)


def choose_signer(key: IssuerKey, *, issuer: str, verification_method: str | None) -> IssuerSigner:
    """Return a signer under the URL at which the issuer publishes the key.

    Args:
        key: the issuer's key.
        issuer: the issuer's id.
        verification_method: that URL; may be None for a did:key or did:jwk, where it follows.

    Raises:
        ConfigurationError: the URL is needed, or the key is not the one at that URL.
        SigningKeyError: it is no URL of a key.
    """
    if verification_method is None:
        own = self_contained_method(key.public_key, issuer)
        if own is not None:
            return signer_under(key, own)
        if issuer.startswith(_SELF_CONTAINED):
            raise _not_this_key(issuer)
        raise ConfigurationError(
            f"the issuer is {issuer[:160]}; say under which URL it publishes this key, as in "
            f"--verification-method {issuer[:160]}#key-1"
        )
    check_self_contained(key.public_key, verification_method)
    return signer_under(key, verification_method)


def _warn_if_exposed(path: Path) -> None:
    found = exposure(path)
    if found is not None:
        print_note(f"Warning: {found}")


def _password_of(content: bytes, path: Path, password_file: Path | None) -> bytes | None:
    """Return the password of a seal's key; None where it is not encrypted."""
    if password_file is not None:
        return _password_in(password_file)
    return password_of(path, ask) if b"ENCRYPTED" in content else None


def _password_in(file: Path) -> bytes:
    return password_in(read_file(file), str(file))


def ask(question: str, *, confirm: bool = False) -> str | None:
    """Ask for a secret at the terminal; None where there is none."""
    if not sys.stdin.isatty():
        return None
    answer: str = typer.prompt(
        visible(question), hide_input=True, err=True, confirmation_prompt=confirm
    )
    return answer


_pin_of = partial(pin_of, ask=ask)


def _not_this_key(issuer: str) -> ConfigurationError:
    return ConfigurationError(
        f"the key is not the one of {issuer[:160]}; sign with that issuer's key, or set issuer.id "
        "to this key's own identifier, which `testamur key did` shows",
        code=Code.ISSUER_MISMATCH,
    )
