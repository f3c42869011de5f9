"""Every example in the documentation runs, and shows what really happens.

A page is one story: its examples share a folder and a namespace, and run from top to bottom.

- `python` blocks are run; those that begin with `>>>` are doctests.
- `console` blocks hold `testamur` commands, each behind `$ `, and all that they print, where `...`
  stands for any text. A command ends with 0 unless `$ echo $?` says otherwise behind it.
- A block behind a paragraph that ends with "as `NAME`:" becomes that file.
- A page with the comment `<!-- files: example college -->` finds that college's files.
- `sh` blocks, for commands that need the network or other programs, are not run.
"""

from __future__ import annotations

import doctest
import re
import shlex
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from sybil import Document, Example
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.region import Region
from typer.testing import CliRunner

from testamur.cli.app import app

_LANGUAGES = {"python", "console", "json", "yaml", "sh", "text"}
_SAVE_AS = re.compile(r"\b[Aa]s\s+`([\w./-]+)`:\n\n\Z")
_FURNISHED = "<!-- files: example college -->"
_COMMAND = re.compile(r"^\$ (?P<command>.*(?:\n> .*)*)\n?(?P<printed>(?:(?!\$ ).*\n?)*)", re.M)
_RUNNER = CliRunner()


def _run_console(example: Example) -> None:
    """Run the commands of a block and compare what they print."""
    text = str(example.parsed)
    commands = list(_COMMAND.finditer(text))
    if not commands or commands[0].start() != 0:
        raise AssertionError("a console block begins with a command behind '$ '")
    for position, match in enumerate(commands):
        command = re.sub(r" *\\\n> ", " ", match["command"])
        code = example.namespace.get("exit code", 0)
        if command == "echo $?":
            output = f"{code}\n"
        else:
            code, output = _run_command(command)
            example.namespace["exit code"] = code
            following = commands[position + 1]["command"] if position + 1 < len(commands) else ""
            if code and following != "echo $?":
                raise AssertionError(f"{command}\nended with {code}:\n{output}")
        if not _matches(match["printed"], output):
            raise AssertionError(f"{command}\nprinted:\n{output}\nnot:\n{match['printed']}")


def _run_command(command: str) -> tuple[int, str]:
    """Run `testamur …`, with its output in a file where it ends with `> FILE`."""
    name, *arguments = shlex.split(command)
    if name != "testamur" or "--network" in arguments:
        raise AssertionError(f"{command!r} cannot be run here; show it in a block of sh")
    target = None
    if arguments[-2:-1] == [">"]:
        target = Path(arguments[-1])
        arguments = arguments[:-2]
    result = _RUNNER.invoke(app, arguments, prog_name="testamur")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if target is None:
        return result.exit_code, result.output
    target.write_bytes(result.stdout_bytes)
    return result.exit_code, result.stderr


def _matches(shown: str, printed: str) -> bool:
    def tidy(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip().split("\n"))

    parts = (re.escape(part) for part in tidy(shown).split("..."))
    return re.fullmatch(".*".join(parts), tidy(printed), re.DOTALL) is not None


def _save(example: Example) -> None:
    path = Path(example.parsed[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.parsed[1], encoding="utf-8")


def _saved_files(document: Document) -> Iterator[Region]:
    """Find the blocks that the reader is asked to save."""
    lexer = FencedCodeBlockLexer("json|yaml|text|python")
    for region in lexer(document):
        name = _SAVE_AS.search(document.text[: region.start])
        if name is not None and region.lexemes["language"] != "python":
            region.parsed = (name[1], str(region.lexemes["source"]))
            region.evaluator = _save
            yield region


_PARSERS = (
    PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
    CodeBlockParser("console", _run_console),
    _saved_files,
)


def _no_network(*_: object) -> NoReturn:
    raise AssertionError("an example of the documentation opened a socket")


def test_examples_run_and_show_what_happens(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    furnish: Callable[[Path], None],
) -> None:
    document = Document.parse(str(page), *_PARSERS)
    if _FURNISHED in document.text:
        furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    monkeypatch.setattr(socket, "getaddrinfo", _no_network)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TESTAMUR_KEY_PASSWORD", "correct horse battery staple")
    for example in document.examples():
        example.evaluate()


def test_code_blocks_are_in_known_languages(page: Path) -> None:
    """A misspelt language would leave an example unrun."""
    fences = re.findall(r"^ *```(.*)$", page.read_text(encoding="utf-8"), re.M)
    assert set(fences[::2]) <= _LANGUAGES
    assert set(fences[1::2]) <= {""}


@pytest.mark.parametrize(
    "block",
    [
        "$ testamur --version\ntestamur 9.9.9\n",
        "$ testamur --version\n",
        "$ testamur verify nowhere.json\n...\n",
        "$ testamur verify nowhere.json\n...\n$ echo $?\n0\n",
        "$ testamur verify https://badges.example/1 --network\n...\n",
        "$ rm -r .\n",
        "testamur 0.1.0\n",
    ],
)
def test_console_block_that_does_not_show_what_happens_is_noticed(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"Text.\n\n```console\n{block}```\n", encoding="utf-8")
    examples = list(Document.parse(str(page), *_PARSERS).examples())
    assert len(examples) == 1
    with pytest.raises(AssertionError):
        examples[0].evaluate()
