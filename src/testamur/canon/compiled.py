"""The compiled path: one pass from a credential's JSON to the statements that are signed.

For documents whose contexts are compiled (see `active_context` and `members`) and whose shape is
one of those that honest credentials have. It takes a document only if `compacted` and `general`
would, and then gives the same bytes; at anything else, whatever it is, it stops and hands the
document over. Each rule of theirs is kept here or made stricter: what is stricter costs time, never
exactness.

Work is bounded before it is done: values and levels are counted as in `compacted`, and what is kept
between documents as in `active_context`.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from testamur import limits
from testamur.canon import labelling
from testamur.canon.active_context import ActiveContext, tables_of
from testamur.canon.contexts import Contexts
from testamur.canon.labelling import Block
from testamur.canon.literals import (
    escaped_text,
    iri,
    literal_text,
    number_or_boolean,
    typed_literal,
)
from testamur.canon.members import Member, Shape, member_of, shape_of
from testamur.canon.n_quads import RDF, CanonicalBytes
from testamur.canon.spelling import (
    EMBEDDED_IN,
    LANGUAGE_KEY,
    LANGUAGE_MEMBERS,
    LANGUAGE_TAG,
    LANGUAGE_TERMS,
    TYPED_LITERALS,
    may_describe,
    only_endorses,
)
from testamur.canon.strict_json import JsonObject
from testamur.canon.terms import NotModelled

__all__ = ["canonicalize", "is_lossless"]

_REST: Final = f" <{RDF}rest> "
_NIL: Final = f"{_REST}<{RDF}nil>"
_I18N: Final = "https://www.w3.org/ns/i18n#"

_Links: TypeAlias = list[tuple[str, int]]
_Node: TypeAlias = dict[str, Any]  # a JSON object, of which each kind is looked at


def canonicalize(document: JsonObject, *, contexts: Contexts) -> CanonicalBytes | None:
    """Return the canonical N-Quads of a document, or None to hand it to the general path."""
    walk = _walked(document, contexts)
    return None if walk is None else labelling.canonical(walk.blocks, walk.blank_nodes)


def is_lossless(document: JsonObject, *, contexts: Contexts) -> bool:
    """Whether all of a document is signed as it is read; False hands it to the general path."""
    return _walked(document, contexts) is not None


def _walked(document: JsonObject, contexts: Contexts) -> _Walk | None:
    walk = _Walk(contexts)
    try:
        walk.document(document, tables_of(contexts).initial)
    except (NotModelled, RecursionError):
        return None
    return walk


class _Walk:
    """One document on its way to `blocks`."""

    __slots__ = ("blank_nodes", "blocks", "contexts", "described", "directed", "maps", "values")

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.maps: frozenset[str] = frozenset()
        self.blocks: list[Block] = []
        self.blank_nodes = 0
        self.values = 0
        self.described: dict[str, list[JsonObject]] = {}
        self.directed = False

    def document(self, document: JsonObject, initial: ActiveContext) -> None:
        if type(document) is not dict or "@context" not in document:
            raise NotModelled
        shape = shape_of(initial.named(document["@context"]), document)
        self.maps = self._maps(document)
        subject = self._subject(document, shape)
        self._describe(document, shape)
        self._node(document, shape, subject, 0, 1)
        _, tails, links, _ = self.blocks[0]
        if not tails and not links:
            raise NotModelled
        if self.directed:
            self._check_directed()

    def _maps(self, document: _Node) -> frozenset[str]:
        """The terms that `compacted` takes for language maps in a document of known contexts."""
        context = document["@context"]
        urls = context if type(context) is list else [context]
        return self.maps.union(*map(self.contexts.language_maps, urls))

    def _blank(self) -> int:
        self.blank_nodes += 1
        return self.blank_nodes

    def _subject(self, node: _Node, shape: Shape) -> str | int:
        if "id" not in node:
            return self._blank()
        return iri(node["id"], shape.prefixes)

    def _describe(self, node: _Node, shape: Shape) -> None:
        """Keep the rule that one thing is described in one way, see `compacted`."""
        identifier = node.get("id")
        if type(identifier) is not str or len(node) == 1:
            return
        if shape.endorses and only_endorses(node):
            return
        earlier = self.described.get(identifier)
        if earlier is None:
            self.described[identifier] = [node]
        elif not may_describe(earlier, node):
            raise NotModelled

    def _count(self, values: int) -> None:
        self.values += values
        if self.values > limits.DOCUMENT_VALUES:
            raise NotModelled

    def _node(self, node: _Node, shape: Shape, subject: str | int, graph: int, depth: int) -> None:
        if depth > limits.JSON_DEPTH:
            raise NotModelled
        self._count(len(node) - ("@context" in node))
        tails = shape.tails.copy()
        links: _Links = []
        self.blocks.append((subject, tails, links, graph))
        members = shape.members
        # The innermost loop of all: the commonest values are written without a further call.
        for name, value in node.items():
            member = members.get(name)
            if member is None:
                member = member_of(shape.context, name)
            kind = type(value)
            if kind is str:
                opening = member.opening
                if opening is not None:
                    if not value.isprintable() or '"' in value or "\\" in value:
                        value = escaped_text(value)
                    tails.append(f"{opening}{value}{member.closing}")
                elif member.is_link:
                    tails.append(f"{member.predicate}{iri(value, member.prefixes)}")
                elif not member.skip:
                    self._value(member, value, tails, links, graph, depth)
            elif kind is dict and member.first is None:
                self._object(member, value, tails, links, graph, depth)
            elif member.skip:
                if kind is list and name == "type":
                    self._count(len(value) - 1)
            elif kind is list:
                if not value or len(value) > limits.ARRAY_ITEMS:
                    raise NotModelled
                self._count(len(value) - 1)
                if member.first is not None:
                    self._list(member, value, links, graph, depth)
                else:
                    for item in value:
                        self._value(member, item, tails, links, graph, depth)
            else:
                self._value(member, value, tails, links, graph, depth)

    def _value(
        self,
        member: Member,
        value: Any,
        tails: list[str],
        links: _Links,
        graph: int,
        depth: int,
    ) -> None:
        """Write what one value says; it is no array."""
        if member.first is not None:
            self._list(member, [value], links, graph, depth)
            return
        kind = type(value)
        if kind is dict:
            if member.name in self.maps:  # a language map stands in no array
                raise NotModelled
            self._object(member, value, tails, links, graph, depth)
        elif kind is str:
            if member.opening is not None:
                tails.append(f"{member.opening}{literal_text(value)}{member.closing}")
            elif member.is_link:
                tails.append(f"{member.predicate}{iri(value, member.prefixes)}")
            else:
                tails.append(f"{member.predicate}<{member.word(value)}>")
        else:
            tails.append(number_or_boolean(member, value))

    def _list(
        self, member: Member, items: list[Any], links: _Links, graph: int, depth: int
    ) -> None:
        """List to RDF (JSON-LD 1.1 API, 8.3): a chain of cells."""
        if member.first is None:
            raise NotModelled
        cell = self._blank()
        links.append((member.predicate, cell))
        for item in items[:-1]:
            following = self._blank()
            self._cell(
                member.first, item, [], [(_REST, following)], cell=cell, graph=graph, depth=depth
            )
            cell = following
        self._cell(member.first, items[-1], [_NIL], [], cell=cell, graph=graph, depth=depth)

    def _cell(
        self,
        first: Member,
        item: Any,
        tails: list[str],
        links: _Links,
        *,
        cell: int,
        graph: int,
        depth: int,
    ) -> None:
        self.blocks.append((cell, tails, links, graph))
        self._value(first, item, tails, links, graph, depth)

    def _object(
        self,
        member: Member,
        node: _Node,
        tails: list[str],
        links: _Links,
        graph: int,
        depth: int,
    ) -> None:
        if member.name in self.maps:
            self._language_map(member, node, tails)
            return
        if "@value" in node:
            if member.name in TYPED_LITERALS:
                tails.append(typed_literal(member, node))
            else:
                tails.append(self._language_object(member, node))
            return
        has_id = "id" in node
        if member.in_graph:
            if len(node) == has_id + ("@context" in node):  # it says nothing
                raise NotModelled
        elif has_id and len(node) == 1:
            if not member.refers:
                raise NotModelled
            self._count(1)
            tails.append(f"{member.predicate}{iri(node['id'], member.prefixes)}")
            return
        shape = self._shape(member, node)
        subject = self._subject(node, shape)
        inside = graph
        if member.is_graph:
            inside = self._blank()
            links.append((member.predicate, inside))
        elif isinstance(subject, str):
            tails.append(f"{member.predicate}{subject}")
        else:
            links.append((member.predicate, subject))
        around, outside = self.maps, self.described
        if "@context" in node:
            self.maps = self._maps(node)
        if member.in_graph:
            self.described = {}  # a graph of its own
        if not member.in_graph or "@context" in node:
            self._describe(node, shape)
        self._node(node, shape, subject, inside, depth + 1)
        self.maps, self.described = around, outside

    def _shape(self, member: Member, node: _Node) -> Shape:
        """Look up the node's types, in its own context where it may have one; see `compacted`."""
        if "@context" not in node:
            shape = shape_of(member.inner(), node)
            if shape.is_securable:
                raise NotModelled
            return shape
        shape = shape_of(member.inner().named(node["@context"]), node)
        if member.name != "proof" and not (member.name in EMBEDDED_IN and shape.is_embedded):
            raise NotModelled
        return shape

    def _language_map(self, member: Member, texts: _Node, tails: list[str]) -> None:
        """Language Maps (JSON-LD 1.1 API, 5.1.2, step 13.7): the texts of each language."""
        if not member.is_language_map or member.in_graph or not texts:
            raise NotModelled
        count = 0
        languages = set()
        for language, value in texts.items():
            if not LANGUAGE_KEY.fullmatch(language):
                raise NotModelled
            language = language.lower()
            languages.add(language)
            items = value if type(value) is list else [value]
            count += len(items)
            if not items or count > limits.ARRAY_ITEMS:
                raise NotModelled
            for item in items:
                if type(item) is not str:
                    raise NotModelled
                tails.append(f'{member.predicate}"{literal_text(item)}"@{language}')
        if len(languages) < len(texts):
            raise NotModelled
        self._count(count)

    def _language_object(self, member: Member, node: _Node) -> str:
        """VC Data Model 2.0, Names and Descriptions: @value, @language and @direction only."""
        text, language = node["@value"], node.get("@language", "")
        if (
            member.name not in LANGUAGE_TERMS
            or member.in_graph
            or not member.refers
            or not node.keys() <= LANGUAGE_MEMBERS
            or type(text) is not str
            or type(language) is not str
            or ("@language" in node and not LANGUAGE_TAG.fullmatch(language))
        ):
            raise NotModelled
        literal = f'{member.predicate}"{literal_text(text)}"'
        language = language.lower()
        if "@direction" not in node:
            return f"{literal}@{language}" if language else literal
        if node["@direction"] not in ("ltr", "rtl"):
            raise NotModelled
        self.directed = True
        return f"{literal}^^<{_I18N}{language}_{node['@direction']}>"

    def _check_directed(self) -> None:
        """Hand over where pyld could take two values for one: it does not compare directions."""
        told: dict[tuple[int, str | int, str, str], str] = {}
        for subject, tails, _, graph in self.blocks:
            for tail in tails:
                text, quote, suffix = tail.rpartition('"')
                language = suffix.removeprefix("@")
                if suffix.startswith(f"^^<{_I18N}"):
                    language = suffix[len(_I18N) + 3 :].rpartition("_")[0]
                if quote and told.setdefault((graph, subject, text, language), tail) != tail:
                    raise NotModelled
