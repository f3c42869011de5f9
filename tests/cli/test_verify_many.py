"""`testamur verify` of folders and lines: all are counted, and what is not genuine is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.example_issuer import NOW, Issuer, Run
from testamur import limits
from testamur.cli.files import is_stream
from testamur.cli.sources import Item, Sources


@pytest.fixture
def line(signed: Path) -> bytes:
    """A genuine credential on one line."""
    content = signed.read_bytes()
    assert b"\n" not in content
    return content


@pytest.fixture
def stream(tmp_path: Path, line: bytes) -> Path:
    """Three genuine ones, one that was changed, junk, and empty lines between them."""
    path = tmp_path / "many.jsonl"
    changed = line.replace(b"Teamwork", b"Welding!")
    path.write_bytes(b"\n".join([line, b"", line, changed, b"{junk", b"  ", line]) + b"\n")
    return path


def test_lines_are_counted_and_those_not_genuine_named_with_their_place(
    run: Run, issuer: Issuer, stream: Path
) -> None:
    result = run("verify", stream, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 1
    listed, summary = result.stdout.split("\n\n")
    lines = listed.splitlines()
    assert [each.split("  ")[0] for each in lines] == ["not genuine", "not valid"]
    assert f"{stream}:4  The signature does not fit" in lines[0]
    assert f"{stream}:5  " in lines[1]
    assert summary == "5 checked: 3 genuine, 1 not valid, 1 not genuine.\n"
    assert "per second" in result.stderr


def test_genuine_ones_alone_end_with_0(
    run: Run, issuer: Issuer, tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "good.ndjson"
    path.write_bytes(line + b"\r\n" + line)
    result = run("verify", path, "--trust", issuer.trust, "--now", NOW)
    assert (result.exit_code, result.stdout) == (0, "2 checked: 2 genuine.\n")
    stranger = run("verify", path, "--now", NOW)
    assert stranger.exit_code == 2
    assert "2 checked: 2 unknown issuer." in stranger.stdout


def test_json_is_one_object_on_each_line(run: Run, issuer: Issuer, stream: Path) -> None:
    result = run("verify", stream, "--trust", issuer.trust, "--now", NOW, "--json")
    reports = [json.loads(each) for each in result.stdout.splitlines()]
    assert [each["source"] for each in reports] == [f"{stream}:{n}" for n in (1, 3, 4, 5, 7)]
    assert [each["verdict"] for each in reports] == [
        "genuine", "genuine", "not genuine", "not valid", "genuine",
    ]  # fmt: skip
    alone = run("verify", "-", "--trust", issuer.trust, "--now", NOW, "--json",
                input=stream.read_bytes().splitlines()[0])  # fmt: skip
    assert {**reports[0], "source": "-"} == json.loads(alone.stdout)
    assert result.exit_code == 1


def test_quiet_prints_nothing(run: Run, issuer: Issuer, stream: Path) -> None:
    result = run("verify", stream, "--trust", issuer.trust, "--now", NOW, "--quiet")
    assert (result.exit_code, result.output) == (1, "")


def test_lines_come_from_standard_input_with_lines(run: Run, issuer: Issuer, line: bytes) -> None:
    result = run(
        "verify", "-", "--lines", "--trust", issuer.trust, "--now", NOW, input=line + b"\n" + line
    )
    assert (result.exit_code, result.stdout) == (0, "2 checked: 2 genuine.\n")


def test_folder_is_walked_in_order_and_other_files_are_passed_over(
    run: Run, issuer: Issuer, tmp_path: Path, line: bytes
) -> None:
    folder = tmp_path / "backlog"
    (folder / "b").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "b/two.JSON").write_bytes(line)
    (folder / "a.jsonl").write_bytes(line + b"\n" + line)
    (folder / "c.json").write_bytes(b"{}")
    (folder / "readme.txt").write_bytes(b"text")
    (folder / ".hidden/x.json").write_bytes(b"{}")
    result = run("verify", folder, "--trust", issuer.trust, "--now", NOW, "--json")
    places = [json.loads(each)["source"] for each in result.stdout.splitlines()]
    assert places == [
        f"{folder}/a.jsonl:1", f"{folder}/a.jsonl:2", f"{folder}/c.json", f"{folder}/b/two.JSON",
    ]  # fmt: skip
    result = run("verify", folder, "--trust", issuer.trust, "--now", NOW)
    assert "1 files in folders were passed over" in result.stderr


def test_several_processes_find_the_same(run: Run, issuer: Issuer, stream: Path) -> None:
    options = ("--trust", issuer.trust, "--now", NOW, "--json")
    alone = run("verify", stream, *options)
    several = run("verify", stream, "--processes", "2", *options)
    assert (several.exit_code, several.stdout) == (alone.exit_code, alone.stdout)


def test_processes_take_plain_files_too(run: Run, issuer: Issuer, signed: Path) -> None:
    result = run(
        "verify", signed, signed, "--processes", "1", "--trust", issuer.trust, "--now", NOW
    )
    assert (result.exit_code, result.stdout) == (0, "2 checked: 2 genuine.\n")


def test_file_that_cannot_be_read_counts_as_the_worst(
    run: Run, issuer: Issuer, stream: Path, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere.jsonl"
    result = run("verify", stream, nowhere, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 3
    assert f"{nowhere} cannot be read" in result.stderr
    assert "6 checked: 3 genuine, 1 not valid, 1 not genuine, 1 could not be read." in result.stdout


def test_only_the_first_twenty_are_named(
    run: Run, issuer: Issuer, tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"{}\n" * 23 + line)
    result = run("verify", path, "--trust", issuer.trust, "--now", NOW)
    assert result.stdout.count(f"{path}:") == 20
    assert "3 more are not listed" in result.stderr
    assert "24 checked: 1 genuine, 23 not genuine." in result.stdout


@pytest.mark.parametrize("content", [None, b"", b"\n \n"])
def test_nothing_to_verify_is_a_usage_error(
    run: Run, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path
    if content is not None:
        path = tmp_path / "empty.jsonl"
        path.write_bytes(content)
    result = run("verify", path)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "there is no credential in" in result.stderr


def test_ctrl_c_gives_what_was_counted(
    run: Run, issuer: Issuer, stream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Sources) -> object:
        yield (Item(f"{stream}:1", stream.read_bytes().splitlines()[0]),)
        raise KeyboardInterrupt

    monkeypatch.setattr(Sources, "pieces", interrupted)
    result = run("verify", stream, "--trust", issuer.trust, "--now", NOW)
    assert result.exit_code == 130
    assert result.stdout == "1 checked: 1 genuine.\n"
    assert result.stderr.startswith("Stopped.\n")


def test_line_without_end_is_refused_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testamur.cli.sources._MAX_LINE_BYTES", 10)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * 45 + b"\nnext\n" + b"y" * 10 + b"\n" + b"z" * 11)
    items = list(Sources([str(path)], lines=False))
    assert [(each.place.rpartition(":")[2], each.content) for each in items] == [
        ("1", None), ("2", b"next\n"), ("3", b"y" * 10 + b"\n"), ("4", None),
    ]  # fmt: skip
    assert all(
        each.fault and "more than 10 bytes" in each.fault for each in items if not each.content
    )
    assert limits.PRESENTATION_BYTES > 10


def test_pieces_are_bounded_and_sources_read_as_they_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n" * 100_000)
    sources = Sources([str(path)], lines=False)
    pieces = sources.pieces()
    assert len(next(pieces)) == 100
    assert sources.fraction is not None
    assert 0 < sources.fraction < 0.01
    assert sum(len(piece) for piece in pieces) == 99_900
    assert sources.fraction == 1
    assert Sources(["-"], lines=True).fraction is None


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.jwts"])
def test_suffix_tells_lines(name: str) -> None:
    assert is_stream(name)
    assert not is_stream("a.json")
    assert not is_stream("-")
