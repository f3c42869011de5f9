"""Active contexts: JSON-LD context processing once, and from then on a look-up for each member.

An active context is compiled when a document first needs it: for the documents that a credential
names, for the types of a node, whose contexts end at the next node, and for properties, whose
contexts do not. All that is compiled is kept with the allow-list that it belongs to.

Sources: JSON-LD 1.1 Processing Algorithms and API, 4.1 Context Processing, 5.1.2 Expansion (steps
7 to 11).
"""

from __future__ import annotations

from typing import Final

from testamur.canon.contexts import Contexts
from testamur.canon.n_quads import ABSOLUTE_IRI
from testamur.canon.strict_json import JsonValue
from testamur.canon.terms import ABSENT, ALIASES, Definer, Definition, NotModelled

__all__ = ["CONTEXT_ENTRIES", "ActiveContext", "Tables", "tables_of"]

_ENTRIES: Final = 4_096  # in all tables of one allow-list; an honest stream needs some dozens
_CONTEXTS: Final = 10  # pyld fetches no more for one document

CONTEXT_ENTRIES: Final = 8
"""What an active context that is kept, of some 10 KB, counts for in `Tables.spend`."""


class Tables:
    """All that is compiled of one allow-list. Entries are only ever added, so threads may share it.

    Attributes:
        initial: the active context before any document names one.
    """

    def __init__(self, contexts: Contexts) -> None:
        if not contexts.graph_terms.isdisjoint(ALIASES.values()):
            raise NotModelled  # `compacted` takes what is under such a name for a graph
        self.contexts = contexts
        self.spent = 0
        self.initial = ActiveContext(self, {}, None, None, None)

    def spend(self, entries: int) -> None:
        """Count entries; beyond twice the bound, which one document alone can reach, give up."""
        self.spent += entries
        if self.spent > 2 * _ENTRIES:
            raise NotModelled


def tables_of(contexts: Contexts) -> Tables:
    """Return the tables of an allow-list, new ones where the old have grown too large."""
    tables = contexts.compiled
    if not isinstance(tables, Tables) or tables.spent > _ENTRIES:
        tables = contexts.compiled = Tables(contexts)
    return tables


class ActiveContext:
    """What terms mean at one place of a document.

    Attributes:
        definitions: term → its definition. Not to be changed once it is made.
        previous: the context to go back to at the next node, where a type's context is in force.
        members, shapes: compiled by `compiled` for members and types, and kept here.
    """

    __slots__ = (
        "_documents",
        "_prefixes",
        "_typed",
        "definitions",
        "language",
        "members",
        "previous",
        "shapes",
        "tables",
        "vocab",
    )

    def __init__(
        self,
        tables: Tables,
        definitions: dict[str, Definition],
        vocab: str | None,
        language: str | None,
        previous: ActiveContext | None,
    ) -> None:
        self.tables = tables
        self.definitions = definitions
        self.vocab = vocab
        self.language = language
        self.previous = previous
        self.members: dict[str, object] = {}
        self.shapes: dict[object, object] = {}
        self._documents: dict[tuple[str, ...], ActiveContext] = {}
        self._typed: dict[tuple[str, ...], ActiveContext] = {}
        self._prefixes: frozenset[str] | None = None

    @property
    def prefixes(self) -> frozenset[str]:
        """The terms that may stand before the colon of a compact IRI."""
        if self._prefixes is None:
            self._prefixes = frozenset(t for t, d in self.definitions.items() if d.prefix)
        return self._prefixes

    @property
    def has_id(self) -> bool:
        """Whether `id` is the alias of @id here."""
        definition = self.definitions.get("id")
        return definition is not None and definition.iri == "@id"

    @property
    def has_type(self) -> bool:
        """Whether `type` is the alias of @type here."""
        definition = self.definitions.get("type")
        return definition is not None and definition.iri == "@type"

    def named(self, context: JsonValue) -> ActiveContext:
        """Return what an object's own `@context`, of URLs in the allow-list, makes of this one."""
        items = context if type(context) is list else [context]
        if not 0 < len(items) <= _CONTEXTS:
            raise NotModelled
        urls = tuple(url for url in items if type(url) is str)
        if len(urls) != len(items):
            raise NotModelled
        made = self._documents.get(urls)
        if made is None:
            made = self.process([each for url in urls for each in self._document(url)])
            self.tables.spend(CONTEXT_ENTRIES)
            self._documents[urls] = made
        return made

    def _document(self, url: str) -> list[JsonValue]:
        # pyld takes dot segments out of a URL before it asks for it.
        if url not in self.tables.contexts or not ABSOLUTE_IRI.fullmatch(url) or "/." in url:
            raise NotModelled
        context = self.tables.contexts.document(url)["@context"]
        return context if type(context) is list else [context]

    def typed(self, types: list[str]) -> ActiveContext:
        """Return the context for a node of these types (5.1.2, steps 10 and 11)."""
        scoped = []
        for type_ in sorted(types):
            definition = self.definitions.get(type_)
            if definition is not None and definition.scoped not in (ABSENT, None):
                scoped.append(type_)
        key = tuple(scoped)
        made = self._typed.get(key)
        if made is None:
            made = self
            for type_ in scoped:
                made = made.process(self.definitions[type_].scoped, propagate=False)
            self.tables.spend(CONTEXT_ENTRIES)
            self._typed[key] = made
        return made

    def scoped(self, term: str) -> ActiveContext:
        """Return this context with that of a property on top, if it has one."""
        definition = self.definitions.get(term)
        if definition is None or definition.scoped is ABSENT:
            return self
        return self.process(definition.scoped, override=True)

    def process(
        self, local: object, *, override: bool = False, propagate: bool = True
    ) -> ActiveContext:
        """Run Context Processing (4.1) for a local context.

        Args:
            local: a context as JSON: an object, null, or an array of them.
            override: protected terms may be defined again.
            propagate: false for the context of a type.
        """
        contexts = local if type(local) is list else [local]
        if not contexts:
            raise NotModelled
        result = self
        if not propagate and result.previous is None:
            result = result.copy(previous=self)
        for context in contexts:
            if context is None:
                if not override and any(each.protected for each in result.definitions.values()):
                    raise NotModelled
                result = self.tables.initial
            elif type(context) is dict:
                result = Definer(result, context, override).result
            else:
                raise NotModelled
        return result

    def copy(self, previous: ActiveContext | None) -> ActiveContext:
        return ActiveContext(
            self.tables, dict(self.definitions), self.vocab, self.language, previous
        )
