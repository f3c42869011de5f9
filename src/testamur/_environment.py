"""Secrets that the environment holds, or a person says: the password of a key file, a PIN."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeAlias

from testamur.errors import ConfigurationError

__all__ = [
    "PASSWORD_VARIABLE",
    "PIN_VARIABLE",
    "Ask",
    "checked_password",
    "nobody",
    "password_in",
    "password_in_environment",
    "password_of",
    "pin_of",
]

PASSWORD_VARIABLE = "TESTAMUR_KEY_PASSWORD"  # noqa: S105
PIN_VARIABLE = "TESTAMUR_PKCS11_PIN"

Ask: TypeAlias = Callable[[str], str | None]
"""Asks a person for a secret, as "Password of issuer.pem"; None where nobody is there."""

_MAX_PASSWORD_BYTES = 1023  # of OpenSSL


def nobody(_question: str) -> str | None:
    """Ask nobody: for programs that run by themselves."""
    return None


def password_of(path: str | os.PathLike[str], ask: Ask) -> bytes:
    """Return the password of a key file, as the environment or a person says it.

    Raises:
        ConfigurationError: nobody says it, or it is empty or too long.
    """
    password = password_in_environment()
    if password is None:
        password = _asked(ask, f"Password of {os.fspath(path)}")
    if password is None:
        raise ConfigurationError(
            f"{os.fspath(path)} is encrypted; give --password-file, or set {PASSWORD_VARIABLE}, or "
            "signer.password_file in the configuration"
        )
    return checked_password(password, "the password")


def password_in_environment() -> bytes | None:
    """Return the password that the environment holds; None where it holds none."""
    if PASSWORD_VARIABLE not in os.environ:
        return None
    return checked_password(os.fsencode(os.environ[PASSWORD_VARIABLE]), PASSWORD_VARIABLE)


def password_in(content: bytes, where: str) -> bytes:
    """Return the password that a file of its own holds, without the end of its line.

    Raises:
        ConfigurationError: it is empty or too long.
    """
    return checked_password(content.removesuffix(b"\n").removesuffix(b"\r"), where)


def pin_of(token: str, ask: Ask) -> bytes | None:
    """Return the PIN of a token; None where nobody says it."""
    if PIN_VARIABLE in os.environ:
        return os.fsencode(os.environ[PIN_VARIABLE])
    return _asked(ask, f"PIN of the token {token!r}")


def checked_password(password: bytes, where: str) -> bytes:
    """Return a password that can be one.

    Raises:
        ConfigurationError: it is empty or too long.
    """
    if not 0 < len(password) <= _MAX_PASSWORD_BYTES:
        raise ConfigurationError(
            f"{where} holds {len(password)} bytes; a password has 1 to {_MAX_PASSWORD_BYTES}"
        )
    return password


def _asked(ask: Ask, question: str) -> bytes | None:
    answer = ask(question)
    return None if answer is None else answer.encode("utf-8", "surrogateescape")
