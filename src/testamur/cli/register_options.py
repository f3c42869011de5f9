"""Options of the commands that work with a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.signing import choose_signer, open_issuer_key
from testamur.cli.surroundings import clock
from testamur.errors import ConfigurationError

if TYPE_CHECKING:
    from testamur.issuer import Issuer
    from testamur.register import Register

__all__ = ["KeyMethod", "Reason", "RegisterUrl", "Who", "open_issuer", "open_register"]

RegisterUrl: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="REGISTER",
        help="The register: a file, or the URL of a database, as postgresql://user@host/name.",
    ),
]
Reason: TypeAlias = Annotated[
    str, typer.Option(metavar="TEXT", help="Why; it is recorded, and erased with the credential.")
]
Who: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="Who does it: a person or a role; it is recorded.")
]
KeyMethod: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--verification-method",
        metavar="URL",
        help="Under which URL the issuer publishes the key; found in the register unless given.",
    ),
]


def open_register(register: str, *, now: str | None, who: str = "testamur") -> Register:
    """Open a register that is a file or the URL of a database; an empty one is made.

    Raises:
        ConfigurationError: what it needs is not installed.
        RegisterError: it cannot be opened.
    """
    try:
        from testamur.register import Register
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "a register needs SQLAlchemy; install testamur[register]"
        ) from error
    return Register.open(register_url(register), now=lambda: clock(now), actor=who)


def register_url(register: str) -> str:
    """Return the URL of a register that is a file or a URL."""
    return register if "://" in register else f"sqlite:///{register}"


def open_issuer(
    register: Register, key: Path | None, *, password_file: Path | None, method: str | None
) -> Issuer:
    """Return the issuer that a key in a register belongs to.

    Raises:
        ConfigurationError: the register knows the key under no URL, or under several.
        TestamurError: the key cannot be read.
    """
    from testamur.issuer import Issuer
    from testamur.keys import multikey

    private_key = open_issuer_key(key, signer=None, public_key=None, password_file=password_file)
    if method is None:
        encoded = multikey.encode_public_key(private_key.public_key)
        found = [
            each.verification_method
            for issuer in register.issuers.all()
            for each in register.keys.of(issuer.id)
            if each.public_key == encoded
        ]
        if len(found) != 1:
            raise ConfigurationError(
                f"the register knows {key} under {len(found)} URLs; say which with "
                "--verification-method"
            )
        method = found[0]
    issuer = method.partition("#")[0]
    return Issuer(register, choose_signer(private_key, issuer=issuer, verification_method=method))
