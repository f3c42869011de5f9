"""VC-JWT: made, taken apart and verified; joserfc and cryptography are the second opinion."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from joserfc import jws as other
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V1
from testamur.canon.multibase import encode_base64url
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import Code, ModelError, ParseError, SigningKeyError
from testamur.secure import ClaimsMode, vc_jwt
from unit.scenes import (
    BADGE_ID,
    ISSUER,
    KEY,
    LEARNER,
    NOW,
    SIGNER,
    Document,
    badge,
    base64url,
    changed,
    from_base64url,
    jws,
    token,
    without_kid,
)

# 2026-01-01T00:00:00Z, the badge's validFrom, in seconds since 1970.
VALID_FROM = 1_767_225_600

CLAIMS = {"iss": ISSUER, "sub": LEARNER, "jti": BADGE_ID, "nbf": VALID_FROM}


def refusal(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        vc_jwt.parse(text)
    return caught.value


# Made


def test_token_of_a_badge_is_verified_by_joserfc_and_repeats_the_badge() -> None:
    document = badge(validUntil="2027-01-01T00:00:00.9Z")
    text = vc_jwt.create(document, signer=SIGNER)
    key = OKPKey.import_key({k: str(v) for k, v in KEY.public_key.to_jwk().items()})
    registry = other.JWSRegistry(algorithms=["Ed25519", "EdDSA"], strict_check_header=False)
    with pytest.warns(SecurityWarning, match="RFC 9864"):  # it prefers the name Ed25519
        parsed = other.deserialize_compact(text, key, registry=registry)
    assert parsed.headers() == {
        "alg": "EdDSA",
        "typ": "JWT",
        "kid": SIGNER.verification_method,
    }
    # Open Badges 3.0, 8.2.1: whole seconds, so the end is not put off.
    assert json.loads(parsed.payload) == {**document, **CLAIMS, "exp": 1_798_761_600}


def test_token_is_signed_over_its_first_two_parts() -> None:
    text = vc_jwt.create(badge(), signer=SIGNER)
    data, _, signature = text.rpartition(".")
    public = ed25519.Ed25519PublicKey.from_public_bytes(KEY.public_key.public_bytes)
    public.verify(from_base64url(signature), data.encode())


def test_token_of_a_subject_without_an_id_has_no_sub() -> None:
    subject = changed(badge()["credentialSubject"], id=None)
    parsed = vc_jwt.parse(vc_jwt.create(badge(credentialSubject=subject), signer=SIGNER))
    assert parsed.payload.keys() & {"iss", "sub", "jti", "nbf", "exp"} == {"iss", "jti", "nbf"}


def version_1(**members: object) -> Document:
    document = {
        "@context": [CREDENTIALS_V1],
        "id": BADGE_ID,
        "type": ["VerifiableCredential"],
        "issuer": {"id": ISSUER},
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2026-12-31T23:59:59Z",
        "credentialSubject": {"id": LEARNER},
    }
    return changed(document, **members)


@pytest.mark.parametrize("context", [CREDENTIALS_V1, [CREDENTIALS_V1]])
def test_token_of_a_credential_of_version_1_has_it_in_vc(context: object) -> None:
    document = version_1(**{"@context": context})
    parsed = vc_jwt.parse(vc_jwt.create(document, signer=SIGNER))
    assert parsed.payload == {"vc": document, **CLAIMS, "exp": 1_798_761_599}
    assert parsed.document == document
    assert vc_jwt.check_claims(parsed, mode=ClaimsMode.STRICT, now=NOW) == ()


def test_signer_that_gives_no_ed25519_signature_is_refused() -> None:
    class Broken:
        verification_method = SIGNER.verification_method

        def sign(self, data: bytes) -> bytes:
            return data[:32]

    with pytest.raises(SigningKeyError) as caught:
        vc_jwt.create(badge(), signer=Broken())
    assert caught.value.code is Code.SIGNING_KEY


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce", "cnf"])
def test_credential_with_a_member_that_is_a_claim_is_not_signed(claim: str) -> None:
    # It would come back without the member, or with another value (RFC 7519, section 4.1).
    with pytest.raises(ModelError) as caught:
        vc_jwt.create(badge(**{claim: "x"}), signer=SIGNER)
    assert caught.value.path == f"credential.{claim}"


@pytest.mark.parametrize("value", ["2026", 5, ["2026-01-01T00:00:00Z"]])
def test_credential_whose_dates_cannot_be_read_is_not_signed(value: object) -> None:
    with pytest.raises(ModelError) as caught:
        vc_jwt.create(badge(validUntil=value), signer=SIGNER)
    assert caught.value.code is Code.VALIDITY_MALFORMED


# Taken apart


def test_token_is_taken_apart() -> None:
    text = token(badge(), claims=CLAIMS)
    parsed = vc_jwt.parse(text)
    assert parsed.text == text
    assert (parsed.algorithm, parsed.kid, parsed.jwk) == ("EdDSA", SIGNER.verification_method, None)
    assert parsed.document == badge()
    assert parsed.payload == {**badge(), **CLAIMS}


def test_claims_are_no_part_of_the_credential() -> None:
    document = badge(validUntil="2027-01-01T00:00:00Z")
    extra = {"exp": 1, "iat": 1, "aud": "x", "nonce": "x", "cnf": {}}
    assert vc_jwt.parse(token(document, claims={**CLAIMS, **extra})).document == document


@pytest.mark.parametrize(
    ("seconds", "end"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (VALID_FROM, "2026-01-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ],
)
def test_exp_is_the_end_of_a_credential_that_names_none(seconds: int, end: str) -> None:
    # Open Badges 3.0, 8.2.1.
    parsed = vc_jwt.parse(token(badge(), claims={**CLAIMS, "exp": seconds}))
    assert parsed.document == badge(validUntil=end)
    assert "validUntil" not in parsed.payload


@pytest.mark.parametrize("value", [True, 1.5, "1", None, [1], -1, 253_402_300_800, 10**30])
def test_exp_that_is_no_whole_second_is_not_the_end_of_the_credential(value: object) -> None:
    assert vc_jwt.parse(token(badge(), claims={**CLAIMS, "exp": value})).document == badge()


@pytest.mark.parametrize("member", ["vc", "vp"])
def test_credential_or_presentation_inside_the_payload_is_taken_out(member: str) -> None:
    text = jws(without_kid(kid="https://uni.example/#1"), {"iss": ISSUER, member: version_1()})
    assert vc_jwt.parse(text).document == version_1()


@pytest.mark.parametrize("stray", ["@context", "credentialSubject"])
def test_two_credentials_in_one_token_are_refused(stray: str) -> None:
    payload = {"vc": version_1(), stray: badge()[stray]}
    error = refusal(jws(without_kid(kid="https://uni.example/#1"), payload))
    assert error.code is Code.JWT_MALFORMED


def test_credential_that_stands_where_another_version_has_it_is_refused() -> None:
    # Open Badges 3.0 Recommended Practices: the base context and the claim must agree.
    assert refusal(token(version_1())).code is Code.JWT_MALFORMED
    for inner in (badge(), {}):
        error = refusal(jws(without_kid(kid="https://uni.example/#1"), {"vc": inner}))
        assert error.code is Code.JWT_MALFORMED


@pytest.mark.parametrize("value", ["x", [], None, 5, [{}]])
def test_vc_that_is_no_object_is_refused(value: object) -> None:
    error = refusal(jws(without_kid(kid="https://uni.example/#1"), {"vc": value}))
    assert error.code is Code.JWT_MALFORMED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.b",
        "a.b.c.d",
        "....",
        "e30.e30",
        "é.e30.e30",
        "e30=.e30.e30",
        "W10.e30.AA",  # the header is []
        "bm8.e30.AA",  # the header is no JSON
        json.dumps({"payload": "e30", "signatures": []}),
    ],
)
def test_text_that_is_no_compact_jws_is_refused(text: str) -> None:
    assert refusal(text).code is Code.JWT_MALFORMED


@pytest.mark.parametrize("payload", [[], "x", 5, None, b"no JSON", b'{"a":1,"a":2}', b"\xff"])
def test_payload_that_is_no_json_object_is_refused(payload: object) -> None:
    error = refusal(jws({"alg": "EdDSA", "kid": "x"}, payload))
    assert error.code is Code.JWT_MALFORMED


def test_duplicate_name_in_the_header_is_refused() -> None:
    header = base64url(b'{"alg":"EdDSA","kid":"a","kid":"b"}')
    assert refusal(f"{header}.e30.AA").code is Code.JWT_MALFORMED


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("change", ["{}=", "{}\n", " {}", "{}+", "{}é"])
def test_part_in_another_spelling_of_base64url_is_refused(part: int, change: str) -> None:
    parts = token(badge()).split(".")
    parts[part] = change.format(parts[part])
    assert refusal(".".join(parts)).code is Code.JWT_MALFORMED


def test_signature_with_stray_bits_is_refused() -> None:
    # Another spelling of the same 64 bytes would give one credential two byte forms.
    text = token(badge())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = alphabet[alphabet.index(text[-1]) + 1]
    assert from_base64url((text[:-1] + stray).split(".")[2]) == from_base64url(text.split(".")[2])
    assert refusal(text[:-1] + stray).code is Code.JWT_MALFORMED


def test_longer_token_than_allowed_is_refused() -> None:
    assert refusal("a" * (limits.CREDENTIAL_BYTES + 1)).code is Code.RESOURCE_LIMIT


def test_deeply_nested_payload_is_refused_as_too_deep() -> None:
    payload = b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}"
    assert refusal(jws({"alg": "EdDSA", "kid": "x"}, payload)).code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize(
    "algorithm",
    ["none", "None", "HS256", "HS512", "PS256", "ES384", "RS512", "ES256K", "eddsa", "", " EdDSA"],
)
def test_algorithm_that_is_not_accepted_is_refused(algorithm: str) -> None:
    error = refusal(jws(without_kid(alg=algorithm, kid="x"), badge()))
    assert error.code is Code.JWT_ALG


@pytest.mark.parametrize("algorithm", [None, 5, ["EdDSA"], {"alg": "EdDSA"}, True])
def test_algorithm_that_is_no_text_is_refused(algorithm: object) -> None:
    error = refusal(jws(without_kid(alg=algorithm, kid="x"), badge()))
    assert error.code is Code.JWT_ALG


def test_missing_algorithm_and_missing_signature_are_refused() -> None:
    assert refusal(jws({"kid": "x"}, badge())).code is Code.JWT_ALG
    assert refusal(token(badge()).rpartition(".")[0] + ".").code is Code.JWT_ALG


@pytest.mark.parametrize(
    "members",
    [
        # RFC 7515, 4.1.11: "If any of the listed extension Header Parameters are not understood
        # and supported by the recipient, then the JWS is invalid."
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"b64": True},
        {"jku": "https://evil.example/jwks.json"},
        {"x5u": "https://evil.example/cert.pem"},
        {"x5c": ["x"]},
        {"x5t#S256": "x"},
        {"zip": "DEF"},
        {"typ": "at+jwt"},
        {"typ": ""},
        {"typ": 5},
        {"typ": None},
        {"typ": ["JWT"]},
        {"kid": 5},
        {"kid": ["x"]},
        {"kid": {}},
        {"jwk": "x"},
        {"jwk": []},
        {"jwk": 5},
    ],
)
def test_header_that_open_badges_do_not_allow_is_refused(members: Document) -> None:
    error = refusal(jws({"alg": "EdDSA", "kid": "https://uni.example/#1", **members}, badge()))
    assert error.code is Code.JWT_HEADER


@pytest.mark.parametrize("header", [{"alg": "EdDSA"}, {"alg": "EdDSA", "kid": None, "jwk": None}])
def test_header_that_names_no_key_is_refused(header: Document) -> None:
    assert refusal(jws(header, badge())).code is Code.JWT_HEADER


@pytest.mark.parametrize("type_", ["JWT", "jwt", "vc+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "vp+jwt"])
def test_types_that_are_met_are_accepted(type_: str) -> None:
    assert vc_jwt.parse(token(badge(), header={"typ": type_})).header["typ"] == type_


def test_type_may_be_left_out() -> None:
    assert vc_jwt.parse(jws({"alg": "EdDSA", "kid": "x"}, badge())).kid == "x"


def test_exp_of_a_presentation_stays_a_claim() -> None:
    # A presentation has no validUntil; the claim is judged by itself.
    payload: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "exp": 1,
    }
    header: JsonObject = {"alg": "EdDSA", "kid": "did:key:z#z"}
    parts = [encode_base64url(dumps(part).encode()).removeprefix("u") for part in (header, payload)]
    assert "validUntil" not in vc_jwt.parse(".".join([*parts, "AA"])).document
