"""Compare canonicalization over many mutated documents, and print what was counted.

    python -m differential.run --seed 1 --count 100000

Run it with `make differential`; the folders `src` and `tests` must be on PYTHONPATH. Ends with 1
where there is a mismatch. `--show NUMBER` prints one case of the seed.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from differential.cases import CaseMaker
from differential.comparison import Kind, Tally, compare
from differential.corpus import SourceDocument, corpus, digest
from differential.oracles import JsonLdJs, Oracle, Pyoxigraph, install
from differential.paths import FastPath, compiled_path
from differential.templates import template_path

_FAST_PATHS: dict[str, FastPath] = {"compiled": compiled_path, "template": template_path}
_CHUNK, _NEWS = 500, 10  # documents at a time, and how often it is told how far it is


def main() -> int:
    """Run, print, and return the exit code."""
    options = _options()
    sources = _sources(options)
    print(f"{len(sources)} documents to start from, digest {digest(sources)}; seed {options.seed}")
    if options.show is not None:
        return _show(CaseMaker(options.seed, sources), options.show)
    started = time.monotonic()
    tally = Tally()
    with tempfile.TemporaryDirectory() as packages:
        options.packages = Path(packages)
        fault = install(options.packages) if "jsonld.js" in options.oracle else None
        if fault is not None:
            print(fault, file=sys.stderr)
            return 2
        with contextlib.suppress(KeyboardInterrupt):  # what was counted by then is shown
            _compare(options, tally)
    _print(tally, time.monotonic() - started)
    return 1 if tally.mismatches else 0


def _compare(options: argparse.Namespace, tally: Tally) -> None:
    chunks = range(options.start, options.start + options.count, _CHUNK)
    work = partial(_chunk, options)
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for done, part in enumerate(pool.imap_unordered(work, chunks), 1):
            tally.add(part)
            for each in part.mismatches:
                print(f"MISMATCH: {each.who}, {each.reason}: --show {each.case}", flush=True)
            if done % _NEWS == 0:
                print(f"{tally.cases:,} compared, {len(tally.mismatches)} mismatches", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, usage="python -m differential.run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--start", type=int, default=0, help="the first case")
    parser.add_argument("--only", default="", help="documents to start from: part of their names")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--oracle",
        action="append",
        choices=["pyoxigraph", "jsonld.js", "none"],
        help="may be repeated; both by default",
    )
    parser.add_argument("--fast-path", choices=_FAST_PATHS, default="compiled")
    parser.add_argument("--show", type=int, help="print one case, and compare nothing")
    options = parser.parse_args()
    options.oracle = options.oracle or ["pyoxigraph", "jsonld.js"]
    return options


def _chunk(options: argparse.Namespace, first: int) -> Tally:
    maker = _maker(options)
    last = min(first + _CHUNK, options.start + options.count)
    cases = (maker.case(number) for number in range(first, last))
    with contextlib.ExitStack() as stack:
        oracles = list(_oracles(options, stack))
        return compare(cases, fast_path=_FAST_PATHS[options.fast_path], oracles=oracles)


_MAKERS: dict[int, CaseMaker] = {}


def _maker(options: argparse.Namespace) -> CaseMaker:
    if options.seed not in _MAKERS:
        _MAKERS[options.seed] = CaseMaker(options.seed, _sources(options))
    return _MAKERS[options.seed]


def _sources(options: argparse.Namespace) -> list[SourceDocument]:
    return [each for each in corpus() if options.only in each.name]


def _oracles(options: argparse.Namespace, stack: contextlib.ExitStack) -> Iterator[Oracle]:
    if "pyoxigraph" in options.oracle:
        yield Pyoxigraph()
    if "jsonld.js" in options.oracle:
        yield stack.enter_context(JsonLdJs(options.packages))


def _show(maker: CaseMaker, number: int) -> int:
    case = maker.case(number)
    print(f"from {case.source}; {', '.join(case.changes) or 'unchanged'}")
    print(f"contexts: {case.list_name}; called {case.name}; strict: {case.strict}")
    print(case.text)
    return 0


def _print(tally: Tally, seconds: float) -> None:
    print(f"\n{tally.cases:,} documents in {seconds:.0f} s\n\nThe general path:")
    _line(tally.refusals.pop("", 0), "taken")
    for reason, count in tally.refusals.most_common():
        _line(count, f"refused, {reason}")
    for who in dict.fromkeys(who for who, _, _ in tally.counts):
        print(f"\n{who}, held against the general path:")
        for kind in Kind:
            reasons = {r: n for (w, k, r), n in tally.counts.items() if w == who and k is kind}
            if reasons or kind is Kind.MISMATCH:
                _line(sum(reasons.values()), kind)
            for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
                if reason:
                    _line(count, f"    {reason}")


def _line(count: int, text: str) -> None:
    print(f"{count:>9,}  {text}")


if __name__ == "__main__":
    sys.exit(main())
