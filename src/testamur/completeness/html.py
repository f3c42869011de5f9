"""How our web pages are made: templates that escape, a style sheet that is bound by its hash."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import unicodedata
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from testamur import __version__

__all__ = ["environment", "inert", "style_sheet"]

# Without these two, Persian, Hindi and many emoji are misspelt; they move nothing on the screen.
_JOINERS = "\u200c\u200d"


def environment(package: str) -> Environment:
    """Return what makes pages of the templates of a package: all that is filled in is escaped."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["inert"] = inert
    made.globals["version"] = __version__
    return made


@cache
def style_sheet(package: str, name: str) -> tuple[Markup, str]:
    """Return a style sheet of a package, and its hash for the Content Security Policy."""
    file = importlib.resources.files(package) / "templates" / name
    text = file.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - our own style sheet


def inert(text: str) -> str:
    """Write control characters, and those that change the direction of text, as escapes."""
    if text.isprintable():
        return text
    return "".join(each if _is_harmless(each) else _escape(each) for each in text)


def _is_harmless(character: str) -> bool:
    return (
        character.isprintable()
        or character in _JOINERS
        or character in "\t\n"
        or unicodedata.category(character) == "Zs"
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
