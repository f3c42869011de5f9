"""The carriers a badge travels in, and the ways to secure it."""

from __future__ import annotations

import itertools

from testamur.carry import badge_png, badge_svg, bake_png, bake_svg
from testamur.issuing import Mechanism
from testamur.secured import Carrier, Secured

__all__ = ["EVERY_WAY", "carry"]

_PNG = badge_png("Teamwork", issuer="Example University", size=64)
_SVG = badge_svg("Teamwork", issuer="Example University")
_PICTURES = (Carrier.PNG, Carrier.SVG)

EVERY_WAY = [
    (mechanism, carrier)
    for mechanism, carrier in itertools.product(Mechanism, Carrier)
    if carrier in _PICTURES or (carrier is Carrier.JWT) is (mechanism is Mechanism.VC_JWT)
]
"""Every mechanism in every carrier that takes it."""


def carry(secured: Secured, carrier: Carrier) -> bytes:
    """Return the file in which a credential is handed over."""
    if carrier is Carrier.PNG:
        return bake_png(_PNG, secured)
    if carrier is Carrier.SVG:
        return bake_svg(_SVG, secured)
    return secured.content
