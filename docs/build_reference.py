"""Build the API reference from the docstrings: one page for each public module, in docs/_build.

`make docs` runs it. A name in an `__all__` that is not there stops the build.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pdoc
import pdoc.render

import testamur

_OUT = Path(__file__).parent / "_build"
_NOT_API = ("testamur.cli", "testamur.demo")  # docs/reference/cli.md describes the commands


def main() -> None:
    """Write the pages."""
    warnings.simplefilter("error")
    # pdoc walks down some packages by itself and then meets their modules again, and it cannot
    # evaluate the recursive type of JSON values, which it then shows as it is written.
    warnings.filterwarnings("ignore", message=".*has already been added")
    warnings.filterwarnings("ignore", message="Error parsing type annotation")
    modules = list(_public_modules())
    for module in map(importlib.import_module, modules):
        # Some names are loaded when first used; pdoc looks for those that are there.
        for name in getattr(module, "__all__", ()):
            setattr(module, name, getattr(module, name))
    pdoc.render.configure(docformat="google", footer_text=f"testamur {testamur.__version__}")
    pdoc.pdoc(*modules, output_directory=_OUT)


def _public_modules() -> Iterator[str]:
    yield "testamur"
    for module in pkgutil.walk_packages(testamur.__path__, "testamur."):
        private = any(part.startswith("_") for part in module.name.split("."))
        if not private and not module.name.startswith(_NOT_API):
            yield module.name


if __name__ == "__main__":
    main()
