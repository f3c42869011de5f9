"""`testamur verify`: answers, exit codes, and what is shown of a credential."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.example_issuer import DID, NOW, Issuer, Run, badge, sign, write_json
from testamur import build
from testamur.cli.describe import contents_rows
from testamur.demo.microcredentials import describe, read_table
from testamur.errors import Code, FetchError
from testamur.model.microcredential import Address, Learner, Organisation
from testamur.model.ob3 import BitstringStatusListEntry
from testamur.protocols import Fetched
from testamur.verification.contents import read_contents
from testamur.verification.report import Aligned

LATER = "2027-01-01T00:00:00Z"
BEFORE = "2025-01-01T00:00:00Z"


def tampered(path: Path) -> Path:
    other = path.with_name("tampered.json")
    other.write_bytes(path.read_bytes().replace(b"Works well", b"Works hard"))
    return other


def test_genuine_credential_of_a_known_issuer(run: Run, issuer: Issuer, signed: Path) -> None:
    result = run("verify", signed, "--trust", issuer.trust, "--now", NOW)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:2] == [str(signed), "  Genuine and current."]
    for expected in (
        "Issued by       Example University (the name in your list of trusted issuers)",
        f"Issuer's id     {DID}",
        "                calls itself: Any Name It Likes",
        "Credential      Teamwork",
        "Kind            MicroCredential",
        "Description     Works well in a team.",
        "Criteria        Nominated by peers.",
        "Credits         2.5",
        "Language        en",
        "Valid from      2026-01-01T00:00:00Z",
        "Valid until     no expiry date",
        "Result          Grade: A",
        "Evidence        Essay",
    ):
        assert f"  {expected}" in lines
    assert "  Aligned with    EQF level 6 (European Qualifications Framework (EQF))" in lines
    assert any(line.split()[:3] == ["passed", "proof", "The"] for line in lines)
    assert any(line.strip().startswith("not applicable   status") for line in lines)


def test_the_known_name_comes_before_what_the_issuer_calls_itself(
    run: Run, issuer: Issuer, signed: Path
) -> None:
    shown = run("verify", signed, "--trust", issuer.trust, "--now", NOW).stdout
    assert shown.index("Example University") < shown.index("Any Name It Likes")
    unknown = run("verify", signed, "--now", NOW).stdout
    assert "Issued by       somebody who is not in your list" in unknown
    assert "calls itself: Any Name It Likes" in unknown


def test_unknown_issuer_could_not_be_told(run: Run, signed: Path) -> None:
    result = run("verify", signed, "--now", NOW)
    assert result.exit_code == 2
    assert "Genuine signature, but we do not know this issuer." in result.stdout


def test_any_issuer_is_accepted_only_by_its_unsafe_name(run: Run, signed: Path) -> None:
    assert run("verify", signed, "--now", NOW, "--any-issuer").exit_code == 3
    assert run("verify", signed, "--now", NOW, "--unsafe-any-issuer").exit_code == 0


def test_changed_credential_is_not_genuine_and_nothing_of_it_is_shown(
    run: Run, issuer: Issuer, signed: Path
) -> None:
    result = run("verify", tampered(signed), "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 1
    assert "Not genuine; do not rely on it." in result.stdout
    assert "What it says" not in result.stdout
    assert "Teamwork" not in result.stdout


def test_credential_is_not_good_before_and_after_its_time(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    ending = badge(valid_until=datetime(2026, 12, 31, tzinfo=UTC))
    signed = tmp_path / "ending.json"
    sign(run, issuer, write_json(tmp_path / "u.json", ending.to_json()), signed)
    for now, code, words in (
        (NOW, 0, "Genuine and current."),
        (LATER, 1, "Genuine, but expired."),
        (BEFORE, 1, "Genuine, but not valid yet."),
    ):
        result = run("verify", signed, "--trust", issuer.trust, "--now", now)
        assert result.exit_code == code
        assert words in result.stdout


def test_recipient_is_compared_when_asked(run: Run, issuer: Issuer, signed: Path) -> None:
    common = ("verify", signed, "--trust", issuer.trust, "--now", NOW)
    assert run(*common, "--email", "ada@uni.example").exit_code == 0
    other = run(*common, "--email", "eve@uni.example")
    assert other.exit_code == 1
    assert "Genuine, but not about this person." in other.stdout
    assert run(*common, "--recipient", "did:example:eve").exit_code == 1


def test_status_that_may_not_be_fetched_could_not_be_told_and_names_the_options(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    entry = BitstringStatusListEntry(
        status_purpose="revocation",
        status_list_index="5",
        status_list_credential="https://uni.example/revocations",
    )
    signed = tmp_path / "status.json"
    sign(run, issuer, write_json(tmp_path / "u.json", badge(status=(entry,)).to_json()), signed)
    result = run("verify", signed, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 2
    assert "--network or --documents DIR" in " ".join(result.stdout.split())


def test_report_as_json_is_one_object(run: Run, issuer: Issuer, signed: Path) -> None:
    result = run("verify", signed, "--trust", issuer.trust, "--now", NOW, "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["source"] == str(signed)
    assert report["verdict"] == "genuine"
    assert report["known_as"] == "Example University"
    assert report["checked_at"] == NOW
    assert report["contents"]["achievement_name"] == "Teamwork"


def test_several_reports_as_json_are_an_array_in_order(
    run: Run, issuer: Issuer, signed: Path
) -> None:
    sources = [tampered(signed), signed]
    result = run("verify", *sources, "--trust", issuer.trust, "--now", NOW, "--json")
    reports = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [each["source"] for each in reports] == [str(each) for each in sources]
    assert [each["verdict"] for each in reports] == ["not genuine", "genuine"]


def test_several_sources_give_a_line_each_and_counts(
    run: Run, issuer: Issuer, signed: Path
) -> None:
    junk = signed.with_name("junk\x1b[2J\n.json")
    junk.write_text("{}", encoding="utf-8")
    result = run("verify", signed, tampered(signed), junk, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 1
    first, second, third, blank, counts = result.stdout.splitlines()
    assert first.startswith("genuine ")
    assert str(signed) in first
    assert second.startswith("not genuine ")
    assert r"junk\x1b[2J\n.json" in third
    assert blank == ""
    assert counts == "3 checked: 1 genuine, 2 not genuine."


def test_a_missing_file_among_several_does_not_hide_the_others(
    run: Run, issuer: Issuer, signed: Path
) -> None:
    result = run("verify", "nowhere.json", signed, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 3
    assert "error: nowhere.json cannot be read" in result.stderr
    assert "1 checked: 1 genuine." in result.stdout


def test_quiet_says_nothing_but_the_exit_code(run: Run, issuer: Issuer, signed: Path) -> None:
    result = run("verify", signed, "--trust", issuer.trust, "--now", NOW, "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    result = run("verify", tampered(signed), "--quiet")
    assert (result.exit_code, result.output) == (1, "")


@pytest.mark.parametrize("content", [b"", b"{", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"a.b.c"])
def test_unreadable_credential_is_a_failed_check(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "junk"
    path.write_bytes(content)
    result = run("verify", path, "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["checks"][0]["name"] == "parse"
    assert report["checks"][0]["answer"] == "failed"


def test_files_that_cannot_be_opened_are_usage_errors(run: Run, tmp_path: Path) -> None:
    result = run("verify", tmp_path / "nowhere")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"error: {tmp_path / 'nowhere'} cannot be read")


@pytest.mark.parametrize(
    "options",
    [
        ["--now", "2026-06-01"],
        ["--trust", "nowhere.yaml"],
        ["--documents", "nowhere"],
        ["--documents", ".", "--network"],
        ["--trust", "nowhere.yaml", "--unsafe-any-issuer"],
    ],
)
def test_options_that_cannot_be_used_are_usage_errors(
    run: Run, signed: Path, options: list[str]
) -> None:
    result = run("verify", signed, *options)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"a: [", b"\xff\xfe\x00", b"- did:key:x", b'{"did:x": 1}']
)
def test_trust_list_that_cannot_be_read_says_what_to_write(
    run: Run, signed: Path, tmp_path: Path, content: bytes
) -> None:
    trust = tmp_path / "bad"
    trust.write_bytes(content)
    result = run("verify", signed, "--trust", trust)
    assert result.exit_code == 3
    assert "Example University" in result.stderr
    assert result.stderr.startswith(f"error: {trust}: ")


def test_several_trust_lists_count_together(
    run: Run, issuer: Issuer, signed: Path, tmp_path: Path
) -> None:
    other = write_json(tmp_path / "other.json", {"did:web:else.example": "Elsewhere"})
    again = write_json(tmp_path / "again.json", {DID: "Another Name"})
    result = run(
        "verify", signed, "--now", NOW, "--json",
        "--trust", other, "--trust", issuer.trust, "--trust", again,
    )  # fmt: skip
    assert result.exit_code == 0
    assert json.loads(result.stdout)["known_as"] == "Example University"


def test_url_is_not_fetched_unless_allowed(run: Run) -> None:
    result = run("verify", "https://uni.example/badge.json")
    assert result.exit_code == 3
    assert "--network or --documents DIR" in result.stderr


def test_url_is_answered_from_the_folder(
    run: Run, issuer: Issuer, signed: Path, tmp_path: Path
) -> None:
    write_json(
        tmp_path / "index.json", {"https://uni.example/badge": {"file": signed.name, "status": 200}}
    )
    common = ("--documents", tmp_path, "--trust", issuer.trust, "--now", NOW)
    assert run("verify", "https://uni.example/badge", *common).exit_code == 0
    missing = run("verify", "https://uni.example/other", *common)
    assert missing.exit_code == 3
    assert "https://uni.example/other" in missing.stderr


def test_url_is_fetched_over_the_network_when_allowed(
    run: Run, issuer: Issuer, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = signed.read_bytes()

    class Web:
        def fetch(self, url: str, *, max_bytes: int) -> Fetched:
            if not url.startswith("https://uni.example/"):
                raise FetchError(f"{url} must not be fetched", code=Code.URL_BLOCKED)
            return Fetched(url=url, content=content[:max_bytes])

    monkeypatch.setattr("testamur.fetch.HttpFetcher", Web)
    common = ("--network", "--trust", issuer.trust, "--now", NOW)
    assert run("verify", "https://uni.example/badge", *common).exit_code == 0
    refused = run("verify", "http://169.254.169.254/", *common)
    assert refused.exit_code == 3
    assert "must not be fetched" in refused.stderr


def test_strict_claims_refuse_a_jwt_without_them(
    run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path
) -> None:
    token = tmp_path / "badge.jwt"
    sign(run, issuer, unsigned, token, "--suite", "vc-jwt")
    common = ("verify", token, "--trust", issuer.trust, "--now", NOW)
    assert run(*common, "--strict-claims").exit_code == 0


def test_presentation_shows_each_credential(
    run: Run, issuer: Issuer, signed: Path, tmp_path: Path
) -> None:
    wallet = tmp_path / "wallet.json"
    run("wallet", "add", wallet, signed)
    result = run("verify", wallet, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 0
    assert "Credential 1 of 1 in it" in result.stdout
    assert "Teamwork" in result.stdout
    asked = run(
        "verify", wallet, "--trust", issuer.trust, "--now", NOW, "--challenge", "c", "--domain", "d"
    )
    assert asked.exit_code == 1


@pytest.mark.parametrize(
    ("type_", "code", "facts"),
    [
        ("ext:AssessmentType", "study", "(Cedefop 2023)"),
        ("ext:AssessmentType", "A1", "(Cedefop 2023, A1)"),
        ("CFItem", "Case study", "(Cedefop 2023, CFItem)"),
        (None, None, "(Cedefop 2023)"),
    ],
)
def test_alignment_shows_no_made_up_type_and_no_code_that_its_name_repeats(
    type_: str | None, code: str | None, facts: str
) -> None:
    aligned = Aligned(
        name="Case study", url="https://u.example/", framework="Cedefop 2023", type=type_, code=code
    )
    rows = dict(contents_rows(replace(read_contents({}), alignments=(aligned,))))
    assert rows["Aligned with"] == f"Case study {facts}\nhttps://u.example/"


def test_what_is_for_programs_is_not_shown_to_people(
    run: Run, issuer: Issuer, tmp_path: Path
) -> None:
    """The description in a badge stands in alignments, as JSON where they have no other place."""
    described = describe(
        read_table()[7],
        id="https://uni.example/achievements/8",
        provider_id="https://uni.example/providers/8",
        issuer=Organisation(
            id=DID, name={"en": "Example University"}, address=Address(country="IE")
        ),
        learner=Learner(full_name="Ada Nowak"),
        issued=datetime(2026, 1, 1, tzinfo=UTC),
    )
    unsigned = write_json(tmp_path / "unsigned.json", build.open_badge(described).to_json())
    signed = tmp_path / "signed.json"
    sign(run, issuer, unsigned, signed)
    shown = run("verify", signed, "--trust", issuer.trust, "--now", NOW).stdout
    assert "CNC milling, turning, programming, etc (Learning outcome)" in shown
    assert "EUR 4 368 (Cost)" in shown
    assert "{" not in shown
