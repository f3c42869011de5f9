"""Ed25519 (RFC 8032): Wycheproof, ed25519-speccheck, and a vector of the RFC itself."""

from __future__ import annotations

from typing import Any

import pytest

import shared_data
from testamur.errors import SigningKeyError
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

WYCHEPROOF = "vectors/ed25519/wycheproof_ed25519_test.json"
SPECCHECK = "vectors/ed25519/speccheck_cases.json"

# RFC 8032, 7.1, TEST 2.
SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def accepts(public_key: str, message: str, signature: str) -> bool:
    """Whether the key is taken, and the signature is good under it."""
    try:
        key = Ed25519PublicKey(bytes.fromhex(public_key))
    except SigningKeyError:
        return False
    return key.verify(bytes.fromhex(signature), bytes.fromhex(message))


def wycheproof() -> list[tuple[str, dict[str, Any]]]:
    groups = shared_data.read_json(WYCHEPROOF)["testGroups"]
    return [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]


def test_vector_of_the_rfc_is_signed_and_verified() -> None:
    key = Ed25519PrivateKey(bytes.fromhex(SEED))
    assert key.public_key.public_bytes.hex() == PUBLIC
    assert key.sign(b"\x72").hex() == SIGNATURE
    assert accepts(PUBLIC, "72", SIGNATURE)
    assert not accepts(PUBLIC, "73", SIGNATURE)


def test_wycheproof_is_answered_right_151_times_of_151() -> None:
    wrong = [
        test["tcId"]
        for public_key, test in wycheproof()
        if accepts(public_key, test["msg"], test["sig"]) is not (test["result"] == "valid")
    ]
    assert wrong == []
    assert len(wycheproof()) == 151


SPECCHECK_ANSWERS = {
    0: (False, "A and R of small order, S = 0"),
    1: (False, "A of small order"),
    2: (False, "R of small order"),
    3: (True, "A and R of mixed order, good under both verification equations"),
    4: (False, "good under the cofactored equation only"),
    5: (False, "good under the cofactored equation only, and only where 8h is not reduced first"),
    6: (False, "S above the order of the group"),
    7: (False, "S far above the order of the group"),
    8: (False, "R is not canonical, and of small order"),
    9: (False, "R is not canonical, and of small order"),
    10: (False, "A is not canonical, and of small order"),
    11: (False, "A is not canonical, and of small order"),
}
"""Case of ed25519-speccheck → whether it is accepted, and what is odd about it.

Case 3 is accepted: its key and its R lie outside the prime-order group, but are neither of small
order nor oddly encoded, and the signature holds under the cofactorless equation of RFC 8032, 5.1.7,
as well as under the cofactored one. Only who knows the secret key can make it.
"""


def test_speccheck_has_the_cases_this_file_knows() -> None:
    assert len(shared_data.read_json(SPECCHECK)) == len(SPECCHECK_ANSWERS)


@pytest.mark.parametrize("number", SPECCHECK_ANSWERS)
def test_speccheck_case_is_answered_as_decided(number: int) -> None:
    case = shared_data.read_json(SPECCHECK)[number]
    expected, reason = SPECCHECK_ANSWERS[number]
    assert accepts(case["pub_key"], case["message"], case["signature"]) is expected, reason


# Case 0 of ed25519-speccheck, and the identity point: with it as a key anybody "signs" anything.


def test_key_of_small_order_is_refused() -> None:
    identity = bytes([1]) + bytes(31)
    order_eight = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")
    for encoded in (identity, order_eight):
        with pytest.raises(SigningKeyError, match="small order"):
            Ed25519PublicKey(encoded)


def test_key_that_is_not_canonical_is_refused() -> None:
    """RFC 8032, 5.1.3: y is below p. This one is p + 2, a second spelling of 2."""
    with pytest.raises(SigningKeyError, match="canonical"):
        Ed25519PublicKey((2**255 - 19 + 2).to_bytes(32, "little"))


def test_key_that_is_not_on_the_curve_is_refused() -> None:
    """RFC 8032, 5.1.3, step 3: no square root exists."""
    with pytest.raises(SigningKeyError, match="not a point on the curve"):
        Ed25519PublicKey((2).to_bytes(32, "little"))
