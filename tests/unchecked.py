"""Signing as other people's software does: without a look at what is signed, and by whom.

`testamur.issuing.issue` refuses much of what these functions sign.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from testamur.canon.contexts import ED25519_2020_V1, Contexts
from testamur.canon.strict_json import JsonObject, dumps
from testamur.issuing import Mechanism
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.secure import (
    Cryptosuite,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    ProofOptions,
    vc_jwt,
)
from testamur.secure.data_integrity import add_proof
from testamur.secured import Secured

__all__ = ["es256", "public_jwk", "rs256", "sign", "token"]

_SUITES: dict[Mechanism, Cryptosuite] = {
    Mechanism.EDDSA_RDFC_2022: EddsaRdfc2022(),
    Mechanism.EDDSA_JCS_2022: EddsaJcs2022(),
    Mechanism.ED25519_SIGNATURE_2020: Ed25519Signature2020(),
}


def sign(
    document: JsonObject,
    *,
    signer: Signer,
    now: datetime,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    contexts: Contexts | None = None,
    **options: Any,
) -> Secured:
    """Secure a document, whatever it says; `options` are those of ProofOptions."""
    if mechanism is Mechanism.VC_JWT:
        return load(vc_jwt.create(document, signer=signer))
    context = document.get("@context")
    if mechanism is Mechanism.ED25519_SIGNATURE_2020 and isinstance(context, list):
        document = {**document, "@context": [*context, ED25519_2020_V1]}
    secured = add_proof(
        document,
        suite=_SUITES[mechanism],
        signer=signer,
        options=ProofOptions(created=now, **options),
        contexts=contexts if contexts is not None else Contexts.bundled(),
    )
    return load(dumps(secured))


def token(header: JsonObject, payload: JsonObject, sign: Callable[[bytes], bytes]) -> str:
    """Return a compact JWS (RFC 7515, 7.1)."""
    signing_input = b".".join(_encode(json.dumps(part).encode()) for part in (header, payload))
    return b".".join([signing_input, _encode(sign(signing_input))]).decode("ascii")


def rs256(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7518, 3.3)."""
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def es256(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs with ECDSA, P-256 and SHA-256: R ‖ S, 64 bytes (RFC 7518, 3.4)."""

    def sign_with(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign_with


def public_jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> JsonObject:
    """Return the public JWK (RFC 7518, 6.2 and 6.3)."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_numbers()
        return {"kty": "RSA", "n": _integer(public.n), "e": _integer(public.e)}
    point = key.public_key().public_numbers()
    x, y = (_encode(each.to_bytes(32)).decode("ascii") for each in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _integer(number: int) -> str:
    return _encode(number.to_bytes((number.bit_length() + 7) // 8)).decode("ascii")
