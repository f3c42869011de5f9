"""`testamur credential agree` and `disagree`: whether a learner's credential has a public page."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from testamur.cli.commands import add_command
from testamur.cli.register_options import Recording
from testamur.cli.terminal import print_line, print_note, visible
from testamur.errors import Code, RegisterError

__all__ = ["register"]

_Ids: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Ids of the learner's credentials.")
]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    for name, command, in_short in (
        ("agree", _agree, "The learner agrees to a public page."),
        ("disagree", _disagree, "The learner agrees to a public page no more."),
    ):
        example = f'testamur credential {name} urn:uuid:... --who "Ada Nowak, by mail"'
        add_command(group, name, command, in_short, example)


def _agree(
    ids: _Ids,
    *,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where what you publish is served; publish.url of the configuration, or the host "
            "of the issuer's did:web, unless given.",
        ),
    ] = None,
    work: Recording,
) -> None:
    """Record that the learner agreed to a public page, and print its address, for them alone.

    The page is there when the issuer publishes next. No key is needed.
    """
    from testamur.publish.site import Site, default_base_url

    said = work.at.settings.publish
    base = base_url if base_url is not None or said is None else said.url
    with work.open() as book:
        for identifier in ids:
            record = book.credentials.find(identifier)
            if record is None:
                raise RegisterError(
                    f"no credential {identifier[:160]!r} is in the register; look for it with "
                    "`testamur credential show RECIPIENT`",
                    code=Code.REGISTER_UNKNOWN,
                )
            site = Site(base if base is not None else default_base_url(record.issuer))
            print_line(site.url(f"c/{book.publications.agree(identifier).token}/"))
    print_note("The page is there when you publish next: testamur publish")


def _disagree(ids: _Ids, work: Recording) -> None:
    """Record that the learner agrees no more: the page goes when the issuer publishes next.

    Its address is never used again.
    """
    with work.open() as book:
        for identifier in ids:
            known = book.publications.take_back(identifier)
            said = "has no page any more" if known else "had none"
            print_line(f"Done: {visible(identifier)} {said}")
    print_note("The page goes when you publish next: testamur publish")
