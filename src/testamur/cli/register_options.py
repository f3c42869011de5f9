"""The register: how every command names it, and who works with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from testamur.cli.options import Now
from testamur.cli.settings_options import ConfigFile, find_settings
from testamur.cli.surroundings import clock
from testamur.errors import ConfigurationError

if TYPE_CHECKING:
    from testamur.register import Clock, CredentialRecord, Register
    from testamur.settings import Settings

__all__ = [
    "AtRegister",
    "ListFile",
    "Reason",
    "ReasonAtLarge",
    "Recording",
    "RegisterName",
    "Who",
    "named_credentials",
    "records_of",
]

RegisterName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--register",
        metavar="REGISTER",
        help="The register: a file, or the URL of a database, as postgresql://user@host/name; "
        "register_url of the configuration unless given.",
    ),
]
Reason: TypeAlias = Annotated[
    str, typer.Option(metavar="TEXT", help="Why; it is recorded, and erased with the credential.")
]
ReasonAtLarge: TypeAlias = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is recorded for good: name nobody.")
]
Who: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Who does it: a person or a role; it is recorded. The actor of the configuration "
        "unless given.",
    ),
]
ListFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--list", metavar="FILE", help="A text file with one id on each line."),
]


@dataclass(frozen=True)
class AtRegister:
    """Which register, which configuration, what time.

    Attributes:
        register: a file or a URL; None: that of the configuration.
        config: the configuration's file; None: the usual one.
        now: the clock; None: the real one.
    """

    register: RegisterName = None
    config: ConfigFile = None
    now: Now = None

    @cached_property
    def settings(self) -> Settings:
        """The configuration; empty where there is none.

        Raises:
            ConfigurationError: it cannot be read, or holds what cannot be.
        """
        return find_settings(self.config)[0]

    @cached_property
    def url(self) -> str:
        """The URL of the register's database.

        Raises:
            ConfigurationError: no register is named.
        """
        if self.register is not None:
            return self.register if "://" in self.register else f"sqlite:///{self.register}"
        if self.settings.register_url is not None:
            return self.settings.register_url.get_secret_value()
        raise ConfigurationError(
            "no register is named: give --register FILE, or set register_url in the configuration "
            "(testamur.toml, or the variable TESTAMUR_REGISTER_URL)"
        )

    @property
    def name(self) -> str:
        """The register, as it may be shown."""
        from testamur.settings import without_password

        return without_password(self.url).partition("?")[0].removeprefix("sqlite:///")

    @cached_property
    def tick(self) -> Clock:
        """The clock: the current time, or always the one that --now names."""
        if self.now is None:
            return lambda: datetime.now(UTC)
        fixed = clock(self.now)
        return lambda: fixed

    def open(self, *, who: str | None = None) -> Register:
        """Open the register, which must be there.

        Raises:
            ConfigurationError: none is named, or what it needs is not installed.
            RegisterError: there is none, or it cannot be opened.
        """
        return self._opened(_register().open, who)

    def open_or_create(self, *, who: str | None = None) -> Register:
        """Open the register; where there is none, it is made. Errors as `open`."""
        file = Path(self.url.removeprefix("sqlite:///"))
        if self.url.startswith("sqlite:///") and not file.parent.is_dir():
            raise ConfigurationError(
                f"there is no folder {file.parent} to make the register {file.name} in; make it, "
                "or name another"
            )
        return self._opened(_register().open_or_create, who)

    def upgrade(self) -> str:
        """Bring the register's tables up to date, and return the version that they had.

        Raises:
            ConfigurationError: as `open`. RegisterError: there is none, or it is a newer one.
        """
        return _register().upgrade(self.url)

    def _opened(self, opening: Callable[..., Register], who: str | None) -> Register:
        settings = self.settings
        return opening(
            self.url,
            now=self.tick,
            actor=settings.actor if who is None else who,
            has_outbox=bool(settings.webhooks),
        )


@dataclass(frozen=True)
class Recording:
    """A register, and who records something in it.

    Attributes:
        at: which register.
        who: does it; None: the configuration's actor.
    """

    at: AtRegister
    who: Who = None

    def open(self) -> Register:
        """Open the register, which must be there; errors as `AtRegister.open`."""
        return self.at.open(who=self.who)


def _register() -> type[Register]:
    try:
        from testamur.register import Register
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "a register needs SQLAlchemy; install testamur[register]"
        ) from error
    return Register


def named_credentials(ids: list[str] | None, list_file: Path | None) -> list[str]:
    """Return the ids that are named: on the command line, or in a file.

    Raises:
        ConfigurationError: both or neither; the file holds none. InputError: it cannot be read.
    """
    from testamur.loading import read_file

    if bool(ids) == (list_file is not None):
        raise ConfigurationError("name the credentials: by their ids, or by a file with --list")
    if list_file is None:
        return list(ids or ())
    text = read_file(list_file).decode("utf-8-sig", "replace")
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise ConfigurationError(f"{list_file} names no credential; write one id on each line")
    return found


def records_of(book: Register, what: str) -> list[CredentialRecord]:
    """Return the credential of an id, or those of a recipient; an address counts as mailto: too."""
    found = book.credentials.find(what)
    if found is not None:
        return [found]
    records = list(book.credentials.of_recipient(what))
    if "@" in what and not what.startswith("mailto:"):
        records += book.credentials.of_recipient(f"mailto:{what}")
    return records
