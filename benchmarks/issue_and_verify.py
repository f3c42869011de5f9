"""How many credentials are issued and verified in a second, beside the raw Ed25519 limit.

Run it with `make bench`. One process, one core, warm; the limit is measured in the same run, since
only the ratios carry over to another machine. The credential is an AchievementCredential of about
3 KB: three alignments, a result, a hashed identity and a status entry. Issuing is complete: model,
lossless check, signature, JSON. Verifying is complete too: from bytes to a report, with the status
list in memory (fetched and expanded once, as in any run).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from statistics import median

from testamur import AllowList, Mechanism, Verifier, build, issue
from testamur.fetch import MemoryFetcher
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.model.ob3 import AchievementCredential, AchievementType
from testamur.status import BitString, bitstring_status_list

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://college.example/status/1"
SECONDS, ROUNDS = 1.0, 5


def credential(signer: Ed25519Signer) -> AchievementCredential:
    """Build the credential that is measured."""
    grade = build.result_description(
        id="https://college.example/achievements/1#grade",
        name="Final grade",
        result_type="Percent",
        value_min="0",
        value_max="100",
    )
    achievement = build.achievement(
        id="https://college.example/achievements/1",
        name="Welding coordination",
        description="Applies the legislative standards for the CE marking of welded items. " * 8,
        criteria="A written test of two hours and a practical task, both supervised. " * 8,
        achievement_type=AchievementType.MICRO_CREDENTIAL,
        alignments=[
            build.eqf_level(5),
            build.isced_f("0715", "Mechanics and metal trades"),
            build.esco_skill(
                "http://data.europa.eu/esco/skill/00735755-adc6-4ea0-b034-b8caff339c9f",
                "coordinate welding operations",
            ),
        ],
        results=[grade],
    )
    return build.credential(
        build.profile(id=signer.verification_method.split("#")[0], name="College"),
        achievement,
        recipient=build.recipient_by_email("ada@learner.example", salt="benchmark"),
        valid_from=NOW,
        results=[build.result(grade, value="87")],
        status=[build.status_entry(list_url=LIST, index=94_567, purpose="revocation")],
    )


def status_list(signer: Ed25519Signer) -> bytes:
    """Publish the status list that the credential points into."""
    document = bitstring_status_list.build_list_credential(
        list_url=LIST,
        issuer=signer.verification_method.split("#")[0],
        purposes=("revocation",),
        bits=BitString(131_072),
        valid_from=NOW,
    )
    return issue(document, signer=signer, now=NOW).content


def rate(work: Callable[[], object]) -> float:
    """Return the median number of calls in a second, over several rounds after a warm-up."""
    work()
    rates: list[float] = []
    for _ in range(ROUNDS):
        count, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < SECONDS / ROUNDS:
            work()
            count += 1
        rates.append(count / elapsed)
    return median(rates)


def main() -> None:
    """Measure and print a table."""
    key = Ed25519PrivateKey.generate()
    signer = Ed25519Signer.for_did_key(key)
    data = bytes(64)
    signature = key.sign(data)
    public = key.public_key
    sign_limit = rate(lambda: key.sign(data))
    verify_limit = rate(lambda: public.verify(signature, data))
    model = credential(signer)
    fetcher = MemoryFetcher({LIST: status_list(signer)})
    trust = AllowList({signer.verification_method.split("#")[0]: "College"})
    print(f"{'':24}{'issue/s':>10}{'of limit':>10}{'verify/s':>10}{'of limit':>10}{'bytes':>8}")
    print(f"{'raw Ed25519 (64 bytes)':24}{sign_limit:10.0f}{'':10}{verify_limit:10.0f}")
    for mechanism in Mechanism:
        secured = issue(model, signer=signer, now=NOW, mechanism=mechanism)
        content = secured.content
        verifier = Verifier(now=NOW, trust=trust, fetcher=fetcher)
        verdict = verifier.examine(content).verdict
        if verdict.value != "genuine":
            raise SystemExit(f"{mechanism}: the credential to be measured is {verdict.value}")
        issued = rate(partial(issue, model, signer=signer, now=NOW, mechanism=mechanism))
        verified = rate(partial(verifier.examine, content))
        print(
            f"{mechanism.value:24}{issued:10.0f}{issued / sign_limit:10.2%}"
            f"{verified:10.0f}{verified / verify_limit:10.2%}{len(content):8}"
        )


if __name__ == "__main__":
    main()
