"""Cells of files that offices open: text that no spreadsheet takes for a formula (CWE-1236)."""

from __future__ import annotations

__all__ = ["harmless_cell"]

# Also the wide forms, which spreadsheets of East Asia take for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless_cell(text: str) -> str:
    """Return the text of a cell for a CSV file, with ' in front where it would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
