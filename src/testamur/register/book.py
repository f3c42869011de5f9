"""What the parts of a register have in common: its transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from testamur.register.writing import Writing

__all__ = ["Book", "Transactions"]


class Transactions(Protocol):
    """Gives transactions: a register."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Read."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Write."""
        ...

    def overwrite_erased(self) -> None:
        """Overwrite what was erased."""
        ...

    def keyed(self, what: str, value: str) -> bytes:
        """Return a keyed hash."""
        ...


class Book:
    """A part of a register.

    Args:
        register: the register.
    """

    def __init__(self, register: Transactions) -> None:
        self._register = register
