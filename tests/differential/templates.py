"""Templates as a fast path: some strings of a document are made slots, and filled with themselves.

Which strings is decided by the document, so that a case is the same in every run. Strings that no
honest batch would vary are among them, as types and links: a template that lets them vary must see
what the general path would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from testamur.canon.contexts import Contexts
from testamur.canon.marks import Path, find
from testamur.canon.strict_json import JsonObject, dumps
from testamur.canon.template import CanonicalTemplate

__all__ = ["template_path"]

_SLOTS = (1, 1, 2, 3, 5, 8)


def template_path(document: JsonObject, contexts: Contexts) -> bytes | None:
    """Return the canonical N-Quads of a document by way of a template: a `FastPath`."""
    random = Random(dumps(document, ascii_only=True))
    strings = list(_strings(document, ()))
    paths = random.sample(strings, min(len(strings), random.choice(_SLOTS)))
    template = CanonicalTemplate.compile(document, paths, contexts=contexts)
    if template is None:
        return None
    values = [find(document, path) for path in paths]
    return template.fill([each for each in values if isinstance(each, str)])


def _strings(value: Any, path: Path) -> Iterator[Path]:
    """Yield where every string stands, but for those in an `@context`."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, (dict, list)):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if key != "@context":
                yield from _strings(each, (*path, key))
