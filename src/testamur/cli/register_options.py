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

__all__ = [
    "KeyMethod",
    "Reason",
    "RegisterUrl",
    "Who",
    "open_issuer",
    "open_or_create_register",
    "open_register",
]

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
    """Open a register that is a file or the URL of a database.

    Raises:
        ConfigurationError: what it needs is not installed.
        RegisterError: there is none, or it cannot be opened.
    """
    return _register().open(register_url(register), now=lambda: clock(now), actor=who)


def open_or_create_register(register: str, *, now: str | None, who: str) -> Register:
    """Open a register; where there is none, it is made. Errors as `open_register`."""
    return _register().open_or_create(register_url(register), now=lambda: clock(now), actor=who)


def _register() -> type[Register]:
    try:
        from testamur.register import Register
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "a register needs SQLAlchemy; install testamur[register]"
        ) from error
    return Register


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
