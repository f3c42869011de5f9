"""The JSON-LD context documents that may be used: an allow-list, pinned by hash, never fetched.

A context document says which IRI each term stands for, so whoever can change one changes what a
signature means. The documents ship with the package; `contexts/manifest.json` gives for each its
URL, SHA-256, source and licence, and a document whose bytes do not match is refused. It is read
when it is first asked for, since most documents name two or three.

Open Badges 3.0.3 changed in place on 2026-06-29 under one URL. `Contexts.bundled()` has the newer
document and `Contexts.bundled_before_2026_06_29()` the older one.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from testamur.canon import multibase
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code, ConfigurationError

__all__ = [
    "CREDENTIALS_V1",
    "CREDENTIALS_V2",
    "DATA_INTEGRITY_V2",
    "ED25519_2020_V1",
    "EDC_AP",
    "OB_3_0_3",
    "OB_EXTENSIONS",
    "STATUS_V1",
    "Contexts",
    "UnsafeInlineContexts",
    "find_unsupported",
    "language_maps",
    "matches_published",
]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1"
STATUS_V1 = "https://www.w3.org/ns/credentials/status/v1"
OB_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
EDC_AP = "http://data.europa.eu/snb/model/context/edc-ap"


class Contexts:
    """An immutable allow-list of context documents, by URL.

    Safe to share between threads. Extend it with `with_documents`; nothing is ever fetched.
    """

    allows_inline = False

    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        """Hold the given context documents: URL → a JSON object with `@context`."""
        for url, document in documents.items():
            if "@context" not in document:
                raise ConfigurationError(
                    f"the document for {url} has no @context; give a JSON-LD context document",
                    url=url,
                )
            unsupported = find_unsupported(document["@context"])
            if unsupported is not None:
                raise ConfigurationError(
                    f"the context {url} uses {unsupported}, which could hide members from a "
                    "reader; describe the terms without it",
                    url=url,
                )
        self._documents = dict(documents)
        # Documents of the package that were not yet asked for: URL → entry of the manifest.
        self._packaged: Mapping[str, Mapping[str, Any]] = {}
        # pyld's caches of processed contexts are not safe under threads: one set for each thread.
        self._caches = threading.local()
        self._language_maps: dict[str, frozenset[str]] = {}
        # What `active_context` compiles of the list; only added to, so threads may share it.
        self.compiled: object = None

    @staticmethod
    def bundled() -> Contexts:
        """Return the documents that ship with testamur; the default everywhere."""
        return _bundled()

    @staticmethod
    def bundled_before_2026_06_29() -> Contexts:
        """Return the bundled documents with context-3.0.3 as it was served until 2026-06-29."""
        return _bundled_before_2026_06_29()

    def with_documents(self, documents: Mapping[str, JsonObject]) -> Contexts:
        """Return a new allow-list that also holds `documents`; a bundled URL cannot be replaced."""
        for url, document in documents.items():
            if url in self and self.document(url) != document:
                raise ConfigurationError(
                    f"{url} is already in the list with other content; use a URL of your own",
                    url=url,
                )
        extended = type(self)({**self._documents, **documents})
        extended._packaged = self._packaged
        return extended

    @property
    def urls(self) -> frozenset[str]:
        """The URLs in the list."""
        return frozenset(self._documents) | frozenset(self._packaged)

    def __contains__(self, url: object) -> bool:
        return url in self._documents or url in self._packaged

    def document(self, url: str) -> JsonObject:
        """Return the context document for `url`, which must not be changed.

        Raises:
            CanonicalizationError: the URL is not in the list (code CONTEXT_REJECTED).
        """
        document = self._documents.get(url)
        if document is not None:
            return document
        entry = self._packaged.get(url)
        if entry is not None:
            return self._documents.setdefault(url, _read(entry))
        raise CanonicalizationError(
            f"the context {url[:200]!r} is not in the list of known contexts and is never "
            "fetched; give its document to Contexts.with_documents()",
            code=Code.CONTEXT_REJECTED,
            url=url[:200],
        )

    @functools.cached_property
    def term_names(self) -> frozenset[str]:
        """Every term that a document of the list defines, at any depth."""
        return frozenset(term for term, _ in self._definitions)

    @functools.cached_property
    def term_iris(self) -> frozenset[str]:
        """The IRI of every such term."""
        return frozenset(iri for _, iri in self._definitions)

    @functools.cached_property
    def type_iris(self) -> frozenset[str]:
        """The same with prefixes written out, so that a type written as an IRI can be told."""
        documents = [self.document(url) for url in sorted(self.urls)]
        return self.term_iris.union(*(_written_out(each["@context"]) for each in documents))

    def language_maps(self, url: str) -> frozenset[str]:
        """The terms of which the document at `url` makes language maps, as `{"en": "a text"}`.

        Raises:
            CanonicalizationError: the URL is not in the list (code CONTEXT_REJECTED).
        """
        found = self._language_maps.get(url)
        if found is None:
            found = language_maps(self.document(url)["@context"])
            self._language_maps[url] = found
        return found

    @functools.cached_property
    def class_names(self) -> frozenset[str]:
        """Names of classes that share their IRI with a member, as Criteria does with criteria."""
        members = {iri for term, iri in self._definitions if term[:1].islower()}
        return frozenset(t for t, iri in self._definitions if t[:1].isupper() and iri in members)

    @functools.cached_property
    def graph_terms(self) -> frozenset[str]:
        """Every term whose value is a graph of its own, as `proof` and `verifiableCredential`."""
        packaged = self._packaged
        return frozenset(
            term for entry in packaged.values() for term in entry.get("graphTerms", [])
        ) | frozenset(
            term
            for url, document in list(self._documents.items())
            if url not in packaged
            for term, definition in _expanded_definitions(document["@context"])
            if "@graph" in _containers(definition)
        )

    @functools.cached_property
    def _definitions(self) -> tuple[tuple[str, str], ...]:
        documents = [self.document(url) for url in sorted(self.urls)]
        return tuple(each for document in documents for each in _terms(document["@context"]))

    def thread_cache(self) -> dict[str, Any]:
        """Return this thread's own cache for whatever a JSON-LD processor keeps about the list."""
        return self._caches.__dict__


class UnsafeInlineContexts(Contexts):
    """Also allows context objects written inside a document.

    Unsafe: whoever writes the document says what its terms mean. For test suites that need it.
    """

    allows_inline = True


def find_unsupported(context: JsonValue) -> str | None:
    """Name a JSON-LD feature of a context that makes members vanish or move; None if it has none.

    Reverse properties, index and id maps, nesting and aliases of keywords give one graph further
    spellings, which `compacted` and `rdfc10` do not look into.
    """
    for term, definition in _expanded_definitions(context):
        feature = next(
            (each for each in ("@reverse", "@nest", "@index") if each in definition), None
        )
        if feature is not None:
            return f"{feature} (at {term})"
        container = next((c for c in _containers(definition) if c not in _CONTAINERS), None)
        if container is not None:
            return f"@container {str(container)[:40]} (at {term})"
    return next(
        (
            f"an alias of {iri[:40]} (at {term})"
            for term, iri in _terms(context)
            if iri.startswith("@") and iri not in _ALIASES
        ),
        None,
    )


_CONTAINERS = frozenset({"@set", "@list", "@graph", "@language"})
_ALIASES = frozenset({"@id", "@type"})  # of no other keyword, nor of what may become one


def language_maps(context: JsonValue) -> frozenset[str]:
    """The terms of which a context makes language maps, at any depth."""
    return frozenset(
        term
        for term, definition in _expanded_definitions(context)
        if "@language" in _containers(definition)
    )


def _written_out(context: JsonValue) -> Iterator[str]:
    """Yield the IRI of each term that is written with a prefix of the same document."""
    prefixes = {term: iri for term, iri in _terms(context) if iri[-1:] in _PREFIX_ENDS}
    for _, iri in _terms(context):
        prefix, colon, suffix = iri.partition(":")
        if colon and prefix in prefixes:
            yield prefixes[prefix] + suffix


_PREFIX_ENDS = frozenset(":/?#[]@")  # JSON-LD 1.1 API, 4.2, step 14.2.5


def _terms(context: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield each (term, IRI) that a context defines, in its scoped contexts too."""
    if isinstance(context, list):
        for each in context:
            yield from _terms(each)
    elif isinstance(context, dict):
        for term, definition in context.items():
            if term.startswith("@"):
                yield from _terms(definition if term == "@context" else None)
            elif isinstance(definition, str):
                yield term, definition
            elif isinstance(definition, dict):
                iri = definition.get("@id")
                yield term, iri if isinstance(iri, str) else term
                yield from _terms(definition.get("@context"))


def _expanded_definitions(context: JsonValue) -> Iterator[tuple[str, JsonObject]]:
    """Yield each (term, definition) that is written as an object, in scoped contexts too."""
    if isinstance(context, list):
        for each in context:
            yield from _expanded_definitions(each)
    elif isinstance(context, dict):
        for term, definition in context.items():
            if term.startswith("@"):
                yield from _expanded_definitions(definition if term == "@context" else None)
            elif isinstance(definition, dict):
                yield term, definition
                yield from _expanded_definitions(definition.get("@context"))


def _containers(definition: JsonObject) -> list[JsonValue]:
    value = definition.get("@container")
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def matches_published(url: str, digest: str) -> bool | None:
    """Compare a related resource's digest with the one its Recommendation prints for a context.

    VC Data Model 2.0, Integrity of Related Resources: `digestSRI`, or `digestMultibase` with a
    multihash. The digests are over the bytes that the publisher serves; of some contexts the
    packages carry another layout, and of most no digest is printed.

    Returns:
        None where there is nothing to compare with: an unknown URL, or another hash function.
    """
    published = next((e["publishedSha256"] for e in _manifest() if _is_printed(e, url)), None)
    if published is None:
        return None
    sha256 = bytes.fromhex(published)
    multihash = b"\x12\x20" + sha256
    forms = {
        "sha256-": "sha256-" + base64.b64encode(sha256).decode("ascii"),
        "zQm": multibase.encode_base58(multihash),
        "uEi": multibase.encode_base64url(multihash),
    }
    return next(
        (digest == form for prefix, form in forms.items() if digest.startswith(prefix)), None
    )


def _is_printed(entry: Mapping[str, Any], url: str) -> bool:
    return entry["url"] == url and "publishedSha256" in entry


# Without pathlib and, where it can be, without `importlib.resources`: both take long to import.
_PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120


def _content(name: str) -> bytes:
    """Read a file of an installed package, of a source checkout, or of a package in an archive."""
    for above in (_PACKAGE, os.path.dirname(os.path.dirname(_PACKAGE))):  # noqa: PTH120
        folder = os.path.join(above, "contexts")  # noqa: PTH118
        if os.path.isdir(folder):  # noqa: PTH112
            with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123
                return file.read()
    import importlib.resources

    return (importlib.resources.files("testamur") / "contexts" / name).read_bytes()


def _read(entry: Mapping[str, Any]) -> JsonObject:
    content = _content(str(entry["file"]))
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise ConfigurationError(
            f"the bundled context {entry['file']} does not have the hash in the manifest; "
            "install testamur again",
            url=str(entry["url"]),
        )
    document: JsonObject = json.loads(content)
    return document


@functools.cache
def _manifest() -> list[dict[str, Any]]:
    manifest: Any = json.loads(_content("manifest.json"))
    return list(manifest["contexts"])


@functools.cache
def _bundled() -> Contexts:
    return _of_package({e["url"]: e for e in _manifest() if "supersededOn" not in e})


@functools.cache
def _bundled_before_2026_06_29() -> Contexts:
    older = {e["url"]: e for e in _manifest() if "supersededOn" in e}
    return _of_package({**_bundled()._packaged, **older})


def _of_package(entries: Mapping[str, Mapping[str, Any]]) -> Contexts:
    contexts = Contexts({})
    contexts._packaged = entries
    return contexts
