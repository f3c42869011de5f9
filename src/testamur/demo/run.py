"""Run the demonstration: record, issue, publish, withdraw, verify; and leave a folder behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.badge_image import badge_png, badge_svg
from testamur.carry.file_names import safe_file_name, write_atomically
from testamur.carry.png import bake_png
from testamur.carry.presentation import wallet_file
from testamur.carry.spreadsheet_cell import harmless_cell
from testamur.carry.svg import bake_svg
from testamur.demo.college import LEARNERS, NAME, Award, College
from testamur.demo.database import empty_register
from testamur.demo.microcredentials import Row, read_table, row_of
from testamur.errors import ConfigurationError
from testamur.fetch import FolderFetcher
from testamur.keys import Ed25519PrivateKey, pem
from testamur.loading import load
from testamur.model.microcredential import MicroCredential, from_open_badge
from testamur.model.ob3 import AchievementCredential
from testamur.register import Register
from testamur.register.checking import check_register
from testamur.secured import Secured
from testamur.trust import AllowList
from testamur.verification import Policy, Report, Verifier

__all__ = ["CARRIERS", "PUBLIC", "REVOKED", "SUSPENDED", "Demonstration", "Outcome", "run"]

CARRIERS = ("json", "jwt", "png", "svg")
REVOKED, SUSPENDED = 7, 16
"""numbers of the credentials that lose their standing, counted from 1"""
PUBLIC = 8
"""number of the credential whose learner agrees to a public page"""

_PNG_SIZE = 400
_MARKER = "made-by-testamur-demo.txt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one micro-credential.

    Attributes:
        award: what was issued, and to whom.
        row: what the table says.
        files: carrier → file.
        reports: carrier → what an employer is told.
        kept: whether everything the table says came back out of every carrier, and with it all
            else that was described.
    """

    award: Award
    row: Row
    files: dict[str, Path]
    reports: dict[str, Report]
    kept: bool


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What happened.

    Attributes:
        outcomes: one for each micro-credential, in the order of the table.
        register_url: of the college's register.
        published: how many files the first publication wrote.
        rewritten: the files that the withdrawals rewrote.
        again: how many came back as they were when all were asked for a second time.
        entries: of the register's audit trail, each bound to the one before.
        faults: what does not fit in the register.
    """

    outcomes: list[Outcome]
    register_url: str
    published: int
    rewritten: tuple[str, ...]
    again: int
    entries: int
    faults: tuple[str, ...]


def run(
    folder: Path,
    *,
    now: datetime,
    progress: Callable[[str, int, int], None],
    postgresql: str | None = None,
) -> Demonstration:
    """Run the demonstration and fill `folder`.

    Args:
        folder: made if it is missing; a former demonstration in it is written over.
        now: the clock, aware.
        progress: called with (what is being done, how many are done, how many in all).
        postgresql: the URL of a database for the register; None: a file in the folder.

    Raises:
        ConfigurationError: the folder holds something else, or cannot be written; the database is
            none, or holds something else.
        RegisterError: the database cannot be reached.
    """
    _prepare(folder)
    url = empty_register(folder, postgresql)
    key, rows = Ed25519PrivateKey.generate(), read_table()
    published = folder / "published"
    with Register.open_or_create(url, now=lambda: now) as register:
        college = College(register, key, published, now)
        issued: list[tuple[Award, Row, dict[str, Path]]] = []
        for row, learner in zip(rows, LEARNERS, strict=True):
            progress("issuing", len(issued), len(rows))
            award = college.award(len(issued) + 1, row, learner)
            files = _write_carriers(folder / "credentials", college, award, row)
            issued.append((award, row, files))
        progress("publishing", len(issued), len(rows))
        awards = [award for award, _, _ in issued]
        college.agree(awards[PUBLIC - 1])
        first = college.publish()
        college.withdraw(awards[REVOKED - 1], awards[SUSPENDED - 1])
        second = college.publish()
        again = sum(map(college.ask_again, awards))
        checked = check_register(register)
    _write_rest(folder, college.did, [each.embedded for each in awards], key)
    verifier = Verifier(
        now=now,
        trust=AllowList({college.did: NAME}),
        policy=Policy(),
        fetcher=FolderFetcher(published),
    )
    outcomes: list[Outcome] = []
    for award, row, files in issued:
        progress("verifying", len(outcomes), len(issued))
        outcomes.append(_examine(verifier, award, row, files))
    write_atomically(folder / "results.csv", _results(outcomes))
    return Demonstration(
        outcomes=outcomes,
        register_url=url,
        published=len(first.written),
        rewritten=second.written,
        again=again,
        entries=checked.counts["audit_trail"],
        faults=checked.faults,
    )


def _examine(verifier: Verifier, award: Award, row: Row, files: dict[str, Path]) -> Outcome:
    """Do what an employer does with each file."""
    secured = {carrier: load(file) for carrier, file in files.items()}
    return Outcome(
        award=award,
        row=row,
        files=files,
        reports={carrier: verifier.examine(each) for carrier, each in secured.items()},
        kept=row_of(award.description) == row
        and all(_described(each) == award.description for each in secured.values()),
    )


def _described(secured: Secured) -> MicroCredential:
    return from_open_badge(AchievementCredential.from_json(secured.document)).description


def _prepare(folder: Path) -> None:
    try:
        occupied = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        if occupied and not (folder / _MARKER).is_file():
            raise ConfigurationError(
                f"{folder} is there already and is no former demonstration; name another folder "
                "with --out"
            )
        for name in ("credentials", "published"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file in sorted((folder / name).rglob("*")):
                if file.is_file():
                    file.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror or error}; name another with --out"
        ) from error
    write_atomically(folder / _MARKER, b"This folder may be written over by `testamur demo`.\n")


def _write_carriers(folder: Path, college: College, award: Award, row: Row) -> dict[str, Path]:
    title = f"{award.number:02} {row.title}"
    svg = badge_svg(row.title, issuer=NAME, subtitle=row.sector)
    png = badge_png(row.title, issuer=NAME, subtitle=row.sector, size=_PNG_SIZE)
    contents = {
        "json": award.embedded.content,
        "jwt": award.token.content,
        "png": bake_png(png, award.embedded),
        "svg": bake_svg(svg, award.token),
    }
    files = {
        carrier: folder / safe_file_name(title, award.id, f".{carrier}") for carrier in contents
    }
    for carrier, file in files.items():
        write_atomically(file, contents[carrier])
    for carrier in ("png", "svg"):
        college.note_file(award, carrier, contents[carrier])
    return files


def _write_rest(folder: Path, did: str, wallet: list[Secured], key: Ed25519PrivateKey) -> None:
    write_atomically(folder / "learner-wallet.json", wallet_file(wallet))
    trusted: JsonObject = {did: NAME}
    write_atomically(folder / "trusted-issuers.json", dumps(trusted, indent=2).encode("utf-8"))
    key_file = folder / "issuer-key.pem"
    key_file.touch(mode=0o600)
    write_atomically(key_file, pem.encode_private_key(key, password=None))
    key_file.chmod(0o600)


def _results(outcomes: list[Outcome]) -> bytes:
    """One line for each credential; cells that a spreadsheet would run begin with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["number", "title", "learner", *CARRIERS, "file"])
    for outcome in outcomes:
        verdicts = [outcome.reports[carrier].verdict.value for carrier in CARRIERS]
        learner = outcome.award.learner.name
        cells = [outcome.row.title, learner, *verdicts, outcome.files["json"].name]
        writer.writerow([outcome.award.number, *(harmless_cell(cell) for cell in cells)])
    return text.getvalue().encode("utf-8")
