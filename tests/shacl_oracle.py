"""What the published shapes say of a document, by pyld and pyshacl alone, without our own code.

JSON-LD as processors do it by default: a member that no context knows is dropped in silence.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pyld import jsonld
from pyshacl import validate
from rdflib import Graph

from shared_data import read_json, read_text
from testamur.canon.contexts import Contexts

__all__ = ["FILES", "conforms", "shapes"]

FILES = {
    "generic-no-cv": ("generic-no-cv",),
    "generic-full": ("generic-no-cv", "generic-full"),
    "accredited": ("generic-no-cv", "generic-full", "accredited"),
    "diploma-supplement": ("generic-no-cv", "generic-full", "accredited", "diplomaSupplement"),
    "converted": ("generic-no-cv", "generic-full", "converted"),
    "issued-by-mandate": ("generic-no-cv", "generic-full", "issuedByMandate"),
}
"""Profile → the files of it and of all that it builds upon."""


@cache
def shapes(profile: str) -> Graph:
    """The shapes of a profile, together with all that it builds upon."""
    graph = Graph(store="SimpleMemory")
    for name in FILES[profile]:
        graph.parse(data=read_text(f"elm/shapes/EDC-{name}.ttl"), format="turtle")
    return graph


def conforms(document: Any, profile: str = "generic-full") -> bool:
    """Whether a document conforms to a profile."""
    quads = jsonld.to_rdf(
        document, {"documentLoader": _load, "format": "application/n-quads", "base": ""}
    )
    data = Graph()
    data.parse(data=quads, format="nt")
    answer: bool = validate(data, shacl_graph=shapes(profile))[0]
    return answer


def _load(url: str, _options: object) -> dict[str, Any]:
    own = url == "http://data.europa.eu/snb/model/context/edc-ap"
    loaded = read_json("elm/edc-ap-context.jsonld") if own else Contexts.bundled().document(url)
    document = json.loads(json.dumps(loaded))
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }
