"""What the issuer hands out."""

from __future__ import annotations

from dataclasses import dataclass, field

from testamur.errors import RegisterError
from testamur.loading import load
from testamur.secured import Secured

__all__ = ["IssuedCredential"]


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A credential that is recorded as issued.

    Attributes:
        id: the credential's id.
        key: what the caller calls it.
        content: the exact bytes; None where the register does not keep them, and it was issued
            before.
        is_new: whether this call issued it; otherwise it is handed out again.
    """

    id: str
    key: str | None
    content: bytes | None = field(repr=False)
    is_new: bool

    @property
    def secured(self) -> Secured:
        """The credential with what secures it.

        Raises:
            RegisterError: its document is not kept.
        """
        if self.content is None:
            raise RegisterError(
                f"{self.id[:160]} was issued before, and this register keeps no documents; take it "
                "from where you put it, or replace it by a new one"
            )
        return load(self.content)
