"""IdentityObject: its form, and whether it is a given person's."""

from __future__ import annotations

from typing import Any

import pytest

from testamur.errors import ModelError
from testamur.model.ob3 import IdentifierType, IdentityObject

# Open Badges 3.0, IdentityHash: SHA-256 of 'a@example.comKosher'.
DIGEST = "b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
# RFC 1321, A.5: MD5 ("abc").
MD5_OF_ABC = "900150983cd24fb0d6963f7d28e17f72"


def identity(**changes: object) -> IdentityObject:
    """The identity object of the standard's example."""
    document: dict[str, Any] = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${DIGEST}",
        "identityType": "emailAddress",
        "salt": "Kosher",
        **changes,
    }
    return IdentityObject.from_json(
        {name: value for name, value in document.items() if value is not ...}
    )


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper(), DIGEST.swapcase()])
def test_salted_hash_matches_in_either_case(digest: str) -> None:
    known = identity(identityHash=f"sha256${digest}")
    assert known.matches(IdentifierType.EMAIL_ADDRESS, "a@example.com")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("emailAddress", "b@example.com"),
        ("emailAddress", "A@example.com"),
        ("emailAddress", "a@example.comKosher"),
        ("emailAddress", f"sha256${DIGEST}"),
        ("emailAddress", ""),
        ("emailAddress", "\udcff"),
        ("userName", "a@example.com"),
        ("ext:emailAddress", "a@example.com"),
    ],
)
def test_other_values_and_kinds_do_not_match(kind: str, value: str) -> None:
    assert not identity().matches(kind, value)


def test_unsalted_hash_matches() -> None:
    assert identity(salt=..., identityHash=f"sha256${DIGEST}").matches(
        "emailAddress", "a@example.comKosher"
    )


def test_md5_is_still_verified() -> None:
    known = identity(salt="c", identityHash=f"md5${MD5_OF_ABC}")
    assert known.matches("emailAddress", "ab")
    assert not known.matches("emailAddress", "abc")


def test_plain_value_matches_and_its_salt_means_nothing() -> None:
    known = identity(hashed=False, identityHash="student@1edtech.edu", salt="not-used")
    assert known.matches("emailAddress", "student@1edtech.edu")
    assert not known.matches("emailAddress", "student@1edtech.edunot-used")


def test_extended_kind_matches_by_its_name() -> None:
    known = identity(hashed=False, identityHash="Ada", identityType="ext:name")
    assert known.matches("ext:name", "Ada")


@pytest.mark.parametrize(
    "text",
    [
        "a@example.com",
        DIGEST,
        f"sha1${DIGEST}",
        f"SHA256${DIGEST}",
        f"sha256${DIGEST}0",
        f"md5${DIGEST}",
        "sha256$",
        f"sha256${DIGEST}\n",
    ],
)
def test_text_that_is_not_a_hash_is_refused_where_hashed_is_true(text: str) -> None:
    with pytest.raises(ModelError, match=r"^identityObject\.identityHash: is not an IdentityHash"):
        identity(identityHash=text)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"hashed": ...}, "hashed"),
        ({"hashed": "true"}, "hashed"),
        ({"hashed": 1}, "hashed"),
        ({"identityHash": ...}, "identityHash"),
        ({"identityType": "email"}, "identityType"),
        ({"type": "Identity"}, "type"),
        ({"salt": 5}, "salt"),
        ({"name": "Ada"}, "name"),
    ],
)
def test_members_must_be_those_of_the_standard(change: dict[str, object], path: str) -> None:
    with pytest.raises(ModelError) as caught:
        identity(**change)
    assert caught.value.path == f"identityObject.{path}"
