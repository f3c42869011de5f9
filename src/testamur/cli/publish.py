"""`testamur publish`: from the register to the folder that a web server serves, once or all day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.cli.commands import add_command
from testamur.cli.key_options import KeyChoice, open_signer
from testamur.cli.register_options import AtRegister, Recording
from testamur.cli.stopping import until_stopped
from testamur.cli.terminal import print_error, print_line, print_note
from testamur.errors import ConfigurationError, TestamurError

if TYPE_CHECKING:
    from testamur.publish import Published, Publisher, Schedule

__all__ = ["register"]

_SECONDS = 60
_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "publish",
        _publish,
        "Publish all that an issuer hosts, from its register.",
        "testamur publish web --register register.db --key issuer.pem",
        "testamur publish --config testamur.toml --watch",
    )


def _publish(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="Its folder `public` is served; publish.folder of the configuration unless given.",
        ),
    ] = None,
    *,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where `public` is served; publish.url of the configuration, or the host of the "
            "issuer's did:web, unless given.",
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: publish what changes, renew lists in time.")
    ] = False,
    interval: Annotated[
        int, typer.Option(min=1, metavar="SECONDS", help="With --watch: between two looks.")
    ] = _SECONDS,
    ttl: Annotated[
        int,
        typer.Option(
            min=1, metavar="SECONDS", help="How long others may use copies of status lists."
        ),
    ] = 900,
    valid_days: Annotated[
        int, typer.Option(min=3, metavar="DAYS", help="How long status lists hold.")
    ] = 7,
    after_restore: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="A backup of the register was restored: take over what is published.",
        ),
    ] = None,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Publish all that an issuer hosts, from its register, as files for any web server.

    FOLDER/public is what the server serves: the DID document, the issuer's profile and keys,
    achievements, status lists, and the pages of learners who agreed to one. What is as it should
    be is not written again, and no reader ever sees half of anything. Do not serve FOLDER itself.
    """
    from testamur.publish import Publisher

    if watch and work.at.now is not None:
        raise ConfigurationError("--watch goes by the real clock; leave out --now")
    target = _folder(work.at, folder)
    with work.open() as book:
        source = choice.source(work.at.settings)
        publisher = Publisher(
            book,
            signer=open_signer(book, source, issuer=work.at.settings.issuer),
            folder=target,
            now=work.at.tick,
            base_url=_base_url(work.at, base_url),
            schedule=_schedule(ttl, valid_days),
        )
        if after_restore is not None:
            print_note(f"Taken over: {publisher.recover(reason=after_restore)} places")
        if watch:
            _watch(publisher, interval)
        else:
            _say(publisher.publish(), target)


def _folder(at: AtRegister, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    if at.settings.publish is None:
        raise ConfigurationError(
            "no folder is named: give FOLDER, or set folder in the table [publish] of the "
            "configuration"
        )
    return at.settings.publish.folder


def _base_url(at: AtRegister, base_url: str | None) -> str | None:
    if base_url is not None or at.settings.publish is None:
        return base_url
    return at.settings.publish.url


def _schedule(ttl: int, valid_days: int) -> Schedule:
    from testamur.publish import Schedule

    validity = timedelta(days=valid_days)
    return Schedule(
        ttl=timedelta(seconds=ttl),
        renew_after=min(timedelta(days=1), validity / 3),
        valid_for=validity,
    )


def _watch(publisher: Publisher, interval: int) -> None:
    """Publish until a signal ends it, between two runs."""
    from testamur.publish import watch

    with until_stopped() as stopped:
        _log("watching the register")
        for outcome in watch(publisher, lambda: not stopped.wait(interval)):
            if isinstance(outcome, TestamurError):
                print_error(f"{_time()} {outcome.message}")
            else:
                _log(_summary(outcome))
                _warn(outcome)
            if stopped.is_set():
                break
        _log("ended")


def _say(published: Published, folder: Path) -> None:
    print_line(f"{folder}: {_summary(published)}")
    _warn(published)


_NOBODYS = "c/index.html"  # the empty listing, so that servers show none of their own


def _summary(published: Published) -> str:
    """Say what was done; the names of pages are for those alone to whom they were given."""
    written = [each for each in published.written if not each.startswith("c/")]
    pages = sum(
        each.startswith("c/") and each.endswith("/index.html") and each != _NOBODYS
        for each in published.written
    )
    if not published.written and not published.removed:
        return f"up to date: {_count(published.lists, 'status list')}, {_pages(published.pages)}"
    parts = []
    if written:
        more = f" and {len(written) - _SHOWN} more" if len(written) > _SHOWN else ""
        parts.append(f"wrote {', '.join(written[:_SHOWN])}{more}")
    if pages:
        parts.append(f"wrote {_pages(pages)}")
    gone = sum(each.endswith("/index.html") for each in published.removed)
    if gone:
        parts.append(f"took down {_pages(gone)}")
    return "; ".join(parts) or "tidied up"


def _warn(published: Published) -> None:
    for url in published.elsewhere:
        print_note(f"Not in the folder, for it is hosted elsewhere: {url}")
    for url in published.late:
        print_note(f"More than half of its time had passed: {url}; run this oftener, or --watch")
    if published.without_document:
        print_note(
            f"{_pages(len(published.without_document))} cannot be made: the register does not keep "
            "the documents"
        )
    if published.are_without_png:
        print_note("Badges are SVG only; for PNG, install testamur[image]")


def _pages(number: int) -> str:
    return _count(number, "page")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _log(text: str) -> None:
    print_note(f"{_time()} {text}")


def _time() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
