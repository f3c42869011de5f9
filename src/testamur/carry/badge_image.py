"""A plain badge image for issuers who have none: title, issuer and a mortarboard on a hexagon."""

from __future__ import annotations

from html import escape
from pathlib import Path

from testamur.carry._badge_layout import (
    UNITS,
    Polygon,
    Stroke,
    Text,
    clean,
    estimate,
    lay_out,
)
from testamur.errors import ConfigurationError

__all__ = ["badge_png", "badge_svg"]

_SIZES = range(64, 1201)


def badge_svg(title: str, *, issuer: str, subtitle: str = "") -> bytes:
    """Draw a badge as an SVG of 600 by 600 units, on a transparent ground.

    The colour follows from the title alone, so that one achievement always looks the same.

    Args:
        title: the achievement's name. What does not fit is cut, which an ellipsis shows.
        issuer: the issuer's name, on up to two lines.
        subtitle: one line more, for example "Micro-credential, 5 ECTS".

    Raises:
        InputError: title or issuer holds nothing that can be shown.
    """
    shapes = lay_out(title, issuer, subtitle, estimate)
    label = escape(f"{clean(title)} · {clean(issuer)}")
    body = "\n".join(map(_svg, shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}" '
        f'width="{UNITS}" height="{UNITS}" role="img" aria-label="{label}" '
        "font-family=\"'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif\" "
        'text-anchor="middle" stroke-linejoin="round" stroke-linecap="round">\n'
        f"{body}\n</svg>\n"
    ).encode()


def badge_png(
    title: str, *, issuer: str, subtitle: str = "", size: int = 600, font: Path | None = None
) -> bytes:
    """Draw a badge as a square PNG on a transparent ground, like `badge_svg`.

    Args:
        title: the achievement's name. What does not fit is cut, which an ellipsis shows.
        issuer: the issuer's name, on up to two lines.
        subtitle: one line more.
        size: pixels per side, 64 to 1200.
        font: a TrueType or OpenType font file. The built-in font writes the Latin alphabets of
            Europe; Greek, Cyrillic and other scripts need a font file.

    Raises:
        InputError: title or issuer holds nothing that can be shown; the font lacks a character.
        ConfigurationError: Pillow is missing, or the font file cannot be used.
        ValueError: the size is out of range.
    """
    if size not in _SIZES:
        raise ValueError(f"size is {size}; it goes from {_SIZES[0]} to {_SIZES[-1]}")
    try:
        from testamur.carry._badge_raster import to_png
        from testamur.carry._lettering import Lettering
    except ImportError as error:
        raise ConfigurationError(
            "drawing a PNG badge needs Pillow; install it with `pip install testamur[image]`, or "
            "use badge_svg"
        ) from error
    lettering = Lettering(font)
    shapes = lay_out(title, issuer, subtitle, lettering.measure)
    return to_png(shapes, size, lettering)


def _svg(shape: Polygon | Stroke | Text) -> str:
    if isinstance(shape, Text):
        weight = ' font-weight="bold"' if shape.is_bold else ""
        return (
            f'<text x="{UNITS // 2}" y="{shape.baseline:.1f}" font-size="{shape.size}"{weight} '
            f'fill="{shape.colour}">{escape(shape.text)}</text>'
        )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    if isinstance(shape, Polygon):
        outline = (
            f' stroke="{shape.colour}" stroke-width="{shape.rounding}"' if shape.rounding else ""
        )
        return f'<polygon points="{points}" fill="{shape.colour}"{outline}/>'
    return (
        f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
        f'stroke-width="{shape.width}"/>'
    )
