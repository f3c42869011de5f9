"""Recognized credentials get the answers that reading them in full gives."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator import NOW, Simulator
from testamur import limits
from testamur.canon import fast_path
from testamur.canon.contexts import Contexts
from testamur.issuing import Mechanism, issue
from testamur.trust import AllowList
from testamur.verification import Report, Verdict, Verifier
from testamur.verification import recognition as room

pytestmark = pytest.mark.fast_path

UNIVERSITY = Simulator()


def credentials(mechanism: Mechanism, count: int = 10) -> list[bytes]:
    made = []
    for number in range(count):
        badge = UNIVERSITY.badge(number, id=f"urn:uuid:{number}", narrative=f"Good work, {number}.")
        made.append(issue(badge, signer=UNIVERSITY.signer, now=NOW, mechanism=mechanism).content)
    return made


def new_verifier() -> Verifier:
    return Verifier(now=NOW, trust=AllowList({UNIVERSITY.did: "University"}), fetcher=UNIVERSITY)


def in_full(content: bytes) -> Report:
    """What a verifier says that has seen nothing, by the general path alone."""
    with fast_path.general_path_only():
        return new_verifier().examine(content)


def recognizes(verifier: Verifier, content: bytes) -> bool:
    return verifier._templates.recognize(content) is not None


@pytest.mark.parametrize("mechanism", Mechanism)
def test_ninth_credential_of_an_achievement_is_recognized(mechanism: Mechanism) -> None:
    verifier = new_verifier()
    for number, content in enumerate(credentials(mechanism)):
        assert recognizes(verifier, content) == (number >= 8)
        report = verifier.examine(content)
        assert report == in_full(content)
        assert report.verdict is Verdict.GENUINE
        assert report.contents is not None
        assert report.contents.id == f"urn:uuid:{number}"


@pytest.mark.parametrize("mechanism", Mechanism)
def test_changed_credential_gets_the_answer_that_it_gets_in_full(mechanism: Mechanism) -> None:
    contents = credentials(mechanism)
    verifier = new_verifier()
    for content in contents:
        verifier.examine(content)
    generator = random.Random(mechanism.value)
    recognized = 0
    for _ in range(150):
        changed = bytearray(contents[-1])
        position = generator.randrange(len(changed))
        changed[position] = generator.choice(b'aZ09"\\{}[]:,.%\x00\x7f\xc3_-')
        content = bytes(changed)
        recognized += recognizes(verifier, content)
        report = verifier.examine(content)
        assert report == new_verifier().examine(content)
        assert report.verdict is not Verdict.GENUINE or content == contents[-1]
    assert recognized  # some changes fall into the slots


@pytest.mark.parametrize("mechanism", [Mechanism.EDDSA_RDFC_2022, Mechanism.EDDSA_JCS_2022])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id":"urn:uuid:5"', '"id":"urn:uuid:4"'),
        ('"id":"urn:uuid:5"', '"id":"no URL"'),
        ('"id":"urn:uuid:5"', '"id":"name:5"'),
        ('"narrative":"Good work, 5."', '"narrative":""'),
        ('"narrative":"Good work, 5."', '"narrative":"\\u0041"'),
        ('"statusListIndex":"5"', '"statusListIndex":"6"'),
        ('"statusListIndex":"5"', '"statusListIndex":"999999999"'),
        ('"statusListIndex":"5"', '"statusListIndex":"05"'),
        ('"statusListIndex":"5"', '"statusListIndex":5'),
        ('"validFrom":"', '"validFrom":"x'),
        ('"validFrom":', '"https://www.w3.org/2018/credentials#validFrom":'),
        ('"credentialStatus":', '"https://www.w3.org/2018/credentials#credentialStatus":'),
        ('"credentialStatus":', '"cred:credentialStatus":'),
        ('"narrative":"Good work, 5."', '"narrative":"Good work, 5.","narrative":"x"'),
        ('"proofValue":"z', '"proofValue":"u'),
        ('"proofPurpose":"assertionMethod"', '"proofPurpose":"authentication"'),
        ('"created":"', '"created":"x'),
    ],
)
def test_tampered_credential_gets_the_answer_that_it_gets_in_full(
    mechanism: Mechanism, old: str, new: str
) -> None:
    contents = credentials(mechanism)
    verifier = new_verifier()
    for content in contents:
        verifier.examine(content)
    text = contents[5].decode()
    assert old in text
    report = verifier.examine(text.replace(old, new).encode())
    assert report == in_full(text.replace(old, new).encode())
    assert report.verdict is not Verdict.GENUINE


def test_withdrawn_and_expired_ones_are_told_apart() -> None:
    university = Simulator()
    verifier = Verifier(
        now=NOW, trust=AllowList({university.did: "University"}), fetcher=university
    )
    university.revoke(10)
    university.publish()
    badges = [
        university.badge(
            number,
            id=f"urn:uuid:{number}",
            valid_until=NOW.replace(year=2020 if number == 11 else 2050),
            valid_from=NOW.replace(year=2010),
        )
        for number in range(13)
    ]
    contents = [issue(badge, signer=university.signer, now=NOW).content for badge in badges]
    verdicts = []
    for number, content in enumerate(contents):
        assert recognizes(verifier, content) == (number >= 8)
        verdicts.append(verifier.examine(content).verdict)
    assert verdicts == [
        *[Verdict.GENUINE] * 10,
        Verdict.REVOKED,
        Verdict.EXPIRED,
        Verdict.GENUINE,
    ]


def test_other_layout_of_the_same_credential_is_read_in_full() -> None:
    contents = credentials(Mechanism.EDDSA_RDFC_2022)
    verifier = new_verifier()
    for content in contents:
        verifier.examine(content)
    indented = json.dumps(json.loads(contents[0]), indent=1).encode()
    assert not recognizes(verifier, indented)
    assert verifier.examine(indented).verdict is Verdict.GENUINE


def test_nothing_is_learned_from_what_is_not_genuine() -> None:
    verifier = new_verifier()
    for content in credentials(Mechanism.EDDSA_RDFC_2022):
        verifier.examine(content.replace(b"Good work", b"Bad work"))
    assert not verifier._templates._by_key
    assert not verifier._templates._seen


def test_document_that_was_verified_is_a_copy_of_its_own() -> None:
    contents = credentials(Mechanism.EDDSA_RDFC_2022)
    verifier = new_verifier()
    for content in contents:
        verified = verifier.verify(content)
        issuer: Any = verified.secured.document["issuer"]
        issuer["name"] = "Mallory"
    assert recognizes(verifier, contents[0])
    assert verifier.examine(contents[0]) == in_full(contents[0])


def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEMPLATES", 3)
    templates = room.Templates(Contexts.bundled())
    kept: Any = object()
    for number in range(10):
        templates._keep(str(number), kept)
        templates._is_worth_it(number)
    assert sum(map(len, templates._by_key.values())) == 3
    assert list(templates._by_key) == ["7", "8", "9"]


def test_general_path_recognizes_nothing() -> None:
    contents = credentials(Mechanism.EDDSA_RDFC_2022)
    verifier = new_verifier()
    for content in contents:
        verifier.examine(content)
    with fast_path.general_path_only():
        assert not recognizes(verifier, contents[0])


def test_one_verifier_serves_many_threads() -> None:
    contents = [each for mechanism in Mechanism for each in credentials(mechanism)]
    expected = [new_verifier().examine(content) for content in contents]
    verifier = new_verifier()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(verifier.examine, contents)) == expected
