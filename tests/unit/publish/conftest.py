"""A college for each test; its badges are SVG only, for a PNG takes a second to draw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.publish.pictures import Pictures
from unit.publish.scenes import College


@pytest.fixture
def college(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[College]:
    """An issuer whose clock stands still, with nothing published yet."""
    monkeypatch.setattr(Pictures, "png", lambda *_: None)
    made = College(tmp_path)
    with made.register:
        yield made
