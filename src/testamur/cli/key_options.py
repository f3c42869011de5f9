"""The issuer's key: how every command that signs through a register names it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.options import KeyFile, PasswordFile, PublicKey, SignerName
from testamur.cli.settings_options import names_a_key
from testamur.cli.signing import (
    IssuerKey,
    IssuerSigner,
    KeySource,
    open_issuer_key,
    signer_under,
)
from testamur.errors import ConfigurationError

if TYPE_CHECKING:
    from testamur.cli.register_options import AtRegister
    from testamur.issuer import Issuer
    from testamur.register import Register
    from testamur.settings import Settings

__all__ = ["KeyChoice", "open_issuer", "open_signer"]

KeyMethod: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--verification-method",
        metavar="URL",
        help="Under which URL the issuer publishes the key, as did:web:uni.example#key-1; found "
        "in the register, or in issuer.id where that is the did:key of the key, unless given.",
    ),
]


@dataclass(frozen=True)
class KeyChoice:
    """The key that the command line names, or else the configuration.

    Attributes:
        key: a key file.
        signer: a key elsewhere.
        public_key: the public half of that.
        password_file: of a key file.
        verification_method: the URL under which the key is published.
    """

    key: KeyFile = None
    signer: SignerName = None
    public_key: PublicKey = None
    password_file: PasswordFile = None
    verification_method: KeyMethod = None

    @property
    def is_named(self) -> bool:
        """Whether the command line names a key."""
        return self.key is not None or self.signer is not None

    def check(self) -> None:
        """Refuse options that exclude each other.

        Raises:
            ConfigurationError: they do.
        """
        if self.key is not None and self.signer is not None:
            raise ConfigurationError(
                "--key and --signer exclude each other: give one key, either a file or where it is "
                "kept elsewhere"
            )
        if self.public_key is not None and self.signer is None:
            raise ConfigurationError("--public-key can be used together with --signer only")

    def require(self, config: Path | None) -> None:
        """Check the options, and that they or the configuration name a key.

        Args:
            config: what --config names.

        Raises:
            typer.TyperException: nobody names a key. ConfigurationError: as `check`.
        """
        self.check()
        if not self.is_named and not names_a_key(config):
            raise _no_key()

    def source(self, settings: Settings | None) -> KeySource:
        """Say where the key is.

        Args:
            settings: the configuration, which counts where the command line names no key.

        Raises:
            ConfigurationError: nobody names a key, or the command line names two.
        """
        self.check()
        said = None if settings is None else settings.signer
        if self.is_named or said is None:
            return KeySource(
                self.key,
                self.signer,
                self.public_key,
                self.password_file,
                self.verification_method,
            )
        return KeySource(
            said.key_file,
            said.service,
            said.public_key,
            self.password_file if self.password_file is not None else said.password_file,
            self.verification_method
            if self.verification_method is not None
            else said.verification_method,
        )


def open_key(source: KeySource) -> IssuerKey:
    """Open a key.

    Raises:
        typer.TyperException: none is named. TestamurError: as `open_issuer_key`.
    """
    if source.file is None and source.service is None:
        raise _no_key()
    return open_issuer_key(
        source.file,
        signer=source.service,
        public_key=source.public_key,
        password_file=source.password_file,
    )


def open_signer(register: Register, source: KeySource, *, issuer: str | None) -> IssuerSigner:
    """Return a signer under the URL by which a register knows the key.

    Args:
        register: where the key is recorded.
        source: where the key is.
        issuer: whose key is meant, where several issuers have it.

    Raises:
        RegisterError: the register does not know it, or under several URLs.
        TestamurError: as `open_key`.
    """
    from testamur.issuer.opening import find_verification_method

    key = open_key(source)
    method = find_verification_method(
        register,
        key.public_key,
        verification_method=source.verification_method,
        issuer=issuer,
    )
    return signer_under(key, method)


def open_issuer(
    register: Register, at: AtRegister, choice: KeyChoice, *, issuer: str | None = None
) -> Issuer:
    """Return the issuer that a key in a register belongs to, with the configuration's policy.

    Args:
        register: opened.
        at: with the configuration.
        choice: the key.
        issuer: the id of the issuer that it must be; None: any.

    Raises:
        ConfigurationError: it is another issuer's key. TestamurError: as `open_signer`.
    """
    from testamur.issuer import Issuer

    source = choice.source(at.settings)
    meant = issuer if issuer is not None else at.settings.issuer
    signer = open_signer(register, source, issuer=meant)
    office = Issuer(
        register, signer, policy=at.settings.issuer_policy(), factory=source.factory(signer)
    )
    if issuer is not None and office.id != issuer:
        raise ConfigurationError(
            f"the issuer is {issuer[:160]}, and the key is one of {office.id[:160]}; sign with a "
            "key of that issuer"
        )
    return office


def _no_key() -> typer.TyperException:
    return typer.TyperException(
        "give the issuer's key: either a key file (--key), or --signer where it is kept elsewhere; "
        "or set key_file or service in the table [signer] of the configuration"
    )
