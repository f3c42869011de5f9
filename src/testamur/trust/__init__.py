"""Which issuers are known here. A genuine signature says nothing about that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.trust.allow_list import (
        AllowList,
        NoTrust,
        UnsafeAcceptAnyIssuer,
        parse_allow_list,
    )
    from testamur.trust.seal_trust import SealTrust

__all__ = ["AllowList", "NoTrust", "SealTrust", "UnsafeAcceptAnyIssuer", "parse_allow_list"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.trust.allow_list": (
                "AllowList",
                "NoTrust",
                "UnsafeAcceptAnyIssuer",
                "parse_allow_list",
            ),
            "testamur.trust.seal_trust": ("SealTrust",),
        },
    )
