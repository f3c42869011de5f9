"""Term definitions: what one context object makes of an active context.

What is modelled is what published credential contexts use: term definitions with @id, @type,
@language, @container (@set, @list, @graph, @language), @prefix, @protected and scoped contexts;
@vocab and @language. All else raises `NotModelled`, and the general path decides. That also holds
for every context that breaks a rule: nothing here says what is wrong with it.

Where JSON-LD leaves a choice this does what pyld does, since the general path runs on it.

Sources: JSON-LD 1.1 Processing Algorithms and API, 4.1 Context Processing (steps 5.5 to 5.13), 4.2
Create Term Definition, 5.2.2 IRI Expansion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from testamur.canon.n_quads import ABSOLUTE_IRI, RDF
from testamur.canon.spelling import (
    LANGUAGE_TAG,
)
from testamur.canon.strict_json import JsonObject, JsonValue

if TYPE_CHECKING:
    from testamur.canon.active_context import ActiveContext

__all__ = ["ABSENT", "ALIASES", "Definer", "Definition", "NotModelled"]

_CONTAINERS: Final = frozenset(
    {("@set",), ("@list",), ("@graph",), ("@graph", "@set"), ("@set", "@graph"), ("@language",)}
)
_CONTEXT_KEYWORDS: Final = frozenset({"@version", "@vocab", "@language", "@protected"})
_TERM_KEYWORDS: Final = frozenset(
    {"@id", "@type", "@language", "@container", "@context", "@prefix", "@protected"}
)
_TYPE_KEYWORDS: Final = frozenset({"@id", "@vocab", "@json", "@none"})
_PREFIX_ENDS: Final = frozenset(":/?#[]@")

ALIASES: Final = {"@id": "id", "@type": "type"}
"""The one name that each keyword may have besides its own; `compacted` reads no other."""

ABSENT: Final = object()
"""A scoped context or a language that is not there, where null has a meaning of its own."""


class NotModelled(Exception):  # noqa: N818  (a signal to hand over, not an error)
    """The compiled path does not know this; the general path says what it is."""


class Definition:
    """One term of an active context."""

    __slots__ = ("container", "iri", "language", "prefix", "protected", "scoped", "type", "written")

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.type: str | None = None
        self.language: object = ABSENT
        self.container: tuple[str, ...] = ()
        self.scoped: object = ABSENT
        self.prefix = False
        self.protected = False
        self.written = False  # its context writes the IRI in full, so `Contexts.term_iris` has it

    def same_as(self, other: Definition) -> bool:
        """Whether a protected term may be defined again like this (4.2, step 27)."""
        return (
            self.iri == other.iri
            and self.type == other.type
            and self.language == other.language
            and self.container == other.container
            and self.prefix == other.prefix
            and self.scoped == other.scoped
        )


class Definer:
    """Create Term Definition (4.2) for each term of one context object.

    Attributes:
        result: the new active context.
    """

    def __init__(self, active: ActiveContext, local: JsonObject, override: bool) -> None:
        self._local = local
        self._defined: dict[str, bool] = {}
        self._protected = local.get("@protected", ABSENT)
        self.result = active.copy(previous=active.previous)
        self._terms = self.result.definitions
        self._keywords()
        for term, value in local.items():
            if term in _CONTEXT_KEYWORDS:
                continue
            self._define(term, override)
            if type(value) is dict and "@context" in value:
                # pyld refuses a context that holds a bad one, whether it is in use or not.
                self.result.process(value["@context"], override=True)

    def _keywords(self) -> None:
        local = self._local
        if local.get("@version", 1.1) != 1.1 or (
            self._protected is not True and self._protected is not ABSENT
        ):
            raise NotModelled
        if "@vocab" in local:
            vocab = local["@vocab"]
            if type(vocab) is not str:
                raise NotModelled
            prefix = self._terms.get(vocab.partition(":")[0])
            if prefix is not None and prefix.prefix:
                raise NotModelled
            self.result.vocab = _absolute(vocab)
        if "@language" in local:
            self.result.language = _language(local["@language"])

    def _define(self, term: str, override: bool) -> None:
        if term in self._defined:
            if self._defined[term]:
                return
            raise NotModelled  # a cycle
        if not term or term[0] == "@" or ":" in term or "/" in term:
            raise NotModelled
        self._defined[term] = False
        previous = self._terms.pop(term, None)
        written = self._local[term]
        value: JsonObject = {"@id": written} if type(written) is str else _object(written)
        definition = self._with_iri(term, value, simple=type(written) is str)
        self._details(definition, value)
        if previous is not None and previous.protected and not override:
            definition.protected = True
            if not previous.same_as(definition):
                raise NotModelled
        self._terms[term] = definition
        self._defined[term] = True

    def _with_iri(self, term: str, value: JsonObject, *, simple: bool) -> Definition:
        if not value.keys() <= _TERM_KEYWORDS:
            raise NotModelled
        iri = value.get("@id", term)
        if type(iri) is not str or not iri:
            raise NotModelled
        if iri == term:
            if self.result.vocab is None:
                raise NotModelled
            return Definition(_absolute(self.result.vocab + term))
        expanded = self._expand(iri)
        definition = Definition(expanded)
        if expanded[0] == "@":
            if term != ALIASES[expanded]:
                raise NotModelled
        else:
            definition.written = expanded == iri
            definition.prefix = simple and expanded[-1] in _PREFIX_ENDS
        return definition

    def _details(self, definition: Definition, value: JsonObject) -> None:
        protected = value.get("@protected", self._protected is True)
        if type(protected) is not bool:
            raise NotModelled
        definition.protected = protected
        if "@type" in value:
            type_ = value["@type"]
            if type(type_) is not str or not type_:
                raise NotModelled
            definition.type = type_ if type_ in _TYPE_KEYWORDS else self._datatype(type_)
        elif "@language" in value:
            language = value["@language"]
            definition.language = None if language is None else _language(language)
        if "@container" in value:
            definition.container = _container(value["@container"])
        if "@context" in value:
            definition.scoped = value["@context"]  # its kind is looked at when it is processed
        if "@prefix" in value:
            prefix = value["@prefix"]
            if type(prefix) is not bool or definition.iri[0] == "@":
                raise NotModelled
            definition.prefix = prefix

    def _datatype(self, type_: str) -> str:
        expanded = self._expand(type_)
        if expanded[0] == "@" or expanded == f"{RDF}langString":
            raise NotModelled
        return expanded

    def _expand(self, value: str) -> str:
        """IRI Expansion (5.2.2) inside a context: an absolute IRI, @id or @type."""
        if value in ALIASES:
            return value
        if value[0] == "@":
            raise NotModelled
        if value in self._local and not self._defined.get(value):
            self._define(value, override=False)
        definition = self._terms.get(value)
        if definition is not None:
            return definition.iri
        prefix, colon, suffix = value.partition(":")
        if not colon or not prefix:
            if self.result.vocab is None:
                raise NotModelled
            return _absolute(self.result.vocab + value)
        if not suffix.startswith("//"):
            if prefix in self._local and not self._defined.get(prefix):
                self._define(prefix, override=False)
            definition = self._terms.get(prefix)
            if definition is not None and definition.prefix:
                return _absolute(definition.iri + suffix)
        return _absolute(value)


def _absolute(iri: str) -> str:
    if not ABSOLUTE_IRI.fullmatch(iri):
        raise NotModelled
    return iri


def _object(value: JsonValue) -> JsonObject:
    if type(value) is not dict:
        raise NotModelled
    return value


def _language(value: JsonValue) -> str:
    if type(value) is not str or not LANGUAGE_TAG.fullmatch(value):
        raise NotModelled
    return value.lower()


def _container(value: JsonValue) -> tuple[str, ...]:
    items = value if type(value) is list else [value]
    container = tuple(each for each in items if type(each) is str)
    if len(container) != len(items) or container not in _CONTAINERS:
        raise NotModelled
    return container
