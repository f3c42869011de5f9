"""Ed25519 keys (RFC 8032), with the checks that a cryptographic library leaves to its caller.

OpenSSL accepts public keys of small order and non-canonical encodings. With the identity point as
a key anybody can "sign" anything, and a `did:key` can name that point; so such keys, and
signatures whose R is such a point, are refused here (VC-DI-EDDSA, Security Properties of Ed25519;
the cases are those of ed25519-speccheck).
"""

from __future__ import annotations

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey as _PrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PublicKey as _PublicKey,
)

from testamur._frozen import dataclass, field
from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject
from testamur.errors import SigningKeyError
from testamur.keys.protocols import Algorithm

__all__ = ["Ed25519PrivateKey", "Ed25519PublicKey"]

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SIGN = 1 << 255

# The y coordinates of the eight points of small order: orders 1, 2, 4 (twice) and 8 (four times).
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({1, _P - 1, 0, _Y8, _P - _Y8})


@dataclass(frozen=True, slots=True)
class Ed25519PublicKey:
    """An Ed25519 public key, checked when it is made.

    Attributes:
        public_bytes: 32 bytes, the encoded point A of RFC 8032.

    Raises:
        SigningKeyError: not 32 bytes, not canonical, not on the curve, or of small order.
    """

    public_bytes: bytes
    _key: _PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", _checked_key(self.public_bytes))

    @property
    def algorithm(self) -> Algorithm:
        """Always Ed25519."""
        return Algorithm.ED25519

    def to_jwk(self) -> JsonObject:
        """Return the public JWK (RFC 8037, section 2)."""
        x = multibase.encode_base64url(self.public_bytes)[1:]
        return {"kty": "OKP", "crv": "Ed25519", "x": x}

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Return whether `signature` (64 bytes, R ‖ S) is this key's for `data`."""
        if len(signature) != 64 or _is_small_order(signature[:32]):
            return False
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ed25519PrivateKey:
    """An Ed25519 private key held in memory.

    Attributes:
        seed: 32 bytes, the private key of RFC 8032; never printed.
    """

    seed: bytes = field(repr=False)
    _key: _PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise SigningKeyError(
                f"an Ed25519 private key is 32 bytes long, not {len(self.seed)}",
                expected="32 bytes",
                found=f"{len(self.seed)} bytes",
            )
        object.__setattr__(self, "_key", _PrivateKey.from_private_bytes(self.seed))

    @staticmethod
    def generate() -> Ed25519PrivateKey:
        """Make a new key from the operating system's randomness."""
        return Ed25519PrivateKey(_PrivateKey.generate().private_bytes_raw())

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        return Ed25519PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`: 64 bytes, deterministic."""
        return self._key.sign(data)


@functools.lru_cache(maxsize=1024)
def _checked_key(public_bytes: bytes) -> _PublicKey:
    if len(public_bytes) != 32:
        raise SigningKeyError(
            f"an Ed25519 public key is 32 bytes long, not {len(public_bytes)}",
            expected="32 bytes",
            found=f"{len(public_bytes)} bytes",
        )
    y = _y_coordinate(public_bytes)
    if y >= _P:
        raise SigningKeyError("the Ed25519 public key is not in its canonical encoding")
    if y in _SMALL_ORDER_Y:
        raise SigningKeyError(
            "the Ed25519 public key is a point of small order: anybody could sign for it"
        )
    # RFC 8032, 5.1.3: x² = (y² - 1) / (d y² + 1) must have a root.
    numerator, denominator = y * y - 1, _D * y * y + 1
    if pow(numerator * denominator, (_P - 1) // 2, _P) != 1:
        raise SigningKeyError("the Ed25519 public key is not a point on the curve")
    return _PublicKey.from_public_bytes(public_bytes)


def _y_coordinate(encoded: bytes) -> int:
    return int.from_bytes(encoded, "little") & (_SIGN - 1)


def _is_small_order(encoded: bytes) -> bool:
    return _y_coordinate(encoded) % _P in _SMALL_ORDER_Y
