"""Which issuers are known here. A genuine signature says nothing about that."""

from testamur.trust.allow_list import AllowList, NoTrust, UnsafeAcceptAnyIssuer, parse_allow_list

__all__ = ["AllowList", "NoTrust", "UnsafeAcceptAnyIssuer", "parse_allow_list"]
