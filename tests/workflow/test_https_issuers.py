"""Issuers that are an https URL, and tokens of other people's software: RS256, ES256, jwk, JWKS.

Open Badges 3.0, 8.2 (JSON Web Token Proof Format), and its Recommended Practices, Key provenance.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import unchecked
from simulator import LEARNER, Simulator, key
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.keys import multikey
from testamur.keys.signer import Ed25519Signer
from testamur.model.dates import parse_date_time_stamp
from testamur.verification import CheckName, Report, Verdict

ISSUER = "https://uni.example/issuers/1"
KEY_SET = "https://uni.example/.well-known/jwks.json"

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
KEYS: dict[str, PrivateKey] = {"RS256": RSA_KEY, "ES256": EC_KEY}
EVERY_ALGORITHM = pytest.mark.parametrize("algorithm", KEYS)


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def credential(university: Simulator, issuer: str) -> JsonObject:
    profile = university.profile.to_json() | {"id": issuer}
    return {**university.badge().to_json(), "issuer": profile}


def token(
    university: Simulator, issuer: str, algorithm: str, header: JsonObject, **claims: Any
) -> str:
    """A badge of an issuer as a token with the claims that the standard asks for."""
    document = credential(university, issuer)
    payload: JsonObject = {
        **document,
        "iss": issuer,
        "jti": document["id"],
        "sub": LEARNER,
        "nbf": int(university.now.timestamp()),
        **claims,
    }
    private = KEYS[algorithm]
    sign = (
        unchecked.rs256(private)
        if isinstance(private, rsa.RSAPrivateKey)
        else (unchecked.es256(private))
    )
    return unchecked.token({"alg": algorithm, "typ": "JWT", **header}, payload, sign)


def controller_document(issuer: str, *methods: JsonObject) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": issuer,
        "verificationMethod": list(methods),
        "assertionMethod": [method["id"] for method in methods],
    }


def jwk_method(issuer: str, algorithm: str, fragment: str = "key-1") -> JsonObject:
    return {
        "id": f"{issuer}#{fragment}",
        "type": "JsonWebKey",
        "controller": issuer,
        "publicKeyJwk": unchecked.public_jwk(KEYS[algorithm]),
    }


def examine(university: Simulator, token_or_document: Any, issuer: str = ISSUER) -> Report:
    return university.verifier(issuer).examine(token_or_document)


# did:web with other kinds of keys.


@EVERY_ALGORITHM
def test_token_under_a_key_of_the_did_document_is_genuine(
    university: Simulator, algorithm: str
) -> None:
    did = university.did
    document = controller_document(did, jwk_method(did, algorithm))
    university.serve_json("https://uni.example/.well-known/did.json", document)
    text = token(university, did, algorithm, {"kid": f"{did}#key-1"})
    assert examine(university, text).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
def test_token_whose_kid_is_a_fragment_is_genuine(university: Simulator, algorithm: str) -> None:
    did = university.did
    document = controller_document(did, jwk_method(did, algorithm))
    university.serve_json("https://uni.example/.well-known/did.json", document)
    assert examine(university, token(university, did, algorithm, {"kid": "#key-1"})).verdict is (
        Verdict.GENUINE
    )


def test_algorithm_that_is_not_the_keys_is_refused(university: Simulator) -> None:
    did = university.did
    document = controller_document(did, jwk_method(did, "ES256"))
    university.serve_json("https://uni.example/.well-known/did.json", document)
    report = examine(university, token(university, did, "RS256", {"kid": f"{did}#key-1"}))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.JWT_ALG


@EVERY_ALGORITHM
def test_token_that_was_changed_is_refused(university: Simulator, algorithm: str) -> None:
    did = university.did
    document = controller_document(did, jwk_method(did, algorithm))
    university.serve_json("https://uni.example/.well-known/did.json", document)
    header, payload, _ = token(university, did, algorithm, {"kid": f"{did}#key-1"}).split(".")
    *_, signature = token(university, did, algorithm, {"kid": f"{did}#key-1"}, extra=1).split(".")
    report = examine(university, f"{header}.{payload}.{signature}")
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID


# An https URL as issuer.


def test_badge_of_an_https_issuer_with_a_controller_document_is_genuine(
    university: Simulator,
) -> None:
    signer = Ed25519Signer(key("https issuer"), f"{ISSUER}#key-1")
    method: JsonObject = {
        "id": f"{ISSUER}#key-1",
        "type": "Multikey",
        "controller": ISSUER,
        "publicKeyMultibase": multikey.encode_public_key(signer.key.public_key),
    }
    university.serve_json(ISSUER, controller_document(ISSUER, method))
    secured = unchecked.sign(credential(university, ISSUER), signer=signer, now=university.now)
    assert examine(university, secured).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
def test_token_of_an_https_issuer_with_a_controller_document_is_genuine(
    university: Simulator, algorithm: str
) -> None:
    university.serve_json(ISSUER, controller_document(ISSUER, jwk_method(ISSUER, algorithm)))
    text = token(university, ISSUER, algorithm, {"kid": f"{ISSUER}#key-1"})
    assert examine(university, text).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
def test_token_whose_kid_gives_a_jwk_below_the_issuer_needs_the_key_in_its_key_set(
    university: Simulator, algorithm: str
) -> None:
    """8.2.3: kid is "a URI that can be dereferenced to an object of type JWK"."""
    kid = f"{ISSUER}/keys/1"
    jwk = unchecked.public_jwk(KEYS[algorithm])
    university.serve_json(kid, jwk)
    text = token(university, ISSUER, algorithm, {"kid": kid})

    university.serve_json(KEY_SET, {"keys": []})
    report = examine(university, text)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.KEY_NOT_AUTHORIZED

    university.serve_json(KEY_SET, {"keys": [jwk]})
    assert examine(university, text).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
def test_token_whose_kid_is_elsewhere_on_the_site_needs_the_key_in_its_key_set(
    university: Simulator, algorithm: str
) -> None:
    """Key provenance: keys should be in https://{domain}/.well-known/jwks.json."""
    kid = "https://uni.example/keys/1"
    jwk = unchecked.public_jwk(KEYS[algorithm])
    university.serve_json(kid, jwk)
    text = token(university, ISSUER, algorithm, {"kid": kid})
    report = examine(university, text)
    assert report.verdict is not Verdict.GENUINE
    assert report.contents is None

    university.serve_json(KEY_SET, {"keys": [{**jwk, "kid": kid}]})
    assert examine(university, text).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
def test_token_with_a_jwk_counts_only_if_the_issuer_publishes_that_key(
    university: Simulator, algorithm: str
) -> None:
    """8.2 read literally accepts any jwk, and so every forgery."""
    jwk = unchecked.public_jwk(KEYS[algorithm])
    text = token(university, ISSUER, algorithm, {"jwk": jwk})

    university.serve_json(KEY_SET, {"keys": []})
    report = examine(university, text)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.KEY_NOT_AUTHORIZED

    university.serve_json(KEY_SET, {"keys": [jwk]})
    assert examine(university, text).verdict is Verdict.GENUINE


@EVERY_ALGORITHM
@pytest.mark.parametrize(
    ("days", "is_genuine"), [(1, True), (0, False), (-1, False)], ids=["later", "then", "before"]
)
def test_key_of_a_key_set_counts_until_it_is_retired(
    university: Simulator, algorithm: str, days: int, is_genuine: bool
) -> None:
    """OpenID Federation 1.0, Federation Historical Keys Response: `exp`."""
    jwk = unchecked.public_jwk(KEYS[algorithm])
    text = token(university, ISSUER, algorithm, {"jwk": jwk})
    moment = parse_date_time_stamp(str(credential(university, ISSUER)["validFrom"]))
    end = int((moment + timedelta(days=days)).timestamp())
    university.serve_json(KEY_SET, {"keys": [{**jwk, "exp": end}]})
    report = examine(university, text)
    if is_genuine:
        assert report.verdict is Verdict.GENUINE
    else:
        assert report.check(CheckName.PROOF).code is Code.KEY_REVOKED


@EVERY_ALGORITHM
@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"revoked": {"revoked_at": 1_700_000_000}}, Code.KEY_REVOKED),
        ({"revoked": {"reason": "compromised"}}, Code.KEY_INVALID),
        ({"revoked": True}, Code.KEY_INVALID),
        ({"exp": "tomorrow"}, Code.KEY_INVALID),
        ({"exp": True}, Code.KEY_INVALID),
        ({"exp": 1e300}, Code.KEY_INVALID),
    ],
)
def test_key_of_a_key_set_that_is_revoked_or_has_no_date_to_read_is_refused(
    university: Simulator, algorithm: str, dates: JsonObject, code: Code
) -> None:
    jwk = unchecked.public_jwk(KEYS[algorithm])
    university.serve_json(KEY_SET, {"keys": [{**jwk, **dates}]})
    report = examine(university, token(university, ISSUER, algorithm, {"jwk": jwk}))
    assert report.verdict is not Verdict.GENUINE
    assert report.check(CheckName.PROOF).code is code


@EVERY_ALGORITHM
def test_key_that_the_controller_document_revokes_is_refused_though_the_key_set_has_it(
    university: Simulator, algorithm: str
) -> None:
    method = {**jwk_method(ISSUER, algorithm), "revoked": "2020-01-01T00:00:00Z"}
    document = {**controller_document(ISSUER, method), "assertionMethod": []}
    university.serve_json(ISSUER, document)
    jwk = unchecked.public_jwk(KEYS[algorithm])
    university.serve_json(KEY_SET, {"keys": [jwk]})
    report = examine(university, token(university, ISSUER, algorithm, {"jwk": jwk}))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.KEY_REVOKED


@EVERY_ALGORITHM
def test_token_with_a_jwk_of_the_issuers_controller_document_is_genuine(
    university: Simulator, algorithm: str
) -> None:
    university.serve_json(ISSUER, controller_document(ISSUER, jwk_method(ISSUER, algorithm)))
    jwk = unchecked.public_jwk(KEYS[algorithm])
    assert examine(university, token(university, ISSUER, algorithm, {"jwk": jwk})).verdict is (
        Verdict.GENUINE
    )


@pytest.mark.parametrize(
    "kid",
    [
        "https://attacker.example/keys/1",
        "https://uni.example.attacker.example/keys/1",
        "https://uni.example:8443/keys/1",
        "did:web:attacker.example#key-1",
        f"{ISSUER}0#key-1",
    ],
)
def test_token_under_a_key_from_elsewhere_is_forged(university: Simulator, kid: str) -> None:
    """The attacker serves the key, and calls it the issuer's."""
    url = kid.partition("#")[0]
    if url.startswith("https:"):
        university.serve_json(url, unchecked.public_jwk(RSA_KEY))
    report = examine(university, token(university, ISSUER, "RS256", {"kid": kid}))
    assert report.verdict is not Verdict.GENUINE
    assert report.contents is None
    assert {Code.ISSUER_MISMATCH, Code.KEY_NOT_AUTHORIZED, Code.DID_RESOLUTION} & report.codes


# The claims repeat the credential.


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://attacker.example"},
        {"sub": "did:example:somebody"},
        {"jti": "urn:uuid:other"},
        {"nbf": 0},
        {"validUntil": "2099-01-01T00:00:00Z", "exp": 1},
    ],
    ids=["iss", "sub", "jti", "nbf", "exp"],
)
def test_claim_that_contradicts_the_credential_is_refused(
    university: Simulator, claims: JsonObject
) -> None:
    university.serve_json(ISSUER, controller_document(ISSUER, jwk_method(ISSUER, "RS256")))
    text = token(university, ISSUER, "RS256", {"kid": f"{ISSUER}#key-1"}, **claims)
    report = examine(university, text)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.JWT_CLAIMS


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, Code.JWT_ALG),
        ({"alg": "HS256"}, Code.JWT_ALG),
        ({"alg": "RS1"}, Code.JWT_ALG),
        ({"crit": ["b64"], "b64": False}, Code.JWT_HEADER),
        ({"jku": "https://attacker.example/jwks.json"}, Code.JWT_HEADER),
        ({"x5u": "https://attacker.example/cert"}, Code.JWT_HEADER),
        ({"typ": "at+jwt"}, Code.JWT_HEADER),
        ({"kid": None}, Code.JWT_HEADER),
    ],
    ids=["none", "HS256", "RS1", "crit", "jku", "x5u", "typ", "no key"],
)
def test_header_that_asks_for_more_is_refused(
    university: Simulator, header: JsonObject, code: Code
) -> None:
    """8.2.1: "no other headers"; RFC 8725, 3.1: the algorithm is never the token's choice."""
    university.serve_json(ISSUER, controller_document(ISSUER, jwk_method(ISSUER, "RS256")))
    merged: JsonObject = {"kid": f"{ISSUER}#key-1", **header}
    present: JsonObject = {name: value for name, value in merged.items() if value is not None}
    report = examine(university, token(university, ISSUER, "RS256", present))
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert code in report.codes
    assert "https://attacker.example" not in str(university.requested)
