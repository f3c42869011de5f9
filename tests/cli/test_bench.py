"""`testamur bench`: what it prints; how fast this machine is, is no matter here."""

from __future__ import annotations

import json

import pytest

from cli.example_issuer import Run
from testamur.bench.measure import Figure, StatusFigures, measure_status
from testamur.bench.subjects import NOW, College, mixed_stream
from testamur.cli import bench
from testamur.fetch import MemoryFetcher
from testamur.trust import AllowList
from testamur.verification import Verdict, Verifier

FIGURES = [
    Figure("raw Ed25519", "issue", 40_000.0, 1.0),
    Figure("raw Ed25519", "verify", 12_000.0, 1.0),
    Figure("vc-jwt, in batch", "issue", 20_000.4, 0.5),
    Figure("mixed", "verify", 2_000.0, 1 / 6),
]


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "measure", lambda **_: FIGURES)
    monkeypatch.setattr(bench, "measure_status", lambda: StatusFigures(0.001, 2.5, 3.5, 0.01))


def test_table_gives_rates_and_their_share_of_the_limit(run: Run) -> None:
    done = run("bench")
    assert done.exit_code == 0
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["raw", "Ed25519", "40,000", "12,000"] in rows
    assert ["vc-jwt,", "in", "batch", "20,000", "50.0%"] in rows
    assert ["mixed", "2,000", "16.7%"] in rows


def test_json_holds_every_figure(run: Run) -> None:
    found = json.loads(run("bench", "--rounds", "3", "--json").stdout)
    assert found["rounds"] == 3
    assert found["figures"][2] == {
        "name": "vc-jwt, in batch",
        "line": "issue",
        "per_second": 20_000.4,
        "of_limit": 0.5,
    }
    assert found["statusListMilliseconds"]["publish"] == 2.5


def test_number_of_rounds_is_at_least_one(run: Run) -> None:
    assert run("bench", "--rounds", "0").exit_code == 3


def test_credentials_of_the_mixed_stream_are_genuine_and_of_every_kind() -> None:
    stream = list(mixed_stream(2, 4, 2))
    lists = dict(College(number).status_list() for number in range(2))
    verifier = Verifier(
        now=NOW,
        trust=AllowList({College(n).signer.controller: "College" for n in range(2)}),
        fetcher=MemoryFetcher(lists),
    )
    assert len({content for _, content in stream}) == 16
    reports = [verifier.examine(content) for _, content in stream]
    assert {report.verdict for report in reports} == {Verdict.GENUINE}
    assert {report.securing for report in reports} == {"data-integrity", "vc-jwt"}


def test_status_list_that_is_measured_says_what_was_set() -> None:
    found = measure_status(rounds=1)
    assert min(found.set, found.publish, found.first_check) > 0
