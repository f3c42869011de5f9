"""Badge pictures, each drawn once: an achievement looks the same for all its learners."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from testamur.carry import badge_png, badge_svg, write_atomically
from testamur.errors import ConfigurationError, InputError
from testamur.publish.site import short_name

__all__ = ["Pictures"]

_MOST = 256  # in memory
_LOOK = 1
"""Raised whenever pictures look otherwise."""


class Pictures:
    """Draws badges; a picture that cannot be drawn is left out, for it proves nothing.

    Args:
        folder: keeps the PNGs, which take long to draw.

    Attributes:
        are_without_png: whether PNGs are left out, because Pillow is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.are_without_png = False
        self._folder = folder
        self._drawn: dict[tuple[str, str, str], bytes | None] = {}

    def svg(self, title: str, issuer: str) -> bytes | None:
        """Draw an SVG; None where title or issuer hold nothing that can be shown."""
        return self._once(".svg", title, issuer, _svg)

    def png(self, title: str, issuer: str) -> bytes | None:
        """Draw a PNG; None where that takes a font or a package that is not there."""
        return self._once(".png", title, issuer, self._kept)

    def _once(
        self, suffix: str, title: str, issuer: str, draw: Callable[[str, str], bytes | None]
    ) -> bytes | None:
        key = (suffix, title, issuer)
        if key not in self._drawn:
            while len(self._drawn) >= _MOST:
                del self._drawn[next(iter(self._drawn))]
            self._drawn[key] = draw(title, issuer)
        return self._drawn[key]

    def _kept(self, title: str, issuer: str) -> bytes | None:
        path = self._folder / f"{short_name(f'{_LOOK} {title} {issuer}')}.png"
        try:
            return path.read_bytes()
        except OSError:
            content = self._draw(title, issuer)
        if content is not None:
            write_atomically(path, content)
        return content

    def _draw(self, title: str, issuer: str) -> bytes | None:
        try:
            return badge_png(title, issuer=issuer)
        except InputError:
            return None
        except ConfigurationError:
            self.are_without_png = True
            return None


def _svg(title: str, issuer: str) -> bytes | None:
    try:
        return badge_svg(title, issuer=issuer)
    except InputError:
        return None
