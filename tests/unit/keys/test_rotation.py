from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from testamur.canon.strict_json import dumps
from testamur.errors import Code, SigningKeyError
from testamur.fetch import MemoryFetcher
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer, did_web
from testamur.keys.jwk import decode_dates, decode_public_key
from testamur.keys.rotation import Key, did_document, key_set, signing_key
from testamur.trust import AllowList
from testamur.verification import CheckName, Report, Verdict, Verifier
from unchecked import sign
from unit.scenes import KEY, LEARNER_KEY, OTHER_KEY, badge

DID = "did:web:uni.example"
START = datetime(2026, 1, 1, tzinfo=UTC)
RETIRED = datetime(2027, 1, 1, tzinfo=UTC)
STOLEN = datetime(2027, 6, 1, tzinfo=UTC)
NEXT = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)

OLD = Key(f"{DID}#2026", KEY.public_key, START, retired_at=RETIRED)
NEW = Key(f"{DID}#2027", OTHER_KEY.public_key, NEXT)
LOST = Key(f"{DID}#lost", LEARNER_KEY.public_key, START - DAY, compromised_at=STOLEN)
KEYS = [NEW, LOST, OLD]


def test_document_holds_every_key_with_its_dates() -> None:
    document: Any = did_document(DID, KEYS)
    dates = {
        method["id"]: (method.get("expires"), method.get("revoked"))
        for method in document["verificationMethod"]
    }
    assert dates == {
        LOST.id: (None, "2027-06-01T00:00:00Z"),
        OLD.id: ("2027-01-01T00:00:00Z", None),
        NEW.id: (None, None),
    }
    # Controlled Identifiers 1.0, 2.3: what a purpose does not list must not be used for it.
    assert document["assertionMethod"] == [OLD.id, NEW.id]


def test_key_set_has_the_keys_but_the_compromised_ones() -> None:
    keys: Any = key_set(KEYS)["keys"]
    assert [key["kid"] for key in keys] == [OLD.id, NEW.id]
    assert [decode_public_key(key) for key in keys] == [OLD.public_key, NEW.public_key]
    assert [decode_dates(key) for key in keys] == [(RETIRED, None), (None, None)]
    assert not any("d" in key for key in keys)


def test_order_in_which_the_keys_are_given_is_no_matter() -> None:
    assert len({dumps(did_document(DID, each)) for each in permutations(KEYS)}) == 1
    assert len({dumps(key_set(each)) for each in permutations(KEYS)}) == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START, OLD),
        (NEXT - DAY, OLD),
        (NEXT, NEW),
        (RETIRED - DAY, NEW),
        (RETIRED + 10 * 365 * DAY, NEW),
    ],
)
def test_newest_key_in_use_signs(now: datetime, expected: Key) -> None:
    assert signing_key(KEYS, now=now) is expected


@pytest.mark.parametrize(
    ("keys", "now"),
    [([], START), ([LOST], START), ([OLD], RETIRED), ([NEW], NEXT - DAY)],
    ids=["none", "compromised", "retired", "to come"],
)
def test_no_key_signs_out_of_its_time(keys: list[Key], now: datetime) -> None:
    with pytest.raises(SigningKeyError, match="in use now") as caught:
        signing_key(keys, now=now)
    assert caught.value.code is Code.KEY_NOT_FOUND


def test_key_has_a_name_and_dates_with_a_time_zone_in_their_order() -> None:
    with pytest.raises(SigningKeyError, match="names no key"):
        Key(DID, KEY.public_key, START)
    with pytest.raises(SigningKeyError, match="time zone"):
        Key(f"{DID}#a", KEY.public_key, START.replace(tzinfo=None))
    with pytest.raises(SigningKeyError, match="time zone"):
        Key(f"{DID}#a", KEY.public_key, START, compromised_at=STOLEN.replace(tzinfo=None))
    with pytest.raises(SigningKeyError, match="before it came into use"):
        Key(f"{DID}#a", KEY.public_key, START, retired_at=START)


def test_key_of_another_did_is_not_published() -> None:
    with pytest.raises(SigningKeyError) as caught:
        did_document("did:web:other.example", KEYS)
    assert caught.value.code is Code.ISSUER_MISMATCH


@pytest.mark.parametrize(
    "twin",
    [
        Key(f"{DID}#again", LEARNER_KEY.public_key, START),
        Key(f"{DID}#2027", LEARNER_KEY.public_key, START),
    ],
)
def test_one_key_under_two_names_and_one_name_for_two_keys_are_refused(twin: Key) -> None:
    # Else a compromised key would still be good under its other name.
    keys = [NEW, twin, LOST] if twin.id != NEW.id else [NEW, twin]
    with pytest.raises(SigningKeyError, match="the same"):
        did_document(DID, keys)
    with pytest.raises(SigningKeyError, match="the same"):
        key_set(keys)


# What a verifier makes of the document, day by day.


def examine(signed_with: Key, signed_at: datetime, now: datetime, mechanism: Mechanism) -> Report:
    private = {OLD.id: KEY, NEW.id: OTHER_KEY, LOST.id: LEARNER_KEY}[signed_with.id]
    date = signed_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    document = badge(
        issuer={"id": DID, "type": ["Profile"], "name": "Example University"}, validFrom=date
    )
    secured = sign(
        document,
        signer=Ed25519Signer(private, signed_with.id),
        now=signed_at,
        mechanism=mechanism,
    )
    verifier = Verifier(
        now=now,
        trust=AllowList({DID: "Example University"}),
        fetcher=MemoryFetcher({did_web.document_url(DID): dumps(did_document(DID, KEYS)).encode()}),
    )
    return verifier.examine(secured)


@pytest.mark.parametrize("mechanism", Mechanism)
@pytest.mark.parametrize(
    ("key", "signed_at", "is_genuine"),
    [
        (OLD, START, True),
        (OLD, RETIRED - DAY, True),
        (OLD, RETIRED, False),
        (OLD, RETIRED + DAY, False),
        (NEW, RETIRED + DAY, True),
        (LOST, START, False),
        (LOST, STOLEN, False),
        (LOST, STOLEN + DAY, False),
    ],
)
def test_verifier_honours_the_dates(
    key: Key, signed_at: datetime, is_genuine: bool, mechanism: Mechanism
) -> None:
    report = examine(key, signed_at, STOLEN + 30 * DAY, mechanism)
    if is_genuine:
        assert report.verdict is Verdict.GENUINE
    else:
        assert report.verdict is Verdict.NOT_GENUINE
        assert report.check(CheckName.PROOF).code is Code.KEY_REVOKED
