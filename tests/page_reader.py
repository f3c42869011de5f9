"""Reads a page as a browser would, and says what in it could do harm."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser

from testamur.completeness import PROFILES, named_profile

__all__ = ["Page", "assert_harmless"]

_TAGS = frozenset(
    {
        "html", "head", "meta", "title", "style", "body", "header", "main", "nav", "footer",
        "section", "h1", "h2", "h3", "p", "div", "ul", "li", "dl", "dt", "dd", "table", "caption",
        "thead", "tbody", "tr", "th", "td", "a", "b", "bdi", "br", "code", "q", "span",
        "svg", "defs", "pattern", "rect", "line", "text",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "rel", "role",
        "tabindex", "scope", "colspan", "focusable", "width", "height", "x", "y", "x1", "x2", "y1",
        "y2", "viewbox", "patternunits", "patterntransform",
    }
)  # fmt: skip
_OUTSIDE = frozenset(named_profile(name).source for name in PROFILES)
_VOID = frozenset({"meta", "br", "img", "link"})


class Page(HTMLParser):
    """A page, taken apart.

    Attributes:
        text: everything that is read aloud. tags: name and attributes of each.
        unbalanced: tags that do not close what is open.
    """

    def __init__(self, content: bytes) -> None:
        """Take it apart."""
        super().__init__()
        self.text = ""
        self.style = ""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(content.decode("utf-8"))
        self.close()
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note whether it closes the one that is open."""
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def attributes(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def assert_harmless(content: bytes) -> Page:
    """Assert that a page runs nothing, asks for nothing, and shows its text as it is."""
    page = Page(content)
    assert page.unbalanced == []
    assert {tag for tag, _ in page.tags} <= _TAGS
    names = {name for _, attributes in page.tags for name in attributes}
    assert {name for name in names if not name.startswith("aria-")} <= _ATTRIBUTES
    for href in page.attributes("href"):
        assert href in _OUTSIDE or re.fullmatch(r"#[a-z0-9-]+", href), href
    assert {href[1:] for href in page.attributes("href") if href[0] == "#"} <= set(
        page.attributes("id")
    )
    assert len(set(page.attributes("id"))) == len(page.attributes("id"))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        in page.attributes("content")
    )
    assert re.findall(r"url\([^)]*\)|@import|expression", page.style) == ["url(#hatch)"]
    for character in set(content.decode("utf-8")) - {"\n", "\t", "\u200c", "\u200d"}:
        category = unicodedata.category(character)
        assert category[0] != "C", f"U+{ord(character):04X}"
        assert category not in ("Zl", "Zp"), f"U+{ord(character):04X}"
    return page
