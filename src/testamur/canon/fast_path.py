"""The one switch for tests: with the exact fast paths, or through the general path alone.

The general path gives the same bytes and takes the same documents, so nobody needs to switch; it is
not read from the environment or from a setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["enabled", "general_path_only"]

_general_only = 0  # how many `general_path_only` blocks are open, in the whole process


def enabled() -> bool:
    """Whether the fast paths may be taken; every one of them asks first."""
    return not _general_only


@contextmanager
def general_path_only() -> Iterator[None]:
    """Within the block, every thread of the process takes the general path."""
    global _general_only
    _general_only += 1
    try:
        yield
    finally:
        _general_only -= 1
