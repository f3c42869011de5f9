"""What carries a secured credential: images, QR codes and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.carry.badge_image import badge_png, badge_svg
    from testamur.carry.baked import Extracted
    from testamur.carry.file_names import safe_file_name, write_atomically
    from testamur.carry.png import bake_png, extract_png
    from testamur.carry.presentation import (
        build_presentation,
        credentials_in,
        sign_presentation,
        wallet_file,
    )
    from testamur.carry.qr import qr_png, qr_svg, qr_terminal
    from testamur.carry.spreadsheet_cell import harmless_cell
    from testamur.carry.svg import bake_svg, extract_svg

__all__ = [
    "Extracted",
    "badge_png",
    "badge_svg",
    "bake_png",
    "bake_svg",
    "build_presentation",
    "credentials_in",
    "extract_png",
    "extract_svg",
    "harmless_cell",
    "qr_png",
    "qr_svg",
    "qr_terminal",
    "safe_file_name",
    "sign_presentation",
    "wallet_file",
    "write_atomically",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.carry.badge_image": ("badge_png", "badge_svg"),
            "testamur.carry.baked": ("Extracted",),
            "testamur.carry.file_names": ("safe_file_name", "write_atomically"),
            "testamur.carry.png": ("bake_png", "extract_png"),
            "testamur.carry.presentation": (
                "build_presentation",
                "credentials_in",
                "sign_presentation",
                "wallet_file",
            ),
            "testamur.carry.qr": ("qr_png", "qr_svg", "qr_terminal"),
            "testamur.carry.spreadsheet_cell": ("harmless_cell",),
            "testamur.carry.svg": ("bake_svg", "extract_svg"),
        },
    )
