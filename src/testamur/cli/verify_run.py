"""What `testamur verify` does, once its arguments are understood.

Nothing here knows how they were read, so that a short command need not load what reads long ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from os import PathLike
from typing import TYPE_CHECKING

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.cli.exits import ExitCode, exit_code_for, worst
from testamur.cli.files import STANDARD_INPUT, FileName, is_stream, read_standard_input
from testamur.cli.surroundings import clock
from testamur.cli.terminal import print_error, print_json
from testamur.cli.verify_options import VerifierOptions
from testamur.errors import FetchError, InputError
from testamur.protocols import Fetcher
from testamur.verification import Report, Verifier

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Output", "verify"]


class Output(Enum):
    """What is printed."""

    NOTHING = auto()
    TEXT = auto()
    JSON = auto()


def verify(
    sources: Sequence[str],
    *,
    trust: Sequence[str | PathLike[str]] = (),
    unsafe_any_issuer: bool = False,
    network: bool = False,
    documents: str | PathLike[str] | None = None,
    now: str | None = None,
    recipient: str | None = None,
    email: str | None = None,
    seal_anchors: Sequence[str | PathLike[str]] = (),
    timestamp_anchors: Sequence[str | PathLike[str]] = (),
    revocation_list: Sequence[str | PathLike[str]] = (),
    challenge: str | None = None,
    domain: str | None = None,
    strict_claims: bool = False,
    lines: bool = False,
    processes: int | None = None,
    json: bool = False,
    quiet: bool = False,
) -> ExitCode:
    """Verify what the sources hold and print what was found; the arguments are the command's.

    Returns:
        the code of the worst.

    Raises:
        ConfigurationError, ParseError, ModelError: an option cannot be used.
        BatchError: of many credentials; processes died again and again.
    """
    options = VerifierOptions(
        now=clock(now),
        trust=tuple(trust),
        unsafe_any_issuer=unsafe_any_issuer,
        network=network,
        documents=None if documents is None else _path(documents),
        recipient=recipient,
        email=email,
        seal_anchors=tuple(seal_anchors),
        timestamp_anchors=tuple(timestamp_anchors),
        revocation_list=tuple(revocation_list),
        challenge=challenge,
        domain=domain,
        strict_claims=strict_claims,
    )
    output = Output.NOTHING if quiet else Output.JSON if json else Output.TEXT
    fetcher = options.fetcher()
    verifier = options.verifier(fetcher)
    if lines or processes is not None or any(is_stream(each) for each in sources):
        # Loaded here, so that verifying one credential does not wait for what many need.
        from testamur.cli.verify_many import verify_many

        return verify_many(sources, options, lines=lines, processes=processes or 1, output=output)
    reports: list[tuple[str, Report]] = []
    codes: list[ExitCode] = []
    for source in sources:
        try:
            report = _examine(source, verifier, fetcher)
        except (InputError, FetchError) as error:
            print_error(error.message)
            codes.append(ExitCode.USAGE)
        else:
            reports.append((source, report))
            codes.append(exit_code_for(report.verdict))
    _print(reports, several=len(sources) > 1, output=output)
    return worst(codes)


def _path(name: str | PathLike[str]) -> Path:
    from pathlib import Path  # takes long to import

    return Path(name)


def _examine(source: str, verifier: Verifier, fetcher: Fetcher) -> Report:
    if source == STANDARD_INPUT:
        return verifier.examine(read_standard_input())
    if "://" in source:
        return verifier.examine(fetcher.fetch(source, max_bytes=limits.PRESENTATION_BYTES).content)
    return verifier.examine(FileName(source))


def _print(reports: list[tuple[str, Report]], *, several: bool, output: Output) -> None:
    if output is Output.NOTHING:
        return
    if output is Output.JSON:
        objects: list[JsonObject] = [
            {"source": source, **report.to_json()} for source, report in reports
        ]
        if several:
            print_json(list(objects))
        elif objects:
            print_json(objects[0])
        return
    from testamur.cli.view import print_report, print_summary  # --json and --quiet do without

    if several:
        print_summary(reports)
    else:
        for source, report in reports:
            print_report(source, report)
