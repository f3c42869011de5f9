"""What a document's members and types mean under a compiled context, ready to be written out.

For each term a `Member`, for each combination of types a `Shape`; both are compiled when they are
first met and kept with the active context. Predicates, datatypes and type statements are rendered
once, so that the walk only puts strings together.

Sources: JSON-LD 1.1 Processing Algorithms and API, 5.1.2 Expansion, 5.3.2 Value Expansion.
"""

from __future__ import annotations

from typing import Final, cast

from testamur.canon.active_context import CONTEXT_ENTRIES, ActiveContext
from testamur.canon.n_quads import ABSOLUTE_IRI, RDF, XSD
from testamur.canon.spelling import (
    EMBEDDED_TYPES,
    JSON_LITERALS,
    SECURABLE_TYPES,
)
from testamur.canon.strict_json import JsonObject
from testamur.canon.terms import ABSENT, NotModelled

__all__ = ["Member", "Shape", "member_of", "shape_of"]

_FIRST: Final = f" <{RDF}first> "
_TYPE: Final = f" <{RDF}type> "
_TYPES: Final = 16  # of one node
_KEPT_CHARACTERS: Final = 1_024  # of the types of one node, if its shape is to be kept


class Shape:
    """What the types of a node mean, and the context that they put in force for its members.

    Attributes:
        members: term → Member, as far as compiled.
        tails: " <rdf:type> <IRI>" for each type.
        prefixes: what an `id` may not begin with; None where `id` is not @id.
    """

    __slots__ = (
        "context",
        "endorses",
        "is_embedded",
        "is_securable",
        "members",
        "prefixes",
        "tails",
    )

    def __init__(self, context: ActiveContext, types: list[str]) -> None:
        in_force = context.typed(types)
        if types and not (context.has_type and in_force.has_type):
            raise NotModelled
        names = set(types)
        self.context = in_force
        self.members = cast("dict[str, Member]", in_force.members)
        self.tails = list(dict.fromkeys(f"{_TYPE}<{_type_iri(context, t)}>" for t in types))
        self.prefixes = in_force.prefixes if in_force.has_id else None
        self.is_securable = bool(names & SECURABLE_TYPES)
        self.is_embedded = bool(names & EMBEDDED_TYPES)
        self.endorses = names == {"EndorsementSubject"}


class Member:
    """What a term does with its value.

    Attributes:
        predicate: " <IRI> ".
        skip: `id`, `type` and `@context`, which `Shape` and the walk look at.
        opening: predicate and quote, where a string becomes a literal; else None.
        closing: what follows the string: a quote, and a datatype or a language.
        is_link: a string is an IRI.
        takes_numbers: numbers and booleans become literals, of `datatype` where it is given.
        in_graph: some context of the list makes a graph of the term's values.
        is_graph: this one does.
        is_language_map: an object holds the texts of each language.
        first: for an ordered list, what rdf:first does with each value; else None.
        refers: `{"id": …}` refers to a thing.
    """

    __slots__ = (
        "_context",
        "_inner",
        "_words",
        "closing",
        "datatype",
        "first",
        "in_graph",
        "is_graph",
        "is_language_map",
        "is_link",
        "name",
        "opening",
        "predicate",
        "prefixes",
        "refers",
        "skip",
        "takes_numbers",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.skip = False
        self.predicate = ""
        self.opening: str | None = None
        self.closing = '"'
        self.datatype: str | None = None
        self.is_link = False
        self.takes_numbers = False
        self.in_graph = False
        self.is_graph = False
        self.is_language_map = False
        self.first: Member | None = None
        self.refers = False
        self.prefixes: frozenset[str] = frozenset()
        self._words: dict[str, str] | None = None
        self._context: ActiveContext | None = None
        self._inner: ActiveContext | None = None

    def word(self, text: str) -> str:
        """Return the IRI that a string stands for, where the term's type is @vocab."""
        words, context = self._words, self._context
        if words is None or context is None:
            raise NotModelled
        iri = words.get(text)
        if iri is not None:
            return iri
        definition = context.definitions.get(text)
        if definition is None:
            if not ABSOLUTE_IRI.fullmatch(text) or text.partition(":")[0] in self.prefixes:
                raise NotModelled
            return text
        iri = definition.iri
        if iri[0] == "@" or not (definition.written or iri in context.tables.contexts.term_iris):
            raise NotModelled
        words[text] = iri
        return iri

    def written_out(self, datatype: str) -> str:
        """Return the IRI of a datatype that is written with a prefix."""
        context = self._context
        if context is None or datatype in context.definitions:
            raise NotModelled
        prefix, _, name = datatype.partition(":")
        definition = context.definitions.get(prefix)
        return datatype if definition is None or not definition.prefix else definition.iri + name

    def inner(self) -> ActiveContext:
        """Return the context for an object under this term, before its own and its types'.

        5.1.2: the context of a type ends here (step 7), that of the property stays (step 8).
        """
        if self._inner is None:
            if self._context is None:
                raise NotModelled
            inner = self._context.previous or self._context
            definition = self._context.definitions.get(self.name)
            if definition is not None and definition.scoped is not ABSENT:
                inner.tables.spend(CONTEXT_ENTRIES)
                inner = inner.process(definition.scoped, override=True)
            self._inner = inner
        return self._inner


def member_of(context: ActiveContext, name: str) -> Member:
    """Compile a member of an object, and keep it if its context defines it by name."""
    if name == "@context":
        return _SKIPPED
    if not name or name[0] == "@" or ":" in name or name[0].isupper() or name in JSON_LITERALS:
        raise NotModelled
    if name == "__proto__":
        raise NotModelled
    definition = context.definitions.get(name)
    if definition is None:
        if context.vocab is None or not ABSOLUTE_IRI.fullmatch(context.vocab + name):
            raise NotModelled
        return _compile(context, name, f" <{context.vocab}{name}> ")
    if definition.iri[0] == "@":
        member = _SKIPPED
    else:
        if definition.type == "@json":
            raise NotModelled
        member = _compile(context, name, f" <{definition.iri}> ")
        member.is_graph = "@graph" in definition.container
        member.is_language_map = "@language" in definition.container
        if "@list" in definition.container:
            member.first = _compile(context, name, _FIRST)
            member.opening, member.is_link, member._words = None, False, None
    context.members[name] = member
    return member


_SKIPPED: Final = Member("")
_SKIPPED.skip = True


def _compile(context: ActiveContext, name: str, predicate: str) -> Member:
    member = Member(name)
    member.predicate = predicate
    member.in_graph = name in context.tables.contexts.graph_terms
    # 5.1.2, step 13.4: a property's own context is in force for its values.
    in_force = context.scoped(name)
    if in_force is not context:
        context.tables.spend(CONTEXT_ENTRIES)
    member._context = in_force
    member.prefixes = in_force.prefixes
    definition = in_force.definitions.get(name)
    if not member.in_graph and (definition is not None or in_force.vocab is not None):
        _coerce(member, in_force)
    member.refers = in_force.has_id and (definition is None or definition.scoped is ABSENT)
    return member


def _coerce(member: Member, context: ActiveContext) -> None:
    """5.3.2, Value Expansion."""
    definition = context.definitions.get(member.name)
    type_ = None if definition is None else definition.type
    if type_ == "@id":
        member.is_link = True
    elif type_ == "@vocab":
        member._words = {}
    elif type_ in ("@json", "@none"):
        raise NotModelled
    else:
        member.takes_numbers = True
        member.datatype = type_
        if type_ == f"{XSD}double":
            return  # pyld makes a number of a string
        member.opening = f'{member.predicate}"'
        language: object = ABSENT if definition is None else definition.language
        if language is ABSENT:
            language = context.language
        if type_ is None and language is not None:
            member.closing = f'"@{cast("str", language)}'
        elif type_ is not None and type_ != f"{XSD}string":
            member.closing = f'"^^<{type_}>'


def shape_of(context: ActiveContext, node: JsonObject) -> Shape:
    """Return what the types of a node mean, compiled where they are new."""
    types = node.get("type")
    if type(types) is str:
        key: object = types
    elif type(types) is list:
        key = tuple(types)
    elif "type" in node:
        raise NotModelled
    else:
        key = None
    try:
        shape = context.shapes.get(key)
    except TypeError:  # an object or an array among the types
        raise NotModelled from None
    if shape is not None:
        return cast("Shape", shape)
    names = [types] if type(types) is str else types if type(types) is list else []
    words = [each for each in names if type(each) is str]
    if len(words) != len(names) or len(words) > _TYPES or key == ():
        raise NotModelled
    shape = Shape(context, words)
    if sum(map(len, words)) <= _KEPT_CHARACTERS:
        context.tables.spend(1)
        context.shapes[key] = shape
    return shape


def _type_iri(context: ActiveContext, type_: str) -> str:
    """5.1.2, step 13.4.4: a type is looked up in the context before those of types."""
    definition = context.definitions.get(type_)
    if definition is not None:
        iri = definition.iri
    elif ":" in type_:
        # Written as an IRI: no prefix, and no type that a term stands for.
        iri = type_
        prefix = type_.partition(":")[0]
        if prefix in context.prefixes or type_ in context.tables.contexts.type_iris:
            raise NotModelled
    elif context.vocab is not None and type_[:1] != "@":
        iri = context.vocab + type_
    else:
        raise NotModelled
    if not ABSOLUTE_IRI.fullmatch(iri):
        raise NotModelled
    return iri
