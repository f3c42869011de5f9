"""Changes to members, types and contexts, made in place."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from differential import vocabulary
from differential.places import (
    any_member,
    any_node,
    any_place,
    contexts_of,
    literals_of,
    nodes_of,
    put,
    terms_of,
    types_of,
)
from differential.vocabulary import CONTEXT_URLS, IDENTIFIERS, KEYWORDS
from testamur.canon.strict_json import JsonObject

__all__ = [
    "add_class_as_member",
    "add_context",
    "add_defined_member",
    "add_keyword",
    "add_member_of_any_context",
    "add_member_spelled_as_iri",
    "add_strange_member",
    "change_context",
    "change_context_badly",
    "change_types",
    "change_types_badly",
    "copy_value",
    "delete_identifier",
    "delete_member",
    "give_context_inside",
    "move_member",
    "remove_types",
    "rename_member",
    "rename_member_to_defined",
    "respell_member_as_iri",
    "shuffle_members",
    "swap_values",
]

# Members.


def add_defined_member(random: Random, document: JsonObject) -> None:
    node, urls = any_node(random, document), contexts_of(document)
    terms = terms_of(node, urls)
    if terms:
        term = random.choice(terms)
        put(random, node, term.name, vocabulary.fitting_value(random, term, urls))


def add_member_of_any_context(random: Random, document: JsonObject) -> None:
    term = random.choice(vocabulary.terms())
    value = vocabulary.fitting_value(random, term, contexts_of(document))
    put(random, any_node(random, document), term.name, value)


def add_member_spelled_as_iri(random: Random, document: JsonObject) -> None:
    put(random, any_node(random, document), _iri_name(random), vocabulary.scalar(random))


def respell_member_as_iri(random: Random, document: JsonObject) -> None:
    place = any_member(random, document)
    if place is None:
        return
    container, key = place
    spelled = [term.iri for term in vocabulary.terms() if term.name == key]
    container[random.choice(spelled) if spelled else _iri_name(random)] = container.pop(key)


def _iri_name(random: Random) -> str:
    known = random.random() < 0.7
    return random.choice(vocabulary.iris() if known else [i for i in IDENTIFIERS if ":" in i])


def add_keyword(random: Random, document: JsonObject) -> None:
    keyword = random.choice(KEYWORDS)
    place = any_place(random, document)
    value = random.choice([vocabulary.scalar(random), [], {}, {"x": "y"}, ["x"]])
    if place is not None and random.random() < 0.3:
        value = deepcopy(place[0][place[1]])
    put(random, any_node(random, document), keyword, value)


def add_class_as_member(random: Random, document: JsonObject) -> None:
    value = vocabulary.scalar(random)
    put(random, any_node(random, document), random.choice(vocabulary.classes()), value)


def add_strange_member(random: Random, document: JsonObject) -> None:
    name = random.choice(vocabulary.STRANGE_MEMBERS)
    put(random, any_node(random, document), name, vocabulary.scalar(random))


def rename_member(random: Random, document: JsonObject) -> None:
    place = any_member(random, document)
    if place is not None:
        container, key = place
        container[_new_name(random, container, contexts_of(document))] = container.pop(key)


def rename_member_to_defined(random: Random, document: JsonObject) -> None:
    place = any_member(random, document)
    if place is not None:
        container, key = place
        terms = terms_of(container, contexts_of(document))
        if terms and key not in ("id", "type"):
            container[random.choice(terms).name] = container.pop(key)


def _new_name(random: Random, container: Any, urls: frozenset[str]) -> str:
    kind = random.random()
    if kind < 0.4:
        terms = terms_of(container, urls)
        return random.choice(terms).name if terms else "name"
    if kind < 0.7:
        return random.choice(vocabulary.terms()).name
    if kind < 0.8:
        return random.choice(["id", "type", "@id", "@type", "proof", "issuer"])
    return random.choice([*vocabulary.STRANGE_MEMBERS, *KEYWORDS])


def delete_member(random: Random, document: JsonObject) -> None:
    place = any_place(random, document)
    if place is not None:
        del place[0][place[1]]


def delete_identifier(random: Random, document: JsonObject) -> None:
    found = [node for node in nodes_of(document) if "id" in node]
    if found:
        del random.choice(found)["id"]


def move_member(random: Random, document: JsonObject) -> None:
    place = any_member(random, document)
    if place is not None:
        container, key = place
        value = container.pop(key)
        put(random, any_node(random, document), key, value)


def copy_value(random: Random, document: JsonObject) -> None:
    """Put a copy of one value in the place of another, or beside it."""
    source, target = any_place(random, document), any_place(random, document)
    if source is None or target is None:
        return
    value = deepcopy(source[0][source[1]])
    container, key = target
    if random.random() < 0.5:
        container[key] = value
    elif isinstance(container, list):
        container.append(value)
    else:
        container[source[1] if isinstance(source[1], str) else key] = value


def swap_values(random: Random, document: JsonObject) -> None:
    places = list(literals_of(document))
    if len(places) > 1:
        (one, a), (two, b) = random.sample(places, 2)
        one[a], two[b] = two[b], one[a]


def shuffle_members(random: Random, document: JsonObject) -> None:
    node = any_node(random, document)
    members = list(node.items())
    random.shuffle(members)
    node.clear()
    node.update(members)


# Types.


def change_types(random: Random, document: JsonObject) -> None:
    found = [node for node in nodes_of(document) if "type" in node]
    node = random.choice(found or nodes_of(document))
    types: list[Any] = list(types_of(node))
    kind = random.randrange(6)
    if kind == 0:
        types.reverse()
    elif kind == 1:
        types += types[:1]
    else:
        known = vocabulary.classes(contexts_of(document))
        types.insert(random.randint(0, len(types)), random.choice(known))
        types = types[-1:] if kind == 5 else types
    node["type"] = types[0] if len(types) == 1 and random.random() < 0.5 else types


def change_types_badly(random: Random, document: JsonObject) -> None:
    node = any_node(random, document)
    types: list[Any] = list(types_of(node))
    strange: list[Any] = [*IDENTIFIERS, *vocabulary.iris(), "unknownType", "name", "id", 5, None]
    strange += [True, [], {}, ["Profile"], {"id": "urn:x"}, {"@value": "Profile"}, 1.5]
    types.insert(random.randint(0, len(types)), random.choice(strange))
    kind = random.randrange(4)
    node["type"] = [types, types[-1], [types[-1]], {"@set": types}][kind]


def remove_types(random: Random, document: JsonObject) -> None:
    any_node(random, document).pop("type", None)


# Contexts.


def change_context(random: Random, document: JsonObject) -> None:
    """Add, drop or reorder contexts that are known."""
    node = random.choice([each for each in nodes_of(document) if "@context" in each] or [document])
    context = node.get("@context", [])
    urls: list[Any] = list(context) if isinstance(context, list) else [context]
    kind = random.randrange(6)
    if kind == 0:
        random.shuffle(urls)
    elif kind == 1 and len(urls) > 1:
        del urls[random.randrange(len(urls))]
    elif kind == 2 and urls:
        urls[random.randrange(len(urls))] = random.choice(CONTEXT_URLS)
    elif kind == 3:
        urls = random.sample(CONTEXT_URLS, random.randint(1, 4))
    elif kind == 4 and urls:
        urls.append(random.choice(urls))
    else:
        urls.insert(random.randint(0, len(urls)), random.choice(CONTEXT_URLS))
    node["@context"] = urls[0] if len(urls) == 1 and random.random() < 0.5 else urls


def add_context(random: Random, document: JsonObject) -> None:
    """Add a context behind the others, which breaks nothing in many cases."""
    context = document.get("@context", [])
    urls = list(context) if isinstance(context, list) else [context]
    document["@context"] = [*urls, random.choice(CONTEXT_URLS)]


def change_context_badly(random: Random, document: JsonObject) -> None:
    with_context = [each for each in nodes_of(document) if "@context" in each]
    node = random.choice([*with_context, *with_context, any_node(random, document)])
    context = node.get("@context", [])
    urls: list[Any] = list(context) if isinstance(context, list) else [context]
    strange: Any = deepcopy(random.choice(vocabulary.UNKNOWN_CONTEXTS))
    kind = random.randrange(5)
    if kind == 0:
        node["@context"] = strange
    elif kind == 1:
        node.pop("@context", None)
    elif kind == 2:
        node["@context"] = random.choices(CONTEXT_URLS, k=random.randint(10, 20))
    else:
        urls.insert(random.randint(0, len(urls)), strange)
        node["@context"] = urls


def give_context_inside(random: Random, document: JsonObject) -> None:
    """Repeat the document's context inside, or take it away there."""
    node = any_node(random, document)
    if "@context" in node and node is not document:
        del node["@context"]
    else:
        inside = random.choice([document.get("@context"), random.choice(CONTEXT_URLS)])
        put(random, node, "@context", deepcopy(inside))
