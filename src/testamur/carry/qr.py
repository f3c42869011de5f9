"""QR codes of a credential's URL (ISO/IEC 18004): for paper, for pages, for terminals.

Error correction level M and the quiet zone of four modules that the standard asks for. Only a URL
is put into a code: a whole credential makes a symbol too dense to be read from paper.
"""

from __future__ import annotations

import io
import re
from html import escape
from urllib.parse import urlsplit

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pure import PyPNGImage

from testamur import limits
from testamur.errors import Code, InputError

__all__ = ["qr_png", "qr_svg", "qr_terminal"]

_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_QUIET_ZONE = 4  # modules
_LARGEST_SCALE = 40
_HALF_BLOCKS = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}


def qr_png(url: str, *, scale: int = 8) -> bytes:
    """Draw the QR code of a URL as a black and white PNG.

    Args:
        url: an absolute http or https URL, at most `limits.URL_CHARACTERS` long.
        scale: pixels per module, 1 to 40. Print at 0.4 mm per module or more.

    Raises:
        InputError: not such a URL, or too long (RESOURCE_LIMIT).
        ValueError: the scale is out of range.
    """
    if not 1 <= scale <= _LARGEST_SCALE:
        raise ValueError(f"scale is {scale}; it goes from 1 to {_LARGEST_SCALE}")
    stream = io.BytesIO()
    _code(url, scale).make_image().save(stream)
    return stream.getvalue()


def qr_svg(url: str) -> bytes:
    """Draw the QR code of a URL as an SVG, black on white, one unit per module.

    Args and Raises are those of `qr_png`.
    """
    matrix = _code(url, 1).get_matrix()
    size = len(matrix)
    squares = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, modules in enumerate(matrix)
        for column, dark in enumerate(modules)
        if dark
    )
    label = escape(f"QR code: {url}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{label}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{squares}"/></svg>\n'
    ).encode("ascii")


def qr_terminal(url: str) -> str:
    """Draw the QR code of a URL with half blocks, two modules to a character cell.

    Light modules are drawn and dark ones left out, as suits a terminal with light text on dark.
    With dark text on light the code appears reversed, which ISO/IEC 18004 allows and phones read.

    Args and Raises are those of `qr_png`.
    """
    matrix = _code(url, 1).get_matrix()
    below_last = [True] * len(matrix)
    rows = zip(matrix[::2], [*matrix[1::2], below_last], strict=True)
    return "".join(
        "".join(_HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) + "\n"
        for upper, lower in rows
    )


def _code(url: str, scale: int) -> QRCode[PyPNGImage]:
    _check_url(url)
    code = QRCode(
        error_correction=ERROR_CORRECT_M,
        box_size=scale,
        border=_QUIET_ZONE,
        image_factory=PyPNGImage,
    )
    code.add_data(url)
    code.make(fit=True)
    return code


def _check_url(url: str) -> None:
    # 2,048 characters stay below the 2,331 that the largest symbol holds at level M.
    if len(url) > limits.URL_CHARACTERS:
        raise InputError(
            f"the URL has {len(url)} characters; a QR code is made of {limits.URL_CHARACTERS} at "
            "most. Publish the credential under a shorter URL and encode that",
            code=Code.RESOURCE_LIMIT,
        )
    if not _URL.fullmatch(url) or not _has_host(url):
        raise InputError(
            f"{url[:80]!r} is not an http or https URL in ASCII; write it in full, as "
            "https://badges.example.edu/c/42, with other characters percent-encoded",
            expected="absolute http or https URL",
            found=url[:80],
        )


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False
