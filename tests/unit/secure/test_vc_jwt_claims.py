"""The claims of a VC-JWT must say what the credential says (Open Badges 3.0, 8.2.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from testamur.errors import Code, ModelError, ProofError
from testamur.secure import ClaimsMode, vc_jwt
from unit.scenes import (
    ISSUER,
    LEARNER,
    NOW,
    Document,
    badge,
    changed,
    credential,
    jws,
    token,
    without_kid,
)
from unit.secure.test_vc_jwt import CLAIMS, VALID_FROM, version_1

# The claims


def claims_of(
    document: Document, claims: Document, mode: ClaimsMode = ClaimsMode.LENIENT
) -> tuple[str, ...]:
    return vc_jwt.check_claims(vc_jwt.parse(token(document, claims=claims)), mode=mode, now=NOW)


def claims_error(
    document: Document, claims: Document, mode: ClaimsMode = ClaimsMode.LENIENT
) -> ProofError:
    with pytest.raises(ProofError) as caught:
        claims_of(document, claims, mode)
    assert caught.value.code is Code.JWT_CLAIMS
    return caught.value


def test_claims_that_repeat_the_credential_are_accepted() -> None:
    assert claims_of(badge(), CLAIMS, ClaimsMode.STRICT) == ()
    assert claims_of(badge(), {**CLAIMS, "iat": 5, "aud": "x"}, ClaimsMode.STRICT) == ()


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_missing_claim_is_named_or_refused_as_the_policy_says(claim: str) -> None:
    rest = changed(CLAIMS, **{claim: None})
    assert claims_of(badge(), rest) == (claim,)
    assert claim in claims_error(badge(), rest, ClaimsMode.STRICT).message


def test_exp_is_missing_only_where_the_credential_ends() -> None:
    ending = badge(validUntil="2027-01-01T00:00:00Z")
    assert claims_of(ending, CLAIMS) == ("exp",)
    claims_error(ending, CLAIMS, ClaimsMode.STRICT)


@pytest.mark.parametrize("claim", ["iss", "sub", "jti"])
@pytest.mark.parametrize(
    "value", ["did:web:evil.example", "", None, 5, [ISSUER], {"id": ISSUER}, True]
)
def test_claim_that_says_something_else_is_refused(claim: str, value: object) -> None:
    claims_error(badge(), {**CLAIMS, claim: value})


@pytest.mark.parametrize("claim", ["iss", "sub", "jti"])
def test_claim_about_what_the_credential_does_not_say_is_refused(claim: str) -> None:
    member = {"iss": "issuer", "sub": "credentialSubject", "jti": "id"}[claim]
    claims_error(changed(credential(), **{member: None}), {claim: CLAIMS[claim]})


@pytest.mark.parametrize("seconds", [VALID_FROM - 1, VALID_FROM + 1, 0, 4_000_000_000])
def test_nbf_of_another_second_is_refused(seconds: int) -> None:
    claims_error(badge(), {**CLAIMS, "nbf": seconds})


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-01-01T00:00:00Z", VALID_FROM),
        ("2025-12-31T16:00:00-08:00", VALID_FROM),
        ("2026-01-01T00:00:00.999Z", VALID_FROM),
        ("2026-01-01T00:00:00Z", VALID_FROM + 0.5),
        ("2026-01-01T00:00:00.999Z", VALID_FROM + 1),
    ],
)
def test_dates_are_compared_as_instants_to_the_whole_second(written: str, seconds: float) -> None:
    claims_of(badge(validFrom=written), {**CLAIMS, "nbf": seconds}, ClaimsMode.STRICT)


def test_exp_must_be_the_end_of_the_credential() -> None:
    ending = badge(validUntil="2027-01-01T00:00:00Z")
    claims_of(ending, {**CLAIMS, "exp": 1_798_761_600}, ClaimsMode.STRICT)
    claims_error(ending, {**CLAIMS, "exp": 1_798_761_602})


@pytest.mark.parametrize("seconds", [1, 0, -1])
def test_whole_exp_that_stands_alone_is_left_to_the_validity_check(seconds: int) -> None:
    # It becomes validUntil, with which it then agrees (Open Badges 3.0, 8.2.1).
    claims = {**CLAIMS, "exp": int(NOW.timestamp()) + seconds}
    assert claims_of(badge(), claims, ClaimsMode.STRICT) == ()


@pytest.mark.parametrize(("seconds", "good"), [(0.5, True), (-0.5, False), (-1.5, False)])
def test_exp_between_two_seconds_counts_by_itself(seconds: float, good: bool) -> None:
    claims = {**CLAIMS, "exp": int(NOW.timestamp()) + seconds}
    if good:
        claims_of(badge(), claims)
    else:
        claims_error(badge(), claims)


def test_nbf_that_stands_alone_counts_by_itself() -> None:
    # RFC 7519, 4.1.5: "the time before which the JWT MUST NOT be accepted for processing".
    claims_error(credential(validFrom=None), {"nbf": int(NOW.timestamp()) + 86_400})


@pytest.mark.parametrize("claim", ["nbf", "exp", "iat"])
@pytest.mark.parametrize(
    "value", ["1767225600", None, True, [5], {}, -(10**12), 10**15, 253_402_300_800]
)
def test_date_claim_that_is_no_number_of_seconds_is_refused(claim: str, value: object) -> None:
    claims_error(badge(), {**CLAIMS, claim: value})


@pytest.mark.parametrize("seconds", [-62_135_596_800, 253_402_300_799])
def test_first_and_last_second_that_python_has_are_read(seconds: int) -> None:
    claims_of(badge(), {**CLAIMS, "iat": seconds})


def test_presentation_is_issued_by_its_holder() -> None:
    presentation = {"type": ["VerifiablePresentation"], "holder": LEARNER}
    assert claims_of(presentation, {"iss": LEARNER}) == ()
    claims_error(presentation, {"iss": ISSUER})


def test_date_of_the_credential_that_cannot_be_read_is_reported_as_such() -> None:
    with pytest.raises(ModelError) as caught:
        claims_of(badge(validFrom="2026"), CLAIMS)
    assert caught.value.code is Code.VALIDITY_MALFORMED


def test_first_context_decides_the_version() -> None:
    assert vc_jwt.parse(token({"@context": []})).document == {"@context": []}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    mixed = version_1(validFrom="2030-01-01T00:00:00Z")
    parsed = vc_jwt.parse(jws(without_kid(kid="x"), {"vc": mixed, "nbf": VALID_FROM}))
    vc_jwt.check_claims(parsed, mode=ClaimsMode.LENIENT, now=now)
