"""For how long what is published may be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from testamur.errors import ConfigurationError

__all__ = ["Schedule"]

_OUTAGE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long a status list holds, and when it is signed anew though nothing changed.

    Attributes:
        ttl: for how long verifiers and caches may use a copy: so late may a withdrawal be seen.
        renew_after: a list is signed anew when it is this old.
        valid_for: from its signing to its `validUntil`: at least three times `renew_after`, so
            that an outage of the publisher does not make credentials unverifiable.

    Raises:
        ConfigurationError: the three do not fit together.
    """

    ttl: timedelta = timedelta(minutes=15)
    renew_after: timedelta = timedelta(days=1)
    valid_for: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        second = timedelta(seconds=1)
        if self.ttl < second or self.renew_after < second:
            raise ConfigurationError("status lists are kept and renewed for a second at least")
        if self.valid_for < _OUTAGE * self.renew_after:
            raise ConfigurationError(
                f"status lists that are renewed after {self.renew_after} must be valid for "
                f"{_OUTAGE} times as long at least, not for {self.valid_for}, so that they outlive "
                "an outage"
            )
        if self.ttl > self.valid_for - self.renew_after:
            raise ConfigurationError(
                f"copies of a status list that are used for {self.ttl} could be used after the "
                f"list has ended, {self.valid_for} after it was signed; shorten the ttl"
            )
