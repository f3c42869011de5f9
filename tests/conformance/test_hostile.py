"""The hostile and edge inputs of `data/hostile`: each gets the answer that its manifest allows.

Beside attacks there are controls, so that a verifier which refuses everything fails.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import shared_data
from conformance import hostile_cases
from conformance.hostile_cases import EXAMINED, Examined, answer, read_manifest
from page_reader import assert_harmless
from testamur import build
from testamur.batch import Award
from testamur.carry import harmless_cell, safe_file_name
from testamur.completeness import (
    PROFILES,
    check,
    compare,
    comparison_page,
    named_profile,
    report_page,
)
from testamur.completeness.profile import Looks
from testamur.errors import Code, FetchError, ModelError
from testamur.fetch import check_addresses, check_url
from testamur.roster import dry_run, good_learners, open_roster
from testamur.verification import Answer, CheckName

FOLDER = "hostile"
SECONDS = 10.0
"""The manifest's own limit for one case."""

SECONDS_FOR_POISON = 1.0
"""Our gate for graphs that are made to be costly."""

MEGABYTES = 400
ROOMS_THAT_DO_NOT_EXIST = {
    "pdf": "PDF files are not read yet: there is no such room",
    "qr-text": "what a QR code says is not taken in yet: there is no such room",
}


def cases(*kinds: str) -> list[object]:
    def find() -> dict[str, Any]:
        manifest = read_manifest(shared_data.folder(FOLDER))
        return {case["id"]: case for case in manifest["cases"] if case["kind"] in kinds}

    return shared_data.params(find)


def rendered() -> list[object]:
    def find() -> dict[str, Any]:
        manifest = read_manifest(shared_data.folder(FOLDER))
        return {case["id"]: case for case in manifest["cases"] if "render" in case}

    return shared_data.params(find)


def examine(case: dict[str, Any]) -> Examined:
    folder = shared_data.folder(FOLDER)
    return hostile_cases.examine(folder, read_manifest(folder), case)


@pytest.mark.parametrize("case", cases(*EXAMINED))
def test_case_gets_an_allowed_answer_and_a_reason(case: dict[str, Any]) -> None:
    started = time.monotonic()
    report = examine(case).report
    seconds = time.monotonic() - started

    assert answer(report) in case["expect"]["allowed"], report.reason
    if answer(report) != "accept" and case["expect"]["errors_any"]:
        assert set(case["expect"]["errors_any"]) & {str(code) for code in report.codes}
    assert seconds < (SECONDS_FOR_POISON if case["category"] == "poison" else SECONDS)


@pytest.mark.parametrize("case", cases(*EXAMINED))
def test_case_makes_no_forbidden_fetch(case: dict[str, Any]) -> None:
    examined = examine(case)
    forbidden = case.get("must_not_fetch", [])
    if forbidden == "any":
        assert examined.requested == ()
    assert not set(examined.requested) & (set(forbidden) | examined.tripwires)


@pytest.mark.parametrize("case", cases(*EXAMINED))
def test_case_that_is_not_proven_shows_no_contents(case: dict[str, Any]) -> None:
    """On a bad signature nothing else is shown, since all of it may be forged."""
    report = examine(case).report
    proof = [check for check in report.checks if check.name in (CheckName.PROOF, CheckName.ISSUER)]
    if any(check.answer is Answer.FAILED for check in proof) or not proof:
        assert report.contents is None


@pytest.mark.parametrize("case", cases(*EXAMINED))
def test_case_has_what_its_manifest_asserts(case: dict[str, Any]) -> None:
    asserted = case.get("assert_", {})
    report = examine(case).report
    if asserted.get("endorsed") is False:
        assert report.check(CheckName.ENDORSEMENTS).answer is not Answer.PASSED
    if "credential_id" in asserted:
        assert report.contents is not None
        assert report.contents.id == asserted["credential_id"]
    assert asserted.keys() <= {"endorsed", "credential_id"}


def test_valid_controls_are_accepted() -> None:
    manifest = read_manifest(shared_data.folder(FOLDER))
    controls = [case for case in manifest["cases"] if case["expect"]["allowed"] == ["accept"]]
    assert len(controls) >= 5
    assert {answer(examine(case).report) for case in controls} == {"accept"}


def test_all_cases_together_stay_below_the_memory_limit() -> None:
    if not Path("/proc/self/status").is_file():
        pytest.skip("peak memory is read from /proc, which this system does not have")
    folder = shared_data.folder(FOLDER)
    limits = [
        case["limits"]["max_rss_mb"]
        for case in read_manifest(folder)["cases"]
        if "max_rss_mb" in case.get("limits", {})
    ]
    program = subprocess.run(
        [sys.executable, hostile_cases.__file__, str(folder)],
        capture_output=True,
        check=True,
        timeout=300,
    )
    peak = int(program.stdout)
    assert 0 < peak < min([*limits, MEGABYTES])


@pytest.mark.parametrize("case", cases("url"))
def test_url_is_refused_before_connecting(case: dict[str, Any]) -> None:
    text = shared_data.read_text(f"{FOLDER}/{case['file']}")
    # http is never fetched, so the same is asked of https: the scheme must not be the only reason.
    for url in (text, text.replace("http://", "https://", 1)):
        with pytest.raises(FetchError) as caught:
            check_addresses(case["dns"].get(check_url(url).host, []), url=url)
        assert caught.value.code is Code.URL_BLOCKED


@pytest.mark.parametrize("case", cases("filename"))
def test_title_makes_a_safe_file_name(case: dict[str, Any], tmp_path: Path) -> None:
    title = shared_data.read_text(f"{FOLDER}/{case['file']}")
    rules = case["filename"]
    name = safe_file_name(title, "urn:uuid:5eaa4113-9a47-5d6e-9640-1fe54ee89568", ".json")
    other = safe_file_name(title, "urn:uuid:00000000-9a47-5d6e-9640-1fe54ee89568", ".json")

    assert rules["inside_dir"]
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert len(name.encode("utf-8")) <= rules["max_bytes"]
    assert not set(rules["forbidden_chars"]) & set(name)
    assert name not in rules["not_in"]
    assert name != other
    (tmp_path / name).write_bytes(b"{}")


@pytest.mark.parametrize("case", cases("csv"))
def test_roster_is_issued_to_as_data_and_never_returned_as_formulas(
    case: dict[str, Any],
) -> None:
    path = shared_data.folder(FOLDER) / case["file"]
    award = Award.of(
        build.profile(id="did:web:uni.example", name="Example University"),
        build.achievement(id="urn:a", name="teamwork", description="d", criteria="c"),
        secret=bytes(32),
        valid_from=datetime.fromisoformat(case["now"]),
    )
    told = {"achievement": "term"}
    found = dry_run(open_roster(path, award.achievement, columns=told), award)
    wanted = case["csv"]
    assert sorted(found.faulty) == wanted.get("reject_row", [])
    assert found.broken is None
    learners = list(good_learners(open_roster(path, award.achievement, columns=told), found.faulty))
    assert len(learners) == wanted.get("rows_issued", found.rows - len(found.faulty))
    prefixes = tuple(wanted.get("export_must_prefix", ()))
    if prefixes:
        with path.open(encoding="utf-8", newline="") as file:
            names = [row["name"] for row in csv.DictReader(file)]
        assert all(name.startswith(prefixes) for name in names)
        assert [each.name for each in learners] == [name.strip() for name in names]
        assert all(harmless_cell(name) == f"'{name}" for name in names)
        assert all(harmless_cell(each.name or "")[0] == "'" for each in learners)


@pytest.mark.parametrize("case", cases(*ROOMS_THAT_DO_NOT_EXIST))
def test_case_of_a_room_that_does_not_exist(case: dict[str, Any]) -> None:
    pytest.skip(ROOMS_THAT_DO_NOT_EXIST[case["kind"]])


@pytest.mark.parametrize("case", rendered())
def test_case_is_shown_safely(case: dict[str, Any]) -> None:
    document = shared_data.read_json(f"{FOLDER}/{case['file']}")
    for profile in map(named_profile, PROFILES):
        try:
            report = check(document, profile)
        except ModelError:  # a URL that is none: then only the credential itself is looked at
            assert profile.looks_at is Looks.DESCRIPTION
            continue
        for page in (report_page([report]), comparison_page(compare([report, report]))):
            text = assert_harmless(page).text
            assert report.title.text[:4] in text
            for forbidden in case["render"]["must_not_contain"]:
                assert forbidden not in page.decode("utf-8")
    target = case["render"].get("target", "HTML")
    if target != "HTML":
        pytest.skip(f"safe in HTML; nothing is shown as {target} yet: no such room")


def test_manifest_has_no_kind_that_is_unknown_here() -> None:
    kinds = {case["kind"] for case in read_manifest(shared_data.folder(FOLDER))["cases"]}
    assert kinds == {*EXAMINED, *ROOMS_THAT_DO_NOT_EXIST, "csv", "url", "filename"}
