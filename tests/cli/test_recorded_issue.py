"""`testamur issue` through a register: recorded, signed once, and said where."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.example_issuer import Run, write_json
from cli.registered import NOW, Desk
from registers import EMAIL
from simulator import key
from testamur.keys import multikey, pem
from testamur.keys.services import open_service_key

AS = ("--as", "award 2026/117")


def recorded(desk: Desk) -> list[Any]:
    return list(desk.office.register.credentials.all())


def test_credential_is_recorded_signed_and_written_once(either_desk: Desk) -> None:
    desk = either_desk
    out = desk.folder / "signed.json"
    code, said, err = desk.signing("issue", desk.document, "--out", out, *AS, "--who", "dean")
    assert code == 0, err
    identifier = json.loads(out.read_text())["id"]
    assert identifier in said
    assert f"as {identifier}" in err
    assert err.startswith("Recorded in ")
    (record,) = recorded(desk)
    assert (record.id, record.state) == (identifier, "issued")
    purposes = {each["statusPurpose"] for each in json.loads(out.read_text())["credentialStatus"]}
    assert purposes == {"revocation", "suspension"}
    actors = {each.actor for each in desk.office.register.trail.read(subject=identifier)}
    assert actors == {"dean"}

    first = out.read_bytes()
    code, said, err = desk.signing("issue", desk.document, "--out", out, *AS, "--force")
    assert (code, "issued before" in said) == (0, True)
    assert "Recorded before in" in err
    assert out.read_bytes() == first
    assert len(recorded(desk)) == 1


def test_result_goes_to_standard_output_whole(desk: Desk, run: Run) -> None:
    result = run("issue", desk.document, *AS, "--key", desk.key, *desk.register, NOW)
    assert result.exit_code == 0, result.output
    (record,) = recorded(desk)
    content = desk.office.register.credentials.content(record)
    assert result.stdout_bytes == content
    assert result.stderr.count("\n") == 1


def test_recipient_makes_it_the_same_award(desk: Desk) -> None:
    code, _, err = desk.signing("issue", desk.document)
    assert (code, "--recipient" in err, "--as" in err) == (3, True, True)
    assert desk.signing("issue", desk.document, "--recipient", EMAIL)[0] == 0
    assert EMAIL not in repr(recorded(desk))
    assert desk.signing("issue", desk.document, "--recipient", EMAIL)[0] == 0
    assert len(recorded(desk)) == 1


def test_configuration_names_register_and_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.configure("[policy]", 'documents = "digests"')
    monkeypatch.chdir(tmp_path)
    code, _, err = desk("issue", desk.document, "--recipient", EMAIL, "--out", "a.json", NOW)
    assert code == 0, err
    (record,) = recorded(desk)
    assert desk.office.register.credentials.content(record) is None  # as the policy says
    # Outside the register it is another signature, of which nobody knows.
    code, _, err = desk("issue", desk.document, "--unrecorded", "--out", "b.json", NOW)
    assert (code, err) == (0, "")
    assert "credentialStatus" not in json.loads((tmp_path / "b.json").read_text())
    assert len(recorded(desk)) == 1


@pytest.mark.parametrize("names_register", [True, False])
def test_environment_alone_names_register_and_key(
    desk: Desk, run: Run, *, names_register: bool
) -> None:
    named = {"TESTAMUR_SIGNER__KEY_FILE": str(desk.key)}
    if names_register:
        named["TESTAMUR_REGISTER_URL"] = desk.office.url
    options = AS if names_register else ()
    result = run("issue", desk.document, *options, NOW, env=named)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["proof"]["verificationMethod"].startswith(desk.office.id)
    assert len(recorded(desk)) == names_register


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--status-lists", "https://uni.example/s/"], "--status-lists cannot be used together"),
        (["--add-proof"], "--add-proof cannot be used together with a register"),
        (["--unrecorded"], "exclude each other"),
        (["--dry-run"], "--dry-run can be used together with --batch only"),
        (["--signer", "awskms:x"], "exclude each other"),
    ],
)
def test_options_that_exclude_each_other_are_said(desk: Desk, more: list[str], said: str) -> None:
    code, out, err = desk.signing("issue", desk.document, *AS, *more)
    assert (code, out) == (3, "")
    assert said in err
    assert recorded(desk) == []


@pytest.mark.parametrize("option", [AS, ("--recipient", EMAIL), ("--who", "dean")])
def test_options_of_a_register_need_one(desk: Desk, option: tuple[str, str]) -> None:
    code, _, err = desk("issue", desk.document, *option, "--key", desk.key)
    assert code == 3
    assert f"{option[0]} can be used together with a register only" in err


def test_no_key_is_said_with_the_ways_to_name_one(desk: Desk) -> None:
    code, _, err = desk.at("issue", desk.document, *AS)
    assert code == 3
    assert "--key" in err
    assert "[signer]" in err


def test_key_that_the_register_does_not_know_is_refused(desk: Desk, other_key: Path) -> None:
    code, _, err = desk.at("issue", desk.document, *AS, "--key", other_key)
    assert code == 3
    assert "the register does not know this key; it knows did:key:" in err
    assert "register keys add" in err


def test_credential_of_another_issuer_is_not_recorded(desk: Desk) -> None:
    document = json.loads(desk.document.read_text())
    document["issuer"]["id"] = "did:web:other.example"
    desk.document.write_text(json.dumps(document))
    code, _, err = desk.signing("issue", desk.document, *AS)
    assert (code, "sign with a key of that issuer" in err) == (3, True)
    assert recorded(desk) == []


def test_wrong_password_is_said_and_nothing_is_recorded(desk: Desk, tmp_path: Path) -> None:
    desk.key.write_bytes(pem.encode_private_key(key("office"), password=b"right"))
    password = tmp_path / "password"
    password.write_text("wrong\n")
    password.chmod(0o600)
    issue = ["issue", desk.document, *AS]
    code, _, err = desk.signing(*issue, "--password-file", password)
    assert (code, "the password is wrong" in err) == (3, True)
    code, _, err = desk.signing(*issue)
    assert (code, "TESTAMUR_KEY_PASSWORD" in err) == (3, True)
    assert recorded(desk) == []
    password.write_text("right\n")
    assert desk.signing(*issue, "--password-file", password)[0] == 0


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_key_file_of_the_configuration_that_others_can_read_is_warned_of(
    desk: Desk,
) -> None:
    desk.key.chmod(0o644)
    configuration = desk.configure()
    code, _, err = desk("issue", desk.document, *AS, "--config", configuration, NOW)
    assert code == 0
    assert f"chmod 600 {desk.key}" in err


# A whole roster


@pytest.fixture
def model(desk: Desk) -> Path:
    document = json.loads(desk.document.read_text())
    del document["id"]
    del document["credentialSubject"]["identifier"]
    return write_json(desk.folder / "model.json", document)


@pytest.fixture
def roster(desk: Desk) -> Path:
    path = desk.folder / "roster.csv"
    path.write_text(text(5), encoding="utf-8")
    return path


def text(rows: int) -> str:
    return "key,email,name\n" + "".join(f"m{n},ada.{n}@uni.example,Ada {n}\n" for n in range(rows))


def batch(desk: Desk, model: Path, roster: Path, *options: object) -> tuple[int, str, str]:
    return desk.signing("issue", model, "--batch", roster, *options)


def credentials(out: Path) -> list[dict[str, Any]]:
    parts = sorted((out / "credentials").glob("*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_bytes().splitlines()]


def files(out: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(out)): each.read_bytes()
        for each in sorted(out.rglob("*"))
        if each.is_file()
    }


@pytest.mark.parametrize("processes", ["1", "2"])
def test_roster_is_issued_once_and_the_same_command_gives_the_same_files(
    desk: Desk, model: Path, roster: Path, processes: str
) -> None:
    out = desk.folder / "class"
    options = ("--out", out, "--chunk-rows", "2", "--processes", processes)
    code, said, err = batch(desk, model, roster, *options)
    assert code == 0, err
    assert f"Issued 5 credentials into {out}" in said
    assert err.startswith("Recorded in ")
    issued = credentials(out)
    assert [each["credentialSubject"]["identifier"][0]["identityHash"] for each in issued] == [
        f"Ada {n}" for n in range(5)
    ]
    assert {each["id"] for each in issued} == {each.id for each in recorded(desk)}
    with (out / "index/part-000002.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["key"]) for row in rows] == [("3", "m2"), ("4", "m3")]
    assert [row["id"] for row in rows] == [each["id"] for each in issued[2:4]]

    before = files(out)
    code, said, _ = batch(desk, model, roster, "--out", out, "--processes", processes)
    assert (code, "5 were there already" in said) == (0, True)
    assert files(out) == before
    # What is lost of the folder comes back from the register.
    (out / "credentials/part-000001.jsonl").unlink()
    assert batch(desk, model, roster, *options)[0] == 0
    assert files(out) == before
    assert len(recorded(desk)) == 5


def test_more_rows_may_come(desk: Desk, model: Path, roster: Path) -> None:
    out = desk.folder / "class"
    assert batch(desk, model, roster, "--out", out, "--chunk-rows", "2")[0] == 0
    first = credentials(out)
    roster.write_text(text(7))
    code, said, _ = batch(desk, model, roster, "--out", out)
    assert (code, "Issued 2 credentials" in said) == (0, True)
    assert credentials(out)[:5] == first
    assert len(recorded(desk)) == 7
    roster.write_text(text(2))
    code, _, err = batch(desk, model, roster, "--out", out)
    assert (code, "has fewer rows than before" in err) == (3, True)


def test_bad_rows_are_named_first_and_left_out_when_told_so(
    desk: Desk, model: Path, roster: Path
) -> None:
    out = desk.folder / "class"
    roster.write_text(text(5).replace("ada.1@uni.example", "ada.1"))
    for more in ((), ("--dry-run",)):
        code, _, err = batch(desk, model, roster, "--out", out, *more)
        assert code == 3
        assert "row 2 (line 3), column email" in err
        assert recorded(desk) == []
    code, said, err = batch(desk, model, roster, "--out", out, "--skip-faulty")
    assert code == 0, err
    with (out / "index/part-000001.csv").open(encoding="utf-8", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["1", "3", "4", "5"]
    roster.write_text(text(5))
    code, said, _ = batch(desk, model, roster, "--out", out)
    assert (code, "Issued 1 credentials" in said) == (0, True)
    assert len(recorded(desk)) == 5


def test_good_roster_is_said_to_be_good(desk: Desk, model: Path, roster: Path) -> None:
    code, said, _ = batch(desk, model, roster, "--dry-run")
    assert (code, said) == (0, "All 5 rows are good; nothing was issued.")
    assert recorded(desk) == []


def test_cell_that_looks_like_a_formula_stays_text(desk: Desk, model: Path, roster: Path) -> None:
    out = desk.folder / "class"
    roster.write_text("key,email,name\n=1+1,ada@uni.example,Ada\n")
    assert batch(desk, model, roster, "--out", out)[0] == 0
    with (out / "index/part-000001.csv").open(encoding="utf-8", newline="") as file:
        assert [row["key"] for row in csv.DictReader(file)] == ["'=1+1"]


def test_folder_of_another_batch_is_left_alone(desk: Desk, model: Path, roster: Path) -> None:
    out = desk.folder / "class"
    assert batch(desk, model, roster, "--out", out, "--chunk-rows", "2")[0] == 0
    code, _, err = batch(desk, model, roster, "--out", out, "--chunk-rows", "3")
    assert (code, "begun with 2 rows in each part" in err) == (3, True)
    document = json.loads(model.read_text())
    write_json(model, {**document, "name": "Another"})
    roster.write_text(text(5).replace("\nm", "\nn"))
    code, _, err = batch(desk, model, roster, "--out", out)
    assert (code, "choose a new folder" in err) == (3, True)
    code, _, err = batch(desk, model, roster, "--out", desk.folder)
    assert (code, "is not empty" in err) == (3, True)


def test_key_used_for_another_content_is_named_before_anything_is_issued(
    desk: Desk, model: Path, roster: Path
) -> None:
    assert batch(desk, model, roster, "--out", desk.folder / "class")[0] == 0
    roster.write_text(text(7).replace("Ada 3", "Eve"))
    again = desk.folder / "again"
    for more in ((), ("--dry-run",)):
        code, _, err = batch(desk, model, roster, "--out", again, *more)
        assert code == 3
        assert "row 4: under its key another content was recorded before, as urn:uuid:" in err
        assert "1 of 7 rows cannot be used; nothing was issued." in err
        assert len(recorded(desk)) == 5
    assert not again.exists()
    code, said, err = batch(desk, model, roster, "--out", again, "--skip-faulty")
    assert (code, "1 of 7 rows cannot be used and are left out." in err) == (0, True)
    assert "Issued 2 credentials" in said
    with (again / "index/part-000001.csv").open(encoding="utf-8", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["1", "2", "3", "5", "6", "7"]


def test_dry_run_says_how_many_were_issued_before(desk: Desk, model: Path, roster: Path) -> None:
    assert batch(desk, model, roster, "--out", desk.folder / "class")[0] == 0
    roster.write_text(text(7))
    code, said, err = batch(desk, model, roster, "--dry-run")
    assert (code, said) == (0, "All 7 rows are good; nothing was issued.")
    assert err.startswith("5 of them were issued before")


def test_documents_that_are_not_kept_are_taken_from_the_folder(
    desk: Desk, model: Path, roster: Path
) -> None:
    configuration = desk.configure("[policy]", 'documents = "digests"')
    issue = ["issue", model, "--batch", roster, "--config", configuration, NOW, "--out"]
    out = desk.folder / "class"
    assert desk(*issue, out)[0] == 0
    before = files(out)
    assert desk(*issue, out)[0] == 0
    assert files(out) == before
    code, _, err = desk(*issue, desk.folder / "again")
    assert (code, "keeps no documents" in err) == (3, True)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_key_elsewhere_signs_in_every_process(
    desk: Desk, model: Path, roster: Path, processes: str
) -> None:
    script = desk.folder / "sign.py"
    script.write_text(
        "import sys\n"
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\n"
        f"key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex({key('office').seed.hex()!r}))\n"
        "print(key.sign(sys.stdin.buffer.read()).hex())\n"
    )
    public = multikey.encode_public_key(key("office").public_key)
    named = ["--signer", f"command:{sys.executable} {script}", "--public-key", public]
    issue = ["issue", model, "--batch", roster, "--out", desk.folder / "class"]
    code, _, err = desk.at(*issue, *named, "--processes", processes, "--chunk-rows", "2")
    open_service_key.cache_clear()
    assert code == 0, err
    assert len(credentials(desk.folder / "class")) == 5
