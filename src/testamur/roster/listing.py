"""All faults of a roster as a file that goes back to the office."""

from __future__ import annotations

import csv
import io

from testamur.carry import harmless_cell
from testamur.roster.roster import Fault

__all__ = ["fault_list", "is_fault_list"]

_HEADINGS = ("row", "line", "column", "fault")


def fault_list(faults: tuple[Fault, ...]) -> bytes:
    """Write faults as CSV in UTF-8, with a mark that spreadsheets recognize.

    Columns: row, line, column, fault. Text that a spreadsheet would take for a formula gets a '
    in front.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for each in faults:
        line = "" if each.line is None else each.line
        column = harmless_cell(each.column or "")
        writer.writerow([each.row, line, column, harmless_cell(each.reason)])
    return text.getvalue().encode("utf-8-sig")


def is_fault_list(content: bytes) -> bool:
    """Whether a file, of which the beginning is enough, is such a list."""
    return content.startswith(fault_list(()))
