"""New ids for credentials and their parts."""

from __future__ import annotations

from uuid import uuid4

__all__ = ["mint_id"]


def mint_id() -> str:
    """Return a new id, `urn:uuid:` and a random UUID: it cannot be guessed and tells nothing."""
    return f"urn:uuid:{uuid4()}"
