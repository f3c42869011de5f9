"""The status lists of a batch: where they are published, and who has which place in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from testamur import limits
from testamur.batch.derived import SECRET_BYTES, PlaceOrder, batch_label
from testamur.errors import ConfigurationError
from testamur.issuing import issue
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list

__all__ = ["StatusLists", "StatusPlace"]

_PURPOSES = ("revocation", "suspension")
_FOLDER_URL = re.compile(r"https://[^\s/?#]+/([^\s?#]*/)?")


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """A credential's place in a status list.

    Attributes:
        list_url: where the list is published.
        index: the place, from 0.
        purpose: "revocation" or "suspension".
        list_name: the name of the list's file, the last part of its URL.
    """

    list_url: str
    index: int
    purpose: str
    list_name: str

    def __reduce__(self) -> tuple[type[StatusPlace], tuple[object, ...]]:
        return StatusPlace, (self.list_url, self.index, self.purpose, self.list_name)


@dataclass(frozen=True, slots=True)
class StatusLists:
    """The status lists of a batch: as many as its rows fill.

    Their names hold a label of the batch, so that no other batch can come to share a list, where
    two learners could get the same place. Lists that have a secret of their own may be shared by
    batches that do not share positions, as those of a register.

    Attributes:
        folder_url: the https URL of the folder in which they are published, with its last slash.
        purposes: "revocation", "suspension" or both: lists for each.
        length: places in each list.
        used: how many of them are given away; all where it is None.
        secret: `SECRET_BYTES` random bytes that give the lists their names and the order of their
            places; where it is None, the batch's own does.

    Raises:
        ConfigurationError: it cannot work like this.
    """

    folder_url: str
    purposes: tuple[str, ...] = ("revocation",)
    length: int = limits.STATUS_LIST_MINIMUM_ENTRIES
    used: int | None = None
    secret: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not _FOLDER_URL.fullmatch(self.folder_url):
            raise ConfigurationError(
                f"{self.folder_url[:160]!r} is not the URL of a folder for status lists; write it "
                "as https://uni.example/status/"
            )
        if not self.purposes or not set(self.purposes) <= set(_PURPOSES):
            raise ConfigurationError(f"a status list is for {' or '.join(_PURPOSES)}")
        if len(set(self.purposes)) != len(self.purposes):
            raise ConfigurationError("a purpose of the status lists is named twice")
        least, most = limits.STATUS_LIST_MINIMUM_ENTRIES, limits.STATUS_LIST_BITS
        if not least <= self.length <= most or self.length % 8:
            raise ConfigurationError(
                f"a status list has {least} to {most} places, a multiple of 8, not {self.length}"
            )
        if self.used is not None and not 0 < self.used <= self.length:
            raise ConfigurationError(f"{self.used} of {self.length} places cannot be used")
        if self.secret is not None and len(self.secret) != SECRET_BYTES:
            raise ConfigurationError(f"a secret of status lists has {SECRET_BYTES} bytes")

    def places(self, secret: bytes, position: int) -> tuple[StatusPlace, ...]:
        """Return the places of a row, one for each purpose.

        Args:
            secret: of the batch.
            position: of the row in its roster, from 0.
        """
        used = self.used if self.used is not None else self.length
        number, within = position // used + 1, position % used
        own = self.secret if self.secret is not None else secret
        return tuple(
            self._place(_list(own, purpose, number, self.length), purpose, within)
            for purpose in self.purposes
        )

    def list_url(self, purpose: str, number: int) -> str:
        """Return the URL of a list, which has a secret of its own.

        Args:
            purpose: one of the lists' purposes.
            number: which of them, from 1.
        """
        if self.secret is None:
            raise ValueError("only lists with a secret of their own are known without a batch")
        return f"{self.folder_url}{_list(self.secret, purpose, number, self.length).name}"

    def decoy(self, purpose: str, number: int, choice: int) -> int:
        """Return a place of a list that is never given away.

        Args:
            purpose: one of the lists' purposes.
            number: which of them, from 1.
            choice: from 0 below `length - used`.
        """
        if self.secret is None or self.used is None:
            raise ValueError("only lists with a secret of their own and a rest have decoys")
        order = _list(self.secret, purpose, number, self.length).order
        return order[self.used + choice]

    def _place(self, one: _List, purpose: str, within: int) -> StatusPlace:
        return StatusPlace(f"{self.folder_url}{one.name}", one.order[within], purpose, one.name)

    def empty(self, place: StatusPlace, *, signer: Signer, now: datetime) -> Secured:
        """Return the list of a place, signed, with no bit set: what is published at first.

        Args:
            place: any place in the list.
            signer: holds a key of the issuer.
            now: the clock, aware.

        Raises:
            SigningKeyError: the key cannot sign.
        """
        document = bitstring_status_list.build_list_credential(
            list_url=place.list_url,
            issuer=split_url(signer.verification_method)[0],
            purposes=(place.purpose,),
            bits=BitString(self.length),
            valid_from=now,
        )
        return issue(document, signer=signer, now=now)


@dataclass(frozen=True, slots=True)
class _List:
    """One list: its name, and the order in which its places are given away."""

    name: str
    order: PlaceOrder


@lru_cache(maxsize=256)
def _list(secret: bytes, purpose: str, number: int, length: int) -> _List:
    """Return a list; its tables take 16 KiB, and longer to make than many credentials."""
    name = f"{purpose}-{batch_label(secret)}-{number}.json"
    return _List(name, PlaceOrder(secret, f"{purpose} {number}", length))
