"""The register: issuing through it against issuing without, sizes, look-ups and revocations.

Run it with `python benchmarks/register.py` (20,000 rows), or with `--rows 1000000`. PostgreSQL is
measured where `--postgresql URL` names a database, in a schema of its own that is dropped at the
end. Each run is made in a process of its own; those without and with a register take turns, since
other work on the machine disturbs both. "CPU" is that of our processes, not of PostgreSQL's.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

from testamur.batch import ProcessPool, issue_many
from testamur.bench.subjects import NOW, College
from testamur.issuer import Issuer
from testamur.register import Register

SCHEMA = "testamur_benchmark"
STEPS = 10


def main() -> None:
    """Measure each way in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", metavar="URL")
    parser.add_argument("--only", choices=("without", "sqlite", "postgresql"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "without":
        without(options.rows, options.processes)
    elif options.one is not None:
        with_register(options.one, options.rows, options.processes)
    else:
        for _ in range(options.rounds):
            for way in ("without", "sqlite", *(["postgresql"] if options.postgresql else [])):
                if options.only in (None, way):
                    run(way, options)


def run(way: str, options: argparse.Namespace) -> None:
    """Start one way in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        target = way
        if way == "sqlite":
            target = f"sqlite:///{folder}/register.db"
        elif way == "postgresql":
            target = f"{options.postgresql}?options=-csearch_path%3D{SCHEMA}"
            execute(options.postgresql, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            execute(options.postgresql, f"CREATE SCHEMA {SCHEMA}")
        arguments = ["--rows", str(options.rows), "--processes", str(options.processes)]
        try:
            subprocess.run(  # noqa: S603
                [sys.executable, __file__, "--one", target, *arguments], check=True
            )
        finally:
            if way == "postgresql":
                execute(options.postgresql, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def execute(url: str, statement: str) -> None:
    """Run a statement in PostgreSQL."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def without(rows: int, processes: int) -> None:
    """Issue a batch without a register."""
    college = College(0)
    learners = (college.learner(0, position) for position in range(rows))
    started, count = time.perf_counter(), 0
    for issued in issue_many(
        college.award(0),
        learners,
        signer=college.signer,
        now=NOW,
        engine=ProcessPool(processes),
    ):
        count += bool(issued.content)
    report("without", count, time.perf_counter() - started)


def with_register(url: str, rows: int, processes: int) -> None:
    """Issue a batch through a register, in steps, and look things up after each."""
    college = College(0)
    name = url.partition(":")[0]
    with Register.open_or_create(url, now=lambda: NOW) as register:
        pattern = dict(college.award(0).pattern)
        profile = pattern["issuer"]
        if not isinstance(profile, dict):
            raise SystemExit("the benchmark's issuer has no profile")
        register.issuers.add(profile)
        register.keys.add(college.signer.key.public_key, college.signer.verification_method)
        register.lists.open_series(
            college.signer.controller,
            folder_url="https://uni.example/status/",
            purposes=("revocation",),
        )
        issuer = Issuer(register, college.signer)
        learners = (college.learner(0, position) for position in range(rows))
        started, count, ids = time.perf_counter(), 0, []
        step, began = max(rows // STEPS, 1), started
        for issued in issuer.issue_many(pattern, learners, engine=ProcessPool(processes)):
            count += issued.is_new
            if count % 997 == 0:
                ids.append(issued.id)
            if count % step == 0:
                seconds = time.perf_counter() - began
                print(f"{name:12}{count:12,} rows {step / seconds:10,.0f} per second", flush=True)
                began = time.perf_counter()
        report(name, count, time.perf_counter() - started)
        latencies(name, register, ids)
        print(f"{name:12}{size(register, url) / count:12,.0f} bytes per credential")
        began = time.perf_counter()
        register.trail.check()
        lists = register.lists.of(college.signer.controller)
        print(f"{name:12}{time.perf_counter() - began:12.2f} s to check the trail", end="")
        began = time.perf_counter()
        for each in lists:
            register.lists.bits(each).encode()
        print(f", {time.perf_counter() - began:.2f} s to rebuild {len(lists)} lists")


def latencies(name: str, register: Register, ids: list[str]) -> None:
    """Print how long look-ups and revocations take, median and worst."""
    book = register.credentials
    reasons = "issued by mistake"
    ways: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("look-up", book.find),
        ("revocation", lambda each: book.revoke(each, reason=reasons, who="registrar")),
    )
    for what, call in ways:
        times = []
        for each in ids[:500]:
            began = time.perf_counter()
            if call(each) is None:
                raise SystemExit(f"{each} is missing")
            times.append((time.perf_counter() - began) * 1000)
        if times:
            middle, worst = statistics.median(times), max(times)
            print(f"{name:12}{middle:12.2f} ms for a {what} (worst of {len(times)}: {worst:.1f})")


def size(register: Register, url: str) -> int:
    """Return the bytes that a register takes on disk."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
    with register.reading() as connection:
        query = text(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r'"
        )
        return int(connection.execute(query).scalar_one())


def report(name: str, rows: int, seconds: float) -> None:
    """Print rate and CPU time."""
    used = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        used += usage.ru_utime + usage.ru_stime
    print(
        f"{name:12}{rows:12,} rows {rows / seconds:10,.0f} per second"
        f"{used / rows * 1e6:10.0f} µs CPU each",
        flush=True,
    )


if __name__ == "__main__":
    main()
