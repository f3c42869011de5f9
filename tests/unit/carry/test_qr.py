"""carry.qr, read back with zxing-cpp."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageOps

from testamur import limits
from testamur.carry import qr_png, qr_svg, qr_terminal
from testamur.errors import Code, InputError

URL = "https://badges.example.edu/c/7yq3?lang=pl&x=%C5%BB"
QUIET_ZONE = 4  # modules, ISO/IEC 18004


def read(picture: Image.Image) -> str:
    (barcode,) = zxingcpp.read_barcodes(picture.convert("L"))
    return str(barcode.text)


def from_modules(dark: set[tuple[int, int]], size: int) -> Image.Image:
    picture = Image.new("L", (size, size), 255)
    for place in dark:
        picture.putpixel(place, 0)
    return picture.resize((size * 4, size * 4), Image.Resampling.NEAREST)


@pytest.mark.parametrize("url", [URL, "http://a.example", "HTTPS://BADGES.EXAMPLE.EDU/C/7"])
def test_png_is_read_as_the_url(url: str) -> None:
    with Image.open(io.BytesIO(qr_png(url))) as picture:
        assert read(picture) == url


def test_longest_url_fits() -> None:
    url = "https://badges.example.edu/" + "aB3-" * limits.URL_CHARACTERS
    with Image.open(io.BytesIO(qr_png(url[: limits.URL_CHARACTERS], scale=3))) as picture:
        assert read(picture) == url[: limits.URL_CHARACTERS]


def test_error_correction_is_medium() -> None:
    with Image.open(io.BytesIO(qr_png(URL))) as picture:
        (barcode,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert barcode.ec_level == "M"


@pytest.mark.parametrize("scale", [1, 5])
def test_scale_is_pixels_per_module_and_the_quiet_zone_is_four_modules(scale: int) -> None:
    with Image.open(io.BytesIO(qr_png(URL, scale=scale))) as picture:
        box = ImageOps.invert(picture.convert("L")).getbbox()
        assert box is not None
        margins = (box[0], box[1], picture.width - box[2], picture.height - box[3])
        assert margins == (QUIET_ZONE * scale,) * 4
        assert (box[2] - box[0]) % scale == 0


def test_svg_is_read_as_the_url_and_names_it() -> None:
    drawing = qr_svg(URL).decode()
    (size,) = re.findall(r'viewBox="0 0 (\d+) \1"', drawing)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing)}
    assert read(from_modules(dark, int(size))) == URL
    assert 'aria-label="QR code: https://badges.example.edu/c/7yq3?lang=pl&amp;x=%C5%BB"' in drawing


def test_terminal_text_is_read_as_the_url() -> None:
    lines = qr_terminal(URL).splitlines()
    light = {
        (column, 2 * row + half)
        for row, line in enumerate(lines)
        for column, block in enumerate(line)
        for half in (0, 1)
        if block in ("█▀" if half == 0 else "█▄")
    }
    size = len(lines[0])
    everywhere = {(column, row) for column in range(size) for row in range(size)}
    assert read(from_modules(everywhere - light, size)) == URL


def test_all_lines_of_terminal_text_are_equally_long() -> None:
    lines = qr_terminal(URL).splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == (len(lines[0]) + 1) // 2


@pytest.mark.parametrize(
    "url",
    [
        "",
        "badges.example.edu/c/7",
        "//badges.example.edu",
        "ftp://badges.example.edu",
        "javascript:alert(1)",
        "https://",
        "https:///c/7",
        "https://[::1",
        "https://badges.example.edu/a b",
        "https://badges.example.edu/ż",
        "https://badges.example.edu/\n",
        "\x1bhttps://badges.example.edu/",
    ],
)
def test_what_is_no_web_url_is_refused(url: str) -> None:
    for draw in (qr_png, qr_svg, qr_terminal):
        with pytest.raises(InputError, match="percent-encoded") as caught:
            draw(url)
        assert caught.value.code is Code.MALFORMED_INPUT


def test_url_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="shorter URL") as caught:
        qr_png("https://a.example/" + "x" * limits.URL_CHARACTERS)
    assert caught.value.code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize("scale", [0, -1, 41])
def test_scale_out_of_range_is_a_programming_mistake(scale: int) -> None:
    with pytest.raises(ValueError, match="scale"):
        qr_png(URL, scale=scale)
