"""The configuration, and the register that it names, as several commands take them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.surroundings import clock

if TYPE_CHECKING:
    from testamur.register import Clock, Register
    from testamur.settings import Settings

__all__ = ["ConfigFile", "RegisterUrl", "find_settings", "open_register", "register_clock"]

_VARIABLE = "TESTAMUR_CONFIG"
_USUAL = Path("testamur.toml")

ConfigFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The configuration; unless given, the file that the environment variable "
        "TESTAMUR_CONFIG names, or testamur.toml where it is in this folder.",
    ),
]
RegisterUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The register, as sqlite:///register.db or postgresql://user@host/database; "
        "register_url of the configuration unless given.",
    ),
]


def find_settings(config: Path | None) -> tuple[Settings, Path | None]:
    """Read the configuration that --config names, or the usual one; and say which file it was.

    Raises:
        ConfigurationError: it cannot be read, or holds what cannot be.
    """
    from testamur.settings import read_settings

    path = config
    if path is None and os.environ.get(_VARIABLE):
        path = Path(os.environ[_VARIABLE])
    if path is None and _USUAL.is_file():
        path = _USUAL
    return read_settings(path), path


def open_register(register: str | None, config: Path | None, now: str | None = None) -> Register:
    """Open the register that --register names, or the configuration.

    Raises:
        ConfigurationError: none is named. RegisterError: it cannot be opened.
    """
    tick = register_clock(now)
    settings, _path = find_settings(config)
    if register is None:
        return settings.open_register(now=tick)
    from testamur.register import Register

    return Register.open(
        register, now=tick, actor=settings.actor, has_outbox=bool(settings.webhooks)
    )


def register_clock(now: str | None) -> Clock:
    """Return a clock that gives the current time, or always the one that --now names."""
    fixed = None if now is None else clock(now)
    return lambda: fixed if fixed is not None else datetime.now(UTC)
