"""The configuration, as several commands take it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from testamur.settings import Settings

__all__ = ["ConfigFile", "find_settings", "names_a_key", "names_a_register"]

_VARIABLE = "TESTAMUR_CONFIG"
_REGISTER = "TESTAMUR_REGISTER_URL"
_SIGNER = "TESTAMUR_SIGNER"
_USUAL = "testamur.toml"

ConfigFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The configuration; unless given, the file that the environment variable "
        "TESTAMUR_CONFIG names, or testamur.toml where it is in this folder.",
    ),
]


def find_settings(config: Path | None) -> tuple[Settings, Path | None]:
    """Read the configuration that --config names, or the usual one; and say which file it was.

    Raises:
        ConfigurationError: it cannot be read, or holds what cannot be.
    """
    from testamur.settings import read_settings

    path = _file(config)
    return read_settings(path), path


def names_a_register(config: Path | None) -> bool:
    """Whether the configuration names a register; where there is none, it is not even loaded.

    Raises:
        ConfigurationError: as `find_settings`.
    """
    return _says_anything(config, _REGISTER) and find_settings(config)[0].register_url is not None


def names_a_key(config: Path | None) -> bool:
    """Whether the configuration names the signer's key; as `names_a_register`."""
    return _says_anything(config, _SIGNER) and find_settings(config)[0].signer is not None


def _says_anything(config: Path | None, prefix: str) -> bool:
    if _file(config) is not None:
        return True
    return any(name.upper().startswith(prefix) and value for name, value in os.environ.items())


def _file(config: Path | None) -> Path | None:
    if config is not None:
        return config
    if os.environ.get(_VARIABLE):
        return Path(os.environ[_VARIABLE])
    return Path(_USUAL) if os.path.isfile(_USUAL) else None  # noqa: PTH113 - as elsewhere
