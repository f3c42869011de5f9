"""How long a status list of a million entries takes: to change, to publish, to check.

Run it with `python benchmarks/status_lists.py`. One process, one core, warm; medians. One entry in
twenty is set. Publishing is complete: compressed, signed, written as JSON. Checking is complete
too, from bytes to a report: the first credential of a run also fetches the list, verifies it and
expands it; the others only look into it.
"""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from testamur import AllowList, Verifier, build, issue
from testamur.fetch import MemoryFetcher
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.status import BitString, bitstring_status_list

ENTRIES, SET, CREDENTIALS, ROUNDS = 1_000_000, 50_000, 1_000, 9
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://college.example/status/1"


class CountingBitString:
    """Counts how often a list is expanded while it is in place."""

    def __init__(self) -> None:
        self.count = 0
        self._decode = BitString.decode

    def decode(self, encoded: str, **sizes: int) -> BitString:
        """Do what `BitString.decode` does."""
        self.count += 1
        return self._decode(encoded, **sizes)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of one call."""
    times: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times) * 1000


def line(name: str, value: float, unit: str = "ms") -> None:
    """Print one line of the table."""
    print(f"{name:56}{value:12.4f} {unit}")


def credential(signer: Ed25519Signer, index: int) -> bytes:
    """Issue a small credential with a place in the list."""
    achievement = build.achievement(
        id="https://college.example/achievements/1",
        name="Welding coordination",
        description="Applies the legislative standards.",
        criteria="A written test.",
    )
    model = build.credential(
        build.profile(id=signer.verification_method.split("#")[0], name="College"),
        achievement,
        recipient=build.recipient_by_email("ada@learner.example", salt="benchmark"),
        valid_from=NOW,
        status=[build.status_entry(list_url=LIST, index=index, purpose="revocation")],
    )
    return issue(model, signer=signer, now=NOW).content


def main() -> None:
    """Measure and print a table."""
    signer = Ed25519Signer.for_did_key(Ed25519PrivateKey.generate())
    issuer = signer.verification_method.split("#")[0]
    bits = BitString(ENTRIES)
    chosen = random.Random(1).sample(range(ENTRIES), SET)
    started = time.perf_counter()
    for index in chosen:
        bits.set(index, 1)
    all_set = (time.perf_counter() - started) * 1000

    def publish() -> bytes:
        document = bitstring_status_list.build_list_credential(
            list_url=LIST, issuer=issuer, purposes=("revocation",), bits=bits, valid_from=NOW
        )
        return issue(document, signer=signer, now=NOW).content

    def compress_by_default() -> bytes:
        compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return compressor.compress(bits._bytes) + compressor.flush()

    encoded, published = bits.encode(), publish()
    print(f"{ENTRIES} entries, {bits.count_set()} set; {len(published)} bytes as published")
    line("set one bit", milliseconds(lambda: bits.set(94_567, 1), 1001))
    line(f"set {SET} bits", all_set)
    line("count the bits that are set", milliseconds(bits.count_set))
    line("encode", milliseconds(bits.encode))
    line("  zlib's default strategy instead, compression only", milliseconds(compress_by_default))
    line("publish: encode, sign, write", milliseconds(publish))
    line("decode", milliseconds(lambda: BitString.decode(encoded)))
    fetcher = MemoryFetcher({LIST: published})
    trust = AllowList({issuer: "College"})
    not_set = sorted(set(range(ENTRIES)).difference(chosen))[:CREDENTIALS]
    contents = [credential(signer, index) for index in not_set]
    line(
        "check the first credential of a run, list included",
        milliseconds(lambda: Verifier(now=NOW, trust=trust, fetcher=fetcher).examine(contents[0])),
    )
    counting = CountingBitString()
    BitString.decode = counting.decode  # type: ignore[method-assign]
    verifier = Verifier(now=NOW, trust=trust, fetcher=fetcher)
    verdicts = {verifier.examine(contents[0]).verdict.value}
    started = time.perf_counter()
    verdicts |= {verifier.examine(content).verdict.value for content in contents[1:]}
    each = (time.perf_counter() - started) * 1000 / (CREDENTIALS - 1)
    line("check one of the others, complete", each)
    line(f"lists expanded for {CREDENTIALS} credentials", counting.count, "")
    if verdicts != {"genuine"} or counting.count != 1:
        raise SystemExit(f"{verdicts}, expanded {counting.count} times")
    entry = bitstring_status_list.parse_entry(
        bitstring_status_list.build_entry(list_url=LIST, index=94_567, purpose="revocation")
    )
    view = bitstring_status_list.parse_list(
        bitstring_status_list.build_list_credential(
            list_url=LIST, issuer=issuer, purposes=("revocation",), bits=bits, valid_from=NOW
        )
    )
    line(
        "  look-up alone",
        milliseconds(lambda: bitstring_status_list.lookup(entry, view, bits=bits), 1001),
    )


if __name__ == "__main__":
    main()
