"""The general path: JSON-LD document → RDF dataset → canonical N-Quads, through pyld.

pyld expands the document and runs the canonicalization algorithm. What it leaves open is closed
here: no relative IRI is resolved against a base, nothing JSON-LD would drop passes silently (the
"safe mode" of other processors), N-Quads are escaped as RDFC-1.0 says, and the work of Hash
N-Degree Quads is bounded before it is done. `rdfc10` is the door; only this module imports pyld.

Sources: RDF Dataset Canonicalization (RDFC-1.0); JSON-LD 1.1 API, Expansion and Object to RDF
Conversion; VC Data Integrity 1.0, Securing Data Losslessly.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeAlias

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver

from testamur import limits
from testamur.canon.compacted import LanguageMap, compacted_copy
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, EDC_AP, Contexts
from testamur.canon.expanded import iris_of
from testamur.canon.n_quads import RDF, XSD, CanonicalBytes, escape
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code

__all__ = ["Dataset", "canonicalize", "canonicalize_dataset", "to_dataset"]

Dataset: TypeAlias = dict[str, list[dict[str, dict[str, str]]]]
"""An RDF dataset as pyld holds it: graph name ("@default") → triples."""

_LANG_STRING = f"{RDF}langString"
_XSD_STRING = f"{XSD}string"


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
    dataset = to_dataset(document, contexts=contexts, name=name)
    return CanonicalBytes("".join(canonicalize_dataset(dataset)[0]).encode("utf-8"))


def to_dataset(
    document: JsonObject, *, contexts: Contexts | None = None, name: str = "credential"
) -> Dataset:
    """Return the RDF dataset of a JSON-LD document in compacted form, or refuse to lose data.

    Arguments and errors are those of `canonicalize`.
    """
    contexts = contexts if contexts is not None else Contexts.bundled()
    copied = compacted_copy(document, contexts=contexts, name=name)
    processor = _LosslessProcessor(copied, contexts, name)
    options: dict[str, Any] = {
        "base": None,
        "documentLoader": processor.load,
        "contextResolver": processor.resolver,
        "rdfDirection": "i18n-datatype",
    }
    try:
        dataset: Dataset = processor.to_rdf(copied, options)
    except jsonld.JsonLdError as error:
        raise _refusal(error, name, copied["@context"]) from error
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
        # pyld does not check every wrong shape itself; such a document is not JSON-LD.
        raise CanonicalizationError(
            f"{name} is not JSON-LD: a member has a value of the wrong kind",
            code=Code.NOT_CONFORMANT,
        ) from error
    return dataset


def canonicalize_dataset(
    dataset: Dataset, *, hash_algorithm: str = "sha256"
) -> tuple[list[str], dict[str, str]]:
    """Run RDFC-1.0 on a dataset.

    Args:
        dataset: blank node identifiers begin with "_:"; it is consumed.
        hash_algorithm: "sha256", or "sha384" as RDFC-1.0 also allows.

    Returns:
        The canonical N-Quads in code point order, each with its line end; and the map from the
        dataset's blank node identifiers to the canonical ones ("_:c14n0", …).

    Raises:
        CanonicalizationError: code RESOURCE_LIMIT.
    """
    dataset = {name: list(_unique(triples)) for name, triples in dataset.items()}
    if sum(len(triples) for triples in dataset.values()) > limits.QUADS:
        raise _too_much_work()
    canonicalizer = _BoundedRDFC10(hash_algorithm)
    canonicalizer.main(dataset, {"format": "application/n-quads"})
    lines = sorted({_n_quad(quad) for quad in canonicalizer.quads})
    return lines, dict(canonicalizer.canonical_issuer.existing)


class _LosslessProcessor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """JSON-LD expansion that refuses whatever the algorithm says to drop."""

    def __init__(self, document: JsonObject, contexts: Contexts, name: str) -> None:
        super().__init__(on_property_dropped=self._refuse_property)
        self._document = document
        self._contexts = contexts
        self._name = name
        self._read_as_maps = 0
        cache = contexts.thread_cache()
        self.resolver = ContextResolver(cache.setdefault("resolved", {}), self.load)

    def load(self, url: str, _options: object) -> dict[str, Any]:
        # pyld rewrites what it loads, so it gets a copy of its own.
        document = _deep_copy(self._contexts.document(url))
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
            "tag": "static",
        }

    def expand(self, input_: Any, options: dict[str, Any]) -> list[Any]:
        expanded: list[Any] = super().expand(input_, options)
        if self._read_as_maps != sum(1 for _ in _language_maps(self._document)):
            raise _read_otherwise(self._name)
        if not expanded and len(self._document) > 1:  # step 19; all have an @context
            raise CanonicalizationError(
                f"{self._name} has no more than an id (JSON-LD drops it, so it would not be "
                "signed); add members",
                path=self._name,
            )
        links, types = iris_of(expanded, name=self._name)
        self._refuse_respelling(links, types)
        return expanded

    def _expand_language_map(self, active_ctx: Any, language_map: Any, direction: Any) -> Any:
        # `compacted` tells language maps by their terms alone, and looks at them as such.
        if not isinstance(language_map, LanguageMap):
            raise _read_otherwise(self._name)
        self._read_as_maps += 1
        return super()._expand_language_map(active_ctx, language_map, direction)

    def _refuse_respelling(self, links: set[str], types: set[str]) -> None:
        """Refuse IRIs written with a prefix, and types written as IRIs that a term stands for.

        Either leaves the graph, and so the signature, as it was, and shows a reader other strings.
        """
        terms = self._contexts.term_iris
        written = set(_strings(self._document))
        respelled = [iri for iri in links if iri not in written and iri not in terms]
        respelled += [
            type_
            for type_ in _written_types(self._document)
            if ":" in type_ and (type_ not in types or type_ in self._contexts.type_iris)
        ]
        if respelled:
            raise CanonicalizationError(
                f"{self._name} does not write {min(respelled)[:200]!r} as its contexts do; write "
                "types as terms, and other IRIs in full",
                code=Code.NOT_CONFORMANT,
                found=min(respelled)[:200],
            )

    def _refuse_property(self, _expanded: object) -> NoReturn:
        term = next(iter(_undefined_terms(self._document, self._contexts)), None)
        which = "a member" if term is None else f"the member {term[:100]!r}{_foreign(term)}"
        raise CanonicalizationError(
            f"{self._name} has {which} that its contexts do not define there (JSON-LD drops it, so "
            "it would not be signed); remove it, or add a context that defines it",
            path=self._name,
            found=term,
        )


class _BoundedRDFC10(URDNA2015):  # type: ignore[misc]
    """pyld's algorithm with canonical escapes, a choice of hash, and a bound on its work."""

    def __init__(self, hash_algorithm: str) -> None:
        super().__init__()
        self._hash_algorithm = hash_algorithm
        self._work = 0

    def create_hash(self) -> Any:
        return hashlib.new(self._hash_algorithm)

    def hash_first_degree_quads(self, id_: str) -> str:
        # RDFC-1.0, Hash First Degree Quads, steps 1 to 5.
        info = self.blank_node_info[id_]
        if "hash" not in info:
            lines = sorted(
                _n_quad(quad, lambda label: "_:a" if label == id_ else "_:z")
                for quad in info["quads"]
            )
            info["hash"] = self.hash_nquads(lines)
        return str(info["hash"])

    def create_hash_to_related(self, id_: str, issuer: Any) -> dict[str, list[str]]:
        # Called once in each Hash N-Degree Quads, before the permutations of each list are tried.
        related: dict[str, list[str]] = super().create_hash_to_related(id_, issuer)
        self._work += 1
        for group in related.values():
            if len(group) > 12:  # 13! permutations are beyond every budget
                raise _too_much_work()
            self._work += math.factorial(len(group))
        if self._work > limits.CANONICALIZATION_WORK:
            raise _too_much_work()
        return related


def _n_quad(quad: dict[str, dict[str, str]], label: Callable[[str], str] | None = None) -> str:
    """RDFC-1.0, Canonical N-Quads: one space between terms, one line feed at the end."""
    parts = [_term(quad[key], label) for key in ("subject", "predicate", "object")]
    if "name" in quad:
        parts.append(_term(quad["name"], label))
    return " ".join(parts) + " .\n"


def _term(term: dict[str, str], label: Callable[[str], str] | None) -> str:
    value = term["value"]
    if term["type"] == "IRI":
        return f"<{value}>"
    if term["type"] == "blank node":
        return label(value) if label is not None else value
    literal = '"' + escape(value) + '"'
    if term["datatype"] == _LANG_STRING:
        return f"{literal}@{term['language']}"
    if term["datatype"] == _XSD_STRING:
        return literal
    return f"{literal}^^<{term['datatype']}>"


def _unique(triples: list[dict[str, dict[str, str]]]) -> Iterator[dict[str, dict[str, str]]]:
    """A dataset is a set; pyld keeps literals that differ only as JSON (5 and 5.0)."""
    seen: set[str] = set()
    for triple in triples:
        line = _n_quad(triple)
        if line not in seen:
            seen.add(line)
            # The canonicalizer writes into a component, and pyld shares components.
            yield {key: dict(component) for key, component in triple.items()}


def _read_otherwise(name: str) -> CanonicalizationError:
    return CanonicalizationError(
        f"{name} has a term that is a language map in one of its contexts and something else in "
        "another, with an object as its value; leave out the context that it does not need",
        code=Code.NOT_CONFORMANT,
        path=name,
    )


def _language_maps(value: JsonValue) -> Iterator[LanguageMap]:
    """Every language map in the copy of a document, at any depth."""
    if isinstance(value, LanguageMap):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _language_maps(each)


def _strings(value: JsonValue) -> Iterator[str]:
    """Every string in the document, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _written_types(value: JsonValue) -> Iterator[str]:
    """Every string under a `type` member, at any depth."""
    if isinstance(value, dict):
        for term, each in value.items():
            if term == "type":
                yield from _strings(each)
            else:
                yield from _written_types(each)
    elif isinstance(value, list):
        for each in value:
            yield from _written_types(each)


def _foreign(term: str) -> str:
    """Name the first character that only looks like one of the letters of JSON-LD's terms."""
    character = next((each for each in term if not each.isascii()), None)
    if character is None:
        return ""
    name = unicodedata.name(character, "a character without a name")
    return f" (with U+{ord(character):04X}, {name})"


def _undefined_terms(document: JsonValue, contexts: Contexts) -> Iterator[str]:
    """Members that no known context defines at all; for the message only."""
    known = contexts.term_names
    if isinstance(document, list):
        for each in document:
            yield from _undefined_terms(each, contexts)
    elif isinstance(document, dict) and not isinstance(document, LanguageMap):
        for term, value in document.items():
            if not term.startswith("@") and term not in known:
                yield term
            if term != "@context":
                yield from _undefined_terms(value, contexts)


def _deep_copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _deep_copy(each) for key, each in value.items()}
    return [_deep_copy(each) for each in value] if isinstance(value, list) else value


def _refusal(error: jsonld.JsonLdError, name: str, contexts: JsonValue) -> CanonicalizationError:
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
        if isinstance(cause, CanonicalizationError):
            return cause
    reason = getattr(cause, "code", None) or "invalid JSON-LD"
    named = contexts if isinstance(contexts, list) else []
    hint = _APART if CREDENTIALS_V2 in named and EDC_AP in named else ""
    about_context = any(word in str(reason) for word in ("context", "term", "IRI mapping"))
    return CanonicalizationError(
        f"{name} is not JSON-LD as its contexts have it: {reason}{hint}",
        code=Code.CONTEXT_REJECTED if about_context else Code.NOT_CONFORMANT,
        path=name,
        found=str(reason),
    )


_APART = (
    "; the contexts of the VC Data Model 2.0 and of the European Learning Model cannot stand in one"
    f" document, so write {CREDENTIALS_V1} first"
)


def _too_much_work() -> CanonicalizationError:
    return CanonicalizationError(
        "the document's blank nodes are so entangled that putting them in order would take too "
        "long; no honest credential looks like this",
        code=Code.RESOURCE_LIMIT,
    )
