"""RSA public keys: to verify RS256 tokens that others issue, never to sign."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from testamur._frozen import dataclass
from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject
from testamur.errors import SigningKeyError
from testamur.keys.protocols import Algorithm

__all__ = ["RsaPublicKey"]

_MIN_BITS = 2048  # RFC 7518, 3.3
_MAX_BITS = 8192


@dataclass(frozen=True, slots=True)
class RsaPublicKey:
    """An RSA public key.

    Attributes:
        n: modulus, 2048 to 8192 bits. e: public exponent, odd, 3 to 2^32.
    """

    n: int
    e: int

    def __post_init__(self) -> None:
        if not _MIN_BITS <= self.n.bit_length() <= _MAX_BITS:
            raise SigningKeyError(
                f"the RSA key has {self.n.bit_length()} bits; {_MIN_BITS} to {_MAX_BITS} are "
                "accepted",
                expected=f"{_MIN_BITS} to {_MAX_BITS} bits",
                found=f"{self.n.bit_length()} bits",
            )
        if not (3 <= self.e < 2**32 and self.e % 2 and self.n % 2):
            raise SigningKeyError("the RSA key has an exponent or a modulus that no good key has")
        try:
            rsa.RSAPublicNumbers(self.e, self.n).public_key()
        except ValueError as error:
            raise SigningKeyError(f"the RSA key is not usable: {error}") from error

    @property
    def algorithm(self) -> Algorithm:
        """Always RS256."""
        return Algorithm.RS256

    def to_jwk(self) -> JsonObject:
        """Return the public JWK (RFC 7518, 6.3)."""
        return {"kty": "RSA", "n": _encode(self.n), "e": _encode(self.e)}


def _encode(number: int) -> str:
    return multibase.encode_base64url(number.to_bytes((number.bit_length() + 7) // 8))[1:]
