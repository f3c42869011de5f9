"""cli.terminal: nothing that anybody wrote moves the cursor or imitates our own lines."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.cli.terminal import (
    print_error,
    print_json,
    print_line,
    print_row,
    visible,
    visible_lines,
)

ANY_TEXT = st.text(st.characters())  # with controls and surrogates

# Unicode 16, UAX #9: every character that changes the direction of what follows.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),  # ECMA-48: CSI as one character
        ("a\0b", r"a\x00b"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\x07\x08\x7f", r"\x07\x08\x7f"),
        ("\u2028\u2029\u0085", r"\u2028\u2029\x85"),
        ("\ufeff\u00ad\u200b", r"\ufeff\xad\u200b"),
        ("\U000e0041", r"\U000e0041"),  # a tag character
        ("\udc80", r"\udc80"),
        *((each, f"\\u{ord(each):04x}") for each in BIDI_CONTROLS),
    ],
)
def test_control_and_format_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    ["Zażółć gęślą jaźń", "می\u200cخواهم", "क्\u200dष", "東京大学", "5\u00a0€", "é", "👩\u200d🎓"],
)
def test_names_in_every_script_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(ANY_TEXT)
def test_what_is_visible_is_one_line_of_printable_characters(text: str) -> None:
    for character in visible(text):
        category = unicodedata.category(character)
        assert category[0] not in "C" or character in "\u200c\u200d"
        assert category not in ("Zl", "Zp")


def test_line_breaks_stay_where_text_is_set_in_a_column() -> None:
    assert visible_lines("a\r\nb\nc\rd\u2028e") == "a\nb\nc\\rd\\u2028e"


@given(st.recursive(st.text(), st.lists))
def test_json_output_means_the_same_and_holds_no_control_characters(value: object) -> None:
    class Sink:
        def __init__(self) -> None:
            self.buffer = self
            self.content = b""

        def write(self, content: bytes) -> None:
            self.content += content

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return False

    sink = Sink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", sink)
        print_json(value)  # type: ignore[arg-type]
    text = sink.content.decode("utf-8")
    assert json.loads(text) == value
    assert visible(text.replace("\n", "").replace("\\", "/")) == text.replace("\n", "").replace(
        "\\", "/"
    )


def test_square_brackets_are_not_taken_for_styles(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("[bold]x[/bold] [link=https://evil.example]y[/link] :smile:")
    assert capsys.readouterr().out == (
        "[bold]x[/bold] [link=https://evil.example]y[/link] :smile:\n"
    )


def test_further_lines_of_an_error_are_indented(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("one\x1b[2J\ntwo")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: one\\x1b[2J\n       two\n"


def test_a_long_error_does_not_reach_the_left_edge_of_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("NO_COLOR", "1"), ("COLUMNS", "40")):
        monkeypatch.setenv(name, value)
    print_error("x" * 33 + " Genuine and current.")
    first, *others = capsys.readouterr().err.splitlines()
    assert first.startswith("error: x")
    assert others
    assert all(line.startswith("       ") for line in others)


def test_a_row_is_one_line_and_has_its_reason_below_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, reason = "folder/" + "x" * 50 + ".json", "The signature does not fit: it was changed."
    monkeypatch.setenv("COLUMNS", "40")
    print_row("not genuine ", name, reason)
    assert capsys.readouterr().out == f"not genuine   {name}  {reason}\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    print_row("not genuine ", name, reason)
    assert capsys.readouterr().out == (
        f"not genuine   {name}\n    The signature does not fit: it was\n    changed.\n"
    )


def test_a_row_for_a_terminal_keeps_a_name_of_many_words_off_the_left_edge(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in (("FORCE_COLOR", "1"), ("NO_COLOR", "1"), ("COLUMNS", "40")):
        monkeypatch.setenv(variable, value)
    print_row("not genuine", "x" * 24 + " genuine  diploma.pdf", "It was changed.")
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "not genuine  " + "x" * 24
    assert all(line.startswith("    ") for line in others)
