"""Options of the whole test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testamur.canon import fast_path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--general-path",
        action="store_true",
        help="canonicalize through the general path alone, without the exact fast paths",
    )


@pytest.fixture(scope="session", autouse=True)
def _canonicalization_path(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.config.getoption("--general-path"):
        yield
        return
    with fast_path.general_path_only():
        yield
