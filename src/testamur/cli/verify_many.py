"""`testamur verify` of folders and of lines: any number of credentials, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic

from testamur import limits
from testamur.batch.engine import Engine, InProcess, ProcessPool
from testamur.canon.strict_json import dumps
from testamur.cli.columns import Styled
from testamur.cli.exits import ExitCode, exit_code_for, worst
from testamur.cli.progress import progress_bar
from testamur.cli.sources import Item, Sources
from testamur.cli.terminal import print_error, print_json_line, print_note, render
from testamur.cli.verify_options import VerifierOptions
from testamur.cli.verify_run import Output
from testamur.cli.view import print_entry
from testamur.errors import ConfigurationError, FetchError, InputError
from testamur.protocols import Fetcher
from testamur.verification import Report, Verdict, Verifier

__all__ = ["verify_many"]

_LISTED = 20
"""those that are not genuine and are named; the others are only counted."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was found of one thing.

    Attributes:
        place: where it is.
        verdict: None where it could not be read.
        words: why, in a sentence.
        report: as JSON on one line, with the member `source`; empty unless asked for.
    """

    place: str
    verdict: Verdict | None
    words: str
    report: str = ""


@dataclass(slots=True)
class _Tally:
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    unread: int = 0
    listed: int = 0
    code: ExitCode = ExitCode.GENUINE

    @property
    def done(self) -> int:
        return self.unread + self.verdicts.total()


def verify_many(
    sources: Sequence[str],
    options: VerifierOptions,
    *,
    lines: bool,
    processes: int,
    output: Output,
) -> ExitCode:
    """Verify all that the sources hold; print what is not genuine, and how many there are of each.

    Returns:
        the exit code of the worst; 130 after Ctrl-C.

    Raises:
        ConfigurationError: there is nothing to verify.
        BatchError: processes died again and again.
    """
    _verifier.cache_clear()  # what an earlier run in this process knew may have changed
    began = monotonic()
    tally = _Tally()
    walk = Sources(sources, lines=lines)
    engine: Engine = InProcess() if processes == 1 else ProcessPool(processes)
    examine = partial(_examine_piece, options, output is Output.JSON)
    try:
        with progress_bar("credentials") as show:
            for outcomes in engine.map(examine, walk.pieces()):
                for outcome in outcomes:
                    _count(outcome, tally, output)
                show(tally.done, walk.fraction)
    except KeyboardInterrupt:
        print_note("Stopped.")
        tally.code = ExitCode.INTERRUPTED
    if not tally.done and tally.code is not ExitCode.INTERRUPTED:
        raise ConfigurationError(f"there is no credential in {', '.join(sources)[:200]}")
    if output is Output.TEXT:
        _print_summary(tally, walk, monotonic() - began)
    return tally.code


def _count(outcome: _Outcome, tally: _Tally, output: Output) -> None:
    if outcome.verdict is None:
        tally.unread += 1
        tally.code = worst([tally.code, ExitCode.USAGE])
        print_error(outcome.words)
        return
    tally.verdicts[outcome.verdict] += 1
    tally.code = worst([tally.code, exit_code_for(outcome.verdict)])
    if output is Output.JSON:
        print_json_line(outcome.report)
    elif output is Output.TEXT and outcome.verdict is not Verdict.GENUINE:
        tally.listed += 1
        if tally.listed <= _LISTED:
            print_entry(outcome.place, outcome.verdict, outcome.words)


def _print_summary(tally: _Tally, walk: Sources, seconds: float) -> None:
    if tally.listed > _LISTED:
        print_note(f"{tally.listed - _LISTED} more are not listed; --json names them all.")
    counts = [f"{tally.verdicts[each]} {each.value}" for each in Verdict if tally.verdicts[each]]
    if tally.unread:
        counts.append(f"{tally.unread} could not be read")
    rate = tally.done / max(seconds, 0.001)
    spacer = [""] if tally.listed else []
    render(*spacer, Styled(f"{tally.done} checked: {', '.join(counts)}."))
    print_note(f"It took {seconds:.1f} s, {rate:,.0f} per second.")
    if walk.passed_over:
        print_note(f"{walk.passed_over} files in folders were passed over: no credentials by name.")


def _examine_piece(
    options: VerifierOptions, as_json: bool, items: tuple[Item, ...]
) -> tuple[_Outcome, ...]:
    fetcher, verifier = _verifier(options)
    return tuple(_examine(item, fetcher, verifier, as_json=as_json) for item in items)


def _examine(item: Item, fetcher: Fetcher, verifier: Verifier, *, as_json: bool) -> _Outcome:
    if item.fault is not None:
        return _Outcome(item.place, None, item.fault)
    try:
        report = _report(item, fetcher, verifier)
    except (InputError, FetchError) as error:
        return _Outcome(item.place, None, error.message)
    document = ""
    if as_json:
        document = dumps({"source": item.place, **report.to_json()})
    return _Outcome(item.place, report.verdict, report.reason or report.headline, document)


def _report(item: Item, fetcher: Fetcher, verifier: Verifier) -> Report:
    if item.content is not None:
        return verifier.examine(item.content)
    if "://" in item.place:
        answer = fetcher.fetch(item.place, max_bytes=limits.PRESENTATION_BYTES)
        return verifier.examine(answer.content)
    return verifier.examine(Path(item.place))


@lru_cache(maxsize=1)
def _verifier(options: VerifierOptions) -> tuple[Fetcher, Verifier]:
    """Return what a process keeps from one piece to the next."""
    fetcher = options.fetcher()
    return fetcher, options.verifier(fetcher)
