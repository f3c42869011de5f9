"""`testamur issue --batch`: a roster in, a folder out, and what is said on the way."""

from __future__ import annotations

import csv
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cli.example_issuer import DID, NOW, Issuer, Run, badge, write_json
from testamur.cli.batch_run import _KeyFile
from testamur.cli.signing import choose_signer, read_key
from testamur.errors import ConfigurationError

LISTS = "https://uni.example/status/"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model credential without id, recipient and dates."""
    document: Any = badge().to_json()
    for name in ("id", "validFrom", "evidence"):
        del document[name]
    del document["credentialSubject"]["identifier"]
    del document["credentialSubject"]["result"]
    return write_json(tmp_path / "model.json", document)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(text(5), encoding="utf-8")
    return path


def text(rows: int) -> str:
    return "key,email,name,result\n" + "".join(
        f"m{n},ada.{n}@uni.example,Ada {n},{'AB'[n % 2]}\n" for n in range(rows)
    )


def batch(run: Run, model: Path, roster: Path, issuer: Issuer, *options: str | Path) -> Any:
    arguments = ["issue", model, "--batch", roster, "--key", issuer.key, "--now", NOW]
    return run(*arguments, "--processes", "1", *options)


def credentials(out: Path) -> list[dict[str, Any]]:
    parts = sorted((out / "credentials").glob("*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_bytes().splitlines()]


def test_roster_becomes_a_folder_that_verifies(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ("--out", out, "--status-lists", LISTS, "--chunk-rows", "2")
    result = batch(run, model, roster, issuer, *options)
    assert result.exit_code == 0, result.output
    pattern = (
        rf"Issued  5 credentials into {re.escape(str(out))} in \d+\.\d s \([\d,]+ per second\)\n"
    )
    assert re.fullmatch(pattern, result.stdout)
    assert f"Publish the status lists in {out / 'status'} at {LISTS}" in result.stderr
    issued = credentials(out)
    subjects = [each["credentialSubject"] for each in issued]
    assert [each["identifier"][0]["identityHash"] for each in subjects] == [
        f"Ada {n}" for n in range(5)
    ]
    assert [each["result"][0]["value"] for each in subjects] == list("ABABA")
    assert {each["validFrom"] for each in issued} == {each["proof"]["created"] for each in issued}
    assert len({each["id"] for each in issued}) == 5
    index = {
        each["credentialStatus"]["statusListCredential"]: {"file": f"../out/status/{name}"}
        for each in issued
        for name in [each["credentialStatus"]["statusListCredential"].rpartition("/")[2]]
    }
    (tmp_path / "web").mkdir()
    (list_file,) = (out / "status").iterdir()
    (tmp_path / "web" / list_file.name).write_bytes(list_file.read_bytes())
    write_json(tmp_path / "web/index.json", {url: {"file": list_file.name} for url in index})
    verified = run(
        "verify", out / "credentials", "--trust", issuer.trust, "--now", NOW,
        "--documents", tmp_path / "web",
    )  # fmt: skip
    assert verified.exit_code == 0
    assert verified.stdout == "5 checked: 5 genuine.\n"


def test_same_command_again_issues_nothing_twice(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    batch(run, model, roster, issuer, "--out", out, "--chunk-rows", "2")
    before = credentials(out)
    result = batch(run, model, roster, issuer, "--out", out)
    assert result.exit_code == 0
    assert "Issued  0 credentials" in result.stdout
    assert "5 were there already" in result.stdout
    assert credentials(out) == before


def test_bad_row_is_named_before_anything_is_issued(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    roster.write_text(text(5).replace("Ada 3,B", "Ada 3,C"), encoding="utf-8")
    result = batch(run, model, roster, issuer, "--out", out, "--chunk-rows", "2")
    assert result.exit_code == 3
    bad = "error: row 4 (line 5), column result: 'C' is not an allowed value; write one of A, B"
    assert result.stderr == f"{bad}\n1 of 5 rows cannot be used; nothing was issued.\n"
    assert not out.exists()
    roster.write_text(text(5), encoding="utf-8")
    assert batch(run, model, roster, issuer, "--out", out, "--chunk-rows", "2").exit_code == 0
    with (out / "index/part-000002.csv").open(encoding="utf-8", newline="") as file:
        assert [row["key"] for row in csv.DictReader(file)] == ["m2", "m3"]
    assert len(credentials(out)) == 5


def test_changed_model_is_refused(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    batch(run, model, roster, issuer, "--out", out)
    document = json.loads(model.read_bytes())
    write_json(model, {**document, "name": "Another"})
    result = batch(run, model, roster, issuer, "--out", out)
    assert result.exit_code == 3
    assert "was begun with another credential" in result.stderr


def test_dry_run_lists_all_faults_and_issues_nothing(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    good = batch(run, model, roster, issuer, "--dry-run", "--status-lists", LISTS)
    assert (good.exit_code, good.stdout) == (0, "All 5 rows are good; nothing was issued.\n")
    bad = "m6,ada,Ada,A\nm7,ada@uni.example,Ada,C\nm8,ada@uni.example,\x1b[2J,A\n"
    roster.write_text(text(2) + bad, encoding="utf-8")
    before = set(tmp_path.iterdir())
    result = batch(run, model, roster, issuer, "--dry-run", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "row 3 (line 4), column email: is not an e-mail address" in result.stderr
    assert "row 4 (line 5), column result: 'C' is not an allowed value" in result.stderr
    assert "row 5 (line 6), column name: has the control character U+001B" in result.stderr
    assert "row 5 (line 6), column email: is that of row 4 (line 5) too" in result.stderr
    assert "3 of 5 rows cannot be used; nothing was issued." in result.stderr
    assert "\x1b" not in result.output
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--batch needs --out FOLDER"),
        (["--out", "o", "--force"], "excludes --add-proof and --force"),
        (["--out", "o", "--add-proof"], "excludes --add-proof and --force"),
        (["--out", "o", "--status-purpose", "suspension"], "need --status-lists URL"),
        (["--out", "o", "--status-lists", "http://a.example/"], "is not the URL of a folder"),
        (["--out", "o", "--status-lists", LISTS, "--status-purpose", "x"], "revocation or susp"),
        (["--out", "o", "--status-lists", LISTS, "--status-length", "8"], "131072 to"),
        (["--out", "o", "--engine", "dask=tcp://127.0.0.1:1"], "excludes --processes"),
        (["--out", "o", "--chunk-rows", "0"], "--chunk-rows"),
    ],
)
def test_options_that_cannot_be_used_are_usage_errors(
    run: Run,
    model: Path,
    roster: Path,
    issuer: Issuer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = batch(run, model, roster, issuer, *options)
    assert (result.exit_code, result.stdout) == (3, "")
    assert words in " ".join(result.stderr.split())
    assert not (tmp_path / "o").exists()


def test_batch_options_without_a_batch_are_a_usage_error(
    run: Run, unsigned: Path, issuer: Issuer
) -> None:
    result = run("issue", unsigned, "--key", issuer.key, "--dry-run", "--chunk-rows", "5")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "--chunk-rows, --dry-run can be used together with --batch only" in result.stderr


@pytest.mark.parametrize("content", ["", "key,name\n"])
def test_roster_without_rows_is_a_usage_error(
    run: Run, model: Path, roster: Path, issuer: Issuer, tmp_path: Path, content: str
) -> None:
    roster.write_text(content, encoding="utf-8")
    for options in (["--dry-run"], ["--out", str(tmp_path / "out")]):
        result = batch(run, model, roster, issuer, *options)
        assert result.exit_code == 3
        assert "no rows" in result.stderr or "is empty" in result.stderr


def test_signed_model_is_refused(
    run: Run, signed: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    result = batch(run, signed, roster, issuer, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "signed already" in result.stderr


def test_workers_of_a_cluster_read_the_key_from_their_own_disk(
    issuer: Issuer, other_key: Path
) -> None:
    key = read_key(issuer.key, password_file=None)
    signer = choose_signer(key, issuer=DID, verification_method=None)
    factory = _KeyFile(str(issuer.key), signer.verification_method, key.public_key.public_bytes)
    sent = pickle.dumps(factory)
    assert key.seed not in sent
    assert pickle.loads(sent)() == signer  # noqa: S301
    wrong = _KeyFile(str(other_key), signer.verification_method, key.public_key.public_bytes)
    with pytest.raises(ConfigurationError, match="is another key on this worker"):
        wrong()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_says_how_to_go_on_and_the_next_run_does(
    model: Path, roster: Path, issuer: Issuer, tmp_path: Path
) -> None:
    rows = 60
    roster.write_text(text(rows), encoding="utf-8")
    out = tmp_path / "out"
    command: list[str | Path] = [
        sys.executable, "-m", "testamur.cli", "issue", model, "--batch", roster,
        "--key", issuer.key, "--now", NOW, "--out", out, "--processes", "2", "--chunk-rows", "3",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        until = time.monotonic() + 60
        while not list(out.glob("credentials/*.jsonl")) and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    done = 3 * len(list(out.glob("credentials/*.jsonl")))
    assert process.returncode == 130
    assert 0 < done < rows
    assert errors.decode().startswith("Stopped. ")
    assert "run the same command again to go on." in errors.decode()
    assert b"Traceback" not in errors
    finished = subprocess.run(
        command, env=environment, capture_output=True, check=True, timeout=120
    )
    assert f"{done} were there already" in finished.stdout.decode()
    assert len({each["id"] for each in credentials(out)}) == rows


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_bar_is_shown_on_terminals_alone(
    model: Path, roster: Path, issuer: Issuer, tmp_path: Path, no_color: str
) -> None:
    command: list[str | Path] = [
        sys.executable, "-m", "testamur.cli", "issue", model, "--batch", roster,
        "--key", issuer.key, "--out", tmp_path / "out", "--processes", "1",
    ]  # fmt: skip
    ours, theirs = os.openpty()
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path),
        "NO_COLOR": no_color, "TERM": "xterm",
    }  # fmt: skip
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=60
        )
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    finally:
        os.close(ours)
    assert done.stdout.startswith(b"Issued  5 credentials")
    assert (b"5 credentials" in shown) is not bool(no_color)
    assert (b"\x1b" in shown) is not bool(no_color)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so where the other side is closed
        return b""
