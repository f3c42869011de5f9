"""JSON Web Signatures with keys other than Ed25519, through joserfc."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import ECKey, OKPKey, RSAKey

from testamur import limits
from testamur.canon.strict_json import dumps, parse_object
from testamur.errors import Code, ProofError
from testamur.keys.protocols import VerificationKey

__all__ = ["is_valid"]


def is_valid(text: str, *, key: VerificationKey, algorithms: Iterable[str]) -> bool:
    """Return whether the signature of a compact JWS is the key's (RFC 7515, 5.2).

    Raises:
        ProofError: joserfc cannot verify it.
    """
    registry = _Registry(algorithms=list(algorithms))
    try:
        signature = jws.extract_compact(text.encode("ascii"), registry=registry)
        jwk_text = dumps(key.to_jwk())
        return jws.validate_compact(signature, _jose_key(jwk_text), registry=registry)
    except (JoseError, ValueError) as error:
        raise ProofError(
            f"the token's signature cannot be verified: {error}", code=Code.PROOF_INVALID
        ) from error


class _Registry(jws.JWSRegistry):
    """joserfc's, with room for embedded images and with both names of Ed25519 (RFC 9864)."""

    max_header_length = 16 * 1024
    max_payload_length = 2 * limits.CREDENTIAL_BYTES
    max_signature_length = 2 * 1024

    def __init__(self, algorithms: list[str]) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)

    def get_alg(self, name: str) -> JWSAlgModel:
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


@functools.lru_cache(maxsize=256)
def _jose_key(jwk_text: str) -> OKPKey | ECKey | RSAKey:
    jwk = parse_object(jwk_text)
    members: dict[str, str | list[str]] = {name: str(value) for name, value in jwk.items()}
    if jwk["kty"] == "OKP":
        return OKPKey.import_key(members)
    return ECKey.import_key(members) if jwk["kty"] == "EC" else RSAKey.import_key(members)
