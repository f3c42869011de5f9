"""Other people's software, installed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.digitalbazaar import install


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Digital Bazaar's packages and the program that runs them."""
    folder = tmp_path_factory.mktemp("digitalbazaar")
    install(folder)
    return folder
