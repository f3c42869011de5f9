"""Our own paths from a document to its canonical N-Quads, as functions that can be compared."""

from __future__ import annotations

from collections.abc import Callable

from differential.cases import Case
from differential.oracles import Answer
from testamur.canon import compiled, general, rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.errors import CanonicalizationError

__all__ = [
    "FastPath",
    "ask_fast_path",
    "ask_front_door",
    "ask_general_path",
    "compiled_path",
    "is_found_lossless",
]

FastPath = Callable[[JsonObject, Contexts], bytes | None]
"""Returns canonical N-Quads, or None to hand the document over to the general path."""


def compiled_path(document: JsonObject, contexts: Contexts) -> bytes | None:
    """Return what the compiled path makes of a document: the `FastPath` of the library."""
    return compiled.canonicalize(document, contexts=contexts)


def is_found_lossless(case: Case) -> bool:
    """Whether the compiled path says that the general path would lose nothing of a case."""
    return compiled.is_lossless(case.document, contexts=case.contexts)


def ask_general_path(case: Case) -> Answer:
    """Return what the general path makes of a case."""
    return _ask(lambda: general.canonicalize(case.document, contexts=case.contexts, name=case.name))


def ask_front_door(case: Case) -> Answer:
    """Return what a caller gets, whichever path is taken."""
    return _ask(lambda: rdfc10.canonicalize(case.document, contexts=case.contexts, name=case.name))


def ask_fast_path(fast_path: FastPath, case: Case) -> Answer:
    """Return what a fast path makes of a case; neither bytes nor a refusal where it hands over."""
    return _ask(lambda: fast_path(case.document, case.contexts))


def _ask(canonicalize: Callable[[], bytes | None]) -> Answer:
    """Return the outcome; what is no refusal of ours passes through, and ends the run."""
    try:
        return Answer(canonical=canonicalize())
    except CanonicalizationError as error:
        return Answer(refusal=error.code.name, details=(type(error), str(error), vars(error)))
