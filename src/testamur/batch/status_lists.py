"""The status lists of a batch: where they are published, and who has which place in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from testamur import limits
from testamur.batch.derived import PlaceOrder
from testamur.errors import ConfigurationError
from testamur.issuing import issue
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.secured import Secured
from testamur.status import BitString, bitstring_status_list

__all__ = ["StatusLists", "StatusPlace"]

_NUMBER, _PURPOSE = "{number}", "{purpose}"
_PURPOSES = ("revocation", "suspension")


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """A credential's place in a status list.

    Attributes:
        list_url: where the list is published.
        index: the place, from 0.
        purpose: "revocation" or "suspension".
        number: of the list among those of its purpose, from 1.
    """

    list_url: str
    index: int
    purpose: str
    number: int


@dataclass(frozen=True, slots=True)
class StatusLists:
    """The status lists of a batch: as many as its rows fill.

    Attributes:
        url: where they are published. `{number}` stands for 1, 2, 3, ...; without it there is one
            list. `{purpose}` stands for the purpose, and is needed where there are several.
        purposes: "revocation", "suspension" or both: one list each.
        length: places in each list, all of which are used.

    Raises:
        ConfigurationError: it cannot work like this.
    """

    url: str
    purposes: tuple[str, ...] = ("revocation",)
    length: int = limits.STATUS_LIST_MINIMUM_ENTRIES

    def __post_init__(self) -> None:
        if not self.url.startswith("https://"):
            raise ConfigurationError(
                f"the status list's URL {self.url[:160]!r} does not begin with https://; verifiers "
                "fetch nothing else"
            )
        if not self.purposes or not set(self.purposes) <= set(_PURPOSES):
            raise ConfigurationError(f"a status list is for {' or '.join(_PURPOSES)}")
        if len(set(self.purposes)) != len(self.purposes):
            raise ConfigurationError("a purpose is named twice; name each once")
        if len(self.purposes) > 1 and _PURPOSE not in self.url:
            raise ConfigurationError(
                f"lists for {' and '.join(self.purposes)} need URLs of their own; write {_PURPOSE} "
                f"into the URL, as https://uni.example/status/{_PURPOSE}-{_NUMBER}.json"
            )
        least, most = limits.STATUS_LIST_MINIMUM_ENTRIES, limits.STATUS_LIST_BITS
        if not least <= self.length <= most or self.length % 8:
            raise ConfigurationError(
                f"a status list has {least} to {most} places, a multiple of 8, not {self.length}"
            )

    def url_of(self, purpose: str, number: int) -> str:
        """Return the URL of a list.

        Args:
            purpose: one of the purposes.
            number: of the list, from 1.

        Raises:
            ConfigurationError: there is only one list, and it is full.
        """
        if number > 1 and _NUMBER not in self.url:
            raise ConfigurationError(
                f"the status list has {self.length} places, and the roster more rows; write "
                f"{_NUMBER} into its URL, as https://uni.example/status/{_PURPOSE}-{_NUMBER}.json, "
                "so that there can be several"
            )
        return self.url.replace(_PURPOSE, purpose).replace(_NUMBER, str(number))

    def places(self, secret: bytes, position: int) -> tuple[StatusPlace, ...]:
        """Return the places of the row at `position`, one for each purpose."""
        number, within = position // self.length + 1, position % self.length
        return tuple(
            StatusPlace(
                list_url=self.url_of(purpose, number),
                index=_order(secret, f"{purpose} {number}", self.length)[within],
                purpose=purpose,
                number=number,
            )
            for purpose in self.purposes
        )

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


@lru_cache(maxsize=8)
def _order(secret: bytes, label: str, length: int) -> PlaceOrder:
    """Return a list's permutation; a batch goes through its lists one after the other."""
    return PlaceOrder(secret, label, length)
