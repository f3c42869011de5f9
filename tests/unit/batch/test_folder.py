"""The folder of a batch: interrupted anywhere, it goes on, and every row is issued exactly once."""

from __future__ import annotations

import csv
import itertools
import json
import multiprocessing
import os
import random
import shutil
import signal
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from testamur.batch import Engine, InProcess, Learner
from testamur.batch.folder import BatchFolder, Progress, open_folder
from testamur.errors import ConfigurationError, ModelError
from testamur.issuing import Mechanism
from unit.batch import killed
from unit.batch.batches import LISTS, NOW, award, job, learner, learners

PLAN: Any = {"what": "teamwork"}


@contextmanager
def opened(path: Path, **changes: Any) -> Iterator[BatchFolder]:
    arguments = {"plan": PLAN, "now": NOW, "chunk_rows": 2, "default_rows": 1000, **changes}
    with open_folder(path, **arguments) as folder:
        yield folder


def run(
    path: Path,
    rows: Iterable[Learner],
    engine: Engine | None = None,
    mechanism: Mechanism = Mechanism.EDDSA_JCS_2022,
    **changes: Any,
) -> Progress:
    """Issue to these rows, as one run of the command does, and return how far it came."""
    with opened(path, **changes) as folder:
        made = job(
            award=award(secret=folder.journal.secret), now=folder.journal.now, mechanism=mechanism
        )
        return list(folder.issue(made, rows, engine or InProcess()))[-1]


def files(path: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(path)): each.read_bytes()
        for each in sorted(path.rglob("*"))
        if each.is_file()
    }


def keys(path: Path) -> list[str]:
    """Return the keys in the index of all parts, in their order."""
    found = []
    for part in sorted((path / "index").glob("*.csv")):
        with part.open(encoding="utf-8", newline="") as file:
            found += [row["key"] for row in csv.DictReader(file)]
    return found


def again(path: Path, rows: Iterable[Learner]) -> dict[str, bytes]:
    """Return what an uninterrupted run makes with the same journal."""
    other = path.with_name(f"{path.name}-again")
    other.mkdir()
    shutil.copy(path / "journal.json", other)
    run(other, rows)
    return files(other)


def test_folder_holds_every_row_once_with_its_place_and_its_list(tmp_path: Path) -> None:
    path = tmp_path / "out"
    assert run(path, learners(5)) == Progress(issued=5, skipped=0)
    assert keys(path) == [f"m{n}" for n in range(5)]
    parts = sorted((path / "credentials").iterdir())
    assert [each.name for each in parts] == [f"part-00000{n}.jsonl" for n in (1, 2, 3)]
    lines = [json.loads(line) for each in parts for line in each.read_bytes().splitlines()]
    rows = []
    for part in sorted((path / "index").glob("*.csv")):
        with part.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1):
        status = line["credentialStatus"]
        assert row == {
            "row": str(number),
            "key": f"m{number - 1}",
            "id": line["id"],
            "language": "",
            "revocation_list": status["statusListCredential"],
            "revocation_index": status["statusListIndex"],
        }
    (published,) = (path / "status").iterdir()
    document = json.loads(published.read_bytes())
    assert document["id"] == f"{LISTS.folder_url}{published.name}" == rows[0]["revocation_list"]
    assert document["proof"]["verificationMethod"] == "did:web:uni.example#key-1"


def test_tokens_are_one_on_each_line(tmp_path: Path) -> None:
    run(tmp_path / "out", learners(3), mechanism=Mechanism.VC_JWT)
    parts = sorted((tmp_path / "out" / "credentials").iterdir())
    assert [each.name for each in parts] == ["part-000001.jwts", "part-000002.jwts"]
    tokens = [line for each in parts for line in each.read_bytes().splitlines()]
    assert [token.count(b".") for token in tokens] == [2, 2, 2]


def test_secret_is_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "out"
    run(path, learners(1))
    if os.name == "posix":
        assert stat.S_IMODE((path / "journal.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    journal = json.loads((path / "journal.json").read_bytes())
    assert len(bytes.fromhex(journal["secret"])) == 32
    others = [content for name, content in files(path).items() if name != "journal.json"]
    assert all(journal["secret"].encode() not in content for content in others)
    run(tmp_path / "other", learners(1))
    assert json.loads((tmp_path / "other/journal.json").read_bytes())["secret"] != journal["secret"]


def test_formulas_in_keys_are_disarmed(tmp_path: Path) -> None:
    bad = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "a=1"]
    run(tmp_path / "out", [replace(learner(1), key=each) for each in bad])
    assert keys(tmp_path / "out") == ["'=1+1", "'+1", "'-1", "'@a", "'\t=1", "'\r=1", "a=1"]


def test_second_run_issues_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    run(path, learners(5))
    before = files(path)
    later = NOW.replace(year=2030)
    assert run(path, learners(5), now=later, chunk_rows=None) == Progress(issued=0, skipped=5)
    assert files(path) == before


def test_status_list_that_is_there_is_never_written_again(tmp_path: Path) -> None:
    path = tmp_path / "out"
    run(path, learners(2))
    (published,) = (path / "status").iterdir()
    published.write_bytes(b"with bits that were set")
    run(path, learners(4))
    assert published.read_bytes() == b"with bits that were set"


def test_bad_row_stops_the_run_and_a_better_one_lets_it_go_on(tmp_path: Path) -> None:
    path = tmp_path / "out"
    bad = replace(learner(3), id="no url")
    with pytest.raises(ModelError, match="row 4, id"):
        run(path, [*learners(3), bad, learner(4)])
    assert keys(path) == ["m0", "m1"]
    assert run(path, learners(5)) == Progress(issued=3, skipped=2)
    assert keys(path) == [f"m{n}" for n in range(5)]


@pytest.mark.parametrize("gone", [False, True], ids=["there", "handed out and moved away"])
def test_roster_that_changed_in_what_was_issued_is_refused(tmp_path: Path, gone: bool) -> None:
    path = tmp_path / "out"
    run(path, learners(4))
    if gone:
        (path / "credentials/part-000002.jsonl").unlink()
    before = files(path)
    rows = learners(4)
    rows[3] = replace(rows[3], name="Another")
    with pytest.raises(ConfigurationError, match=r"rows 3 to 4 of the roster"):
        run(path, rows)
    assert files(path) == before


def test_part_that_was_removed_is_made_again_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "out"
    run(path, learners(4))
    before = files(path)
    (path / "credentials/part-000001.jsonl").unlink()
    assert run(path, learners(4)) == Progress(issued=2, skipped=2)
    assert files(path) == before


def test_roster_that_became_shorter_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "out", learners(4))
    with pytest.raises(ConfigurationError, match="fewer rows"):
        run(tmp_path / "out", learners(2))


def test_rows_behind_whole_parts_are_issued(tmp_path: Path) -> None:
    run(tmp_path / "out", learners(4))
    assert run(tmp_path / "out", learners(5)) == Progress(issued=1, skipped=4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan": {"what": "else"}}, "another credential"),
        ({"chunk_rows": 3}, "2 rows in each part"),
    ],
)
def test_other_batch_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    run(tmp_path / "out", learners(2))
    with pytest.raises(ConfigurationError, match=words), opened(tmp_path / "out", **changes):
        pass


def test_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(ConfigurationError, match="not empty"), opened(tmp_path):
        pass
    with pytest.raises(ConfigurationError, match="as a folder"), opened(tmp_path / "thesis.txt"):
        pass


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version": 2}',
        b'{"version": 1, "secret": "zz"}',
        b"\xff",
        b'{"version":',
    ],
)
def test_damaged_journal_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"journal\.json"), opened(tmp_path):
        pass


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("index/part-000001.json", "missing or damaged"),
        ("credentials/part-000001.jsonl", "has been changed"),
    ],
)
def test_damaged_part_is_an_error_that_names_it(tmp_path: Path, name: str, words: str) -> None:
    run(tmp_path / "out", learners(2))
    (tmp_path / "out" / name).write_bytes(b"{")
    with pytest.raises(ConfigurationError, match=words):
        run(tmp_path / "out", learners(2))


def test_two_runs_at_once_are_refused_and_a_lock_of_the_dead_is_not(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "out"),
        pytest.raises(ConfigurationError, match="another run"),
        opened(tmp_path / "out"),
    ):
        pass
    assert (tmp_path / "out/.lock").exists()
    with opened(tmp_path / "out"):
        pass


def test_job_with_another_secret_is_a_mistake(tmp_path: Path) -> None:
    with opened(tmp_path / "out") as folder, pytest.raises(ValueError, match="another secret"):
        next(folder.issue(job(), learners(1), InProcess()))


class _PowerFailure(BaseException):
    """The machine stops between two steps."""


def test_failure_before_or_after_any_write_leaves_nothing_out_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = Path.replace
    left = 0

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise _PowerFailure

    def failing(self: Path, target: Path) -> Path:
        step()
        moved = move(self, target)
        step()
        return moved

    for failing_step in itertools.count(1):
        path = tmp_path / f"out-{failing_step}"
        left = failing_step
        monkeypatch.setattr(Path, "replace", failing)
        try:
            run(path, learners(3))
            break
        except _PowerFailure:
            monkeypatch.undo()
        assert run(path, learners(3)).issued in (0, 1, 3)
        assert files(path) == again(path, learners(3))
    # The journal, the status list, and three files for each of two parts; before and after each.
    assert failing_step == 2 * (1 + 1 + 2 * 3) + 1


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX")
def test_run_that_is_killed_at_any_moment_issues_every_row_exactly_once(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    moments = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["unit.batch.killed"])

    def start(path: Path, rows: int) -> Any:
        process = context.Process(target=killed.run, args=(path, rows))
        process.start()
        return process

    names = itertools.count()
    path, kills, rows = tmp_path / "out", 0, 24
    began = time.monotonic()
    start(tmp_path / "whole", rows).join()
    longest = time.monotonic() - began
    while kills < 20:
        process = start(path, rows)
        process.join(moments.uniform(0, longest))
        if process.exitcode is None:
            process.kill()
            kills += 1
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        if process.exitcode == 0:  # finished; begin another batch
            _require_whole(path, rows)
            path = tmp_path / f"out-{next(names)}"
    killed.run(path, rows)
    _require_whole(path, rows)


def _require_whole(path: Path, rows: int) -> None:
    assert keys(path) == [f"m{n}" for n in range(rows)]
    assert files(path) == again(path, learners(rows))
