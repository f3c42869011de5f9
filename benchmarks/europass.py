"""How long one European Digital Credential takes: built and checked, signed, verified.

Run it with `python benchmarks/europass.py [FILE …]`. One process, one core, warm; the ways take
turns, and the fastest of many rounds counts, so that the ratios hold on a busy machine too. Every
figure is set against raw Ed25519 and against signing by the general path of the same run. The
credential is data/european_credential.json; a FILE is another one, unsigned, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from testamur.canon import compiled, fast_path, general
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.issuing import issue
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.model.elm import EuropeanDigitalCredential
from testamur.model.elm.issue_check import check_for_issue
from testamur.model.microcredential import from_elm, to_elm
from testamur.trust import AllowList
from testamur.verification import Verdict, Verifier

ROUNDS, SECONDS = 25, 0.02  # of each way in each round
NOW = datetime(2026, 7, 1, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"
DATA = Path(__file__).parent / "data" / "european_credential.json"
DATES: JsonObject = {"issued": "2026-06-15T00:00:00Z", "issuanceDate": "2026-06-15T00:00:00Z"}


def by_general_path(way: Callable[[], object]) -> Callable[[], object]:
    """Return the same work without the fast paths."""

    def slowly() -> object:
        with fast_path.general_path_only():
            return way()

    return slowly


def ways(document: JsonObject) -> dict[str, Callable[[], object]]:
    """Return what is measured: each with its name."""
    key = Ed25519PrivateKey.generate()
    signer = Ed25519Signer.for_did_key(key)
    did = signer.verification_method.partition("#")[0]
    issuer = document["issuer"]
    assert isinstance(issuer, dict)
    text = json.dumps(document).replace(json.dumps(issuer["id"]), json.dumps(did))
    document = {**DATES, **parse_object(text)}
    contexts = Contexts.bundled()
    model = EuropeanDigitalCredential.from_json(document)
    secured = issue(model, signer=signer, now=NOW).content
    trust = AllowList({did: "Example University"})

    description = from_elm(model).description
    pages = {description.language: PNG}

    def build() -> None:
        check_for_issue(EuropeanDigitalCredential.from_json(document))

    def verify() -> None:
        report = Verifier(now=NOW, trust=trust).examine(secured)
        assert report.verdict is Verdict.GENUINE

    return {
        "raw Ed25519, sign": lambda: key.sign(secured[:64]),
        "build and check": build,
        "write a description": lambda: to_elm(description, id="urn:credential:1", pages=pages),
        "read a description": lambda: from_elm(model),
        "write as JSON": lambda: dumps(model.to_json()),
        "canonicalize, compiled": lambda: compiled.canonicalize(document, contexts=contexts),
        "canonicalize, general": lambda: general.canonicalize(document, contexts=contexts),
        "issue a model, compiled": lambda: issue(model, signer=signer, now=NOW),
        "issue a model, general": by_general_path(lambda: issue(model, signer=signer, now=NOW)),
        "verify, compiled": verify,
        "verify, general": by_general_path(verify),
    }


def measure(works: list[Callable[[], object]]) -> list[float]:
    """Return the shortest time of one call of each, in processor seconds."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            calls, started = 0, time.process_time()
            while (spent := time.process_time() - started) < SECONDS or not calls:
                work()
                calls += 1
            best[place] = min(best[place], spent / calls)
    return best


def show(name: str, document: JsonObject) -> None:
    """Measure one credential and print its table."""
    named = ways(document)
    found = dict(zip(named, measure(list(named.values())), strict=True))
    raw, general_issue = found["raw Ed25519, sign"], found["issue a model, general"]
    print(f"{name}, {len(dumps(document)):,} bytes")
    print(f"{'':28}{'us':>10}{'of raw Ed25519':>18}{'of general issue':>18}")
    for what, seconds in found.items():
        print(f"{what:28}{seconds * 1e6:10.1f}{seconds / raw:18.1f}{seconds / general_issue:18.2f}")
    print()


def main() -> None:
    """Measure the recorded credential, and those that are named."""
    for file in [DATA, *map(Path, sys.argv[1:])]:
        show(file.name, parse_object(file.read_bytes()))


if __name__ == "__main__":
    main()
