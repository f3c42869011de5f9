"""The command line: a thin room at the library's door. `testamur --help` says what there is."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the `testamur` command and leave with its exit code."""
    try:
        # Imported here so that Ctrl-C while the library is being loaded is quiet too.
        from testamur.cli.app import app

        app(prog_name="testamur")
    except KeyboardInterrupt:
        sys.exit(130)
