"""Publishing: a first run, a run with nothing to do, and one after a single revocation.

Run it with `python benchmarks/publishing.py` (1,000 and 10,000 pages), with `--pages 100000`, or
with `--credentials 1000000 --pages 0` (a million credentials in 11 lists for each purpose). The
register is SQLite, badges are SVG only. Each run has a publisher of its own, as the command line
does, and is the median of five but for the first and the one that looks at all files. A run with
little to do should take the same for every size.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from testamur.batch import ProcessPool
from testamur.bench.subjects import NOW, College
from testamur.issuer import Issuer
from testamur.publish import Published, Publisher
from testamur.publish.pictures import Pictures
from testamur.register import Register

RUNS = 5


class Bench:
    """A register with credentials and pages, and the folder that it is published into."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.college = College(0)
        self.web = folder / "web"
        self.register = Register.open_or_create(
            f"sqlite:///{folder / 'register.db'}", now=lambda: self.now
        )
        college = self.college
        self.issuer = college.signer.controller
        self.pattern = dict(college.award(0).pattern)
        profile = self.pattern["issuer"]
        if not isinstance(profile, dict):
            raise SystemExit("the benchmark's issuer has no profile")
        self.register.issuers.add(profile)
        self.register.keys.add(
            college.signer.key.public_key,
            college.signer.verification_method,
            valid_from=NOW - timedelta(days=1),
        )
        self.register.lists.open_series(self.issuer, folder_url="https://uni.example/status/")

    def fill(self, credentials: int, pages: int) -> list[str]:
        """Issue, have learners agree to pages, and return the ids of some who did."""
        issuer = Issuer(self.register, self.college.signer)
        rows = (self.college.learner(0, position) for position in range(credentials))
        issued = issuer.issue_many(self.pattern, rows, engine=ProcessPool(2))
        ids: Iterator[str] = (each.id for each in issued)
        some = list(islice(ids, 20))
        agreed = min(pages, len(some))
        self.register.publications.agree_all(some[:agreed])
        while group := list(islice(ids, 1000)):
            with_page = group[: max(0, pages - agreed)]
            self.register.publications.agree_all(with_page)
            agreed += len(with_page)
        return some

    def run(self, do: Callable[[Publisher], Published]) -> tuple[float, Published]:
        """Return the seconds that a run took, and what it did."""
        self.now += timedelta(seconds=1)
        started = time.perf_counter()
        publisher = Publisher(
            self.register,
            signer=self.college.signer,
            folder=self.web,
            now=lambda: self.now,
            base_url="https://uni.example/",
        )
        published = do(publisher)
        return time.perf_counter() - started, published


def measure(credentials: int, pages: int) -> None:
    """Print a line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        some = bench.fill(credentials, pages)
        first, published = bench.run(Publisher.publish)
        if published.pages != pages:
            raise SystemExit(f"{published.pages} pages, not {pages}")
        idle, revoked = [], []
        for each in some[:RUNS]:
            bench.run(Publisher.publish)
            seconds, published = bench.run(Publisher.publish)
            idle.append(seconds)
            if published.written:
                raise SystemExit(f"nothing was to be done, but {published.written[:3]} written")
            bench.register.credentials.revoke(each, reason="a mistake")
            seconds, published = bench.run(Publisher.publish)
            revoked.append(seconds)
            if len(published.written) != (2 if pages else 1):
                raise SystemExit(f"a revocation wrote {published.written[:3]}")
        mended, _ = bench.run(Publisher.mend)
        bench.register.close()
    nothing, one = statistics.median(idle), statistics.median(revoked)
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{credentials:12,}{pages:10,}{published.lists:7}{first:11.2f}{nothing:10.3f}{one:12.3f}"
        f"{mended:12.2f}{first / one:12,.0f}{size:8.0f}"
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--credentials", type=int, help="as many as pages, unless given")
    parser.add_argument("--pages", type=int, nargs="*", default=[1_000, 10_000])
    options = parser.parse_args()
    Pictures.png = lambda *_: None  # type: ignore[method-assign]
    print(
        f"{'credentials':>12}{'pages':>10}{'lists':>7}{'first, s':>11}{'idle, s':>10}"
        f"{'one gone, s':>12}{'all files, s':>13}{'first/one':>11}{'MiB':>8}   "
        f"{datetime.now(UTC):%Y-%m-%d}"
    )
    for pages in options.pages:
        measure(options.credentials or pages, pages)


if __name__ == "__main__":
    main()
