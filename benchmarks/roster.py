"""How long a dry run of a roster takes, and how much memory: CSV, a workbook, JSON Lines.

Run it with `python benchmarks/roster.py`. Each file is looked at in a process of its own, on one
core: key, e-mail, name, result, evidence, narrative, days. With `--faulty` every tenth row has a
fault. Opening, reading, checking and comparing the learners is all measured; writing the files is
not.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from testamur.bench.subjects import College
from testamur.roster import dry_run, open_roster

HEADINGS = (
    "key", "email", "name", "result", "evidence_url", "narrative", "awarded_date", "valid_until",
)  # fmt: skip
SUFFIXES = (".csv", ".xlsx", ".jsonl")


def main() -> None:
    """Write the files, look at each in a process of its own, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--faulty", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        look(options.one)
        return
    print(f"{'file':>8}{'MiB':>8}{'rows':>10}{'seconds':>10}{'per second':>12}{'peak MiB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in SUFFIXES:
            path = Path(folder, f"roster{suffix}")
            write(path, rows(options.rows, every=10 if options.faulty else 0))
            command = [sys.executable, __file__, "--one", str(path)]
            subprocess.run(command, check=True)  # noqa: S603


def rows(count: int, *, every: int) -> Iterator[tuple[str, ...]]:
    """Yield the cells of rows, one in so many with a grade that cannot be."""
    for number in range(count):
        grade = 999 if every and number % every == 0 else number % 101
        yield (
            f"m{number:07}", f"learner.{number}@college.example", f"Élise Learner-{number}",
            str(grade), f"https://college.example/work/{number}",
            f"Built a workpiece, number {number}, and explained it.", "2026-05-31", "2031-05-31",
        )  # fmt: skip


def write(path: Path, cells: Iterator[tuple[str, ...]]) -> None:
    """Write a roster."""
    if path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Roster")
        sheet.append(HEADINGS)
        for row in cells:
            sheet.append(row)
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            csv.writer(file).writerows([HEADINGS, *cells])
        else:
            for row in cells:
                file.write(json.dumps(dict(zip(HEADINGS, row, strict=True))) + "\n")


def look(path: Path) -> None:
    """Look at a roster, and print a line of the table."""
    award = College(0).award(0)
    started = time.perf_counter()
    found = dry_run(open_roster(path, award.achievement), award)
    seconds = time.perf_counter() - started
    # What `getrusage` says may be the parent's.
    peak = re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]
    print(
        f"{path.suffix:>8}{path.stat().st_size / 2**20:>8.1f}{found.rows:>10,}{seconds:>10.1f}"
        f"{found.rows / seconds:>12,.0f}{int(peak) // 1024:>10}   {len(found.faults):,} faults"
    )


if __name__ == "__main__":
    main()
