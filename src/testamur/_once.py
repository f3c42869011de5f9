"""Things that are made once in a run, whichever thread asks for them first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Once"]

_T = TypeVar("_T")


class Once(Generic[_T]):
    """Remembers what was made for each key; who asks for it while it is being made waits.

    A function that asks for another key may be given; one that asks for its own waits for ever.
    """

    def __init__(self, *, most: int) -> None:
        """Remember nothing yet. most: how many to keep; then all are forgotten."""
        self._most = most
        self._made: dict[str, _T] = {}
        self._being_made: dict[str, threading.Lock] = {}

    def get(self, key: str, make: Callable[[], _T]) -> _T:
        """Return what `make` returned for this key; what it raises is not remembered."""
        # A key's value is looked up once: another thread may forget all of them at any moment.
        made = self._made.get(key)
        if made is not None:
            return made
        with self._being_made.setdefault(key, threading.Lock()):
            made = self._made.get(key)
            if made is None:
                made = make()
                if len(self._made) >= self._most:
                    self._made.clear()
                    self._being_made.clear()
                self._made[key] = made
        return made
