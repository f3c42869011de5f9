"""Open Badges 3.0, IdentityHash: the vector that Open Badges has used since version 1."""

from __future__ import annotations

from testamur.model.ob3 import IdentityObject
from testamur.model.ob3.identity import identity_hash

EMAIL, SALT = "a@example.com", "Kosher"
SHA256 = "b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"


def test_salted_address_has_the_published_hash() -> None:
    assert identity_hash(EMAIL, SALT) == f"sha256${SHA256}"


def test_hash_in_capitals_is_the_same_hash() -> None:
    """Hexadecimal digits in either case; the address itself is never folded."""
    identity = IdentityObject(
        hashed=True,
        identity_hash=f"sha256${SHA256.upper()}",
        identity_type="emailAddress",
        salt=SALT,
    )
    assert identity.matches("emailAddress", EMAIL)
    assert not identity.matches("emailAddress", "A@example.com")
