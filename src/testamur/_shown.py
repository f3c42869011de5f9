"""URLs as they may be shown: without the secrets in them."""

from __future__ import annotations

import re

__all__ = ["without_password"]

# What stands between the user's name and the last @: a password may have any character in it, also
# those that ought to be percent-encoded, and a URL may lack a slash.
_PASSWORD = re.compile(r"((?:^|//)[^:/@]*):(?!//).*@", re.DOTALL)
_PASSWORD_IN_QUERY = re.compile(r"([?&](?:ssl)?password=)[^&#]*", re.IGNORECASE)


def without_password(url: str) -> str:
    """Return a URL as it may be shown."""
    return _PASSWORD_IN_QUERY.sub(r"\1…", _PASSWORD.sub(r"\1:…@", url))
