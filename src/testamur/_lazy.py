"""What costs time at every start, and only where it is used: modules, and regular expressions."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, cast

__all__ = ["lazy_module", "lazy_names", "lazy_pattern"]


def lazy_names(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the `__getattr__` and the `__dir__` of a package (PEP 562).

    The package imports the same names under `if TYPE_CHECKING:`, so that type checkers see them.

    Args:
        package: its `__name__`.
        homes: module → the names that the package has from it. A module that is itself such a name
            stands under the package, as `{"testamur": ("build",)}`.
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if home == package:
            return importlib.import_module(f"{package}.{name}")
        value = getattr(importlib.import_module(home), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *home_of})

    return get, names


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))


def lazy_module(name: str) -> Any:
    """Return what gives the names of a module, which is loaded when the first is asked for.

    Whoever uses it imports the same under `if TYPE_CHECKING:`, so that type checkers see it.
    """
    return _LazyModule(name)


class _LazyModule:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        """Take the name from the module, and have it at hand from now on."""
        value = getattr(importlib.import_module(self._name), name)
        setattr(self, name, value)
        return value


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile it, and have its methods at hand from now on."""
        compiled = re.compile(self._source, self._flags)
        for each in ("finditer", "fullmatch", "match", "search", "sub"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)
