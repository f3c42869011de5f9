"""European Digital Credentials on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.example_issuer import DID, NOW, Issuer, Run, sign, write_json
from european_documents import european_credential

ROWS = [
    "  To              Zofia Żak",
    "  Credential      Data for Everyone",
    "  Awarded by      School of Data, Poland (another than the issuer, who says so)",
    "  Outcome         Reads a chart",
    "                  Asks for the source",
    "  Level           Level 6 of the European Qualifications Framework",
    "  Workload        60 hours",
    "  Credits         2 (European Credit Transfer System)",
    "  Taking part     Blended",
    "  Assessment      Project work",
    "  Supervision     Supervised with ID verification",
    "  Result          Project: 4.5",
]


@pytest.fixture
def european(run: Run, issuer: Issuer, tmp_path: Path) -> Path:
    """A signed one."""
    dates = dict.fromkeys(("issued", "issuanceDate", "validFrom"), "2026-05-01T00:00:00Z")
    unsigned = write_json(tmp_path / "unsigned.json", european_credential(DID, **dates))
    signed = tmp_path / "signed.json"
    sign(run, issuer, unsigned, signed)
    return signed


def test_what_it_says_is_shown_to_an_employer(run: Run, issuer: Issuer, european: Path) -> None:
    result = run("verify", european, "--trust", issuer.trust, "--now", NOW)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[1] == "  Genuine and current."
    assert [row for row in ROWS if row not in lines] == []


def test_it_is_read_without_a_judgement(run: Run, european: Path) -> None:
    lines = run("inspect", european).stdout.splitlines()
    assert "  Claims from     Example University" in lines
    assert [row for row in ROWS if row not in lines] == []


def test_report_has_it_for_programs(run: Run, issuer: Issuer, european: Path) -> None:
    result = run("verify", european, "--trust", issuer.trust, "--now", NOW, "--json")
    said = json.loads(result.stdout)["contents"]
    assert said["awarding_bodies"] == ["School of Data, Poland"]
    assert said["outcomes"] == ["Reads a chart", "Asks for the source"]


def test_learner_is_known_by_e_mail_address(run: Run, issuer: Issuer, european: Path) -> None:
    arguments = ("verify", european, "--trust", issuer.trust, "--now", NOW, "--email")
    assert run(*arguments, "zofia@uni.example").exit_code == 0
    assert run(*arguments, "somebody@else.example").exit_code == 1


def test_token_is_refused(run: Run, issuer: Issuer, tmp_path: Path) -> None:
    unsigned = write_json(tmp_path / "unsigned.json", european_credential(DID))
    result = run("issue", unsigned, "--key", issuer.key, "--suite", "vc-jwt")
    assert result.exit_code == 3
    assert "not made as a JWT" in " ".join(result.stderr.split())


def test_issuer_without_an_id_is_explained(run: Run, issuer: Issuer, tmp_path: Path) -> None:
    document = european_credential(DID)
    nameless = document["issuer"]
    assert isinstance(nameless, dict)
    del nameless["id"]
    unsigned = write_json(tmp_path / "unsigned.json", document)
    result = run("issue", unsigned, "--key", issuer.key)
    assert result.exit_code == 3
    assert "issuer has no id" in " ".join(result.stderr.split())
