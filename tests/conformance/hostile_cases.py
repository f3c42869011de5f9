"""The cases of `data/hostile`: read from their manifest, and examined as it asks.

Run as a program it examines every case and prints its own peak memory, in megabytes: memory is
measured in a process that does nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from testamur.fetch import FolderFetcher
from testamur.trust import AllowList
from testamur.verification import Policy, Report, Verdict, Verifier

__all__ = ["EXAMINED", "Examined", "answer", "examine", "read_manifest"]

EXAMINED = ("ldp-json", "jwt", "png", "svg", "vp-json")
"""The kinds that a verifier takes in."""

_ANSWERS = {
    Verdict.GENUINE: "accept",
    Verdict.GENUINE_WITH_REMARKS: "warn",
    Verdict.UNKNOWN_ISSUER: "warn",
    Verdict.UNFINISHED: "warn",
}
"""Every other verdict is "reject"."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a case.

    Attributes:
        report: the report. requested: the URLs that were asked for. tripwires: those that must not.
    """

    report: Report
    requested: tuple[str, ...]
    tripwires: frozenset[str]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder of hostile cases."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return manifest


def examine(folder: Path, manifest: dict[str, Any], case: dict[str, Any]) -> Examined:
    """Examine one case at its clock, with the manifest's trust list and documents."""
    fetcher = FolderFetcher(folder / "documents")
    index = json.loads((folder / "documents" / "index.json").read_bytes())
    options = case.get("options", {})
    verifier = Verifier(
        now=datetime.fromisoformat(case["now"]),
        trust=AllowList(manifest["config"]["trusted_issuers"]),
        policy=Policy(challenge=options.get("challenge"), domain=options.get("domain")),
        fetcher=fetcher,
    )
    report = verifier.examine((folder / case["file"]).read_bytes())
    return Examined(
        report=report,
        requested=tuple(fetcher.requested),
        tripwires=frozenset(url for url, each in index.items() if each.get("tripwire")),
    )


def answer(report: Report) -> str:
    """Return the manifest's word for a verdict: accept, warn or reject."""
    return _ANSWERS.get(report.verdict, "reject")


def _peak_megabytes() -> int:
    """The process's peak resident memory. `getrusage` would count its parent's, too."""
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) // 1024 if match else 0


def _main(folder: Path) -> None:
    manifest = read_manifest(folder)
    for case in manifest["cases"]:
        if case["kind"] in EXAMINED:
            examine(folder, manifest, case)
    sys.stdout.write(str(_peak_megabytes()))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
