"""P-256 public keys: to verify ES256 tokens that others issue, never to sign."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from testamur._frozen import dataclass
from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject
from testamur.errors import SigningKeyError
from testamur.keys.protocols import Algorithm

__all__ = ["P256PublicKey"]


_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1  # SEC 2, 2.4.2


@dataclass(frozen=True, slots=True)
class P256PublicKey:
    """A P-256 public key, checked to be on the curve when it is made.

    Attributes:
        x: the x coordinate. y: the y coordinate.
    """

    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.x < _PRIME and 0 <= self.y < _PRIME):
            raise SigningKeyError("a coordinate of the P-256 public key is not below the prime")
        try:
            ec.EllipticCurvePublicNumbers(self.x, self.y, ec.SECP256R1()).public_key()
        except ValueError as error:
            raise SigningKeyError("the P-256 public key is not a point on the curve") from error

    @staticmethod
    def from_compressed_point(point: bytes) -> P256PublicKey:
        """Read a compressed point (SEC 1, 33 bytes)."""
        if len(point) != 33:
            raise SigningKeyError(f"a compressed P-256 key is 33 bytes long, not {len(point)}")
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError as error:
            raise SigningKeyError("the P-256 public key is not a point on the curve") from error
        numbers = key.public_numbers()
        return P256PublicKey(numbers.x, numbers.y)

    @property
    def algorithm(self) -> Algorithm:
        """Always ES256."""
        return Algorithm.ES256

    def to_jwk(self) -> JsonObject:
        """Return the public JWK (RFC 7518, 6.2)."""
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": multibase.encode_base64url(self.x.to_bytes(32))[1:],
            "y": multibase.encode_base64url(self.y.to_bytes(32))[1:],
        }
