"""Our seals before JOSE libraries of others, and theirs before us (RFC 7515, RFC 7797)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.registry import HeaderParameter

from seals import KEYS, NUMBER, Authority, members_of, sealed_bytes, verifier
from testamur.errors import Code
from testamur.keys import KeySealSigner, SealAlgorithm
from testamur.verification import Answer, CheckName

_MADE_BY: dict[str, Any] = {"Ed25519": OKPKey, "P-256": ECKey, "RSA": RSAKey}
_CASES = [
    ("Ed25519", SealAlgorithm.EDDSA),
    ("P-256", SealAlgorithm.ES256),
    ("RSA", SealAlgorithm.PS256),
    ("RSA", SealAlgorithm.RS256),
]


class Registry(jws.JWSRegistry):
    max_payload_length = 1024 * 1024
    max_header_length = 64 * 1024


def registry(algorithm: str) -> Registry:
    name = "Ed25519" if algorithm == "EdDSA" else algorithm
    return Registry(
        header_registry={"sigT": HeaderParameter("Claimed signing time", "str")},
        algorithms=[name, "EdDSA"],
    )


def public_key(signer: KeySealSigner, kind: str) -> Any:
    certificate = x509.load_der_x509_certificate(signer.certificates[0].der)
    pem = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _MADE_BY[kind].import_key(pem)


@pytest.mark.parametrize(("kind", "algorithm"), _CASES)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_joserfc_verifies_our_seal(kind: str, algorithm: SealAlgorithm) -> None:
    signer = Authority().seal(KEYS[kind](), algorithm=algorithm)
    content = sealed_bytes(signer)
    document: Any = members_of(content)[0]
    known = registry(algorithm.value)
    found = jws.deserialize_json(document, public_key(signer, kind), registry=known)
    assert found.payload == document["payload"].encode()
    document["payload"] += " "
    with pytest.raises(BadSignatureError):
        jws.deserialize_json(document, public_key(signer, kind), registry=known)


@pytest.mark.parametrize(("kind", "algorithm"), _CASES)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_we_verify_the_seal_of_joserfc(kind: str, algorithm: SealAlgorithm) -> None:
    root = Authority()
    private = KEYS[kind]()
    signer = root.seal(private, algorithm=algorithm)
    document, header = members_of(sealed_bytes(signer))
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = jws.serialize_json(
        [{"protected": header}],
        document["payload"],
        _MADE_BY[kind].import_key(pem),
        registry=registry(algorithm.value),
    )
    assert made["payload"] == document["payload"]
    report = verifier(root.der).examine(json.dumps(made))
    assert report.check(CheckName.PROOF).answer is Answer.PASSED
    assert report.check(CheckName.ISSUER).answer is Answer.PASSED
    assert report.check(CheckName.ISSUER).evidence["known as"] == f"eidas:{NUMBER}"
    assert Code.PROOF_INVALID not in report.codes


def test_signature_is_over_the_raw_text() -> None:
    # RFC 7797, section 3: ASCII(BASE64URL(header)) ‖ "." ‖ payload, with nothing of JOSE in between
    key = KEYS["Ed25519"]()
    signer = Authority().seal(key)
    document, _ = members_of(sealed_bytes(signer))
    signature = document["signatures"][0]
    value = base64.urlsafe_b64decode(signature["signature"] + "==")
    certificate = x509.load_der_x509_certificate(signer.certificates[0].der)
    public: Any = certificate.public_key()
    public.verify(value, f"{signature['protected']}.{document['payload']}".encode())
