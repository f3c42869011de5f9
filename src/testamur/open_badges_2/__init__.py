"""Badges of Open Badges 2.0 and 1.x, taken over as what they say, to be issued anew as 3.0.

Nothing is verified: a hosted badge is as true as the web server that shows it, and whoever has a
file may have written it. So an issuer takes over its own badges, from its own system, and signs
them with its own name.
"""

from __future__ import annotations

from testamur.open_badges_2.conversion import Converted, Takeover
from testamur.open_badges_2.library import Library

__all__ = ["Converted", "Library", "Takeover"]
