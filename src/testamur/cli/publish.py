"""`testamur publish`: from the register to the folder that a web server serves, once or all day."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from testamur.cli.commands import Command
from testamur.cli.options import (
    KeyFile,
    Now,
    PasswordFile,
    PublicKey,
    SignerName,
    examples,
)
from testamur.cli.register_options import Who, open_register
from testamur.cli.signing import IssuerKey, IssuerSigner, open_issuer_key, signer_under
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_error, print_line, print_note
from testamur.errors import ConfigurationError, RegisterError, TestamurError
from testamur.keys import multikey

if TYPE_CHECKING:
    from testamur.publish import Published, Publisher
    from testamur.register import Register

__all__ = ["register"]

_SECONDS = 60
_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "publish",
        cls=Command,
        short_help="Publish all that an issuer hosts, from its register.",
        epilog=examples(
            "testamur publish web --register register.db --key issuer.pem",
            "testamur publish web --register postgresql://issuer@db/register \\\n"
            "      --key issuer.pem --watch",
        ),
    )(_publish)


def _publish(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Its folder `public` is served.")
    ],
    book_url: Annotated[
        str,
        typer.Option(
            "--register",
            metavar="REGISTER",
            help="The register: a file, or the URL of a database, as postgresql://user@host/name.",
        ),
    ],
    key: KeyFile = None,
    signer: SignerName = None,
    public_key: PublicKey = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where `public` is served; unless given, at the host of the issuer's did:web.",
        ),
    ] = None,
    verification_method: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Which of the issuer's keys it is; needed seldom."),
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
    agreed: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="The learner agreed to a public page of this credential."),
    ] = None,
    taken_back: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="The learner agrees to it no more."),
    ] = None,
    after_restore: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="A backup of the register was restored: take over what is published.",
        ),
    ] = None,
    who: Who = "testamur publish",
    now: Now = None,
    password_file: PasswordFile = None,
) -> None:
    """Publish all that an issuer hosts, from its register, as files for any web server.

    FOLDER/public is what the server serves: the DID document, the issuer's profile and keys,
    achievements, status lists, and the pages of learners who agreed to one. What is as it should
    be is not written again, and no reader ever sees half of anything. Do not serve FOLDER itself.
    """
    from testamur.publish import Publisher, Schedule

    if watch and now is not None:
        raise ConfigurationError("--watch goes by the real clock; leave out --now")
    opened = open_issuer_key(key, signer=signer, public_key=public_key, password_file=password_file)
    moment = clock(now)
    time: Callable[[], datetime] = (
        (lambda: moment) if now is not None else (lambda: datetime.now(UTC))
    )
    validity = timedelta(days=valid_days)
    schedule = Schedule(
        ttl=timedelta(seconds=ttl),
        renew_after=min(timedelta(days=1), validity / 3),
        valid_for=validity,
    )
    with open_register(book_url, now=now, who=who) as book:
        publisher = Publisher(
            book,
            signer=_signer(book, opened, verification_method),
            folder=folder,
            now=time,
            base_url=base_url,
            schedule=schedule,
        )
        for identifier in taken_back or ():
            book.publications.take_back(identifier)
        pages = [
            publisher.site.url(f"c/{book.publications.agree(identifier).token}/")
            for identifier in agreed or ()
        ]
        if after_restore is not None:
            print_note(f"Taken over: {publisher.recover(reason=after_restore)} places")
        if watch:
            _watch(publisher, interval)
        else:
            _say(publisher.publish(), folder)
        for page in pages:
            print_line(page)


def _signer(book: Register, key: IssuerKey, url: str | None) -> IssuerSigner:
    """Return a signer under the URL by which the register knows the key.

    Raises:
        RegisterError: it knows none, or several. SigningKeyError: the URL is none of a key.
    """
    encoded = multikey.encode_public_key(key.public_key)
    known = [
        each.verification_method
        for issuer in book.issuers.all()
        for each in book.keys.of(issuer.id)
        if each.public_key == encoded and url in (None, each.verification_method)
    ]
    if len(known) != 1:
        raise RegisterError(
            f"the key is in the register {len(known) or 'no'} times"
            + (f" as {url[:160]}" if url is not None else "")
            + "; add it, or say which it is with --verification-method"
        )
    return signer_under(key, known[0])


def _watch(publisher: Publisher, interval: int) -> None:
    """Publish until a signal ends it, between two runs."""
    from testamur.publish import watch

    stopped = Event()
    with _ended_by_signals(stopped):
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


@contextmanager
def _ended_by_signals(stopped: Event) -> Iterator[None]:
    def stop(_number: int, _frame: Any) -> None:
        stopped.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
