"""Run the demonstration: issue, publish, revoke, verify, carry; and leave a folder behind."""

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
from testamur.demo.college import LEARNERS, NAME, College, Learner
from testamur.demo.microcredentials import Row, read_table, row_of
from testamur.errors import ConfigurationError
from testamur.fetch import FolderFetcher
from testamur.issuing import Mechanism
from testamur.keys import Ed25519PrivateKey, pem
from testamur.loading import load
from testamur.model.microcredential import MicroCredential, from_open_badge
from testamur.model.ob3 import AchievementCredential
from testamur.secured import Secured
from testamur.trust import AllowList
from testamur.verification import Policy, Report, Verifier

__all__ = ["CARRIERS", "REVOKED", "SUSPENDED", "Outcome", "run"]

CARRIERS = ("json", "jwt", "png", "svg")
REVOKED, SUSPENDED = 7, 16
"""numbers of the credentials that lose their standing, counted from 1"""

_PNG_SIZE = 400
_MARKER = "made-by-testamur-demo.txt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one micro-credential.

    Attributes:
        number: its place in the table, from 1.
        row: what the table says. learner: who got it.
        files: carrier → file.
        reports: carrier → what an employer is told.
        kept: whether everything the table says came back out of every carrier, and with it all
            else that was described.
    """

    number: int
    row: Row
    learner: Learner
    files: dict[str, Path]
    reports: dict[str, Report]
    kept: bool


def run(folder: Path, *, now: datetime, progress: Callable[[str, int, int], None]) -> list[Outcome]:
    """Run the demonstration and fill `folder`.

    Args:
        folder: made if it is missing; a former demonstration in it is written over.
        now: the clock, aware.
        progress: called with (what is being done, how many are done, how many in all).

    Raises:
        ConfigurationError: the folder holds something else, or cannot be written.
    """
    _prepare(folder)
    key = Ed25519PrivateKey.generate()
    college = College(key, now)
    rows = read_table()
    issued: list[tuple[Row, MicroCredential, Learner, dict[str, Path]]] = []
    indexes: list[int] = []
    wallet: list[Secured] = []
    for number, (row, learner) in enumerate(zip(rows, LEARNERS, strict=True), 1):
        progress("issuing", number, len(rows))
        credential, description, index = college.award(number, row, learner)
        embedded = college.sign(credential, Mechanism.EDDSA_RDFC_2022)
        token = college.sign(credential, Mechanism.VC_JWT)
        files = _write_carriers(folder / "credentials", number, row, embedded, token)
        issued.append((row, description, learner, files))
        indexes.append(index)
        wallet.append(embedded)
    college.set_status("revocation", indexes[REVOKED - 1])
    college.set_status("suspension", indexes[SUSPENDED - 1])
    _write_rest(folder, college, wallet, key)
    verifier = Verifier(
        now=now,
        trust=AllowList({college.did: NAME}),
        policy=Policy(),
        fetcher=FolderFetcher(folder / "published"),
    )
    outcomes: list[Outcome] = []
    for number, (row, description, learner, files) in enumerate(issued, 1):
        progress("verifying", number, len(issued))
        secured = {carrier: load(file) for carrier, file in files.items()}
        outcomes.append(
            Outcome(
                number=number,
                row=row,
                learner=learner,
                files=files,
                reports={carrier: verifier.examine(each) for carrier, each in secured.items()},
                kept=row_of(description) == row
                and all(_described(each) == description for each in secured.values()),
            )
        )
    write_atomically(folder / "results.csv", _results(outcomes))
    return outcomes


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


def _write_carriers(
    folder: Path, number: int, row: Row, embedded: Secured, token: Secured
) -> dict[str, Path]:
    title = f"{number:02} {row.title}"
    identifier = str(embedded.document["id"])
    svg = badge_svg(row.title, issuer=NAME, subtitle=row.sector)
    png = badge_png(row.title, issuer=NAME, subtitle=row.sector, size=_PNG_SIZE)
    contents = {
        "json": embedded.content,
        "jwt": token.content,
        "png": bake_png(png, embedded),
        "svg": bake_svg(svg, token),
    }
    files = {
        carrier: folder / safe_file_name(title, identifier, f".{carrier}") for carrier in contents
    }
    for carrier, file in files.items():
        write_atomically(file, contents[carrier])
    return files


def _write_rest(
    folder: Path, college: College, wallet: list[Secured], key: Ed25519PrivateKey
) -> None:
    index: JsonObject = {}
    for url, path in college.urls():
        target = folder / "published" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, college.files[path])
        index[url] = {"status": 200, "contentType": "", "file": path}
    write_atomically(folder / "published" / "index.json", dumps(index, indent=2).encode("utf-8"))
    write_atomically(folder / "learner-wallet.json", wallet_file(wallet))
    trusted: JsonObject = {college.did: NAME}
    write_atomically(folder / "trusted-issuers.json", dumps(trusted, indent=2).encode("utf-8"))
    key_file = folder / "issuer-key.pem"
    write_atomically(key_file, pem.encode_private_key(key, password=None))
    key_file.chmod(0o600)


def _results(outcomes: list[Outcome]) -> bytes:
    """One line for each credential; cells that a spreadsheet would run begin with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["number", "title", "learner", *CARRIERS, "file"])
    for outcome in outcomes:
        verdicts = [outcome.reports[carrier].verdict.value for carrier in CARRIERS]
        cells = [outcome.row.title, outcome.learner.name, *verdicts, outcome.files["json"].name]
        writer.writerow([outcome.number, *(harmless_cell(cell) for cell in cells)])
    return text.getvalue().encode("utf-8")
