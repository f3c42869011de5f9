"""Taking sealed files apart: what may stand in the headers, and what may not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from seals import KEYS, NOW, Authority, members_of, reseal, sealed, sealed_bytes, verifier
from testamur import limits
from testamur.canon.strict_json import dumps
from testamur.errors import Code, ParseError, ProofError, SigningKeyError, TestamurError
from testamur.keys import KeySealSigner, SealAlgorithm
from testamur.loading import load
from testamur.secure import jades
from testamur.verification import Verdict


@cache
def signer() -> KeySealSigner:
    return Authority().seal()


@cache
def good() -> bytes:
    return sealed_bytes(signer())


def refusal(content: bytes) -> TestamurError:
    with pytest.raises(TestamurError) as caught:
        jades.parse(content)
    return caught.value


def resealed(**changes: Any) -> bytes:
    return reseal(good(), signer(), **changes)


def test_resealed_file_is_read() -> None:
    # The control of the attacks below: they differ from this in one thing.
    seal = jades.parse(resealed())
    jades.verify_signature(seal.signatures[0])


def test_header_is_the_one_that_europass_writes() -> None:
    _, header = members_of(good())
    assert list(header) == [
        "alg",
        "cty",
        "kid",
        "x5t#S256",
        "x5c",
        "typ",
        "b64",
        "sigT",
        "crit",
    ]
    assert header["b64"] is False
    assert header["crit"] == ["b64", "sigT"]
    assert header["sigT"] == "2026-07-01T12:00:00Z"
    assert header["typ"] == "jose+json"


def test_payload_is_the_text_of_the_credential() -> None:
    document, _ = members_of(good())
    assert dumps(load(good()).document) == document["payload"]


# RFC 7515, 4.1.11, and RFC 7797, section 6


@pytest.mark.parametrize(
    "crit",
    [
        [],
        "b64",
        None,
        ["b64", "sigT", "exp"],
        ["b64", "sigT", "sigD"],
        ["b64", "sigT", "alg"],
        ["b64", "sigT", "x5c"],
        ["b64", "sigT", "adoTst"],
        ["b64", "b64"],
        ["b64", 1],
    ],
)
def test_crit_that_is_not_understood_is_refused(crit: object) -> None:
    assert refusal(resealed(crit=crit)).code is Code.SEAL_HEADER


def test_unlisted_b64_is_refused() -> None:
    # RFC 7797, 6: "the "crit" Header Parameter MUST be included with "b64" in its set of values"
    assert refusal(resealed(crit=["sigT"])).code is Code.SEAL_HEADER
    assert refusal(resealed(without=["crit"])).code is Code.SEAL_HEADER


def test_missing_b64_means_an_encoded_payload() -> None:
    content = resealed(without=["b64"], crit=["sigT"])
    assert refusal(content).code is Code.SEAL_MALFORMED


def test_encoded_payload_is_read_where_b64_is_true_or_missing() -> None:
    document, _ = members_of(good())
    encoded = base64.urlsafe_b64encode(document["payload"].encode()).rstrip(b"=").decode()
    other = json.dumps({**document, "payload": encoded}).encode()
    for changes in ({"b64": True}, {"without": ["b64"], "crit": ["sigT"]}):
        seal = jades.parse(reseal(other, signer(), **changes))
        jades.verify_signature(seal.signatures[0])
        assert seal.payload == document["payload"]


@pytest.mark.parametrize("value", ["false", 0, None])
def test_b64_that_is_no_boolean_is_refused(value: object) -> None:
    assert refusal(resealed(b64=value)).code is Code.SEAL_HEADER


@pytest.mark.parametrize(
    "member", ["sigD", "jwk", "jku", "x5u", "x5t", "sigPId", "srCms", "exp", "epk", "zip"]
)
def test_header_with_a_foreign_member_is_refused(member: str) -> None:
    assert refusal(resealed(**{member: "value"})).code is Code.SEAL_HEADER


@pytest.mark.parametrize("member", ["alg", "b64", "crit", "x5c", "kid", "sigT"])
def test_unprotected_header_holds_nothing_but_etsiu(member: str) -> None:
    _, header = members_of(good())
    content = resealed(unprotected={member: header[member]})
    assert refusal(content).code is Code.SEAL_HEADER
    content = resealed(unprotected={member: header[member]}, without=[member])
    assert isinstance(refusal(content), ParseError)


def test_member_in_both_headers_is_refused() -> None:
    # RFC 7515, 7.2.1: "the Header Parameter names in the two locations MUST be disjoint"
    assert "both" in refusal(resealed(unprotected={"alg": "EdDSA"})).message


def test_name_that_stands_twice_is_refused() -> None:
    document, header = members_of(good())
    doubled = json.dumps(header)[:-1] + ', "alg": "EdDSA"}'
    encoded = base64.urlsafe_b64encode(doubled.encode()).rstrip(b"=").decode()
    document["signatures"][0]["protected"] = encoded
    assert refusal(json.dumps(document).encode()).code is Code.SEAL_MALFORMED


def test_payload_with_a_name_twice_is_refused() -> None:
    content = good().replace(b'\\"issued\\":', b'\\"id\\":\\"urn:other\\",\\"issued\\":', 1)
    assert refusal(content).code is Code.SEAL_MALFORMED


# Algorithms


@pytest.mark.parametrize(
    "name",
    ["none", "None", "HS256", "HS512", "RS1", "RS512", "ES384", "ES256K", "", None, ["EdDSA"]],
)
def test_algorithm_that_is_not_listed_is_refused(name: object) -> None:
    assert refusal(resealed(alg=name)).code is Code.SEAL_ALG


def test_certificate_s_bytes_are_no_secret_of_hmac() -> None:
    import hashlib
    import hmac

    document, header = members_of(good())
    encoded = base64.urlsafe_b64encode(json.dumps({**header, "alg": "HS256"}).encode())
    protected = encoded.rstrip(b"=").decode()
    secret = signer().certificates[0].der
    made = hmac.new(secret, f"{protected}.{document['payload']}".encode(), hashlib.sha256).digest()
    value = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
    document["signatures"] = [{"protected": protected, "signature": value}]
    assert refusal(json.dumps(document).encode()).code is Code.SEAL_ALG


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("algorithm", list(SealAlgorithm))
def test_algorithm_must_be_the_key_s(kind: str, algorithm: SealAlgorithm) -> None:
    own = Authority().seal(KEYS[kind]())
    fits = {
        "Ed25519": {SealAlgorithm.EDDSA},
        "P-256": {SealAlgorithm.ES256},
        "RSA": {SealAlgorithm.PS256, SealAlgorithm.RS256},
    }
    content = reseal(sealed_bytes(own), own, alg=algorithm.value)
    signature = jades.parse(content).signatures[0]
    if algorithm is own.algorithm:
        jades.verify_signature(signature)
        return
    with pytest.raises((SigningKeyError, ProofError)) as caught:
        jades.verify_signature(signature)
    expected = Code.PROOF_INVALID if algorithm in fits[kind] else Code.SEAL_ALG
    assert caught.value.code is expected


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_ecdsa_signature_of_another_length_does_not_fit(length: int) -> None:
    own = Authority().seal(KEYS["P-256"]())
    document, _ = members_of(sealed_bytes(own))
    value = base64.urlsafe_b64encode(b"\1" * length).rstrip(b"=").decode()
    document["signatures"][0]["signature"] = value
    content = json.dumps(document).encode()
    if not length:
        assert refusal(content).code is Code.SEAL_MALFORMED
        return
    with pytest.raises(ProofError, match="does not fit"):
        jades.verify_signature(jades.parse(content).signatures[0])


# Certificates and time


def test_certificate_of_somebody_else_does_not_fit() -> None:
    root = Authority()
    stranger = root.seal()
    own = base64.b64encode(signer().certificates[0].der).decode()
    digest = base64.urlsafe_b64encode(signer().certificates[0].fingerprint).rstrip(b"=").decode()
    content = reseal(good(), stranger, x5c=[own], x5t_S256=digest)
    with pytest.raises(ProofError) as caught:
        jades.verify_signature(jades.parse(content).signatures[0])
    assert caught.value.code is Code.PROOF_INVALID


@pytest.mark.parametrize("chain", [[], None, "MIIB", [1], ["%%%"], ["TUlJQg=="], [""]])
def test_x5c_that_holds_no_certificate_is_refused(chain: object) -> None:
    error = refusal(resealed(x5c=chain, without=["x5t#S256"]))
    assert error.code in (Code.SEAL_HEADER, Code.SEAL_MALFORMED, Code.CERTIFICATE_INVALID)


def test_seal_without_a_certificate_is_refused() -> None:
    assert refusal(resealed(without=["x5c"])).code is Code.SEAL_HEADER


@pytest.mark.parametrize(
    "time",
    [
        "2026-07-01",
        "2026-07-01T12:00:00",
        "2026-07-01T12:00:00+00:00",
        "2026-13-01T12:00:00Z",
        1782907200,
        None,
    ],
)
def test_signing_time_that_is_not_utc_is_refused(time: object) -> None:
    assert refusal(resealed(sigT=time)).code is Code.SEAL_HEADER


def test_signing_time_in_seconds_is_read() -> None:
    # ETSI TS 119 182-1 V1.2.1, 5.1.11: iat in the place of sigT
    seal = jades.parse(resealed(without=["sigT"], iat=1782907200, crit=["b64"]))
    assert seal.signatures[0].signing_time == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [True, -1, 1e20, 10**20, "1782907200"])
def test_seconds_that_are_no_time_are_refused(seconds: object) -> None:
    content = resealed(without=["sigT"], iat=seconds, crit=["b64"])
    assert refusal(content).code is Code.SEAL_HEADER


def test_two_signing_times_are_refused() -> None:
    assert refusal(resealed(iat=1782907200)).code is Code.SEAL_HEADER


def test_seal_without_a_signing_time_is_refused() -> None:
    assert refusal(resealed(without=["sigT"], crit=["b64"])).code is Code.SEAL_HEADER


@pytest.mark.parametrize("value", ["JWT", "vc+jwt", "", 5])
def test_type_of_something_else_is_refused(value: object) -> None:
    assert refusal(resealed(typ=value)).code is Code.SEAL_HEADER


# The file around it


@pytest.mark.parametrize(
    "change",
    [
        {"signatures": []},
        {"signatures": None},
        {"signatures": {}},
        {"signatures": [5]},
        {"signatures": [{}]},
        {"payload": None},
        {"payload": {}},
        {"payload": "[]"},
        {"payload": "{"},
        {"proof": {}},
        {"signature": "AA"},
    ],
    ids=str,
)
def test_file_of_another_form_is_refused(change: dict[str, Any]) -> None:
    document = {**json.loads(good()), **change}
    assert refusal(json.dumps(document).encode()).code is Code.SEAL_MALFORMED


def test_file_that_is_a_credential_too_is_no_seal() -> None:
    # Whoever reads its members as a credential must not be told that they are sealed.
    document = {**json.loads(good()), **load(good()).document}
    report = verifier(sealed()[0].der).examine(json.dumps(document))
    assert report.securing == "none"
    assert report.verdict is Verdict.NOT_GENUINE


def test_bounds_hold() -> None:
    document = json.loads(good())
    many = {**document, "signatures": document["signatures"] * (limits.SEAL_SIGNATURES + 1)}
    assert refusal(json.dumps(many).encode()).code is Code.RESOURCE_LIMIT
    own = base64.b64encode(signer().certificates[0].der).decode()
    content = resealed(x5c=[own] * (limits.SEAL_CERTIFICATES + 1))
    assert refusal(content).code is Code.RESOURCE_LIMIT
    parts: list[dict[str, Any]] = [{"sigPSt": {}}] * (limits.SEAL_COMPONENTS + 1)
    assert refusal(resealed(unprotected={"etsiU": parts})).code is Code.RESOURCE_LIMIT
    large = base64.b64encode(b"0" * (limits.SEAL_CERTIFICATE_BYTES + 1)).decode()
    assert refusal(resealed(x5c=[large])).code is Code.RESOURCE_LIMIT
    assert refusal(resealed(cty="x" * limits.SEAL_HEADER_BYTES)).code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize("parts", [None, {}, "AA", [5], [{}], [{"a": 1, "b": 2}], ["e30"], ["AA"]])
def test_parts_of_another_form_are_refused(parts: object) -> None:
    assert refusal(resealed(unprotected={"etsiU": parts})).code is Code.SEAL_MALFORMED


def test_signatures_must_agree_on_b64() -> None:
    document, _ = members_of(good())
    other = json.loads(resealed(b64=True))["signatures"]
    document["signatures"] += other
    assert refusal(json.dumps(document).encode()).code is Code.SEAL_HEADER


# Making


class Faulty:
    """A hardware module that gives nonsense."""

    certificates = property(lambda _: signer().certificates)
    algorithm = SealAlgorithm.EDDSA

    def sign(self, data: bytes) -> bytes:  # noqa: ARG002
        return bytes(64)


def test_what_a_faulty_module_signed_is_not_given_out() -> None:
    with pytest.raises(SigningKeyError) as caught:
        jades.create("{}", signer=Faulty(), now=NOW)
    assert caught.value.code is Code.SIGNING_KEY


def test_signer_needs_the_certificate_of_its_key() -> None:
    key = KEYS["P-256"]()
    with pytest.raises(SigningKeyError, match="none of the certificates"):
        KeySealSigner(key, signer().certificates)


def test_signer_finds_its_own_certificate_among_others() -> None:
    root = Authority()
    pem = root.pem + root.intermediate().pem
    key = KEYS["Ed25519"]()
    own = root.seal(key).certificates[0]
    from cryptography import x509

    leaf = x509.load_der_x509_certificate(own.der).public_bytes(serialization.Encoding.PEM)
    from seals import pem_of_key

    found = KeySealSigner.from_pem(pem_of_key(key), pem + leaf)
    assert found.certificates[0] == own
    assert len(found.certificates) == 3


def test_encrypted_key_needs_its_password() -> None:
    from seals import pem_of_key

    root, key = Authority(), KEYS["Ed25519"]()
    own = root.seal(key)
    secret = pem_of_key(key, b"open")
    assert KeySealSigner.from_pem(secret, own.certificates[0].der, password=b"open")
    for password in (None, b"wrong"):
        with pytest.raises(SigningKeyError):
            KeySealSigner.from_pem(secret, own.certificates[0].der, password=password)
