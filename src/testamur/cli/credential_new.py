"""`testamur credential replace`, `renew`, `reissue`, `secure`, `endorse`: what follows one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from testamur.cli.commands import add_command
from testamur.cli.document_folder import DocumentFolder
from testamur.cli.files import write_output
from testamur.cli.key_options import KeyChoice, open_issuer
from testamur.cli.options import Force
from testamur.cli.progress import progress_bar
from testamur.cli.recorded import (
    KnownAs,
    Out,
    Recipient,
    check_free,
    read_document,
    write_issued,
)
from testamur.cli.register_options import Reason, Recording
from testamur.cli.terminal import print_line, print_note, visible
from testamur.issuing import Mechanism

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    add_command(
        group,
        "replace",
        _replace,
        "Issue a corrected credential, and revoke the old one.",
        "testamur credential replace urn:uuid:... better.json --reason name \\",
        "    --out signed.json --key issuer.pem",
    )
    add_command(
        group,
        "renew",
        _renew,
        "Issue the same credential for a further time.",
        "testamur credential renew urn:uuid:... --from 2027-06-01T00:00:00Z \\",
        "    --until 2028-06-01T00:00:00Z --out new.json --key issuer.pem",
    )
    add_command(
        group,
        "reissue",
        _reissue,
        "Issue again all that a compromised key signed.",
        "testamur credential reissue did:web:uni.example#key-1 --out again \\",
        "    --key new.pem",
    )
    add_command(
        group,
        "secure",
        _secure,
        "Sign the same credential in a further way.",
        "testamur credential secure urn:uuid:... --suite vc-jwt --out signed.jwt",
    )
    add_command(
        group,
        "endorse",
        _endorse,
        "Issue an endorsement of a credential, an achievement or an issuer.",
        "testamur credential endorse https://other.example/a/welding \\",
        '    "We recognize it." --out endorsement.json --key issuer.pem',
    )


def _replace(
    old: Annotated[str, typer.Argument(metavar="ID", help="The id of the credential.")],
    document: Annotated[
        Path, typer.Argument(metavar="FILE", help="The credential, JSON, unsigned, without status.")
    ],
    *,
    reason: Reason,
    out: Out,
    recipient: Recipient = None,
    force: Force = False,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Issue a corrected credential; the old one is revoked, and points to it in the register."""
    check_free(out, force=force)
    with work.open() as book:
        issuer = open_issuer(book, work.at, choice)
        issued = issuer.replace(old, read_document(document), reason=reason, recipient=recipient)
    write_issued(issued, work.at, out=out, force=force)


def _renew(
    old: Annotated[str, typer.Argument(metavar="ID", help="The id of the credential.")],
    *,
    begins: Annotated[
        str, typer.Option("--from", metavar="TIME", help="When the new one begins to hold.")
    ],
    ends: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="When it ends; or never."),
    ] = None,
    out: Out,
    force: Force = False,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Issue a credential that says the same for a further time; the old one runs out by itself."""
    from testamur.model.dates import parse_date_time_stamp

    check_free(out, force=force)
    with work.open() as book:
        issued = open_issuer(book, work.at, choice).renew(
            old,
            valid_from=parse_date_time_stamp(begins, path="--from"),
            valid_until=None if ends is None else parse_date_time_stamp(ends, path="--until"),
        )
    write_issued(issued, work.at, out=out, force=force)


def _reissue(
    signed_with: Annotated[
        str, typer.Argument(metavar="URL", help="The key, as did:web:uni.example#key-1.")
    ],
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder; made for you alone if missing.")
    ],
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Issue again all that a key signed and that still holds, with another key.

    Each says the same, and holds from and until when the old one did. What is withdrawn, replaced
    or has ended is left out, and so is what is suspended: run it again when that is reinstated. The
    same command goes on where an earlier run was stopped.
    """
    written = 0
    with work.open() as book:
        issuer = open_issuer(book, work.at, choice)
        folder = DocumentFolder.open(out)
        with progress_bar("credentials") as show:
            for issued in issuer.reissue(signed_with, now=work.at.tick()):
                folder.put(issued.id, issued.secured.content)
                written += 1
                show(written, None)
        key = book.keys.find(signed_with)
        signed = 0 if key is None else book.keys.count_signed(key)
    print_line(f"Done: {written} credentials say the same, signed anew, in {out}")
    if signed > written:
        print_note(
            f"It signed {signed}. The others are withdrawn, suspended, replaced, have ended, or "
            f"hold on in a renewal: testamur credential list --signed-with {signed_with}"
        )
    print_note("Publish the status lists, and hand the new credentials out")


def _secure(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The id of the credential.")],
    *,
    suite: Annotated[
        Mechanism, typer.Option(metavar="SUITE", help=f"How: {', '.join(Mechanism)}.")
    ],
    out: Out,
    force: Force = False,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Sign a credential that was issued before in a further way, as a JWT beside the JSON.

    It is the same credential: its id and its places are the same, and it is withdrawn with it.
    """
    check_free(out, force=force)
    with work.open() as book:
        secured = open_issuer(book, work.at, choice).secure_further(identifier, suite)
    write_output(out, secured.content, force=force)
    print_line(f"Done: {visible(identifier)} as {suite.value}: {out}")
    print_note(f"Recorded in {work.at.name}")


def _endorse(
    endorsed: Annotated[
        str, typer.Argument(metavar="ID", help="The id of what is endorsed, anybody's.")
    ],
    comment: Annotated[
        str | None, typer.Argument(metavar="COMMENT", help="What is said of it, in Markdown.")
    ] = None,
    *,
    ends: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="When it ends; or never."),
    ] = None,
    known_as: KnownAs = None,
    out: Out,
    force: Force = False,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Issue an endorsement, once for the same thing and the same comment.

    It begins to hold now, has its place in the status lists, and can be revoked like a credential.
    """
    from testamur.model.dates import parse_date_time_stamp

    check_free(out, force=force)
    with work.open() as book:
        issued = open_issuer(book, work.at, choice).endorse(
            endorsed,
            comment,
            valid_from=work.at.tick(),
            valid_until=None if ends is None else parse_date_time_stamp(ends, path="--until"),
            key=known_as,
        )
    write_issued(issued, work.at, out=out, force=force)
