"""Badge pictures, each drawn once: an achievement looks the same for all its learners."""

from __future__ import annotations

from testamur.carry import badge_png, badge_svg
from testamur.errors import ConfigurationError, InputError

__all__ = ["Pictures"]

_MOST = 512


class Pictures:
    """Draws badges; a picture that cannot be drawn is left out, for it proves nothing.

    Attributes:
        are_without_png: whether PNGs are left out, because Pillow is not installed.
    """

    def __init__(self) -> None:
        self.are_without_png = False
        self._drawn: dict[tuple[str, str, str], bytes | None] = {}

    def svg(self, title: str, issuer: str) -> bytes | None:
        """Draw an SVG; None where title or issuer hold nothing that can be shown."""
        return self._draw("svg", title, issuer)

    def png(self, title: str, issuer: str) -> bytes | None:
        """Draw a PNG; None where that takes a font or a package that is not there."""
        return self._draw("png", title, issuer)

    def _draw(self, kind: str, title: str, issuer: str) -> bytes | None:
        key = (kind, title, issuer)
        if key not in self._drawn:
            while len(self._drawn) >= _MOST:
                del self._drawn[next(iter(self._drawn))]
            self._drawn[key] = self._drawn_anew(kind, title, issuer)
        return self._drawn[key]

    def _drawn_anew(self, kind: str, title: str, issuer: str) -> bytes | None:
        try:
            if kind == "svg":
                return badge_svg(title, issuer=issuer)
            return badge_png(title, issuer=issuer)
        except InputError:
            return None
        except ConfigurationError:
            self.are_without_png = True
            return None
