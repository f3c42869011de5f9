"""The clock and the outside world, as the options of several commands choose them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from testamur.errors import ConfigurationError
from testamur.model.dates import parse_date_time_stamp
from testamur.protocols import Fetcher, OfflineFetcher

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["choose_fetcher", "clock"]


def clock(now: str | None) -> datetime:
    """Return the instant that --now names, or the current one; aware.

    Raises:
        ModelError: it is not a dateTimeStamp.
    """
    return datetime.now(UTC) if now is None else parse_date_time_stamp(now, path="--now")


def choose_fetcher(*, network: bool, documents: Path | None) -> Fetcher:
    """Return what answers fetches: nothing, unless an option allows it.

    Raises:
        ConfigurationError: both options are given, or what one of them needs is missing.
        ParseError: the folder's index cannot be read.
    """
    if network and documents is not None:
        raise ConfigurationError(
            "--network and --documents exclude each other: give the one that fetches are to be "
            "answered from"
        )
    if documents is not None:
        from testamur.fetch import FolderFetcher

        return FolderFetcher(documents)
    if network:
        from testamur.fetch import HttpFetcher

        return HttpFetcher()
    return OfflineFetcher("--network or --documents DIR")
