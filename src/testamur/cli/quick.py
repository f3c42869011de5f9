"""`testamur verify` with plain arguments, read without typer, which takes longer than verifying.

Only what is beyond doubt is read here: whatever else there is, from `--help` to a missing value, is
left to typer, which understands it or says what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

__all__ = ["read_verify"]

_FLAGS = {"--unsafe-any-issuer", "--network", "--strict-claims", "--json", "--quiet"}
_VALUES = {"--documents", "--now", "--recipient", "--email", "--challenge", "--domain"}
_SEVERAL = {"--trust", "--seal-anchors", "--timestamp-anchors", "--revocation-list"}
# Windows leaves it to programs to expand these; typer does.
_EXPANDED = frozenset("*?[~$%") if os.name == "nt" else frozenset[str]()


def read_verify(arguments: Sequence[str]) -> dict[str, Any] | None:
    """Read a command line.

    Args:
        arguments: without the program's name.

    Returns:
        the arguments of `verify_run.verify`, `sources` among them; None where typer is to read it.
    """
    if arguments[:1] != ["verify"] or not _EXPANDED.isdisjoint("".join(arguments)):
        return None
    found: dict[str, Any] = {}
    sources: list[str] = []
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            sources.append(argument)
            continue
        name, equals, value = argument.partition("=")
        member = name[2:].replace("-", "_")
        if name in _FLAGS and not equals and member not in found:
            found[member] = True
            continue
        if not equals:
            value = next(rest, "")
        if not value or value.startswith("-"):
            return None
        if name in _SEVERAL:
            found.setdefault(member, []).append(value)
        elif name in _VALUES and member not in found:
            found[member] = value
        else:
            return None
    return {"sources": sources, **found} if sources and all(sources) else None
