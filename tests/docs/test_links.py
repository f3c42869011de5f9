"""Links between the pages lead somewhere, and every page can be reached."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from testamur.canon import contexts

_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_EXTERNAL = re.compile(r"[a-z]+:")


def _links(page: Path) -> list[str]:
    return _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))


def _anchors(page: Path) -> set[str]:
    """The anchors of the headings, as forges make them: lower case, hyphens, no punctuation."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {
        "".join(
            "-" if each == " " else each
            for each in heading.lower()
            if each in " -_" or unicodedata.category(each)[0] in "LN"
        )
        for heading in _HEADING.findall(text)
    }


def test_links_resolve(page: Path, root: Path) -> None:
    for link in _links(page):
        if _EXTERNAL.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(root.resolve()), link
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_external_links_are_https(page: Path) -> None:
    external = [link for link in _links(page) if _EXTERNAL.match(link)]
    assert all(link.startswith("https://") for link in external)


def test_page_is_reached_from_the_readme(page: Path, root: Path) -> None:
    seen: set[Path] = set()
    to_see = [root / "README.md"]
    while to_see:
        current = to_see.pop().resolve()
        if current in seen or current.suffix != ".md" or not current.is_file():
            continue
        seen.add(current)
        to_see += [
            current.parent / link.partition("#")[0]
            for link in _links(current)
            if not _EXTERNAL.match(link)
        ]
    assert page.resolve() in seen


def test_notice_and_contexts_page_name_every_bundled_context(root: Path) -> None:
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    table = (root / "contexts" / "README.md").read_text(encoding="utf-8")
    for url in contexts.Contexts.bundled().urls:
        assert url in notice
        assert url in table
