"""Another spelling of the same JSON is the same credential."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property.arbitrary import BOUNDED, unsigned_badges
from property.test_tampering import EMBEDDED, rich, web
from testamur.canon.strict_json import JsonFloat
from testamur.issuing import Mechanism, issue
from testamur.model.ob3 import AchievementCredential
from testamur.verification import Verdict
from unit.scenes import NOW, SIGNER, examine, issued

SPACES = st.text(" \t\r\n", max_size=3)


def respelled(data: st.DataObject, value: Any) -> str:
    """The value in JSON, with its members, white space, escapes and numbers in some other way."""
    if isinstance(value, dict):
        names = data.draw(st.permutations(sorted(value)))
        inside = ",".join(
            data.draw(SPACES)
            + quoted(data, name)
            + data.draw(SPACES)
            + ":"
            + respelled(data, value[name])
            for name in names
        )
        return f"{{{inside}{data.draw(SPACES)}}}"
    if isinstance(value, list):
        return "[" + ",".join(respelled(data, each) for each in value) + data.draw(SPACES) + "]"
    if isinstance(value, str):
        return quoted(data, value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return number(data, value)


def quoted(data: st.DataObject, text: str) -> str:
    if not text or not data.draw(st.booleans()):
        return json.dumps(text, ensure_ascii=data.draw(st.booleans()))
    position = data.draw(st.integers(0, len(text) - 1))
    units = text[position].encode("utf-16-be")
    escape = "".join(f"\\u{units[n]:02x}{units[n + 1]:02X}" for n in range(0, len(units), 2))
    before, after = json.dumps(text[:position]), json.dumps(text[position + 1 :])
    return before[:-1] + escape + after[1:]


def number(data: st.DataObject, value: float) -> str:
    text = value.lexical if isinstance(value, JsonFloat) else repr(value)
    if "e" in text.lower():
        return text
    spellings = [text, f"{text}0" if "." in text else f"{text}.0", f"{text}e0", f"{text}E+00"]
    return data.draw(st.sampled_from(spellings))


@pytest.mark.parametrize("mechanism", EMBEDDED)
@BOUNDED
@given(badge=unsigned_badges(), data=st.data())
def test_respelled_badge_is_genuine(
    badge: AchievementCredential, data: st.DataObject, mechanism: Mechanism
) -> None:
    secured = issue(badge, signer=SIGNER, now=NOW, mechanism=mechanism)
    text = respelled(data, secured.document)
    report = examine(text)
    assert report.verdict is Verdict.GENUINE, text


@pytest.mark.parametrize("mechanism", EMBEDDED)
@BOUNDED
@given(data=st.data())
def test_respelled_badge_with_everything_in_it_is_genuine(
    data: st.DataObject, mechanism: Mechanism
) -> None:
    document = issued(rich(), mechanism=mechanism).document
    assert examine(respelled(data, document), fetcher=web()).verdict is Verdict.GENUINE
