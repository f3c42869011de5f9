"""carry.baked: what may be put into an image (Open Badges 3.0, 5.3), whatever the format."""

from __future__ import annotations

import json

import pytest

from testamur import limits
from testamur.carry.baked import text_to_bake
from testamur.errors import Code, InputError, ParseError
from testamur.secured import Secured, Securing


def test_json_is_written_in_ascii_without_braces_in_strings() -> None:
    text = text_to_bake('{ "é{": "}\\u017c\U0001f3c5\\"" }')
    assert text == r'{"\u00e9\u007b":"\u007d\u017c\ud83c\udfc5\""}'
    assert json.loads(text) == {"é{": '}ż\U0001f3c5"'}


@pytest.mark.parametrize(
    "content",
    ["", "[]", '"a.b.c"', "a.b", "a.b.c.d", "a..c", "a.b.", "a.b.c=", "\ufeff{}", "https://x.y/z"],
)
def test_content_that_is_no_credential_is_refused(content: str) -> None:
    with pytest.raises(InputError, match="JSON object, or as a compact JWS") as caught:
        text_to_bake(content)
    assert caught.value.code is Code.MALFORMED_INPUT


@pytest.mark.parametrize(
    "content", ['{"a":1,"a":2}', "{", '{"a":NaN}', '{"a":"\ud800"}', b'{"a":"\xff"}', b"\xff"]
)
def test_json_that_is_not_strict_is_refused(content: str | bytes) -> None:
    with pytest.raises(ParseError) as caught:
        text_to_bake(content)
    assert caught.value.code is Code.MALFORMED_INPUT


def test_credential_that_is_too_long_or_becomes_too_long_is_refused() -> None:
    half = limits.CREDENTIAL_BYTES // 2
    for content in (b" " * (2 * half + 1), json.dumps({"a": "ż" * half}, ensure_ascii=False)):
        with pytest.raises(InputError, match="can be baked") as caught:
            text_to_bake(content)
        assert caught.value.code is Code.RESOURCE_LIMIT


def test_presentation_is_refused() -> None:
    """5.3: "The contents of the file MUST represent exactly one OpenBadgeCredential"."""
    secured = Secured({"type": "VerifiablePresentation"}, b"{}", Securing.DATA_INTEGRITY)
    with pytest.raises(InputError, match="exactly one credential") as caught:
        text_to_bake(secured)
    assert caught.value.code is Code.NOT_CONFORMANT


def test_credential_without_a_proof_is_refused() -> None:
    with pytest.raises(InputError, match="no proof") as caught:
        text_to_bake(Secured({}, b"{}", Securing.NONE))
    assert caught.value.code is Code.NOT_CONFORMANT
