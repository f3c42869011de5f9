"""How long whole processes take: testamur's, beside the bare import of an Ed25519 library.

Run it with `python benchmarks/cold_start.py`. Each command is started several times, all of them in
turn, so that a machine that slows down slows all of them; the ratio is taken within each turn. What
the first turn costs (byte code is written, files are read into memory) is not counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from testamur import issue
from testamur.bench.subjects import NOW, College

TURNS = 11
BARE = "import cryptography.hazmat.primitives.asymmetric.ed25519"
# What the installed command is.
TESTAMUR = "import sys; from testamur.cli import main; sys.argv[0] = 'testamur'; sys.exit(main())"


def write_inputs(folder: Path) -> None:
    """Write a badge of about 3 KB, without a status, and two lists that name its issuer."""
    college = College(0)
    did = college.signer.controller
    badge = college.award(0).document(college.learner(0, 0), 0)
    del badge["credentialStatus"]
    (folder / "badge.json").write_bytes(issue(badge, signer=college.signer, now=NOW).content)
    (folder / "issuers.yaml").write_text(f"{did}: College\n")
    (folder / "issuers.json").write_text(f'{{"{did}": "College"}}')


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command to its end and return how long it took: by the clock, and of the processor."""
    # Byte code may be kept in files, as it is for whoever has installed the library.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    before, started = processor_seconds(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)  # noqa: S603
    elapsed = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr.decode()}")
    return elapsed, processor_seconds() - before


def processor_seconds() -> float:
    """Return what the commands so far took of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def main() -> None:
    """Measure and print a table."""
    verify = ["verify", "badge.json", "--trust"]
    commands = {
        "bare import of Ed25519": [sys.executable, "-c", BARE],
        "import testamur": [sys.executable, "-c", "import testamur"],
        **{
            f"testamur {' '.join(args)}": [sys.executable, "-c", TESTAMUR, *args]
            for args in (
                ["--version"],
                [*verify, "issuers.json", "--quiet"],
                [*verify, "issuers.json", "--json"],
                [*verify, "issuers.json"],
                [*verify, "issuers.yaml"],
            )
        },
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder)
        turns = [
            {what: seconds(command, folder) for what, command in commands.items()}
            for _ in range(TURNS + 1)
        ][1:]
    bare = next(iter(commands))
    print(f"{'':58}{'by the clock':>16}{'of the processor':>20}")
    for what in commands:
        print(f"{what:58}", end="")
        for kind in (0, 1):
            milliseconds = median(turn[what][kind] for turn in turns) * 1000
            ratio = median(turn[what][kind] / turn[bare][kind] for turn in turns)
            print(f"{milliseconds:8.0f} ms{ratio:7.2f}", end="")
        print()


if __name__ == "__main__":
    main()
