"""Which pages the documentation has: every test that asks for a `page` runs on each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_BUILT = ROOT / "docs" / "_build"


def pages() -> list[Path]:
    """Return the Markdown files of the project, the generated reference excepted."""
    in_docs = [page for page in (ROOT / "docs").rglob("*.md") if _BUILT not in page.parents]
    return sorted([*ROOT.glob("*.md"), *in_docs, ROOT / "contexts" / "README.md"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        names = [page.relative_to(ROOT).as_posix() for page in pages()]
        metafunc.parametrize("page", pages(), ids=names)


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT
