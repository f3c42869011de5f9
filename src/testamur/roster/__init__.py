"""Rosters as people have them: CSV, workbooks, JSON Lines, Parquet; a template, and a dry run.

```python
roster = open_roster(path, award.achievement, confirm=ask_the_office)
found = dry_run(roster, award)
if found.is_clean:
    learners = open_roster(path, award.achievement, confirm=ask_the_office).learners()
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.roster.checking import DryRun, Repeated, dry_run, good_learners, row_numbers
    from testamur.roster.columns import COLUMNS, ColumnMatch, How, match_columns
    from testamur.roster.listing import fault_list
    from testamur.roster.roster import Confirm, Entry, Fault, Roster, RowError, open_roster
    from testamur.roster.template import (
        TemplateColumn,
        csv_template,
        template_columns,
        xlsx_template,
    )
    from testamur.roster.text_lines import ENCODINGS

__all__ = [
    "COLUMNS",
    "ENCODINGS",
    "ColumnMatch",
    "Confirm",
    "DryRun",
    "Entry",
    "Fault",
    "How",
    "Repeated",
    "Roster",
    "RowError",
    "TemplateColumn",
    "csv_template",
    "dry_run",
    "fault_list",
    "good_learners",
    "match_columns",
    "open_roster",
    "row_numbers",
    "template_columns",
    "xlsx_template",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.roster.checking": (
                "DryRun",
                "Repeated",
                "dry_run",
                "good_learners",
                "row_numbers",
            ),
            "testamur.roster.columns": ("COLUMNS", "ColumnMatch", "How", "match_columns"),
            "testamur.roster.listing": ("fault_list",),
            "testamur.roster.roster": (
                "Confirm",
                "Entry",
                "Fault",
                "Roster",
                "RowError",
                "open_roster",
            ),
            "testamur.roster.template": (
                "TemplateColumn",
                "csv_template",
                "template_columns",
                "xlsx_template",
            ),
            "testamur.roster.text_lines": ("ENCODINGS",),
        },
    )
