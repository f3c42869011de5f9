"""What is public is documented: names by docstrings, commands and codes on their pages."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperOption

import testamur
from testamur.cli.app import app
from testamur.cli.exits import ExitCode, exit_code_for
from testamur.errors import Code
from testamur.verification import Answer, CheckName, Verdict


def _modules() -> list[str]:
    found = pkgutil.walk_packages(testamur.__path__, "testamur.")
    return ["testamur", *(each.name for each in found if not each.name.endswith("__main__"))]


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for each, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {each}")


def _sections(page: Path) -> dict[str, str]:
    """Heading → its text, up to the next heading."""
    parts = re.split(r"^#+ (.+)\n", page.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


COMMANDS = dict(_commands(typer.main.get_command(app), "testamur"))


@pytest.mark.parametrize("module", _modules())
def test_public_names_have_docstrings(module: str) -> None:
    loaded = importlib.import_module(module)
    assert loaded.__doc__
    for name in getattr(loaded, "__all__", ()):
        value = getattr(loaded, name)
        if inspect.isclass(value) or inspect.isroutine(value):
            assert inspect.getdoc(value), f"{module}.{name}"


@pytest.mark.parametrize("module", _modules())
def test_names_in_all_exist(module: str) -> None:
    loaded = importlib.import_module(module)
    assert all(hasattr(loaded, name) for name in getattr(loaded, "__all__", ()))


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "testamur"])
def test_command_has_a_section_with_its_options(name: str, root: Path) -> None:
    sections = _sections(root / "docs" / "reference" / "cli.md")
    assert name in sections
    options = [each for each in COMMANDS[name].params if isinstance(each, TyperOption)]
    spellings = [spelling for each in options for spelling in each.opts if spelling != "-h"]
    missing = [each for each in spellings if not re.search(rf"`{each}\b", sections[name])]
    assert set(missing) <= {"--help"}


def test_command_line_page_describes_no_command_or_option_that_is_not_there(root: Path) -> None:
    page = root / "docs" / "reference" / "cli.md"
    described = {name for name in _sections(page) if name.startswith("testamur")}
    assert described == set(COMMANDS) - {"testamur"}
    options = {
        spelling
        for command in COMMANDS.values()
        for each in command.params
        if isinstance(each, TyperOption)
        for spelling in each.opts
    }
    used = set(re.findall(r"`(--[a-z-]+)", page.read_text(encoding="utf-8")))
    assert used <= options | {"--help"}


@pytest.mark.parametrize(
    "term", [*Code, *CheckName, *Verdict, *Answer], ids=lambda term: f"{type(term).__name__}.{term}"
)
def test_code_check_verdict_and_answer_are_described(term: str, root: Path) -> None:
    text = (root / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    if isinstance(term, Answer):
        assert f"`{term}`" in text
    else:
        assert re.search(rf"^\| `{re.escape(term)}` \|", text, re.M)


def test_codes_page_describes_no_code_that_is_not_there(root: Path) -> None:
    text = (root / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.M)) == set(Code)


def test_codes_page_gives_the_exit_code_of_each_verdict(root: Path) -> None:
    section = _sections(root / "docs" / "reference" / "codes.md")["Verdicts"]
    shown = re.findall(r"^\| `([a-z ]+)` \|.*\| (\d) \|$", section, re.M)
    assert dict(shown) == {each.value: str(int(exit_code_for(each))) for each in Verdict}


@pytest.mark.parametrize("code", list(ExitCode))
def test_exit_code_is_described(code: ExitCode, root: Path) -> None:
    section = _sections(root / "docs" / "reference" / "codes.md")["Exit codes"]
    assert re.search(rf"^\| {int(code)} \|", section, re.M)
