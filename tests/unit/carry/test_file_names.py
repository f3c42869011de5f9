"""carry.file_names: names that no file system minds, and files that are whole or absent."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.carry import safe_file_name, write_atomically
from testamur.errors import ConfigurationError

HOSTILE = Path(__file__).parents[3] / "../shared/data/hostile"
ANY_TEXT = st.text(st.characters(), max_size=300)  # with surrogates and controls

TRAPS = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "..\\..\\windows",
    "-rf",
    "~root",
    "CON",
    "nul.txt",
    "COM1",
    "LPT9",
    "CONIN$",
    "a:b",
    "a\0b",
    "a\nb",
    "．．／x",
    "\u202egnp.exe",
    "x" * 400,
    "\ufdfa" * 400,
    "Team work (2)",
    "%2e%2e%2f",
    "\ud800",
    "$(reboot)`id`;&|",
    "Μικροπιστοποίηση",
]

RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}
"""Microsoft, "Naming Files, Paths, and Namespaces"; in any case, before any suffix."""


def check(name: str, suffix: str) -> None:
    """The rules of POSIX, Windows and macOS, and of the wallet that minds spaces and brackets."""
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*[a-z0-9]", name.removesuffix(suffix))
    assert name.endswith(suffix)
    assert len(name) <= 100
    assert name.split(".")[0] not in RESERVED
    assert Path(name).name == PureWindowsPath(name).name == name


@pytest.mark.parametrize("title", TRAPS)
def test_any_title_gives_a_safe_name(title: str) -> None:
    check(safe_file_name(title, "urn:uuid:1", ".png"), ".png")


@given(title=ANY_TEXT, identifier=ANY_TEXT, suffix=st.sampled_from([".json", ".jwt", ".vp.json"]))
def test_any_text_gives_a_safe_name(title: str, identifier: str, suffix: str) -> None:
    check(safe_file_name(title, identifier, suffix), suffix)


@given(title=ANY_TEXT, first=ANY_TEXT, second=ANY_TEXT)
def test_names_differ_when_identifiers_do(title: str, first: str, second: str) -> None:
    names = {safe_file_name(title, each, ".png").casefold() for each in (first, second)}
    assert len(names) == len({first, second})


@pytest.mark.parametrize(
    ("title", "start"),
    [
        ("Data Stewardship", "data-stewardship-"),
        ("Zarządzanie łańcuchem dostaw", "zarzadzanie-lancuchem-dostaw-"),
        ("Příliš žluťoučký kůň", "prilis-zlutoucky-kun-"),
        ("Straße – Ørsted, İstanbul", "strasse-orsted-istanbul-"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full-width-"),
        ("Науки", "credential-"),
    ],
)
def test_name_starts_with_the_title_in_ascii(title: str, start: str) -> None:
    assert safe_file_name(title, "urn:uuid:1", ".png").startswith(start)


def test_name_does_not_change_from_run_to_run() -> None:
    # printf %s urn:uuid:1 | openssl dgst -sha256 -binary | head -c 10 | base32
    assert safe_file_name("A", "urn:uuid:1", ".png") == "a-wnrpkcduy4baeods.png"


@pytest.mark.parametrize(
    "suffix", ["", "png", ".PNG", "./x", ".p\n", ".", ".verylongsuffix", ".a.b.c"]
)
def test_suffix_of_another_form_is_a_programming_mistake(suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        safe_file_name("a", "b", suffix)


def test_recorded_hostile_titles_give_safe_names() -> None:
    if not HOSTILE.is_dir():
        pytest.skip("the shared data folder is not here")
    cases = json.loads((HOSTILE / "manifest.json").read_bytes())["cases"]
    cases = [case for case in cases if case["kind"] == "filename"]
    assert cases
    for case in cases:
        rule = case["filename"]
        name = safe_file_name((HOSTILE / case["file"]).read_text(), case["id"], ".png")
        assert len(name.encode()) <= rule["max_bytes"]
        assert not set(name) & set(rule["forbidden_chars"])
        assert name not in rule["not_in"]
        check(name, ".png")


def test_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(ConfigurationError, match="No space left") as caught:
        write_atomically(path, b"new")
    assert caught.value.path == str(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_interruption_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def interrupt(_path: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.png"
    with pytest.raises(ConfigurationError, match="folder exists") as caught:
        write_atomically(path, b"new")
    assert caught.value.path == str(path)


def test_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot write"):
        write_atomically(tmp_path, b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes are POSIX's")
def test_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, b"content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(os.name != "posix", reason="devices are POSIX's")
def test_device_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    write_atomically(link, b"content")
    assert stat.S_ISCHR(link.stat().st_mode)
    assert link.is_symlink()
