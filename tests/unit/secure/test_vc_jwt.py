"""VC-JWT: made, taken apart and verified; joserfc and cryptography are the second opinion."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jws as other
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V1
from testamur.errors import Code, ModelError, ParseError, ProofError, SigningKeyError
from testamur.keys import VerificationKey, jwk
from testamur.secure import ClaimsMode, vc_jwt
from testamur.secure.vc_jwt import Token
from unit.scenes import (
    BADGE_ID,
    ISSUER,
    KEY,
    LEARNER,
    NOW,
    OTHER_KEY,
    SIGNER,
    Document,
    badge,
    base64url,
    changed,
    credential,
    from_base64url,
    jws,
    token,
    without_kid,
)

# 2026-01-01T00:00:00Z, the badge's validFrom, in seconds since 1970.
VALID_FROM = 1_767_225_600

CLAIMS = {"iss": ISSUER, "sub": LEARNER, "jti": BADGE_ID, "nbf": VALID_FROM}

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def number(value: int, length: int | None = None) -> str:
    size = length if length is not None else (value.bit_length() + 7) // 8
    return base64url(value.to_bytes(size))


def rsa_public() -> VerificationKey:
    numbers = RSA_KEY.public_key().public_numbers()
    return jwk.decode_public_key({"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)})


def ec_public() -> VerificationKey:
    numbers = EC_KEY.public_key().public_numbers()
    x, y = number(numbers.x, 32), number(numbers.y, 32)
    return jwk.decode_public_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})


def signing_input(algorithm: str, payload: Document) -> str:
    header = {"alg": algorithm, "kid": "https://uni.example/keys/1"}
    return ".".join(base64url(json.dumps(each).encode()) for each in (header, payload))


def rs256(payload: Document, algorithm: str = "RS256") -> str:
    text = signing_input(algorithm, payload)
    signature = RSA_KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64url(signature)}"


def es256(payload: Document, algorithm: str = "ES256") -> str:
    text = signing_input(algorithm, payload)
    r, s = decode_dss_signature(EC_KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{base64url(r.to_bytes(32) + s.to_bytes(32))}"


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
    extra = {"exp": 1, "iat": 1, "aud": "x", "nonce": "x", "cnf": {}}
    assert vc_jwt.parse(token(badge(), claims={**CLAIMS, **extra})).document == badge()


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


# The signature


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_verified(algorithm: str) -> None:
    text = token(badge(), header={"alg": algorithm})
    vc_jwt.verify_signature(vc_jwt.parse(text), key=KEY.public_key)


def test_rs256_and_es256_are_verified() -> None:
    vc_jwt.verify_signature(vc_jwt.parse(rs256(badge())), key=rsa_public())
    vc_jwt.verify_signature(vc_jwt.parse(es256(badge())), key=ec_public())


def test_rfc_7515_example_is_verified() -> None:
    # RFC 7515, A.3: ES256; the header there names no key, so the signature is checked alone.
    text = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
        "NvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApm"
        "WQxfKTUJqPP3-Kg6NU1Q"
    )
    key = jwk.decode_public_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    )
    parsed = Token(text, {}, "ES256", None, None, {}, {})
    vc_jwt.verify_signature(parsed, key=key)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_changed_token_does_not_verify(part: int) -> None:
    for text, key in (
        (token(badge()), KEY.public_key),
        (rs256(badge()), rsa_public()),
        (es256(badge()), ec_public()),
    ):
        parts = text.split(".")
        data = bytearray(from_base64url(parts[part]))
        data[len(data) // 2] ^= 1
        parts[part] = base64url(bytes(data))
        parsed = vc_jwt.parse(text)
        changed_token = Token(".".join(parts), parsed.header, parsed.algorithm, None, None, {}, {})
        with pytest.raises(ProofError) as caught:
            vc_jwt.verify_signature(changed_token, key=key)
        assert caught.value.code is Code.PROOF_INVALID


def test_another_s_key_does_not_verify() -> None:
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(vc_jwt.parse(token(badge())), key=OTHER_KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("size", [1, 32, 63, 65, 128])
def test_signature_of_another_length_does_not_verify(size: int) -> None:
    for text, key in ((token(badge()), KEY.public_key), (es256(badge()), ec_public())):
        data, _, _ = text.rpartition(".")
        parsed = vc_jwt.parse(f"{data}.{base64url(bytes(size))}")
        with pytest.raises(ProofError) as caught:
            vc_jwt.verify_signature(parsed, key=key)
        assert caught.value.code is Code.PROOF_INVALID


def test_signature_longer_than_any_is_refused() -> None:
    data, _, _ = token(badge()).rpartition(".")
    parsed = vc_jwt.parse(f"{data}.{base64url(bytes(10_000))}")
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(parsed, key=KEY.public_key)
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_algorithm_follows_from_the_key_and_not_from_the_token(algorithm: str) -> None:
    # RFC 8725, 3.1: whatever the header says, an Ed25519 key verifies EdDSA alone.
    parsed = vc_jwt.parse(token(badge(), header={"alg": algorithm}))
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(parsed, key=KEY.public_key)
    assert caught.value.code is Code.JWT_ALG
    assert caught.value.expected == "EdDSA"
    assert caught.value.found == algorithm


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_rsa_key_verifies_rs256_alone(algorithm: str) -> None:
    with pytest.raises(ProofError) as caught:
        vc_jwt.verify_signature(vc_jwt.parse(rs256(badge(), algorithm)), key=rsa_public())
    assert caught.value.code is Code.JWT_ALG


def test_token_with_a_large_image_is_verified() -> None:
    # joserfc's own bounds would refuse it.
    large = badge(description="x" * 1_000_000)
    vc_jwt.verify_signature(vc_jwt.parse(token(large)), key=KEY.public_key)


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


@pytest.mark.parametrize(("seconds", "good"), [(1, True), (0, False), (-1, False)])
def test_exp_that_stands_alone_counts_by_itself(seconds: int, good: bool) -> None:
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
