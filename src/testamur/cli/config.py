"""`testamur config`: what the configuration says, and whether it can be used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from testamur.cli.commands import Command, show_help
from testamur.cli.describe import Row, two_columns
from testamur.cli.exits import ExitCode
from testamur.cli.options import examples
from testamur.cli.settings_options import ConfigFile, find_settings
from testamur.cli.terminal import print_error, print_line, print_note, render

if TYPE_CHECKING:
    from testamur.settings import Settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        callback=show_help,
        invoke_without_command=True,
        help="Look at the configuration: one TOML file, which environment variables override.",
        rich_markup_mode=None,
        epilog=examples("testamur config check --config testamur.toml"),
    )
    group.command(
        "check",
        cls=Command,
        short_help="Check the configuration, and show it without secrets.",
        epilog=examples("testamur config check --config testamur.toml"),
    )(_check)
    app.add_typer(group, name="config", short_help="Look at the configuration.")


def _check(config: ConfigFile = None) -> None:
    """Check the configuration, and show what counts, without secrets.

    Files and folders that it names are looked for; nothing is opened, connected or written. Exit
    code: 0 it can be used; 3 it cannot.
    """
    settings, path = find_settings(config)
    print_line(f"Configuration  {path if path is not None else 'the environment alone'}")
    render(two_columns(_rows(settings)))
    faults, warnings = _look(settings)
    for warning in warnings:
        print_note(f"Warning: {warning}")
    for fault in faults:
        print_error(fault)
    if faults:
        raise typer.Exit(ExitCode.USAGE)
    print_line("The configuration can be used.")


def _rows(settings: Settings) -> list[Row]:
    from testamur.settings import without_password

    url = settings.register_url
    rows: list[Row] = [
        ("Register", "none" if url is None else without_password(url.get_secret_value())),
        ("Issuer", settings.issuer or "not said"),
        ("Recipients", settings.policy.recipients.value),
        ("Documents", settings.policy.documents.value),
    ]
    if settings.signer is not None:
        where = settings.signer.key_file or settings.signer.service
        rows.append(("Signer", str(where)))
    if settings.publish is not None:
        shown = settings.publish.url or "the host of the did:web"
        rows.append(("Publish", f"{settings.publish.folder}, shown at {shown}"))
    rows += [("Webhook", each.url) for each in settings.webhooks]
    return rows


def _look(settings: Settings) -> tuple[list[str], list[str]]:
    """Return what keeps the configuration from being used, and what should not be as it is."""
    from testamur.keys.key_file import exposure

    faults: list[str] = []
    secret: list[tuple[str, Path]] = []
    signer = settings.signer
    if signer is not None:
        secret += [("signer.key_file", signer.key_file)] if signer.key_file else []
        secret += [("signer.password_file", signer.password_file)] if signer.password_file else []
    secret += [
        (f"webhooks.{number}.secret_file", each.secret_file)
        for number, each in enumerate(settings.webhooks)
    ]
    warnings: list[str] = []
    for key, path in secret:
        if not path.is_file() or not os.access(path, os.R_OK):
            faults.append(f"{key}: {path} is no file that can be read here")
        elif (found := exposure(path)) is not None:
            warnings.append(found)
    faults += [
        f"webhooks.{number}.url: {each.url} is not https; a receiver on this machine may be http "
        "with allow_loopback = true"
        for number, each in enumerate(settings.webhooks)
        if not each.allow_loopback and not each.url.startswith("https://")
    ]
    folder = None if settings.publish is None else settings.publish.folder
    if folder is not None and not _is_writable(folder):
        faults.append(f"publish.folder: {folder} is no folder that can be written here")
    return faults, warnings


def _is_writable(folder: Path) -> bool:
    """Whether publishing can write there; it makes the folder, and those above it, if missing."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    return there.is_dir() and os.access(there, os.W_OK)
