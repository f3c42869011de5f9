"""How recipients are kept where the register must not say who they are."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["folded", "hashed_recipient"]


def folded(recipient: str) -> str:
    """Return a recipient as it is compared: without spaces around it, in small letters."""
    return recipient.strip().casefold()


def hashed_recipient(keyed: Callable[[str, str], bytes], recipient: str) -> str:
    """Return the keyed hash of a recipient as its column holds it, told apart from plain text.

    Args:
        keyed: the register's keyed hash.
        recipient: an id, e-mail address or name.
    """
    return f"#{keyed('recipient', folded(recipient)).hex()}"
