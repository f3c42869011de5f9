"""The folder of published test data, `../shared/data` beside the repository.

It is not part of the repository: where it is absent, what needs it is skipped with that reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

__all__ = ["folder", "params", "read", "read_json", "read_text"]

_FOLDER = Path(__file__).parents[1] / ".." / "shared" / "data"
_ABSENT = "the folder ../shared/data is not beside the repository"


def folder(name: str) -> Path:
    """Return a folder of the shared data, or skip the test."""
    if not _FOLDER.is_dir():
        pytest.skip(_ABSENT)
    return _FOLDER / name


def read(name: str) -> bytes:
    """Return a file's bytes, or skip the test."""
    return folder(name).read_bytes()


def read_text(name: str) -> str:
    """Return a file's text, or skip the test."""
    return read(name).decode("utf-8")


def read_json(name: str) -> Any:
    """Return what a JSON file holds, or skip the test."""
    return json.loads(read(name))


def params(
    find: Callable[[], Mapping[str, Any]], *, xfail: Mapping[str, str] | None = None
) -> list[object]:
    """Return parameters for `pytest.mark.parametrize`; a single, skipped one without the folder.

    Args:
        find: returns test id → parameter; called only where the folder is.
        xfail: test id → why that one is known to fail.
    """
    if not _FOLDER.is_dir():
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=_ABSENT))]
    reasons = xfail or {}
    return [
        pytest.param(
            value,
            id=name,
            marks=[pytest.mark.xfail(reason=reasons[name], strict=True)] if name in reasons else [],
        )
        for name, value in find().items()
    ]
