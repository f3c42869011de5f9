"""Enveloping proofs: the signature of a JWT, whose key it is, and what its claims say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ProofError, SigningKeyError, TestamurError
from testamur.keys import jwk as jwks
from testamur.keys.controller import (
    VerificationMethod,
    retrieve,
    revoked_methods,
    split_url,
)
from testamur.keys.protocols import VerificationKey
from testamur.model.dates import parse_date_time_stamp
from testamur.secure import vc_jwt
from testamur.verification import answers
from testamur.verification.report import CheckName
from testamur.verification.signer_check import ExpectedSigner, ProofFinding

__all__ = ["check_token"]

_MAX_KEYS = 50
_SPEC = "Open Badges 3.0, 8.2 JSON Web Token Proof Format"


def check_token(token: vc_jwt.Token, signer: ExpectedSigner) -> ProofFinding:
    """Check a compact JWS that was taken apart.

    `kid` and `jwk` in a header say which key to try. They count only where the expected signer
    publishes that key.
    """
    evidence = {"alg": token.algorithm, "kid": str(token.kid)[:1000]}
    try:
        key = _find_key(token, signer)
        if key is None:
            return signer.foreign(str(token.kid))
        vc_jwt.verify_signature(token, key=key)
        missing = vc_jwt.check_claims(
            token, mode=signer.policy.claims, now=signer.now, skew=signer.policy.clock_skew
        )
        signer.check_answers(token.payload.get("nonce"), token.payload.get("aud"))
    except TestamurError as error:
        return ProofFinding(
            (answers.from_error(CheckName.PROOF, error, spec=_SPEC, evidence=evidence),)
        )
    if missing:
        evidence["claims left out"] = ", ".join(missing)
    genuine = answers.passed(
        CheckName.PROOF,
        "The signature is genuine: nothing was changed since it was signed.",
        spec=_SPEC,
        evidence=evidence,
    )
    return ProofFinding((genuine, signer.bound()))


def _find_key(token: vc_jwt.Token, signer: ExpectedSigner) -> VerificationKey | None:
    """Find the expected signer's key for a token; None where it names somebody else's."""
    if signer.id is None:
        raise ProofError("the token's credential names no issuer", code=Code.ISSUER_INVALID)
    signed_at = _date(token)
    if token.kid is None:
        return _published(token.jwk or {}, signer, signed_at)
    kid = signer.id + token.kid if token.kid.startswith("#") else token.kid
    document_url, fragment = split_url(kid)
    if document_url == signer.id and fragment:
        method = retrieve(kid, purpose=signer.purpose, resolver=signer.resolver)
        signer.check_key_dates(method, signed_at)
        return method.key
    if not signer.id.startswith("https://"):
        return None
    split_url(signer.id)
    # Open Badges 3.0, 8.2.3: a kid may be the URL of a bare JWK; the issuer must list the key too.
    if _origin(document_url) == _origin(signer.id):
        return _published(_key_at(document_url, token.kid, signer), signer, signed_at)
    return None


def _key_at(url: str, kid: str, signer: ExpectedSigner) -> JsonObject:
    """Fetch a JWK, bare or in a set (RFC 7517, section 5)."""
    found = signer.resolver.fetch_json(url)
    return next((key for key in _keys_of(found) if key.get("kid") == kid), found)


def _published(
    candidate: JsonObject, signer: ExpectedSigner, signed_at: datetime | None
) -> VerificationKey:
    """Return the key if the signer publishes it: in its own document, or in its site's key set.

    Open Badges 3.0 Recommended Practices, Key provenance.
    """
    issuer = str(signer.id)
    wanted = jwks.decode_public_key(candidate)
    for method in _methods(signer, issuer):
        if method.key.to_jwk() == wanted.to_jwk():
            signer.check_key_dates(method, signed_at)
            return wanted
    if issuer.startswith("https://"):
        split_url(issuer)
        url = f"{_origin(issuer)}/.well-known/jwks.json"
        for key in _keys_of(signer.resolver.fetch_json(url)):
            if jwks.decode_public_key(key).to_jwk() == wanted.to_jwk():
                expires, revoked = jwks.decode_dates(key)
                signer.check_key_dates(
                    VerificationMethod(url, issuer, wanted, expires, revoked), signed_at
                )
                return wanted
    raise SigningKeyError(
        f"the key in the token is not among those that {issuer[:120]} publishes",
        code=Code.KEY_NOT_AUTHORIZED,
        found=issuer[:120],
    )


def _methods(signer: ExpectedSigner, issuer: str) -> Iterator[VerificationMethod]:
    """The signer's keys for the purpose, and its revoked ones, which another list may still have.

    None where its URL has no controller document.
    """
    try:
        document = signer.resolver.resolve(issuer)
    except SigningKeyError:
        return
    yield from revoked_methods(document, issuer)
    listed = document.get(signer.purpose)
    for reference in listed[:_MAX_KEYS] if isinstance(listed, list) else [listed]:
        identifier = reference.get("id") if isinstance(reference, dict) else reference
        if isinstance(identifier, str) and identifier.startswith("#"):
            identifier = issuer + identifier
        try:
            yield retrieve(identifier, purpose=signer.purpose, resolver=signer.resolver)
        except SigningKeyError:
            continue  # of a kind that is not supported; another may fit


def _date(token: vc_jwt.Token) -> datetime | None:
    """When it says it was signed: for a token that is when it becomes valid."""
    for member in ("validFrom", "issuanceDate"):
        value = token.document.get(member)
        if isinstance(value, str):
            return parse_date_time_stamp(value)
    return None


def _keys_of(key_set: JsonObject) -> list[JsonObject]:
    keys = key_set.get("keys")
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def _origin(url: str) -> str:
    """The origin of an https URL that `split_url` accepted."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
