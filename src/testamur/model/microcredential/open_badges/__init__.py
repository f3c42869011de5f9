"""Descriptions as Open Badges 3.0, and out of them again."""

from testamur.model.microcredential.open_badges.badges import (
    Convention,
    from_open_badge,
    to_achievement,
    to_open_badge,
)

__all__ = ["Convention", "from_open_badge", "to_achievement", "to_open_badge"]
