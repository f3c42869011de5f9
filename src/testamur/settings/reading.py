"""The configuration, read: the file, and over it the environment; every fault with its place."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings.exceptions import SettingsError

from testamur import limits
from testamur._shown import without_password
from testamur.errors import ConfigurationError
from testamur.settings.sections import (
    PolicySettings,
    PublishSettings,
    SignerSettings,
    WebhookSettings,
)
from testamur.settings.settings import NESTED, PREFIX, Settings

__all__ = ["read_settings", "without_password"]


def read_settings(path: Path | None = None) -> Settings:
    """Read the configuration: the file, and over it the environment.

    Paths in it are those of the running process, not of the file's folder.

    Args:
        path: the TOML file; None: only the environment counts.

    Raises:
        ConfigurationError: the file cannot be read, or holds what cannot be; all faults are named,
            each with where it stands, and no value of any.
    """
    said = {} if path is None else _read_file(path)
    try:
        return Settings(**said)
    except ValidationError as error:
        faults = [_fault(each, path) for each in error.errors(include_input=False)]
        raise ConfigurationError("\n".join(faults), path=str(path) if path else None) from None
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"{PREFIX}{field[1].upper()}" if field else f"a variable of {PREFIX}…"
        raise ConfigurationError(
            f"{name} is not JSON; set single keys, as {PREFIX}SIGNER{NESTED}KEY_FILE"
        ) from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.SETTINGS_BYTES + 1)
        if len(content) > limits.SETTINGS_BYTES:
            raise ConfigurationError(f"{path} is larger than {limits.SETTINGS_BYTES} bytes")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"cannot read {path}: {error.strerror or error}; name the configuration with --config, "
            f"or set {PREFIX}CONFIG",
            path=str(path),
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8; save it so", path=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at [^)]*\)\Z", str(error))
        raise ConfigurationError(
            f'{path} is not TOML {where[0] if where else ""}: write key = "value", and [tables] '
            "behind the keys that stand in none",
            path=str(path),
        ) from None


def _fault(error: Mapping[str, Any], path: Path | None) -> str:
    location = [str(each) for each in error["loc"]]
    key = ".".join(location)
    variable = _variable(location)
    where = variable or f"{path or 'the configuration'}: {key or 'the file'}"
    if error["type"] == "extra_forbidden":
        return f"{where} is no key of the configuration; the keys there are {_keys(location[:-1])}"
    if error["type"] == "missing":
        return f"{where} is missing; set it, or leave the whole table out"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"


def _variable(location: list[str]) -> str | None:
    """Return the variable that a key was read from; None where it was not."""
    set_now = {name.upper() for name in os.environ}
    for length in range(len(location), 0, -1):
        name = f"{PREFIX}{NESTED.join(location[:length])}".upper()
        if name in set_now:
            return name
    return None


def _keys(location: list[str]) -> str:
    model: type[BaseModel] = Settings
    sections: dict[str, type[BaseModel]] = {
        "signer": SignerSettings,
        "publish": PublishSettings,
        "policy": PolicySettings,
        "webhooks": WebhookSettings,
    }
    if location:
        model = sections.get(location[0], Settings)
    return ", ".join(model.model_fields)
