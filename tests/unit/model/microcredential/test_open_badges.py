"""Descriptions as Open Badges, and back."""

from __future__ import annotations

from hypothesis import given, settings

from descriptions import FULL, descriptions
from testamur.model.microcredential import MicroCredential
from testamur.model.microcredential.open_badges import from_open_badge, to_open_badge
from testamur.model.ob3 import AchievementCredential, check_for_issue

ID = "urn:uuid:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11"


def test_full_description_comes_back_out_of_a_badge() -> None:
    badge = to_open_badge(FULL, id=ID)
    check_for_issue(badge)
    read = from_open_badge(AchievementCredential.from_json(badge.to_json()))
    assert read.description == FULL
    assert read.findings == ()


@settings(deadline=None)
@given(description=descriptions())
def test_any_description_comes_back_out_of_a_badge(description: MicroCredential) -> None:
    badge = to_open_badge(description, id=ID)
    read = from_open_badge(AchievementCredential.from_json(badge.to_json()))
    assert read.description == description
