"""RDFC-1.0: JSON-LD document → canonical N-Quads, the bytes that are hashed.

The door to two paths. `compiled` takes documents whose shape it knows, in one pass over compiled
contexts; for all others, and for every refusal, `general` runs JSON-LD and RDFC-1.0 in full. Where
both take a document they give the same bytes, and neither takes one that the other refuses.

Sources: RDF Dataset Canonicalization (RDFC-1.0); VC Data Integrity 1.0, Securing Data Losslessly.
"""

from __future__ import annotations

from testamur.canon import compiled, fast_path
from testamur.canon.contexts import Contexts
from testamur.canon.n_quads import CanonicalBytes
from testamur.canon.strict_json import JsonObject

__all__ = ["CanonicalBytes", "canonicalize", "check_lossless"]


def canonicalize(
    document: JsonObject, *, contexts: Contexts | None = None, name: str = "credential"
) -> CanonicalBytes:
    """Return the canonical N-Quads of a JSON-LD document in compacted form.

    Args:
        document: a parsed JSON object; it is not changed.
        contexts: the allow-list of contexts; the bundled ones by default.
        name: what to call the document in messages.

    Raises:
        CanonicalizationError: CONTEXT_REJECTED, NOT_CONFORMANT or DATA_LOSS where the document
            cannot be signed exactly, RESOURCE_LIMIT where that would take too much work.
    """
    contexts = contexts if contexts is not None else Contexts.bundled()
    if fast_path.enabled():
        canonical = compiled.canonicalize(document, contexts=contexts)
        if canonical is not None:
            return canonical
    from testamur.canon import general  # pyld takes long to import: only where it is needed

    return general.canonicalize(document, contexts=contexts, name=name)


def check_lossless(
    document: JsonObject, *, contexts: Contexts | None = None, name: str = "credential"
) -> None:
    """Refuse a document that JSON-LD would lose part of, or show otherwise than it is signed.

    Does not put the statements in order, so it also takes a document whose blank nodes are too
    entangled to canonicalize. Arguments and errors are those of `canonicalize`.
    """
    contexts = contexts if contexts is not None else Contexts.bundled()
    if fast_path.enabled() and compiled.is_lossless(document, contexts=contexts):
        return
    from testamur.canon import general

    general.to_dataset(document, contexts=contexts, name=name)
