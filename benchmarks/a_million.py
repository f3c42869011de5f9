"""A million credentials: time, rate and memory, and whether both grow as they should.

Run it with `python benchmarks/a_million.py`. Each size is issued in a run of its own, complete (as
`issue_many` hands them on, samples verified), and written to a file that is thrown away. The cost
of a credential and the memory should be the same for every size. The raw Ed25519 limit is measured
before and after each run, on one core; the rate is that of all processes together.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice

from testamur.batch import InProcess, ProcessPool, issue_many
from testamur.bench.subjects import NOW, College
from testamur.issuing import Mechanism

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Measure each size in a process of its own, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--suite", default=Mechanism.EDDSA_RDFC_2022.value)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        run(options.one, options.processes, Mechanism(options.suite))
        return
    print(
        f"{'rows':>10}{'seconds':>10}{'per second':>12}{'of limit':>10}{'MiB':>8}{'MiB each':>10}"
    )
    for rows in options.rows:
        arguments = ["--one", str(rows), "--processes", str(options.processes)]
        command = [sys.executable, __file__, *arguments, "--suite", options.suite]
        subprocess.run(command, check=True)  # noqa: S603


def run(rows: int, processes: int, mechanism: Mechanism) -> None:
    """Issue so many credentials, and print a line of the table."""
    college = College(0)
    learners = (college.learner(0, position) for position in range(rows))
    engine = ProcessPool(processes) if processes > 1 else InProcess()
    before = raw_rate(college)
    started, count = time.perf_counter(), 0
    with tempfile.TemporaryFile() as file:
        for issued in issue_many(
            college.award(0),
            learners,
            signer=college.signer,
            now=NOW,
            mechanism=mechanism,
            engine=engine,
        ):
            if issued.position != count:
                raise SystemExit(f"row {count} is missing")
            file.write(issued.content)
            if count % 100_000 == 0:
                file.truncate(0)
            count += 1
    seconds = time.perf_counter() - started
    if count != rows:
        raise SystemExit(f"{rows - count} rows are missing")
    limit = (before + raw_rate(college)) / 2
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{rows:10,}{seconds:10.1f}{rows / seconds:12,.0f}{rows / seconds / limit:10.1%}"
        f"{own:8.0f}{worker:10.0f}"
    )


def raw_rate(college: College) -> float:
    """Return how many signatures one core makes in a second."""
    key, data = college.key, bytes(64)
    started = time.perf_counter()
    for _ in islice(iter(int, 1), 20_000):
        key.sign(data)
    return 20_000 / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
