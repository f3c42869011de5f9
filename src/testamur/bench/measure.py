"""Measures rates, and sets each against the raw Ed25519 limit of the same moment.

Machines are shared, and their speed changes from second to second. So everything is measured in
turn, in short rounds, and what counts is the median of the ratios within a round.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from testamur.batch import Chunk, Job, KeyInMemory, Press, issue_chunk
from testamur.bench.subjects import NOW, College, mixed_stream
from testamur.canon import fast_path
from testamur.fetch import MemoryFetcher
from testamur.issuing import Mechanism, issue
from testamur.status import BitString, bitstring_status_list
from testamur.trust import AllowList
from testamur.verification import Verdict, Verifier

__all__ = ["Figure", "StatusFigures", "measure", "measure_status"]

_COLLEGES, _COURSES, _MIXED_LEARNERS, _STREAM = 40, 4, 4, 64
_CHUNK = 1000
_ENTRIES = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """How fast something is done.

    Attributes:
        name: what is done, as "eddsa-rdfc-2022, in batch".
        line: "issue" or "verify".
        per_second: the median.
        of_limit: the median of its ratio to raw Ed25519 in the same round; 1 is the limit.
    """

    name: str
    line: str
    per_second: float
    of_limit: float


@dataclass(frozen=True, slots=True)
class StatusFigures:
    """A status list of a million entries, 5 % of which are set; milliseconds.

    Attributes:
        set: one entry. publish: build, sign and write the list. first_check: verify and expand it,
        and look up one entry. next_check: look up another.
    """

    set: float
    publish: float
    first_check: float
    next_check: float


def measure(
    *, rounds: int = 7, seconds: float = 0.1, progress: Callable[[int, int], None] | None = None
) -> list[Figure]:
    """Measure everything.

    Args:
        rounds: how often each thing is measured; at least 1.
        seconds: how long at a time.
        progress: called with (rounds done, rounds in all).
    """
    college = College(0)
    key, data = college.key, bytes(64)
    public, signature = key.public_key, key.sign(bytes(64))
    works: dict[tuple[str, str], Callable[[], int]] = {
        ("raw Ed25519", "issue"): _each(lambda: key.sign(data)),
        ("raw Ed25519", "verify"): _each(lambda: public.verify(signature, data)),
    }
    for mechanism in Mechanism:
        works |= _works_of(college, mechanism)
    works |= _mixed_works()
    rates: dict[tuple[str, str], list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # warm
    for done in range(rounds):
        for name, work in works.items():
            rates[name].append(_rate(work, seconds))
        if progress is not None:
            progress(done + 1, rounds)
    return [
        Figure(
            name=name,
            line=line,
            per_second=median(found),
            of_limit=median(
                one / limit for one, limit in zip(found, rates["raw Ed25519", line], strict=True)
            ),
        )
        for (name, line), found in rates.items()
    ]


def measure_status(*, rounds: int = 5) -> StatusFigures:
    """Measure a status list of a million entries."""
    college = College(0)
    bits = BitString(_ENTRIES)
    for index in range(0, _ENTRIES, 20):
        bits.set(index, 1)
    url = "https://college-0.example/status/1"

    def publish() -> bytes:
        document = bitstring_status_list.build_list_credential(
            list_url=url,
            issuer=college.signer.controller,
            purposes=("revocation",),
            bits=bits,
            valid_from=NOW,
        )
        return issue(document, signer=college.signer, now=NOW).content

    content = publish()

    def check(indexes: Iterable[int]) -> None:
        verifier = _verifier([0], {})
        view = bitstring_status_list.parse_list(verifier.verify(content).secured.document)
        expanded = BitString.decode(view.encoded_list)
        for index in indexes:
            entry = bitstring_status_list.parse_entry(
                bitstring_status_list.build_entry(list_url=url, index=index, purpose="revocation")
            )
            answer = bitstring_status_list.lookup(entry, view, bits=expanded)
            if answer.set != (index % 20 == 0):
                raise ValueError(f"the status at {index} is not what was set")

    def set_a_thousand() -> None:
        for index in range(0, 20_000, 20):
            bits.set(index, 1)

    first = _milliseconds(lambda: check([7]), rounds)
    many = _milliseconds(lambda: check(range(1_001)), rounds)
    return StatusFigures(
        set=_milliseconds(set_a_thousand, rounds) / 1000,
        publish=_milliseconds(publish, rounds),
        first_check=first,
        next_check=(many - first) / 1000,
    )


def _works_of(college: College, mechanism: Mechanism) -> dict[tuple[str, str], Callable[[], int]]:
    name = mechanism.value
    press = college.press(0, mechanism)
    model = college.award(0).credential(college.learner(0, 0), 0)
    contents = [
        press.issue(college.learner(0, number), number).content for number in range(_STREAM)
    ]
    verifier = _verifier([0])
    stream = itertools.cycle(contents)
    _must_be_genuine(verifier, contents)
    job = Job(
        award=college.award(0),
        signer=KeyInMemory.of(college.signer),
        now=NOW,
        mechanism=mechanism,
    )
    chunk = Chunk(1, 0, tuple(college.learner(0, position) for position in range(_CHUNK)))

    def one_by_one() -> object:
        return issue(model, signer=college.signer, now=NOW, mechanism=mechanism)

    def general(work: Callable[[], object]) -> Callable[[], object]:
        def slow() -> object:
            with fast_path.general_path_only():
                return work()

        return slow

    return {
        (f"{name}, in batch", "issue"): lambda: len(issue_chunk(job, chunk).credentials),
        (f"{name}, in batch", "verify"): _each(lambda: verifier.examine(next(stream))),
        (f"{name}, one by one", "issue"): _each(one_by_one),
        (f"{name}, general path", "issue"): _each(general(one_by_one)),
        (f"{name}, general path", "verify"): _each(general(lambda: verifier.examine(contents[0]))),
    }


def _mixed_works() -> dict[tuple[str, str], Callable[[], int]]:
    mixed = list(mixed_stream(_COLLEGES, _COURSES, _MIXED_LEARNERS))
    alone = list(mixed_stream(_COLLEGES, _COURSES * _MIXED_LEARNERS, 1))
    everybody = sorted({college for college, _ in mixed})
    mechanisms = list(Mechanism)
    presses: list[tuple[College, int, Press]] = [
        (College(number), course, College(number).press(course, mechanisms[(number + course) % 4]))
        for number in range(_COLLEGES)
        for course in range(_COURSES)
    ]
    for college, course, press in presses:
        press.issue(college.learner(course, 0), 0)
    learners = {
        (college, course): [college.learner(course, position) for position in range(50)]
        for college, course, _ in presses
    }
    turns, positions = itertools.cycle(presses), itertools.count(1)
    fetched = dict(College(number).status_list() for number in everybody)

    def verify(stream: list[tuple[int, bytes]]) -> Callable[[], int]:
        def work() -> int:
            verifier = _verifier(everybody, fetched)
            _must_be_genuine(verifier, [content for _, content in stream])
            return len(stream)

        return work

    def in_turn() -> object:
        college, course, press = next(turns)
        position = next(positions)
        return press.issue(learners[college, course][position % 50], position)

    return {
        ("mixed, 160 achievements of 40 issuers", "issue"): _each(in_turn),
        ("mixed, 160 achievements of 40 issuers", "verify"): verify(mixed),
        ("mixed, no two alike", "verify"): verify(alone),
    }


def _verifier(colleges: Iterable[int], fetched: Mapping[str, bytes] | None = None) -> Verifier:
    known = [College(number) for number in colleges]
    documents = fetched if fetched is not None else dict(each.status_list() for each in known)
    return Verifier(
        now=NOW,
        trust=AllowList({each.signer.controller: f"College {each.number}" for each in known}),
        fetcher=MemoryFetcher(documents),
    )


def _must_be_genuine(verifier: Verifier, contents: Iterable[bytes]) -> None:
    for content in contents:
        report = verifier.examine(content)
        if report.verdict is not Verdict.GENUINE:
            raise ValueError(f"a credential that is measured is not genuine: {report}")


def _each(work: Callable[[], object]) -> Callable[[], int]:
    """Count one thing done each time."""

    def counted() -> int:
        work()
        return 1

    return counted


def _rate(work: Callable[[], int], seconds: float) -> float:
    count, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        count += work()
    return count / elapsed


def _milliseconds(work: Callable[[], object], rounds: int) -> float:
    taken: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)
