"""`testamur import-badges`: an issuer's own badges of Open Badges 2.0, taken over to 3.0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.carry.file_names import safe_file_name, write_atomically
from testamur.cli.commands import add_command
from testamur.cli.exits import ExitCode
from testamur.cli.key_options import KeyChoice, open_issuer
from testamur.cli.options import Documents, Network
from testamur.cli.register_options import Recording
from testamur.cli.settings_options import names_a_register
from testamur.cli.surroundings import choose_fetcher
from testamur.cli.terminal import print_line, print_note
from testamur.errors import (
    CanonicalizationError,
    Code,
    ConfigurationError,
    InputError,
    RegisterError,
    TestamurError,
)
from testamur.loading import read_file
from testamur.model.ob3 import Profile

if TYPE_CHECKING:
    from testamur.issuer import Issuer
    from testamur.open_badges_2 import Converted, Library

__all__ = ["register"]

_REPORT = "report.jsonl"


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "import-badges",
        _import_badges,
        "Take over your own badges of Open Badges 2.0.",
        "testamur import-badges export.json --issuer profile.json --out taken-over \\",
        "    --from-issuer https://moodle.uni.example/ --unsigned",
        "testamur import-badges *.png --issuer profile.json --out taken-over \\",
        "    --from-issuer https://badgr.example/issuers/x --key issuer.pem \\",
        "    --register register.db",
    )


def _import_badges(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...",
            help="Exports of Badgr and Moodle, assertions, badge classes and issuers as JSON, and "
            "baked PNG pictures.",
        ),
    ],
    issuer: Annotated[
        Path, typer.Option(metavar="FILE", help="Your profile in Open Badges 3.0, as JSON.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the badges go.")],
    *,
    from_issuer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="The id that you had as an issuer in Open Badges 2.0, or what it begins with, "
            "ending with a slash; may be repeated. Badges of others are left out.",
        ),
    ] = None,
    addresses: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="E-mail addresses of your people, one on each line, to tell old hashes by.",
        ),
    ] = None,
    network: Network = False,
    documents: Documents = None,
    unsigned: Annotated[
        bool,
        typer.Option("--unsigned", help="Only convert them, though a register is configured."),
    ] = False,
    work: Recording,
    choice: KeyChoice,
) -> None:
    """Take over your own badges of Open Badges 2.0, and through a register issue them anew as 3.0.

    Nothing of the old badges is verified: take files from your own system only. Each is issued
    once through the register, however often the command is run. Where no register is named, they
    are converted and left unsigned.
    """
    from testamur.open_badges_2 import Library, Takeover

    recorded = _goes_through_register(work, choice, unsigned=unsigned)
    library = Library(choose_fetcher(network=network, documents=documents))
    for path in files:
        with _named(path):
            library.add(read_file(path))
    if not from_issuer:
        raise ConfigurationError(_who_may_it_be(library))
    with _named(issuer):
        profile = Profile.from_json(parse_object(read_file(issuer)))
    takeover = Takeover(
        library,
        issuer=profile,
        from_issuers=from_issuer,
        addresses=() if addresses is None else _addresses(addresses),
    )
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"cannot make {out}: {error.strerror or error}") from error
    if recorded:
        with work.open() as book:
            office = open_issuer(book, work.at, choice, issuer=str(profile.id))
            left_out = _write(takeover.convert(), out, office)
        print_note(f"Recorded in {work.at.name}")
        print_note("Nothing of the old badges was verified: they are true on your word now")
    else:
        left_out = _write(takeover.convert(), out, None)
        print_note("They are not signed, and nothing of the old badges was verified")
    if left_out:
        raise typer.Exit(ExitCode.COULD_NOT_TELL)


def _goes_through_register(work: Recording, choice: KeyChoice, *, unsigned: bool) -> bool:
    """Whether the badges are issued, or only converted.

    Raises:
        ConfigurationError: the command line asks for both, or for half of one.
    """
    named = work.at.register is not None
    if unsigned:
        if named or choice.is_named:
            raise ConfigurationError(
                "--unsigned excludes a register and a key: leave them out, or leave --unsigned out"
            )
        return False
    if named or names_a_register(work.at.config):
        return True
    if choice.is_named:
        raise ConfigurationError(
            "badges are issued through a register: name it with --register, or register_url in the "
            "configuration; or leave the key out, and they are only converted"
        )
    return False


def _write(converted: Iterator[Converted], out: Path, issuer: Issuer | None) -> int:
    """Write the badges and the report; return how many were left out."""
    lines: list[str] = []
    left_out = before = 0
    for each in converted:
        refused, name = each.refused, None
        if each.credential is not None:
            title = str(each.credential.name or "badge")
            name = safe_file_name(title, each.source, ".json")
            try:
                content, is_new = _content(each, issuer)
            except (InputError, CanonicalizationError, RegisterError) as error:
                if isinstance(error, RegisterError) and error.code is not Code.REGISTER_CONFLICT:
                    raise
                refused, name = error.message, None
            else:
                write_atomically(out / name, content)
                before += not is_new
        if refused is not None:
            left_out += 1
        lines.append(_report_line(each, refused, name))
    write_atomically(out / _REPORT, "".join(lines).encode())
    done = "taken over" if issuer is None else "issued"
    known = f", {before} issued before" if before else ""
    made = len(lines) - left_out - before
    print_line(f"{made} {done}{known}, {left_out} left out; see {out / _REPORT}")
    return left_out


def _content(each: Converted, issuer: Issuer | None) -> tuple[bytes, bool]:
    """Return what goes into the file, and whether it was not there before."""
    if each.credential is None:
        raise InputError("there is no credential")
    if issuer is None:
        return (dumps(each.credential.to_json(), indent=2) + "\n").encode(), True
    issued = issuer.issue(
        each.credential,
        key=f"Open Badges 2.0 {each.source}",
        recipient=each.recipient,
    )
    if issued.content is None:
        raise InputError("it was issued before, and the register keeps no documents")
    return issued.content, issued.is_new


def _report_line(each: Converted, refused: str | None, name: str | None) -> str:
    said: JsonObject = {"source": each.source, "file": name, "left_out": refused}
    said["findings"] = [
        {"path": finding.path, "fate": finding.fate.value, "note": finding.note}
        for finding in each.findings
    ]
    return dumps(said) + "\n"


def _who_may_it_be(library: Library) -> str:
    found: dict[str, str] = {}
    for assertion in library.assertions():
        try:
            said = library.resolve(assertion.get("badge")).get("issuer")
        except TestamurError:
            continue
        identifier = said.get("id") if isinstance(said, dict) else said
        name = said.get("name") if isinstance(said, dict) else None
        found.setdefault(str(identifier)[:160], str(name or "")[:80])
    listed = "".join(f"\n  {identifier} {name}".rstrip() for identifier, name in found.items())
    return f"say by --from-issuer who of these you are:{listed or ' nobody is named in them'}"


def _addresses(path: Path) -> list[str]:
    lines = read_file(path).decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines if "@" in line]


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the name of the file before what is wrong with it."""
    try:
        yield
    except TestamurError as error:
        raise type(error)(f"{path}: {error.message}", code=error.code) from error
