"""`testamur webhooks`: tell other systems what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from testamur.cli.commands import add_command, new_group
from testamur.cli.exits import ExitCode
from testamur.cli.files import write_private
from testamur.cli.register_options import AtRegister
from testamur.cli.stopping import until_stopped
from testamur.cli.terminal import print_line, print_note
from testamur.errors import ConfigurationError
from testamur.loading import read_file

if TYPE_CHECKING:
    from testamur.register import Clock, Register
    from testamur.settings import WebhookSettings
    from testamur.webhooks import Poster, SendReport, Webhook

__all__ = ["register"]

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = new_group(
        "Tell other systems what happened, by webhooks (Standard Webhooks 1.0).",
        "testamur webhooks send --watch",
    )
    add_command(
        group,
        "secret",
        _secret,
        "Make a secret for a receiver.",
        "testamur webhooks secret --out lms.secret",
    )
    add_command(
        group,
        "send",
        _send,
        "Send the events that are waiting.",
        "testamur webhooks send --config testamur.toml",
        "testamur webhooks send --watch --every 10",
    )
    app.add_typer(group, name="webhooks", short_help="Tell other systems what happened.")


def _secret(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the secret goes.")],
) -> None:
    """Make a secret that you and a receiver know, readable by you alone.

    Name the file as secret_file in the configuration, and give the receiver a copy in a safe way.
    """
    from testamur.webhooks import new_secret

    write_private(out, f"{new_secret()}\n".encode())
    print_line(f"Secret  {out}")


def _send(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until it is interrupted.")] = False,
    every: Annotated[
        int,
        typer.Option(min=1, max=3600, metavar="SECONDS", help="With --watch: how often it looks."),
    ] = 5,
    at: AtRegister,
) -> None:
    """Send the events that are waiting in the register to the receivers of the configuration.

    What is not accepted is sent again, after half a minute at first and after six hours at most.
    Exit code: 0 nothing is waiting; 2 something is, and will be sent again.
    """
    from testamur.fetch import HttpPoster

    settings = at.settings
    if not settings.webhooks:
        raise ConfigurationError(
            "the configuration names no webhooks: add [[webhooks]] with url and secret_file"
        )
    hooks = [_hook(each) for each in settings.webhooks]
    origins = frozenset(
        _loopback_origin(each.url) for each in settings.webhooks if each.allow_loopback
    )
    poster = HttpPoster(loopback_origins=origins)
    with at.open() as opened, until_stopped() as stopped:
        while True:
            report = _send_all(opened, hooks, poster, at.tick)
            if report.delivered or report.failed or not watch:
                print_line(
                    f"{report.delivered} delivered, {report.failed} not accepted, "
                    f"{report.waiting} waiting"
                )
            if not watch or stopped.wait(every):
                break
    if report.waiting and not watch:
        print_note("What is waiting is sent again by the next call, when its time has come")
        raise typer.Exit(ExitCode.COULD_NOT_TELL)


def _send_all(register: Register, hooks: list[Webhook], poster: Poster, tick: Clock) -> SendReport:
    from testamur.webhooks import SendReport, send_due

    delivered = failed = 0
    while True:
        report = send_due(register, hooks, poster, now=tick)
        if not report.delivered + report.failed:
            return SendReport(delivered, failed, report.waiting)
        delivered, failed = delivered + report.delivered, failed + report.failed


def _hook(said: WebhookSettings) -> Webhook:
    from testamur.webhooks import Webhook, decode_secret

    content = read_file(said.secret_file)
    try:
        secret = decode_secret(content.decode("ascii", "replace"))
    except ConfigurationError as error:
        raise ConfigurationError(f"{said.secret_file}: {error.message}") from None
    return Webhook(said.url, secret, said.events)


def _loopback_origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACK or parts.scheme not in ("http", "https"):
        raise ConfigurationError(
            f"webhooks: allow_loopback is for URLs of this machine, as http://127.0.0.1:8000/hook, "
            f"and {url[:160]} is none; leave it out"
        )
    return f"{parts.scheme}://{parts.netloc}"
