"""The command line: a thin room at the library's door. `testamur --help` says what there is."""

from __future__ import annotations

import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the `testamur` command and leave with its exit code."""
    try:
        # Imported here so that Ctrl-C while the library is being loaded is quiet too.
        from testamur.cli.quick import read_verify

        arguments = read_verify(sys.argv[1:]) if _COMPLETION not in os.environ else None
        if arguments is not None:
            gc.disable()  # loading makes no garbage
            from testamur.cli.endings import end
            from testamur.cli.terminal import make_streams_lenient
            from testamur.cli.verify_run import verify

            gc.freeze()  # what is loaded stays: it need not be looked through, even at the end
            gc.enable()
            make_streams_lenient()
            sys.exit(end(lambda: verify(**arguments)))
        from testamur.cli.app import app

        app(prog_name="testamur")
    except KeyboardInterrupt:
        sys.exit(130)


_COMPLETION = "_TESTAMUR_COMPLETE"  # with this, a shell asks typer what could come next
