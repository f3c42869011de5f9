"""Kill issuing processes at random moments, and check that nothing was lost or done twice.

`python -m faults.run --url sqlite:///x.db --kills 50 --processes 8`, with tests/ on the path. A
new register is made at the URL. Processes issue the same roster, alone and in batches, revoke some
of it, and are killed and started again; each writes down what it handed out. In the end one goes
through undisturbed, and the register is compared with what was handed out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TextIO, TypeVar

from sqlalchemy import text

from registers import Office
from testamur.batch import Learner
from testamur.canon.strict_json import parse_object
from testamur.errors import Code, RegisterError
from testamur.issuer import IssuedCredential
from testamur.register import State
from testamur.register.trail_and_tables import chunk_digest

T = TypeVar("T")

ROWS = 60
ALONE = 12
CHUNK_ROWS = 7
WITHDRAWN = 5
PER_ROUND = 4  # kills after which work goes on to rows that are new


def learners(round_: int) -> Iterator[Learner]:
    """The roster of a round."""
    for row in range(ROWS):
        yield Learner(key=f"{round_}/{row}", email=f"p{row}@uni.example", name=f"P {row}")


def open_office(url: str) -> Office:
    return attempt(lambda: Office(url, clock=lambda: datetime.now(UTC)), is_patient=True)


def work(url: str, rounds: range, log: Path, *, is_patient: bool) -> None:
    """Issue and revoke as a program would, and write down what is handed out."""
    office = Office(url, clock=lambda: datetime.now(UTC)) if not is_patient else open_office(url)

    def alone(key: str) -> IssuedCredential:
        return office.issuer.issue(office.credential(), key=key)

    def all_of(round_: int) -> None:
        for issued in office.issuer.issue_many(
            office.credential(), learners(round_), chunk_rows=CHUNK_ROWS
        ):
            note(file, "issued", issued)

    with log.open("a") as file:
        for round_ in rounds:
            for row in range(ALONE):
                issued = attempt(partial(alone, f"{round_}/alone/{row}"), is_patient=is_patient)
                note(file, "issued", issued)
                if row < WITHDRAWN:
                    revoke = partial(office.issuer.revoke, issued.id, reason="a mistake")
                    attempt(revoke, is_patient=is_patient)
                    note(file, "revoked", issued)
            attempt(partial(all_of, round_), is_patient=is_patient)
    office.close()


def attempt(call: Callable[[], T], *, is_patient: bool) -> T:
    """Do something, again while the register is not there."""
    while True:
        try:
            return call()
        except RegisterError as error:
            if error.code is not Code.REGISTER_UNAVAILABLE or not is_patient:
                raise
            time.sleep(0.05)


def note(file: TextIO, what: str, issued: IssuedCredential) -> None:
    digest = sha256(issued.content or b"").hexdigest()
    file.write(json.dumps([what, issued.key, issued.id, digest]) + "\n")
    file.flush()  # what the kernel has survives SIGKILL


def child(url: str, rounds: range, log: Path, *, file_bytes: int | None = None) -> int:
    """Start a process that works; it inherits the modules and nothing that is open."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        work(url, rounds, log, is_patient=file_bytes is None)
        code = 0
    except RegisterError as error:
        print(f"worker: {error.code}: {error}", file=sys.stderr)
        code = 3 if error.code is Code.REGISTER_UNAVAILABLE else 4
    finally:
        os._exit(code)


def kill_at_random(
    url: str, kills: int, processes: int, log: Path, chance: random.Random
) -> Counter[str]:
    """Keep processes at work until so many were killed; return how they ended."""
    ends: Counter[str] = Counter()
    running: dict[int, float] = {}
    killed = 0
    try:
        while killed < kills:
            while len(running) < processes:
                rounds = range(killed // PER_ROUND, 10_000)
                pid = child(url, rounds, log.with_suffix(f".{random.randrange(1 << 48)}"))
                running[pid] = time.monotonic() + chance.expovariate(1 / (0.12 * processes))
            pid, at = min(running.items(), key=lambda each: each[1])
            time.sleep(max(0.0, at - time.monotonic()))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            del running[pid]
            if os.WIFSIGNALED(status):
                killed += 1
                ends["killed"] += 1
            else:
                ends[f"exit {os.waitstatus_to_exitcode(status)}"] += 1
                if os.waitstatus_to_exitcode(status) != 0:
                    raise SystemExit(f"a worker ended by itself: {status}")
    finally:  # nobody else would ever end them
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            ends["killed"] += 1
    return ends


def handed_out(log: Path) -> list[list[str]]:
    lines = [line for path in log.parent.glob(f"{log.name}*") for line in path.open()]
    # The last line of a process that was killed may be half a line.
    return [json.loads(line) for line in lines if line.endswith("\n")]


def count_unfinished(url: str) -> int:
    office = open_office(url)
    try:
        return len(office.issuer.unfinished())
    finally:
        office.close()


def check(url: str, log: Path) -> dict[str, int]:
    """Finish what was begun, and compare the register with what was handed out."""
    office = open_office(url)
    register = office.register
    attempt(office.issuer.resume, is_patient=True)
    expect(office.issuer.unfinished() == [], "something is still unfinished")
    records = {record.id: record for record in register.credentials.all()}
    lines = handed_out(log)
    by_key: dict[str, set[tuple[str, str]]] = {}
    for what, key, identifier, digest in lines:
        record = records.get(identifier)
        expect(record is not None, f"{identifier} was handed out and is not recorded")
        assert record is not None
        expect(record.state is State.ISSUED, f"{identifier} was handed out and is {record.state}")
        assert record.content_hash is not None
        expect(record.content_hash.hex() == digest, f"{identifier} has other bytes")
        by_key.setdefault(key, set()).add((identifier, digest))
        if what == "revoked":
            expect(record.standing.value == "revoked", f"{identifier} lost its revocation")
    for key, credentials in by_key.items():
        expect(len(credentials) == 1, f"{key} was issued {len(credentials)} times")
    places = Counter(place for record in records.values() for place in record.places)
    expect(max(places.values(), default=1) == 1, "a place was given twice")
    in_documents: Counter[tuple[str, str]] = Counter()
    for record in records.values():
        if record.state is not State.ISSUED:
            continue
        content = register.credentials.content(record)
        assert content is not None
        document = parse_object(content)
        entries = document["credentialStatus"]
        assert isinstance(entries, list)
        said = {
            (str(entry["statusListCredential"]), int(str(entry["statusListIndex"])))
            for entry in entries
            if isinstance(entry, dict)
        }
        expect(
            said == {(place.list_url, place.index) for place in record.places},
            f"{record.id} says other places than the register",
        )
        in_documents.update((url, str(index)) for url, index in said)
    expect(max(in_documents.values(), default=1) == 1, "a place stands in two documents")
    entries_, _ = register.trail.check()
    chunks = check_chunks(office)
    check_lists(office, lines)
    office.close()
    return {
        "recorded": len(records),
        "handed out": len(by_key),
        "audit entries": entries_,
        "chunks": chunks,
    }


def check_chunks(office: Office) -> int:
    """The digest of each chunk in the trail is that of what is recorded."""
    count = after = 0
    while entries := office.register.trail.read(after=after, limit=1000):
        after = entries[-1].sequence
        for entry in entries:
            if entry.action == "chunk.issued":
                first, rows = int(str(entry.facts["first"])), int(str(entry.facts["count"]))
                with office.register.reading() as connection:
                    found = chunk_digest(connection, first=first, count=rows)
                expect(found == entry.facts["sha256"], f"{entry.subject} is another")
                count += 1
    return count


def check_lists(office: Office, lines: list[list[str]]) -> None:
    """The bit of all that was revoked is set."""
    revoked = {identifier for what, _, identifier, _ in lines if what == "revoked"}
    for record in office.register.lists.of(office.id):
        bits = office.register.lists.bits(record)
        for identifier in revoked:
            found = office.register.credentials.find(identifier)
            assert found is not None
            for place in found.places:
                if place.list_url == record.url and place.purpose == "revocation":
                    expect(bits.get(place.index) == 1, f"the bit of {identifier} is not set")


def check_signatures(url: str) -> int:
    """Each document was signed once: a place or an id in two signatures would show here."""
    office = open_office(url)
    with office.register.reading() as connection:
        rows = connection.execute(
            text("SELECT count(*), count(DISTINCT content_hash) FROM signatures")
        ).one()
    office.close()
    expect(rows[0] == rows[1], "two credentials have the same bytes")
    return int(rows[0])


def expect(holds: bool, message: str) -> None:
    if not holds:
        raise SystemExit(f"FAULT: {message}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--full-disk", action="store_true")
    options = parser.parse_args()
    open_office(options.url).close()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "handed-out"
        if options.full_disk:
            ends = fill_disk(options.url, log)
        else:
            chance = random.Random(options.seed)
            ends = kill_at_random(options.url, options.kills, options.processes, log, chance)
        unfinished = attempt(lambda: count_unfinished(options.url), is_patient=True)
        rounds = range(options.kills // PER_ROUND + 2)
        pid = child(options.url, rounds, log.with_suffix(".last"))
        _, status = os.waitpid(pid, 0)
        expect(os.waitstatus_to_exitcode(status) == 0, "the undisturbed run failed")
        found = attempt(lambda: check(options.url, log), is_patient=True)
        found["unfinished after the last kill"] = unfinished
        found["signatures"] = attempt(lambda: check_signatures(options.url), is_patient=True)
    print(json.dumps({**ends, **found}))


def fill_disk(url: str, log: Path) -> Counter[str]:
    """Let processes run into the end of the disk, a little further each time."""
    ends: Counter[str] = Counter()
    path = Path(url.removeprefix("sqlite:///"))
    for _ in range(8):
        # The write-ahead log grows first; the limit is one of each file.
        size = max(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
        limit = size + random.randrange(2_000, 120_000)
        pid = child(url, range(10_000), log.with_suffix(f".{limit}"), file_bytes=limit)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        expect(code == 3, f"a full disk ended a worker with {code}, not with our error")
        ends["full disk"] += 1
    return ends


if __name__ == "__main__":
    main()
