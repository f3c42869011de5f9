"""Cells that a spreadsheet would run become text, and all others stay as they are."""

from __future__ import annotations

import pytest

from testamur.carry import harmless_cell


# OWASP, "CSV Injection": =, +, -, @, tab, carriage return, line feed and the full-width forms.
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_formula_gets_an_apostrophe(first: str) -> None:
    assert harmless_cell(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["", "Ada", "a=1", "1-1", "'=1", " =1"])
def test_other_text_stays(text: str) -> None:
    assert harmless_cell(text) == text
