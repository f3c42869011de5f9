"""JWTs: `kid` and `jwk` say which key to try, and count only where the issuer publishes it.

Open Badges 3.0, 8.2, read literally, accepts self-signed forgeries; these tests do not.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from testamur.errors import Code, FetchError
from testamur.secure import ClaimsMode
from testamur.verification import Answer, CheckName, Policy, Report, Verdict
from unit.scenes import (
    BADGE_ID,
    ISSUER,
    KEY,
    LEARNER,
    NOW,
    OTHER_KEY,
    OTHER_SIGNER,
    SIGNER,
    WEB_ISSUER,
    Document,
    Web,
    badge,
    base64url,
    changed,
    did_document,
    examine,
    failed,
    found,
    jws,
    multikey_method,
    token,
    unreachable,
)

DID_URL = "https://uni.example/.well-known/did.json"
PROFILE = "https://uni.example/issuer"
KEY_SET = "https://uni.example/.well-known/jwks.json"
JWK = KEY.public_key.to_jwk()
OTHER_JWK = OTHER_KEY.public_key.to_jwk()
VALID_FROM = 1_767_225_600
CLAIMS = {"iss": ISSUER, "sub": LEARNER, "jti": BADGE_ID, "nbf": VALID_FROM}


def by(issuer: str, **members: object) -> Document:
    return badge(
        issuer={"id": issuer, "type": ["Profile"], "name": "Example University"}, **members
    )


def sent(
    header: Document, document: Document, web: dict[str, object], *, key: object = KEY
) -> Report:
    text = jws({"alg": "EdDSA", "typ": "JWT", **header}, document, key)  # type: ignore[arg-type]
    return examine(text, fetcher=Web(web))


def test_token_under_a_did_key_is_genuine() -> None:
    report = examine(token(badge(), claims=CLAIMS))
    assert report.verdict is Verdict.GENUINE
    assert report.check(CheckName.PROOF).evidence == {
        "alg": "EdDSA",
        "kid": SIGNER.verification_method,
    }


def test_changed_token_is_not_genuine() -> None:
    header, _, signature = token(badge()).split(".")
    payload = token(badge(name="Forged")).split(".")[1]
    report = examine(f"{header}.{payload}.{signature}")
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.contents is None


def test_token_without_a_signature_or_an_algorithm_cannot_be_read() -> None:
    unsigned = jws({"alg": "none", "kid": SIGNER.verification_method}, badge())
    assert failed(examine(unsigned)) == {CheckName.PARSE: Code.JWT_ALG}
    assert failed(examine(token(badge()).rpartition(".")[0] + ".")) == {
        CheckName.PARSE: Code.JWT_ALG
    }


def test_algorithm_that_is_not_the_key_s_is_refused() -> None:
    report = examine(token(badge(), header={"alg": "RS256"}))
    assert failed(report) == {CheckName.PROOF: Code.JWT_ALG}


# kid


@pytest.mark.parametrize(
    "kid",
    [
        OTHER_SIGNER.verification_method,
        f"https://evil.example/#{ISSUER}",
        f"{ISSUER}x#key",
        f"{WEB_ISSUER}#key-1",
        "https://evil.example/keys/1",
    ],
)
def test_kid_of_another_is_not_even_looked_up(kid: str) -> None:
    # web5-js #420 and others: the key from `kid`, the identity from `iss`, never compared.
    fetcher = Web()
    report = examine(token(badge(), header={"kid": kid}, key=OTHER_KEY), fetcher=fetcher)
    assert failed(report) == {CheckName.ISSUER: Code.ISSUER_MISMATCH}
    assert report.verdict is Verdict.NOT_GENUINE
    assert fetcher.requested == []


@pytest.mark.parametrize(
    "kid", ["key-1", "http://uni.example/#1", "did:web:uni.example?x#1", "", "{}"]
)
def test_kid_that_is_no_url_is_refused(kid: str) -> None:
    report = examine(token(badge(), header={"kid": kid}))
    assert failed(report) == {CheckName.PROOF: Code.DID_INVALID}


@pytest.mark.parametrize(
    ("kid", "issuer"),
    [
        ("https://[bad", PROFILE),
        ("https://[::1", PROFILE),
        ("https://x]/y", PROFILE),
        ("https://uni.example/1", "https://[bad"),
    ],
)
def test_kid_or_issuer_that_only_looks_like_a_url_is_refused(kid: str, issuer: str) -> None:
    report = sent({"kid": kid}, by(issuer), {})
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None


@pytest.mark.parametrize("kid", [f"{WEB_ISSUER}#key-1", "#key-1"])
def test_kid_in_the_issuer_s_did_document_is_looked_up(kid: str) -> None:
    report = sent({"kid": kid}, by(WEB_ISSUER), {DID_URL: did_document()})
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (did_document(assertionMethod=[]), Code.KEY_NOT_AUTHORIZED),
        (did_document(verificationMethod=[]), Code.KEY_NOT_FOUND),
        (
            did_document(verificationMethod=[multikey_method(revoked="2026-01-01T00:00:00Z")]),
            Code.KEY_REVOKED,
        ),
        (None, Code.DID_RESOLUTION),
    ],
)
def test_kid_that_the_issuer_does_not_stand_by_is_refused(document: object, code: Code) -> None:
    report = sent({"kid": f"{WEB_ISSUER}#key-1"}, by(WEB_ISSUER), {DID_URL: document})
    assert failed(report) == {CheckName.PROOF: code}


@pytest.mark.parametrize(
    ("valid_from", "refused"), [("2026-02-01T00:00:00Z", False), ("2026-04-01T00:00:00Z", True)]
)
def test_retired_key_verifies_tokens_from_before(valid_from: str, refused: bool) -> None:
    methods = [multikey_method(expires="2026-03-01T00:00:00Z")]
    document = did_document(verificationMethod=methods)
    for header in ({"kid": f"{WEB_ISSUER}#key-1"}, {"jwk": JWK}):
        report = sent(header, by(WEB_ISSUER, validFrom=valid_from), {DID_URL: document})
        assert failed(report) == ({CheckName.PROOF: Code.KEY_REVOKED} if refused else {})


def test_key_that_could_not_be_fetched_leaves_it_unfinished() -> None:
    report = sent({"kid": f"{WEB_ISSUER}#key-1"}, by(WEB_ISSUER), {DID_URL: unreachable()})
    assert report.verdict is Verdict.UNFINISHED
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, Code.UNREACHABLE)


# An https issuer


def test_kid_in_the_issuer_s_own_document_is_looked_up() -> None:
    report = sent({"kid": f"{PROFILE}#key-1"}, by(PROFILE), {PROFILE: did_document(PROFILE)})
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize("listed", [{PROFILE: did_document(PROFILE)}, {KEY_SET: {"keys": [JWK]}}])
@pytest.mark.parametrize("in_a_set", [False, True])
def test_kid_below_the_issuer_s_own_url_is_a_jwk_that_the_issuer_lists(
    in_a_set: bool, listed: dict[str, object]
) -> None:
    # Open Badges 3.0, 8.2.3: a URL that dereferences to a JWK.
    kid = f"{PROFILE}/keys/1"
    answer = {"keys": [OTHER_JWK, {**JWK, "kid": kid}, "x"]} if in_a_set else JWK
    report = sent({"kid": kid}, by(PROFILE), {kid: answer, **listed})
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("web", "code"),
    [
        ({PROFILE: did_document(PROFILE), KEY_SET: {"keys": [JWK]}}, Code.KEY_NOT_AUTHORIZED),
        ({PROFILE: did_document(PROFILE), KEY_SET: {"keys": []}}, Code.KEY_NOT_AUTHORIZED),
        ({KEY_SET: {"keys": [JWK]}}, Code.KEY_NOT_AUTHORIZED),
        ({}, Code.DID_RESOLUTION),  # neither list can be read
    ],
)
def test_kid_below_the_issuer_s_own_url_does_not_count_by_itself(
    web: dict[str, object], code: Code
) -> None:
    kid = f"{PROFILE}/keys/1"
    report = sent({"kid": kid}, by(PROFILE), {kid: OTHER_JWK, **web}, key=OTHER_KEY)
    assert failed(report) == {CheckName.PROOF: code}
    assert report.contents is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (OTHER_JWK, Code.PROOF_INVALID),
        ({**JWK, "d": base64url(KEY.seed)}, Code.KEY_INVALID),
        ({"keys": []}, Code.KEY_INVALID),
        ({"keys": [{**JWK, "kid": "other"}]}, Code.KEY_INVALID),
        ({"keys": "x"}, Code.KEY_INVALID),
        (None, Code.DID_RESOLUTION),
        (b"<html>", Code.DID_RESOLUTION),
    ],
)
def test_kid_without_one_good_key_behind_it_is_refused(answer: object, code: Code) -> None:
    kid = f"{PROFILE}/keys/1"
    web: dict[str, object] = {kid: answer, KEY_SET: {"keys": [JWK, OTHER_JWK]}}
    assert failed(sent({"kid": kid}, by(PROFILE), web)) == {CheckName.PROOF: code}


def test_kid_elsewhere_on_the_site_counts_only_where_the_issuer_publishes_the_key() -> None:
    kid = "https://uni.example/keys/1"
    web: dict[str, object] = {kid: JWK, PROFILE: did_document(PROFILE)}
    assert sent({"kid": kid}, by(PROFILE), web).verdict is Verdict.GENUINE
    # A user's own page on the same site.
    web = {kid: OTHER_JWK, PROFILE: did_document(PROFILE), KEY_SET: {"keys": [JWK]}}
    report = sent({"kid": kid}, by(PROFILE), web, key=OTHER_KEY)
    assert failed(report) == {CheckName.PROOF: Code.KEY_NOT_AUTHORIZED}


@pytest.mark.parametrize(
    "kid",
    [
        "https://uni.example.evil.example/keys",
        "https://evil.example/https://uni.example/",
        "https://uni.example@evil.example/keys",
        "https://uni.example:8443/keys",
    ],
)
def test_kid_on_another_site_is_another_s(kid: str) -> None:
    report = sent({"kid": kid}, by(PROFILE), {kid: JWK, PROFILE: did_document(PROFILE)})
    assert failed(report) == {CheckName.ISSUER: Code.ISSUER_MISMATCH}


@pytest.mark.parametrize(
    ("issuer", "kid"),
    [
        (PROFILE, f"{PROFILE}2/keys/1"),
        (PROFILE, f"{PROFILE}-old"),
        ("https://uni.example", "https://uni.example.evil.example/keys/1"),
        ("https://uni.example", "https://uni.example@evil.example/keys/1"),
    ],
)
def test_kid_that_only_begins_like_the_issuer_s_url_is_not_below_it(issuer: str, kid: str) -> None:
    report = sent({"kid": kid}, by(issuer), {kid: OTHER_JWK}, key=OTHER_KEY)
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None


# jwk


@pytest.mark.parametrize(
    "web",
    [
        {PROFILE: did_document(PROFILE)},
        {PROFILE: did_document(PROFILE, assertionMethod="#key-1")},
        {
            PROFILE: did_document(
                PROFILE, verificationMethod=None, assertionMethod=[multikey_method(PROFILE)]
            )
        },
        {PROFILE: b"<html>", KEY_SET: {"keys": [OTHER_JWK, JWK]}},
        {PROFILE: did_document(PROFILE, assertionMethod=[5, "x"]), KEY_SET: {"keys": [JWK]}},
    ],
)
def test_key_in_the_header_counts_where_the_issuer_publishes_it(web: dict[str, object]) -> None:
    assert sent({"jwk": {**JWK, "kid": "x"}}, by(PROFILE), web).verdict is Verdict.GENUINE


def test_key_in_the_header_counts_for_a_did_too() -> None:
    report = sent({"jwk": JWK}, by(WEB_ISSUER), {DID_URL: did_document()})
    assert report.verdict is Verdict.GENUINE
    assert examine(jws({"alg": "EdDSA", "jwk": JWK}, badge())).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("issuer", "web"),
    [
        (WEB_ISSUER, {DID_URL: did_document()}),
        (PROFILE, {PROFILE: did_document(PROFILE), KEY_SET: {"keys": [JWK]}}),
        (PROFILE, {PROFILE: b"<html>", KEY_SET: {"keys": []}}),
        (PROFILE, {PROFILE: did_document(PROFILE, assertionMethod=[]), KEY_SET: {}}),
        (ISSUER, {}),
    ],
)
def test_forger_s_own_key_in_the_header_proves_nothing(issuer: str, web: dict[str, object]) -> None:
    report = sent({"jwk": OTHER_JWK}, by(issuer), web, key=OTHER_KEY)
    assert failed(report) == {CheckName.PROOF: Code.KEY_NOT_AUTHORIZED}
    assert report.contents is None


@pytest.mark.parametrize(
    "jwk",
    [{}, {**JWK, "d": base64url(KEY.seed)}, {**JWK, "use": "enc"}, {**JWK, "alg": ["EdDSA"]}],
)
def test_key_in_the_header_must_be_a_good_public_key(jwk: Document) -> None:
    report = examine(jws({"alg": "EdDSA", "jwk": jwk}, badge()))
    assert failed(report) == {CheckName.PROOF: Code.KEY_INVALID}


def test_private_key_in_the_issuer_s_key_set_is_refused() -> None:
    leaked = {**JWK, "d": base64url(KEY.seed)}
    web: dict[str, object] = {PROFILE: b"<html>", KEY_SET: {"keys": [leaked]}}
    report = sent({"jwk": JWK}, by(PROFILE), web)
    assert failed(report) == {CheckName.PROOF: Code.KEY_INVALID}


@pytest.mark.parametrize("code", [Code.OFFLINE, Code.UNREACHABLE])
def test_issuer_that_cannot_be_asked_leaves_it_unfinished(code: Code) -> None:
    web: dict[str, object] = {PROFILE: FetchError("x", code=code, url=PROFILE)}
    report = sent({"jwk": JWK}, by(PROFILE), web)
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, code)
    web = {PROFILE: b"<html>", KEY_SET: FetchError("x", code=code, url=KEY_SET)}
    report = sent({"jwk": JWK}, by(PROFILE), web)
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, code)


def test_kid_counts_and_not_the_key_beside_it() -> None:
    report = examine(token(badge(), header={"jwk": OTHER_JWK}))
    assert report.verdict is Verdict.GENUINE
    report = examine(token(badge(), header={"jwk": OTHER_JWK}, key=OTHER_KEY))
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}


# Claims and the rest


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_claim_that_says_something_else_is_refused(claim: str) -> None:
    report = examine(token(badge(), claims={**CLAIMS, claim: "did:web:evil.example"}))
    assert failed(report) == {CheckName.PROOF: Code.JWT_CLAIMS}
    assert report.verdict is Verdict.NOT_GENUINE


def test_missing_claims_are_noted_or_refused_as_the_policy_says() -> None:
    report = examine(token(badge()))
    assert report.check(CheckName.PROOF).evidence["claims left out"] == "iss, sub, jti, nbf"
    strict = Policy(claims=ClaimsMode.STRICT)
    assert failed(examine(token(badge()), policy=strict)) == {CheckName.PROOF: Code.JWT_CLAIMS}
    assert examine(token(badge(), claims=CLAIMS), policy=strict).verdict is Verdict.GENUINE


def test_clock_may_be_off_for_exp_as_for_every_other_date() -> None:
    policy = Policy(clock_skew=timedelta(minutes=5))
    text = token(badge(), claims={**CLAIMS, "exp": int(NOW.timestamp()) - 60})
    assert examine(text, policy=policy).verdict is Verdict.GENUINE


def test_exp_that_stands_alone_is_the_end_of_the_credential() -> None:
    report = examine(token(badge(), claims={**CLAIMS, "exp": int(NOW.timestamp()) - 60}))
    assert failed(report) == {CheckName.VALIDITY: Code.EXPIRED}
    assert report.verdict is Verdict.EXPIRED


def test_badge_that_names_no_issuer_is_not_genuine() -> None:
    report = examine(token(changed(badge(), issuer=None)))
    assert failed(report)[CheckName.PROOF] is Code.ISSUER_INVALID
    assert report.verdict is Verdict.NOT_GENUINE


def test_date_that_cannot_be_read_is_refused() -> None:
    report = examine(token(badge(validFrom="2026")))
    assert failed(report)[CheckName.PROOF] is Code.VALIDITY_MALFORMED


def test_credential_without_a_start_is_verified_without_one() -> None:
    document = {
        "@context": badge()["@context"][:1],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "credentialSubject": {"id": LEARNER},
    }
    assert examine(token(document)).verdict is Verdict.GENUINE


def test_token_with_an_undefined_member_is_refused() -> None:
    # RFC 7515 signs the text, so nothing is lost; but a reader would not know what it means.
    report = examine(token(badge(undefined="x")))
    assert failed(report) == {CheckName.COMPACTED: Code.DATA_LOSS}
