"""A European Digital Credential from a description."""

from __future__ import annotations

import pytest

from descriptions import FULL
from testamur import build
from testamur.errors import ModelError
from testamur.model.microcredential import from_elm

PNG = b"\x89PNG\r\n\x1a\n and whatever follows"


def test_credential_says_what_the_description_says() -> None:
    built = build.europass(FULL, pages={"en": PNG}, new_id=lambda: "urn:credential:1")
    assert built.id == "urn:credential:1"
    assert from_elm(built).description == FULL


def test_picture_that_is_none_is_refused() -> None:
    with pytest.raises(ModelError, match="PNG"):
        build.europass(FULL, pages={"en": b"GIF89a"})


def test_credential_without_a_picture_is_refused() -> None:
    with pytest.raises(ModelError, match="pages"):
        build.europass(FULL, pages={})
