"""`testamur demo`: the whole line, out and in, on real micro-credentials."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from testamur.cli.columns import Columns
from testamur.cli.commands import Command
from testamur.cli.console import render_rich
from testamur.cli.describe import two_columns
from testamur.cli.options import examples
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_line
from testamur.demo.database import sqlite_file
from testamur.demo.run import (
    CARRIERS,
    PUBLIC,
    REVOKED,
    SUSPENDED,
    Demonstration,
    Outcome,
    run,
)
from testamur.verification import Verdict

__all__ = ["register"]

_LABELS = {
    "ext:LearningOutcome": "Can now do",
    "ext:Assessment": "Assessed by",
    "ext:QualityAssurance": "Quality",
    "ext:Stackability": "Stacks",
    "ext:Cost": "Cost",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        cls=Command,
        short_help="Issue, revoke, verify and carry 44 real micro-credentials.",
        epilog=examples(
            "testamur demo",
            "testamur demo --out badges --postgresql postgresql://user@host/database",
        ),
    )(_demo)


def _demo(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder that is filled; made if missing.")
    ] = Path("demo"),
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="The clock, as 2026-06-01T00:00:00Z.")
    ] = None,
    postgresql: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Keep the register in this database, as postgresql://user@host/database; in a "
            "file unless given.",
        ),
    ] = None,
) -> None:
    """Issue, revoke, verify and carry 44 real micro-credentials, and leave the files.

    The micro-credentials are those of Cedefop (2023), CC BY 4.0. College and learners are made up.
    Nothing leaves this machine, but for a database elsewhere that --postgresql names.
    """
    with _progress() as advance:
        shown = run(out, now=clock(now), progress=advance, postgresql=postgresql)
    render_rich(*_story(out, shown))
    for purpose, command in _next(out, shown):
        print_line(f"  # {purpose}", style="dim")
        print_line(f"  {_command()} {command}")


def _story(out: Path, shown: Demonstration) -> Iterator[RenderableType | Columns]:
    outcomes = shown.outcomes
    count = len(outcomes)
    yield Text(
        f"A made-up college issued {count} micro-credentials from Cedefop's 2023 study to {count} "
        "made-up learners, published what it hosts, withdrew one and suspended another. Then an "
        "employer, who trusts the college, checked every file, with no network."
    )
    yield ""
    yield Padding(_table(outcomes), (0, 0, 0, 2))
    kept = sum(outcome.kept for outcome in outcomes)
    yield Text(
        f"All that the study says about each (sector, country, skills, assessment, cost, ...) came "
        f"back out of every file: {kept} of {count}."
    )
    yield ""
    yield Text("What the college's register knows", style="bold")
    yield two_columns(_register(shown))
    yield ""
    read = outcomes[PUBLIC - 1]
    yield Text(f"What the employer reads in number {PUBLIC:02}", style="bold")
    yield two_columns(_facts(read))
    yield ""
    yield Text(f"What is in the folder {out}", style="bold")
    yield two_columns(_folder(out, shown))
    yield ""
    yield Text("Try next", style="bold")


def _register(shown: Demonstration) -> Iterator[tuple[str, str]]:
    count = len(shown.outcomes)
    yield "Issued once", f"asked for all {count} again, it gave the same {shown.again} back"
    lists = sum(each.startswith("status/") for each in shown.rewritten)
    others = len(shown.rewritten) - lists
    rewritten = f"{lists} status lists and {f'{others} other files' if others else 'nothing else'}"
    yield "Published", f"{shown.published} files; the withdrawals then rewrote {rewritten}"
    yield "Audit trail", f"{shown.entries} entries, each bound to the one before; checked"
    for fault in shown.faults:
        yield "Fault", fault


def _table(outcomes: list[Outcome]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("Verdict")
    for carrier in CARRIERS:
        table.add_column(carrier.upper(), justify="right")
    table.add_column("Which", overflow="fold")
    which = {
        Verdict.REVOKED: f"{REVOKED:02} {outcomes[REVOKED - 1].row.title}",
        Verdict.SUSPENDED: f"{SUSPENDED:02} {outcomes[SUSPENDED - 1].row.title}",
    }
    styles = {Verdict.GENUINE: "green", Verdict.REVOKED: "red", Verdict.SUSPENDED: "yellow"}
    words = {Verdict.GENUINE: "genuine and current", Verdict.REVOKED: "withdrawn (revoked)"}
    for verdict in Verdict:
        counts = [
            sum(outcome.reports[carrier].verdict is verdict for outcome in outcomes)
            for carrier in CARRIERS
        ]
        if any(counts):
            table.add_row(
                Text(words.get(verdict, verdict.value), style=styles.get(verdict, "bold red")),
                *(str(number) for number in counts),
                Text(which.get(verdict, "")),
            )
    return table


def _facts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    report = outcome.reports["png"]
    yield "", report.headline
    contents = report.contents
    if contents is None:
        return
    yield "Issued by", f"{report.known_as} (as the employer's own list has it)"
    yield "To", contents.recipient or ""
    yield "Achievement", contents.achievement_name or ""
    for aligned in contents.alignments:
        if aligned.type in _LABELS:
            yield _LABELS[aligned.type], aligned.name


def _folder(out: Path, shown: Demonstration) -> Iterator[tuple[str, str]]:
    count = len(shown.outcomes)
    yield "credentials", f"{count * len(CARRIERS)} files: JSON, JWT, PNG, SVG for each"
    yield "published", "what the college hosts: did.json, profile, achievements, status lists"
    yield "published/public/c", f"the public page of {PUBLIC:02}, whose learner agreed to it"
    if shown.register_url.startswith("sqlite:"):
        yield sqlite_file(out).name, "the college's register, in SQLite"
    yield "learner-wallet.json", f"all {count} in one file, though of different learners"
    yield "trusted-issuers.json", "the employer's list, with one entry"
    yield "issuer-key.pem", "the college's private key, not encrypted: this is only a demo"
    yield "results.csv", "the verdict on every file"


def _next(out: Path, shown: Demonstration) -> Iterator[tuple[str, str]]:
    credentials, published = out / "credentials", out / "published"
    options = f"--trust {out / 'trusted-issuers.json'} --documents {published}"
    award = shown.outcomes[PUBLIC - 1].award
    one = f"{credentials}{os.sep}{PUBLIC:02}-*.png"
    yield "read one in full", f"verify {one} {options}"
    learner = award.learner
    yield f"is it {learner.name}'s?", f"verify {one} {options} --email {learner.email}"
    yield (
        "look at the withdrawn one",
        f"verify {credentials}{os.sep}{REVOKED:02}-*.jwt {options}",
    )
    register, key = f"--register {_register_name(out, shown)}", f"--key {out / 'issuer-key.pem'}"
    suspended = shown.outcomes[SUSPENDED - 1]
    identifier, file = suspended.award.id, f"{credentials}{os.sep}{SUSPENDED:02}-*.json"
    yield "what the register knows of the suspended one", f"credential show {identifier} {register}"
    reason = '--reason "the fee is paid"'
    yield "lift the suspension", f"credential reinstate {identifier} {reason} {register}"
    yield "publish it: one list is rewritten", f"publish {published} {key} {register}"
    yield "and verify it again", f"verify {file} {options}"
    yield "check the register", f"register check {register}"
    page = out / "completeness.html"
    yield (
        "see what the micro-credentials leave unsaid, as a page",
        f"check {credentials} --profile eu --format html --out {page} --force",
    )
    european = f"convert {file} --to elm --out {out / 'european.jsonld'} --force"
    yield "write one as a European Digital Credential", european
    yield (
        f"list the wallet file, which holds all {len(shown.outcomes)} (of different learners)",
        f"wallet list {out / 'learner-wallet.json'}",
    )


def _register_name(out: Path, shown: Demonstration) -> str:
    is_file = shown.register_url.startswith("sqlite:")
    return str(sqlite_file(out)) if is_file else shlex.quote(shown.register_url)


def _command() -> str:
    """How this user calls testamur: by its name where that is found, else by its path."""
    if shutil.which("testamur") is not None:
        return "testamur"
    script = Path(sys.argv[0])
    return str(script) if script.name == "testamur" else f"{sys.executable} -m testamur.cli"


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar while a person watches; it goes away when all is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("")

        def advance(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield advance
