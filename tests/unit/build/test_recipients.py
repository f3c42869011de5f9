"""Recipients by URL, by hashed e-mail address and by name."""

from __future__ import annotations

import pytest

from testamur import build
from testamur.errors import ModelError
from testamur.model.ob3 import IdentifierType


def test_email_is_hashed_as_in_the_standards_example() -> None:
    # Open Badges 3.0, IdentityHash: SHA-256 of 'a@example.com' salted with 'Kosher'.
    (identity,) = build.recipient_by_email("a@example.com", salt="Kosher").identifiers
    assert identity.to_json() == {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        "identityType": "emailAddress",
        "salt": "Kosher",
    }


def test_salt_comes_from_the_source_that_is_given() -> None:
    (identity,) = build.recipient_by_email("a@example.com", new_salt=lambda: "Kosher").identifiers
    assert identity.salt == "Kosher"


def test_salts_are_random_where_none_is_given() -> None:
    salts = {
        identity.salt
        for _ in range(3)
        for identity in build.recipient_by_email("a@example.com").identifiers
    }
    assert len(salts) == 3
    assert all(salt is not None and len(salt) >= 32 for salt in salts)


def test_hashed_recipient_is_found_again() -> None:
    (identity,) = build.recipient_by_email("Ada@Uni.example").identifiers
    assert identity.matches(IdentifierType.EMAIL_ADDRESS, "Ada@Uni.example")
    assert not identity.matches(IdentifierType.EMAIL_ADDRESS, "ada@uni.example")


def test_name_is_written_plainly() -> None:
    (identity,) = build.recipient_by_name("Ada Lovelace").identifiers
    assert identity.to_json() == {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Ada Lovelace",
        "identityType": "name",
    }


@pytest.mark.parametrize("email", ["", "ada", "@uni.example", "ada@", "ada @uni.example", "a@b\n"])
def test_text_that_is_not_an_address_is_refused_without_being_shown(email: str) -> None:
    with pytest.raises(ModelError, match=r"^recipient\.email: is not an e-mail address") as caught:
        build.recipient_by_email(email)
    assert not email.strip() or email not in caught.value.message


def test_empty_salt_and_blank_name_are_refused() -> None:
    with pytest.raises(ModelError, match=r"^recipient\.salt: is empty"):
        build.recipient_by_email("a@example.com", salt="")
    with pytest.raises(ModelError, match=r"^recipient\.name: is blank"):
        build.recipient_by_name(" ")
