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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--general-path"):
        skip = pytest.mark.skip(reason="is about a fast path, and --general-path was given")
        for item in items:
            if item.get_closest_marker("fast_path"):
                item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def _canonicalization_path(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.config.getoption("--general-path"):
        yield
        return
    with fast_path.general_path_only():
        yield
