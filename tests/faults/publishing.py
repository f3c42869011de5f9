"""Kill publishers at random moments while others issue and withdraw, under the eyes of a reader.

`python -m faults.publishing --url sqlite:///x.db --web web --kills 50 --processes 8`, with tests/
on the path. A new register is made at the URL. Two publishers share a folder, so that one of them
is refused while the other is at work; they and the processes that issue are killed and started
again, until so many of both were. In the end one publisher goes through undisturbed, and what is
public is compared with the register and with what was handed out.
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
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from faults.reader import Reader, UnwholeError, read_for_ever
from faults.run import attempt, expect, handed_out
from faults.works import (
    BASE,
    DID,
    FULL,
    REFUSED,
    Works,
    change_and_publish,
    issue_for_ever,
    publish_for_ever,
    publish_once,
    warm_up,
)
from testamur.register import Register, State
from testamur.status import BitString, bitstring_status_list

PUBLISHERS = 2
LIFE = 1.0  # seconds, on average, from one death to the next
KEY_LIVES = 25  # publishers that are killed until the next one has a key of its own


class Kitchen:
    """The processes at work, and when each of them is killed.

    Args:
        url: of the register.
        web: the folder.
        logs: where processes write down what they did.
        chance: when who dies.
    """

    def __init__(self, url: str, web: Path, logs: Path, chance: random.Random) -> None:
        self._url = url
        self._web = web
        self._logs = logs
        self._chance = chance
        self._running: dict[int, tuple[str, float]] = {}
        self._count = 0
        self.killed: Counter[str] = Counter(publisher=0, issuer=0)

    def keep(self, what: str, number: int, seconds: float) -> None:
        """Start processes until so many are at work, each to live about so many seconds."""
        while sum(kind == what for kind, _ in self._running.values()) < number:
            self._count += 1
            log = self._logs / f"{what}.{self._count}"
            if what == "publisher":
                key = self.killed[what] // KEY_LIVES
                task = partial(publish_for_ever, self._url, self._web, key, log)
            else:
                task = partial(issue_for_ever, self._url, log, self._count)
            end = time.monotonic() + self._chance.expovariate(1 / seconds)
            self._running[child(task)] = (what, end)

    def kill_next(self, reader: int) -> None:
        """Wait until the next process is to die, and kill it."""
        pid, (what, at) = min(self._running.items(), key=lambda each: each[1][1])
        time.sleep(max(0.0, at - time.monotonic()))
        self._kill(pid)
        ended = os.waitid(os.P_PID, reader, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        expect(ended is None, "the reader found something")
        self.killed[what] += 1

    def said(self) -> Counter[str]:
        """Return how often publishers got through, and were refused."""
        logs = self._logs.glob("publisher.*")
        return Counter(line for log in logs for line in log.read_text().splitlines())

    def end(self) -> None:
        """Kill those that are left: nobody else would."""
        for pid in list(self._running):
            self._kill(pid)

    def _kill(self, pid: int) -> None:
        del self._running[pid]
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        expect(os.WIFSIGNALED(status), f"a process ended by itself: {status}")


def child(task: Callable[[], int | None]) -> int:
    """Start a process; it inherits the modules and nothing that is open."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = task() or 0
    except BaseException:  # noqa: BLE001 - the process ends here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait_for(pid: int, what: str) -> int:
    """Return the code with which a process ended by itself."""
    _, status = os.waitpid(pid, 0)
    expect(os.WIFEXITED(status), f"{what} was killed")
    return os.waitstatus_to_exitcode(status)


def kill_at_random(
    url: str, web: Path, logs: Path, *, kills: int, processes: int, chance: random.Random
) -> dict[str, Any]:
    """Kill until so many publishers and so many issuing processes are dead."""
    report = logs / "reader"
    reader = child(lambda: read_for_ever(web, report))
    kitchen = Kitchen(url, web, logs, chance)
    try:
        # On a slow machine more have to die until somebody gets through.
        while min(kitchen.killed.values(), default=0) < kills or not kitchen.said()["published"]:
            kitchen.keep("publisher", PUBLISHERS, LIFE * PUBLISHERS)
            kitchen.keep("issuer", processes, LIFE * processes)
            kitchen.kill_next(reader)
    finally:
        kitchen.end()
        os.kill(reader, signal.SIGTERM)
        code = wait_for(reader, "the reader")
    expect(code == 0, "the reader found something")
    said = kitchen.said()
    return {
        "publishers killed": kitchen.killed["publisher"],
        "issuers killed": kitchen.killed["issuer"],
        "published": said["published"],
        REFUSED: said[REFUSED],
        **json.loads(report.read_text()),
    }


def publish_again_and_again(url: str, web: Path, logs: Path, *, times: int) -> dict[str, Any]:
    """Publish a change so many times, while the reader reads."""
    report = logs / "reader"
    reader = child(lambda: read_for_ever(web, report))
    log = logs / "issuer.0"
    try:
        code = wait_for(child(partial(change_and_publish, url, web, log, times)), "a publisher")
    finally:
        os.kill(reader, signal.SIGTERM)
        found = wait_for(reader, "the reader")
    expect(code == 0, "a publication failed")
    expect(found == 0, "the reader found something")
    return {"publications": times, **json.loads(report.read_text())}


def fill_disk(url: str, web: Path, logs: Path, *, chance: random.Random) -> dict[str, Any]:
    """Let publishers run into the end of the disk, wherever that is; the folder stays whole."""
    reader = Reader(web)
    ends: Counter[int] = Counter()
    for number in range(1_000):
        clerk = child(partial(issue_for_ever, url, logs / f"issuer.{number}", number))
        time.sleep(1 if number == 0 else 0.2)
        os.kill(clerk, signal.SIGKILL)
        os.waitpid(clerk, 0)
        limit = _size_of(url) + int(2 ** chance.uniform(4, 17))

        def publish(limit: int = limit) -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            return publish_once(url, web, 0)

        code = wait_for(child(publish), "a publisher")
        expect(code in (0, FULL), f"a full disk ended a publisher with {code}")
        ends[code] += 1
        reader.look()
        if ends[FULL] == 12:
            break
    return {"full disk": ends[FULL], "published": ends[0], "lists read": reader.lists}


def _size_of(url: str) -> int:
    """Return the size of a register that is a file, whose log has the room that is left."""
    path = Path(url.removeprefix("sqlite:///"))
    return max((each.stat().st_size for each in path.parent.glob(f"{path.name}*")), default=0)


def check(url: str, web: Path, logs: Path) -> dict[str, int]:
    """What is public is what the register says, and that holds all that was handed out."""
    works = Works(url)
    register = works.register
    works.issuer.resume()
    lines = [line for log in sorted(logs.glob("issuer.*")) for line in handed_out(log)]
    records = {record.id: record for record in register.credentials.all()}
    for what, _key, identifier, _digest in lines:
        expect(records[identifier].state is State.ISSUED, f"{identifier} was handed out")
        if what == "revoked":
            expect(records[identifier].standing.value == "revoked", f"{identifier} lost it")
    works.publisher(web).publish()
    Reader(web).look()
    revoked = {identifier for what, _, identifier, _ in lines if what == "revoked"}
    for each in register.lists.of(DID):
        published = public_bits(web, each.url)
        expect(published == register.lists.bits(each), f"{each.url} is not the register's")
        if each.purpose == "revocation":
            for identifier in revoked:
                for place in records[identifier].places:
                    if place.list_url == each.url:
                        expect(published.get(place.index) == 1, f"{identifier} is not withdrawn")
    pages = check_pages(register, web)
    check_copies(register, web)
    expect(not list(web.rglob(".*.tmp")), "something half written is left")
    again = works.publisher(web).publish().written  # lists may have to be signed anew
    expect(all(each.startswith("status/") for each in again), f"a second run writes {again}")
    entries, _ = register.trail.check()
    register.close()
    return {
        "recorded": len(records),
        "revoked": len(revoked),
        "pages": pages,
        "audit entries": entries,
    }


def check_pages(register: Register, web: Path) -> int:
    """There is a page for each who agreed, with the exact document, and none else."""
    wanted = {}
    for each in register.publications.of(DID):
        assert each.publication is not None
        wanted[each.publication.token] = register.credentials.content(each.record)
    found = {
        each.parent.name: each.with_name("credential.json").read_bytes()
        for each in (web / "public/c").glob("*/index.html")
    }
    folders = {each.name for each in (web / "public/c").iterdir() if each.is_dir()}
    expect(folders == set(found), "a folder has no page")
    expect(found == wanted, "the pages are not those that learners agreed to")
    return len(found)


def check_copies(register: Register, web: Path) -> None:
    """At the URL of each refresh service stands the newest copy."""
    for each in register.refreshes.of(DID):
        assert each.url is not None
        copy = web / "public" / each.url.removeprefix(BASE)
        content = register.credentials.contents([each.newest])[each.newest]
        expect(copy.read_bytes() == content, f"at {each.url} stands something else")


def public_bits(web: Path, url: str) -> BitString:
    document = json.loads((web / "public" / url.removeprefix(BASE)).read_bytes())
    return BitString.decode(bitstring_status_list.parse_list(document).encoded_list)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--web", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--full-disk", action="store_true")
    parser.add_argument("--publications", type=int)
    options = parser.parse_args()
    url, web, chance = options.url, options.web, random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        warm_up(url, Path(folder))
        code = wait_for(child(lambda: publish_once(url, web, 0)), "the first publisher")
        expect(code == 0, "it cannot be published at all")
        logs = Path(folder, "logs")
        logs.mkdir()
        try:
            if options.full_disk:
                found = fill_disk(url, web, logs, chance=chance)
            elif options.publications is not None:
                found = publish_again_and_again(url, web, logs, times=options.publications)
            else:
                found = kill_at_random(
                    url, web, logs, kills=options.kills, processes=options.processes, chance=chance
                )
            found |= attempt(lambda: check(url, web, logs), is_patient=True)
        except UnwholeError as error:
            raise SystemExit(f"FAULT: {error}") from error
    print(json.dumps(found))


if __name__ == "__main__":
    main()
