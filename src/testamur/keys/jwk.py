"""JSON Web Keys (RFC 7517, RFC 8037): Ed25519 both ways, P-256 and RSA public keys in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ParseError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from testamur.keys.protocols import VerificationKey

__all__ = [
    "decode_dates",
    "decode_private_key",
    "decode_public_key",
    "encode_private_key",
]

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_ALGORITHMS = {"OKP": {"EdDSA", "Ed25519"}, "EC": {"ES256"}, "RSA": {"RS256"}}


def encode_private_key(key: Ed25519PrivateKey) -> JsonObject:
    """Return the private JWK of an Ed25519 key, `d` included; keep it secret."""
    return {**key.public_key.to_jwk(), "d": multibase.encode_base64url(key.seed)[1:]}


def decode_public_key(jwk: Mapping[str, JsonValue]) -> VerificationKey:
    """Read a public JWK.

    A JWK with a private member is refused: its owner has published the private key, and anybody
    may have signed with it (Open Badges 3.0, 8.2.3: MUST NOT contain "d").

    Raises:
        SigningKeyError: not a public signature key of Ed25519, P-256 or RSA with 2048 bits.
    """
    if _PRIVATE_MEMBERS & jwk.keys():
        raise SigningKeyError(
            "the JWK holds a private key; publish the public part only, and retire this key"
        )
    kty = jwk.get("kty")
    if not isinstance(kty, str) or kty not in _ALGORITHMS:
        raise SigningKeyError(
            "the JWK is not of type OKP, EC or RSA", expected="OKP, EC or RSA", found=str(kty)[:20]
        )
    if "alg" in jwk and str(jwk["alg"]) not in _ALGORITHMS[kty]:
        raise SigningKeyError(
            f"the JWK is for the algorithm {str(jwk['alg'])[:20]!r}, which does not fit {kty}",
            found=str(jwk["alg"])[:20],
        )
    if jwk.get("use", "sig") != "sig":
        raise SigningKeyError("the JWK is not for signatures: its 'use' is not 'sig'")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise SigningKeyError("the JWK is not for verifying: its 'key_ops' lack 'verify'")
    if kty == "RSA":
        from testamur.keys.rsa import RsaPublicKey  # rare

        return RsaPublicKey(_integer(jwk, "n"), _integer(jwk, "e"))
    curve = jwk.get("crv")
    if kty == "OKP" and curve == "Ed25519":
        return Ed25519PublicKey(_bytes(jwk, "x"))
    if kty == "EC" and curve == "P-256":
        x, y = _bytes(jwk, "x"), _bytes(jwk, "y")
        if len(x) != 32 or len(y) != 32:
            raise SigningKeyError("the coordinates of a P-256 JWK are 32 bytes each")
        from testamur.keys.ecdsa import P256PublicKey  # rare

        return P256PublicKey(int.from_bytes(x), int.from_bytes(y))
    raise SigningKeyError(
        f"the JWK's curve {str(curve)[:20]!r} is not supported",
        expected="Ed25519 or P-256",
        found=str(curve)[:20],
    )


def decode_dates(jwk: Mapping[str, JsonValue]) -> tuple[datetime | None, datetime | None]:
    """Return from when on a published key is retired (`exp`), and from when on it is revoked.

    OpenID Federation 1.0, Federation Historical Keys Response: `exp` and `revoked.revoked_at` are
    seconds since 1970.

    Raises:
        SigningKeyError: a date cannot be read.
    """
    revoked = jwk.get("revoked")
    if revoked is not None and not isinstance(revoked, dict):
        raise SigningKeyError("the JWK's 'revoked' is no object with a 'revoked_at'")
    return (
        _instant(jwk["exp"], "exp") if "exp" in jwk else None,
        None if revoked is None else _instant(revoked.get("revoked_at"), "revoked.revoked_at"),
    )


def decode_private_key(jwk: Mapping[str, JsonValue]) -> Ed25519PrivateKey:
    """Read a private Ed25519 JWK, and check that its two halves belong together.

    Raises:
        SigningKeyError: anything else. The message does not repeat the key.
    """
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise SigningKeyError("the JWK is not an Ed25519 key (kty OKP, crv Ed25519)")
    key = Ed25519PrivateKey(_bytes(jwk, "d"))
    if "x" in jwk and _bytes(jwk, "x") != key.public_key.public_bytes:
        raise SigningKeyError("the JWK's x and d do not belong together")
    return key


def _bytes(jwk: Mapping[str, JsonValue], member: str) -> bytes:
    value = jwk.get(member)
    if not isinstance(value, str) or len(value) > multibase.MAX_CHARACTERS:
        raise SigningKeyError(f"the JWK's {member} is missing or is no base64url string")
    try:
        return multibase.decode_base64url(value)
    except ParseError as error:
        raise SigningKeyError(f"the JWK's {member} is not base64url without padding") from error


def _instant(value: JsonValue, member: str) -> datetime:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SigningKeyError(f"the JWK's {member} is no number of seconds since 1970")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise SigningKeyError(f"the JWK's {member} is no date of this age") from error


def _integer(jwk: Mapping[str, JsonValue], member: str) -> int:
    return int.from_bytes(_bytes(jwk, member))
