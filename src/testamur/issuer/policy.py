"""What an issuer's register keeps, and what it adds to credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from testamur.errors import ConfigurationError

__all__ = ["Documents", "Policy", "Recipients"]

_FOLDER_URL = re.compile(r"https://[^\s/?#]+/([^\s?#]*/)?")


class Recipients(StrEnum):
    """How the register keeps who a credential was awarded to."""

    HASHED = "hashed"
    """as a keyed hash: whoever knows the address finds the credentials, nobody reads addresses."""

    PLAIN = "plain"
    """in plain text: the register can be searched and shown."""


class Documents(StrEnum):
    """Whether the register keeps the signed documents."""

    KEPT = "kept"
    """compressed: they can be handed out again, renewed, and verified again."""

    DIGESTS = "digests"
    """only their SHA-256: whoever loses a document gets a new credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an issuer's register keeps, and what it adds to credentials.

    Attributes:
        recipients: how recipients are kept.
        documents: whether documents are.
        refresh_url: the https URL of a folder of its own; each credential that is issued alone then
            says that a newer copy may be had at this URL and its own UUID, where publishing puts
            it: whoever has the credential can fetch its successors. None: they do not say so.

    Raises:
        ConfigurationError: the URL is none of a folder.
    """

    recipients: Recipients = Recipients.HASHED
    documents: Documents = Documents.KEPT
    refresh_url: str | None = None

    def __post_init__(self) -> None:
        if self.refresh_url is not None and not _FOLDER_URL.fullmatch(self.refresh_url):
            raise ConfigurationError(
                f"{self.refresh_url[:160]!r} is not the URL of a folder; write it as "
                "https://uni.example/refresh/"
            )
