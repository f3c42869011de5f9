"""Documents on which the compiled path is held against the general one.

Every JSON object with an `@context`, at any depth, of the shared data, the samples and the models'
tests; each of them without its proof; and each proof configuration.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shared_data
from sample_documents import samples
from testamur.canon.strict_json import parse
from testamur.errors import ParseError
from unit.model import documents as model_documents

__all__ = ["corpus", "forms", "json_ld_suite"]

Document = dict[str, Any]

_MODEL_DOCUMENTS: tuple[Callable[[], Document], ...] = (
    model_documents.vc,
    model_documents.vc_v1,
    model_documents.badge,
    model_documents.endorsement,
    model_documents.complete_badge,
)


def corpus() -> Iterator[tuple[str, Document]]:
    """Yield (where it is from, document); a document may come more than once."""
    for name, sample in samples().items():
        yield from forms(f"sample {name}", sample)
    for function in _MODEL_DOCUMENTS:
        yield from _documents(f"model {function.__name__}", function())
    for folder in ("vectors", "hostile"):
        for path in sorted(shared_data.folder(folder).rglob("*.json*")):
            if "json-ld-toRdf" not in path.parts:
                yield from _documents(f"{folder} {path.name}", _read(path))


def forms(name: str, document: Document) -> Iterator[tuple[str, Document]]:
    """Yield a document as it is, without its proof, and its proof configurations."""
    yield name, document
    proofs = document.get("proof")
    if proofs is None:
        return
    yield f"{name}, unsecured", {k: v for k, v in document.items() if k != "proof"}
    for proof in proofs if isinstance(proofs, list) else [proofs]:
        if isinstance(proof, dict):
            options = {k: v for k, v in proof.items() if k != "proofValue"}
            yield f"{name}, proof", {**options, "@context": document["@context"]}


def json_ld_suite() -> Iterator[tuple[str, Document, Document]]:
    """Yield (name, document, context) of the toRdf tests that write one context inside."""
    url = "https://suite.example/context"
    for path in sorted((shared_data.folder("vectors/json-ld-toRdf/toRdf")).glob("*-in.jsonld")):
        document = _read(path)
        if isinstance(document, dict) and isinstance(document.get("@context"), (dict, list)):
            yield path.name, {**document, "@context": url}, {"@context": document["@context"]}


def _read(path: Path) -> Any:
    try:
        return parse(path.read_bytes(), max_bytes=2**24)
    except ParseError:
        return None


def _documents(name: str, value: Any) -> Iterator[tuple[str, Document]]:
    if isinstance(value, list):
        for each in value:
            yield from _documents(name, each)
    elif isinstance(value, str) and value.startswith("{"):
        try:
            yield from _documents(name, json.loads(value))
        except ValueError:
            return
    elif isinstance(value, dict):
        if "@context" in value:
            yield from forms(name, value)
        for each in value.values():
            yield from _documents(name, each)
