"""A laid-out badge drawn with Pillow."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from testamur.carry._badge_layout import UNITS, Drawing, Polygon, Stroke, Text
from testamur.carry._lettering import Lettering, draw_stroke

__all__ = ["to_png"]

_OVERSAMPLING = 3
_BOLD = 0.02  # em by which strokes are thickened on either side


def to_png(shapes: Drawing, size: int, lettering: Lettering) -> bytes:
    """Draw the shapes, larger first and then reduced so that edges are smooth; return a PNG.

    Args:
        shapes: what `lay_out` returns, laid out with `lettering.measure`.
        size: pixels per side.
        lettering: the font.
    """
    side = size * _OVERSAMPLING
    unit = side / UNITS
    image = Image.new("RGBA", (side, side))
    for shape in shapes:
        mask = Image.new("L", image.size)
        if isinstance(shape, Text):
            at = (side / 2, shape.baseline * unit)
            weight = _BOLD * shape.size * unit if shape.is_bold else 0.0
            lettering.draw(shape.text, canvas=mask, at=at, size=shape.size * unit, weight=weight)
        else:
            _fill(ImageDraw.Draw(mask), shape, unit)
        box = mask.getbbox()
        if box is not None:  # pasting where nothing is drawn takes most of the time
            image.paste(shape.colour, box, mask.crop(box))
    stream = io.BytesIO()
    image.reduce(_OVERSAMPLING).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _fill(pen: ImageDraw.ImageDraw, shape: Polygon | Stroke, unit: float) -> None:
    points = [(x * unit, y * unit) for x, y in shape.points]
    if isinstance(shape, Stroke):
        draw_stroke(pen, points, shape.width * unit)
        return
    pen.polygon(points, fill=255)
    if shape.rounding:
        draw_stroke(pen, [*points, points[0]], shape.rounding * unit)
